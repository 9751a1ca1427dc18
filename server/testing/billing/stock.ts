/** Puts a market into a project: each offer a price, each coupon and rate one of its own. */
import { coupons } from '@/server/coupons';
import { prices, products } from '@/server/prices';
import { tax_rates } from '@/server/tax_rates';
import { ask } from '@/server/testing/ask';
import type { TestTenant } from '@/server/testing/context';
import type { Coupon, Offer, Rate } from './costs';
import type { Market } from './market';

/** Ids by name. */
export interface Stock {
  readonly product: string;
  readonly prices: ReadonlyMap<string, string>;
  readonly coupons: ReadonlyMap<string, string>;
  readonly rates: ReadonlyMap<string, string>;
}

export async function stock(tenant: TestTenant, market: Market): Promise<Stock> {
  const { id: product } = await ask(tenant, products.operations.create, { name: 'Gold' });
  return {
    product,
    prices: await idsOf(market.offers, (offer) =>
      ask(tenant, prices.operations.create, priceOf(offer, product)),
    ),
    coupons: await idsOf(market.coupons, (coupon) =>
      ask(tenant, coupons.operations.create, couponOf(coupon)),
    ),
    rates: await idsOf(market.rates, (rate) =>
      ask(tenant, tax_rates.operations.create, rateOf(rate)),
    ),
  };
}

async function idsOf<T extends { readonly name: string }>(
  many: readonly T[],
  create: (one: T) => Promise<{ readonly id: string }>,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const one of many) ids.set(one.name, (await create(one)).id);
  return ids;
}

function priceOf({ every, scheme }: Offer, product: string) {
  const terms = {
    currency: 'gbp',
    product,
    recurring: { interval: every.unit, interval_count: every.count },
  };
  switch (scheme.kind) {
    case 'each':
      return { ...terms, unit_amount_decimal: scheme.unit };
    case 'packages':
      return {
        ...terms,
        unit_amount_decimal: scheme.unit,
        transform_quantity: { divide_by: scheme.size, round: scheme.round },
      };
    case 'graduated':
    case 'volume':
      return {
        ...terms,
        billing_scheme: 'tiered' as const,
        tiers_mode: scheme.kind,
        tiers: scheme.tiers.map(({ upTo, unit, flat }) => ({
          up_to: upTo ?? ('inf' as const),
          unit_amount_decimal: unit,
          ...(flat === null ? {} : { flat_amount_decimal: flat }),
        })),
      };
  }
}

const couponOf = ({ off, lasts }: Coupon) => ({
  ...('percent' in off
    ? { percent_off: Number(off.percent) }
    : { amount_off: off.amount, currency: 'gbp' }),
  ...(typeof lasts === 'number'
    ? { duration: 'repeating' as const, duration_in_months: lasts }
    : { duration: lasts }),
});

const rateOf = ({ name, percent, isInclusive }: Rate) => ({
  display_name: name,
  percentage: Number(percent),
  inclusive: isInclusive,
});
