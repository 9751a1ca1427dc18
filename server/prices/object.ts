import type Stripe from 'stripe';
import type { CurrencyOption, StoredTier } from '@/db/schema/prices';
import type { PriceRow } from './store';

export type Price = Stripe.Price;

/** Without `tiers` and `currency_options`: Stripe leaves them out until they are expanded. */
export const toPrice = (row: PriceRow): Price => ({
  id: row.id,
  object: 'price',
  active: row.active,
  billing_scheme: row.billing_scheme,
  created: row.created,
  currency: row.currency,
  custom_unit_amount: row.custom_unit_amount,
  livemode: row.livemode,
  lookup_key: row.lookup_key,
  metadata: row.metadata,
  nickname: row.nickname,
  product: row.product,
  recurring: row.recurring,
  tax_behavior: row.tax_behavior,
  tiers_mode: row.tiers_mode,
  transform_quantity: row.transform_quantity,
  type: row.type,
  unit_amount: row.unit_amount,
  unit_amount_decimal: toDecimal(row.unit_amount_decimal),
});

/** The older form of a price that recurs. Without `tiers`, as a price. */
export function toPlan(row: PriceRow): Stripe.Plan {
  const { recurring } = row;
  if (recurring === null) throw new RangeError(`${row.id} does not recur: it is no plan.`);
  return {
    id: row.id,
    object: 'plan',
    active: row.active,
    amount: row.unit_amount,
    amount_decimal: toDecimal(row.unit_amount_decimal),
    billing_scheme: row.billing_scheme,
    created: row.created,
    currency: row.currency,
    interval: recurring.interval,
    interval_count: recurring.interval_count,
    livemode: row.livemode,
    metadata: row.metadata,
    meter: recurring.meter,
    nickname: row.nickname,
    product: row.product,
    tiers_mode: row.tiers_mode,
    transform_usage: row.transform_quantity,
    trial_period_days: recurring.trial_period_days,
    usage_type: recurring.usage_type,
  };
}

export const toDeletedPlan = ({ id }: PriceRow): Stripe.DeletedPlan => ({
  id,
  object: 'plan',
  deleted: true,
});

export const toTier = (tier: StoredTier): Stripe.Price.Tier => ({
  flat_amount: tier.flat_amount,
  flat_amount_decimal: toDecimal(tier.flat_amount_decimal),
  unit_amount: tier.unit_amount,
  unit_amount_decimal: toDecimal(tier.unit_amount_decimal),
  up_to: tier.up_to,
});

/** In every currency there is, the price's own among them. */
export function toCurrencyOptions(row: PriceRow): NonNullable<Price['currency_options']> {
  const own: CurrencyOption = {
    custom_unit_amount: row.custom_unit_amount,
    tax_behavior: row.tax_behavior,
    unit_amount: row.unit_amount,
    unit_amount_decimal: row.unit_amount_decimal,
    ...(row.tiers === null ? {} : { tiers: row.tiers }),
  };
  const options = { [row.currency]: own, ...row.currency_options };
  return Object.fromEntries(Object.entries(options).map(([code, one]) => [code, toOption(one)]));
}

const toOption = ({ tiers, ...option }: CurrencyOption): Stripe.Price.CurrencyOptions => ({
  ...option,
  unit_amount_decimal: toDecimal(option.unit_amount_decimal),
  ...(tiers === undefined ? {} : { tiers: tiers.map(toTier) }),
});

/** The SDK's type is what it makes of the text; on the wire a decimal is text. */
const toDecimal = (text: string | null) => text as unknown as Stripe.Decimal | null;
