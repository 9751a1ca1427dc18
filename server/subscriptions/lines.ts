/**
 * Which lines an invoice has for what a subscription bills for: licensed items ahead, for the time
 * that begins; metered ones behind, for the time that ended. A trial has lines that cost nothing.
 */
import type Stripe from 'stripe';
import type { NewLine } from '@/server/invoices';
import type { Interval, Period } from '@/server/kernel/calendar';
import type { Scope } from '@/server/kernel/context';
import { usageOf } from '@/server/meters';
import { costOf, type CostLine } from '@/server/prices';
import { findProducts } from '@/server/products';
import type { Agreement, PricedItem } from './agreement';
import { describe, describeTrial } from './description';
import { isWhole, type Stretch } from './periods';
import { share } from './proration';

/** Names of products, by id. */
export type Names = ReadonlyMap<string, string>;

export async function namesOf(scope: Scope, items: readonly PricedItem[]): Promise<Names> {
  const products = await findProducts(scope, [...new Set(items.map(({ price }) => price.product))]);
  return new Map(products.map(({ id, name }) => [id, name]));
}

/** The SDK leaves its enums open; there are no other intervals here. */
export type Recurring = Omit<Stripe.Price.Recurring, 'interval'> & Interval;

/** How often it is billed. Only recurring prices get into a subscription. */
export function recurringOf({ price }: Pick<PricedItem, 'price'>): Recurring {
  if (price.recurring === null) throw new Error(`${price.id} does not recur.`);
  return price.recurring;
}

export const isMetered = (item: Pick<PricedItem, 'price'>): boolean =>
  recurringOf(item).usage_type === 'metered';

/** Ahead. What falls short of a whole period costs its share, rounded half up. */
export const linesAhead = (
  { row }: Agreement,
  item: PricedItem,
  stretch: Stretch,
  names: Names,
): NewLine[] =>
  costOf(item.price, item.row.quantity ?? 1, row.currency).map((cost) => ({
    ...sold(row, item, stretch),
    ...told(cost, item, row.currency, names),
    amount: isWhole(stretch) ? cost.amount : share(cost.amount, stretch, stretch.whole),
    proration: !isWhole(stretch),
  }));

/** Behind: what was used from `period.start` until just before `period.end`. */
export async function linesBehind(
  scope: Scope,
  { row }: Agreement,
  item: PricedItem,
  period: Period,
  names: Names,
): Promise<NewLine[]> {
  const { meter } = recurringOf(item);
  if (meter === null) throw new Error(`${item.price.id} is metered without a meter.`);
  const used = await usageOf(scope, meter, row.customer, period.start, period.end);
  return costOf(item.price, used, row.currency).map((cost) => ({
    ...sold(row, item, period),
    ...told(cost, item, row.currency, names),
    amount: cost.amount,
    proration: false,
  }));
}

export const trialLine = (
  { row }: Agreement,
  item: PricedItem,
  period: Period,
  names: Names,
): NewLine => ({
  ...sold(row, item, period),
  amount: 0,
  description: describeTrial(nameOf(item, names)),
  quantity: item.row.quantity ?? 1,
  unit_amount_decimal: '0',
  proration: false,
});

const nameOf = ({ price }: PricedItem, names: Names): string =>
  names.get(price.product) ?? price.product;

const told = (cost: CostLine, item: PricedItem, currency: string, names: Names) => ({
  description: describe(cost, nameOf(item, names), currency, recurringOf(item)),
  quantity: cost.quantity,
  quantity_decimal: cost.quantity_decimal,
  unit_amount_decimal: cost.unit_amount_decimal,
});

const sold = (
  { id, metadata }: Agreement['row'],
  { row, price }: PricedItem,
  { start, end }: Period,
) => ({
  period_start: start,
  period_end: end,
  price: price.id,
  product: price.product,
  subscription: id,
  subscription_item: row.id,
  discountable: true,
  discounts: row.discounts,
  tax_rates: row.tax_rates.length === 0 ? null : row.tax_rates,
  metadata,
  invoice_item: null,
});
