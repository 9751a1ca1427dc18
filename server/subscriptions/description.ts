/** What a line of an invoice says, in Stripe's words. Pure. */
import type Stripe from 'stripe';
import { currencyOf } from '@/server/kernel/currencies';
import type { CostLine } from '@/server/prices';

/** `2 × Gold (at £10.00 / month)`; of a tier, `5 × Calls (Tier 1 at £0.10 / month)`. */
export function describe(
  { quantity_decimal, unit_amount_decimal, tier }: CostLine,
  name: string,
  currency: string,
  recurring: Pick<Stripe.Price.Recurring, 'interval' | 'interval_count'>,
): string {
  const amount = formatUnit(unit_amount_decimal ?? '0', currency);
  const rate = `at ${amount} / ${often(recurring)}`;
  if (tier === null) return `${quantity_decimal} × ${name} (${rate})`;
  const place = `Tier ${tier.index + 1}`;
  return tier.flat
    ? `${name} (${place} flat fee ${rate})`
    : `${quantity_decimal} × ${name} (${place} ${rate})`;
}

export const describeTrial = (name: string): string => `Trial period for ${name}`;

const often = ({
  interval,
  interval_count,
}: Pick<Stripe.Price.Recurring, 'interval' | 'interval_count'>): string =>
  interval_count === 1 ? interval : `every ${interval_count} ${interval}s`;

/** Twelve decimals of a minor unit, that is of a hundredth. */
const DECIMALS_MAX = 14;

/** An amount a unit (minor unit, as decimal text) with all the decimals that it has: `£0.005`. */
function formatUnit(decimal: string, currency: string): string {
  const { exponent } = currencyOf(currency);
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: exponent,
    maximumFractionDigits: DECIMALS_MAX,
  });
  // As text, because a float would not hold all the decimals.
  return format.format(`${decimal}e-${exponent}` as `${number}`).replaceAll('\u00a0', ' ');
}
