/** How a subscription begins: what is given, as the rows that it is kept in. */
import type { CustomerRow } from '@/server/customers';
import { attachDiscounts } from '@/server/discounts';
import { assertAccountTaxIds } from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import { periodAt } from '@/server/kernel/calendar';
import { parameterInvalid, parameterMissing, parametersExclusive } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { requirePaymentMethod } from '@/server/payment_methods';
import { isOffered, type PriceRow } from '@/server/prices';
import { currentProject, readSettings } from '@/server/projects';
import type { TaxRateRow } from '@/server/tax_rates';
import type { Agreement, PricedItem } from './agreement';
import { nowOf } from './bill';
import { dueAt } from './due_at';
import {
  assertCollection,
  assertDistinct,
  assertIntervals,
  assertOffered,
  cancelAtOf,
  invoiceSettingsAfter,
  paymentSettingsAfter,
  pricesOf,
  quantityOf,
  ratesGiven,
  trialSettingsAfter,
} from './given';
import { recurringOf } from './lines';
import type { CreateSubscription, Planned } from './params';
import { stretchFrom } from './periods';
import { termsOf, type Terms } from './terms';
import type { ItemRow, SubscriptionRow } from './store';

/** An agreement that is not written yet, and from when it is billed. */
export interface Opening {
  readonly agreement: Agreement;
  /** Before now where it was backdated. */
  readonly start: number;
  /** Whether a part of a period costs its share, and what lies behind is asked for. */
  readonly isProrated: boolean;
}

/**
 * @param tx on the customer's clock.
 * @throws ApiError 400 for what cannot be agreed on.
 */
export async function open(
  tx: Tx,
  customer: CustomerRow,
  given: CreateSubscription & Planned,
): Promise<Opening> {
  const prices = await requirePrices(tx, given);
  if (given.planned === undefined) {
    const ids = given.invoice_settings?.account_tax_ids;
    await assertAccountTaxIds(tx, ids, 'invoice_settings');
  }
  const currency = currencyOf(given, customer, prices);
  prices.forEach((price, index) => assertOffered(price, currency, `items[${index}][price]`));
  const billing_mode = billingModeOf(given.billing_mode);
  assertIntervals(billing_mode, prices);
  const recurring = prices.map((price) => recurringOf({ price }));
  const terms = termsOf(given, recurring, nowOf(tx));
  const id = newId('subscription');
  const items = await itemsOf(tx, given, prices, { id, customer: customer.id, currency });
  const rates = await ratesGiven(tx, given, given.default_tax_rates ?? [], 'default_tax_rates');
  const placed = items.map(({ rates: _, ...one }) => placeIn(one, terms, nowOf(tx)));
  const cancel_at = cancelAtGiven(given, placed, nowOf(tx));
  const agreement: Agreement = {
    row: {
      ...(await rowOf(tx, customer, given)),
      projectId: tx.projectId,
      livemode: tx.livemode,
      id,
      billing_cycle_anchor: terms.anchor,
      billing_cycle_anchor_config: terms.config,
      billing_mode,
      cancel_at,
      currency,
      default_tax_rates: rates.map((rate) => rate.id),
      discounts: await attachDiscounts(
        tx,
        given.discounts ?? [],
        { customer: customer.id, subscription: id },
        { currency, before: [], param: 'discounts' },
      ),
      next_pending_invoice_item_invoice: nextOfPendingItems(given, terms, nowOf(tx)),
      start_date: terms.start,
      trial_end: terms.trial_end,
      trial_start: terms.trial_end === null ? null : nowOf(tx),
    },
    items: placed.map((one) => endAt(one, cancel_at)),
    pendingItems: [],
    rates: new Map([...rates, ...items.flatMap((one) => one.rates)].map((rate) => [rate.id, rate])),
    billing: readSettings((await currentProject(tx)).settings).billing,
  };
  return {
    agreement: { ...agreement, row: { ...agreement.row, due_at: dueAt(agreement) } },
    start: terms.start,
    isProrated: given.proration_behavior !== 'none',
  };
}

async function requirePrices(
  tx: Tx,
  { items, planned }: Pick<CreateSubscription, 'items'> & Planned,
): Promise<PriceRow[]> {
  const given = await pricesOf(tx, items, { isPlanned: planned !== undefined });
  const prices = given.map((price, index) => {
    if (price === null) throw parameterMissing(`items[${index}][price]`);
    return price;
  });
  assertDistinct(prices);
  return prices;
}

/**
 * The one asked for, else the customer's where all prices are offered in it, else the first price's.
 *
 * @throws ApiError 400 for another one than the customer is billed in.
 */
export function currencyOf(
  { currency: asked }: Pick<CreateSubscription, 'currency'>,
  customer: CustomerRow,
  prices: readonly PriceRow[],
): string {
  const isUsual =
    customer.currency !== null &&
    prices.every((price) => isOffered(price, customer.currency ?? ''));
  const currency = asked ?? (isUsual ? customer.currency : prices[0]?.currency) ?? '';
  if (customer.currency === null || customer.currency === currency) return currency;
  throw parameterInvalid(
    `You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or invoice item with currency ${customer.currency}`,
    'currency',
  );
}

export const billingModeOf = (
  given: CreateSubscription['billing_mode'],
): SubscriptionRow['billing_mode'] =>
  given?.type === 'classic'
    ? { flexible: null, type: 'classic' }
    : {
        flexible: { proration_discounts: given?.flexible?.proration_discounts ?? 'included' },
        type: 'flexible',
      };

type Unplaced = Omit<PricedItem, 'row'> & {
  readonly row: Omit<ItemRow, 'current_period_start' | 'current_period_end'>;
};

async function itemsOf(
  tx: Tx,
  given: Pick<CreateSubscription, 'items'> & Planned,
  prices: readonly PriceRow[],
  { id: subscription, customer, currency }: { id: string; customer: string; currency: string },
) {
  const items: (Unplaced & { rates: TaxRateRow[] })[] = [];
  for (const [index, price] of prices.entries()) {
    const one = given.items[index] ?? {};
    const place = `items[${index}]`;
    const id = newId('subscription_item');
    const rates = await ratesGiven(tx, given, one.tax_rates ?? [], `${place}[tax_rates]`);
    const discounts = await attachDiscounts(
      tx,
      one.discounts ?? [],
      { customer, subscription, subscription_item: id },
      { currency, before: [], param: `${place}[discounts]` },
    );
    const row = {
      projectId: tx.projectId,
      livemode: tx.livemode,
      id,
      subscription,
      price: price.id,
      quantity: quantityOf(price, one.quantity, `${place}[quantity]`),
      discounts,
      metadata: mergeMetadata({}, one.metadata),
      tax_rates: rates.map((rate) => rate.id),
      created: nowOf(tx),
    };
    items.push({ row, price, rates });
  }
  return items;
}

/** The period that an item is in first: the trial, or the time to the first boundary. */
function placeIn({ row, price }: Unplaced, terms: Terms, now: number): PricedItem {
  const { trial_end, anchor } = terms;
  const first =
    trial_end === null
      ? stretchFrom(anchor, recurringOf({ price }), now, null)
      : { start: now, end: trial_end, whole: { start: now, end: trial_end } };
  // One that was backdated into its first period has been in it from then on.
  const start = trial_end === null ? Math.max(terms.start, first.whole.start) : now;
  return {
    row: {
      ...row,
      current_period_start: Math.min(start, now),
      current_period_end: first.end,
    },
    price,
  };
}

/** A period does not go on after the end of all. */
const endAt = (one: PricedItem, end: number | null): PricedItem => ({
  ...one,
  row: {
    ...one.row,
    current_period_end: Math.min(one.row.current_period_end, end ?? Infinity),
  },
});

function cancelAtGiven(
  { cancel_at, cancel_at_period_end }: CreateSubscription,
  items: readonly PricedItem[],
  now: number,
): number | null {
  if (cancel_at === undefined) {
    return cancel_at_period_end === true ? cancelAtOf('min_period_end', { items }) : null;
  }
  if (cancel_at_period_end === true)
    throw parametersExclusive(['cancel_at', 'cancel_at_period_end']);
  const at = cancelAtOf(cancel_at, { items });
  if (at > now) return at;
  throw parameterInvalid('`cancel_at` must be in the future.', 'cancel_at');
}

function nextOfPendingItems(
  { pending_invoice_item_interval: given }: CreateSubscription,
  { anchor }: Terms,
  now: number,
): number | null {
  if (given === undefined || given === null) return null;
  return periodAt(anchor, { ...given, interval_count: given.interval_count ?? 1 }, now).end;
}

/** What is given as it is kept, and what every subscription begins with. */
async function rowOf(tx: Tx, customer: CustomerRow, given: CreateSubscription) {
  const collection_method = given.collection_method ?? 'charge_automatically';
  const days_until_due = given.days_until_due ?? null;
  assertCollection(collection_method, days_until_due);
  for (const param of ['default_payment_method', 'default_source'] as const) {
    const id = given[param];
    if (id !== undefined) await assertOfCustomer(tx, id, customer.id, param);
  }
  const interval = given.pending_invoice_item_interval;
  const now = nowOf(tx);
  return {
    status: 'incomplete',
    announced_renewal: null,
    announced_trial_end: null,
    cancel_at_period_end: given.cancel_at_period_end ?? false,
    canceled_at: given.cancel_at_period_end === true || given.cancel_at !== undefined ? now : null,
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      reason: null,
    },
    collection_method,
    created: now,
    customer: customer.id,
    days_until_due,
    default_payment_method: given.default_payment_method ?? null,
    default_source: given.default_source ?? null,
    description: given.description ?? null,
    due_at: null,
    ended_at: null,
    expires_at: null,
    invoice_settings: invoiceSettingsAfter(null, given.invoice_settings),
    is_all_or_nothing: given.payment_behavior === 'error_if_incomplete',
    latest_invoice: null,
    metadata: mergeMetadata({}, given.metadata),
    off_session: given.off_session ?? false,
    pause_collection: null,
    payment_settings: paymentSettingsAfter(null, given.payment_settings),
    pending_invoice_item_interval:
      interval === undefined || interval === null
        ? null
        : { interval: interval.interval, interval_count: interval.interval_count ?? 1 },
    pending_setup_intent: null,
    pending_update: null,
    phase_end: null,
    schedule: null,
    test_clock: customer.test_clock,
    trial_settings: trialSettingsAfter(null, given.trial_settings),
  } satisfies Partial<SubscriptionRow>;
}

/** @throws ApiError 400 for a payment method that is not attached to the customer. */
export async function assertOfCustomer(
  tx: Tx,
  id: string,
  customer: string,
  param: string,
): Promise<void> {
  const method = await requirePaymentMethod(tx, id, param);
  if (method.customer === customer) return;
  throw parameterInvalid(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    param,
    'resource_missing',
  );
}
