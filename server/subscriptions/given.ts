/** What a request gives for items and settings, checked and as it is kept. */
import type Stripe from 'stripe';
import type { SubscriptionInvoiceSettings } from '@/db/schema/subscriptions';
import type { Interval } from '@/server/kernel/calendar';
import type { Tx } from '@/server/kernel/context';
import {
  parameterInvalid,
  parameterMissing,
  parametersExclusive,
  resourceMissing,
} from '@/server/kernel/errors';
import { addInlinePrice, findPrices, isOffered, type PriceRow } from '@/server/prices';
import { findRates, requireRates, type TaxRateRow } from '@/server/tax_rates';
import type { Agreement } from './agreement';
import { recurringOf } from './lines';
import type {
  GivenInvoiceSettings,
  GivenItem,
  GivenPaymentSettings,
  GivenTrialSettings,
  Planned,
} from './params';

type GivenPrice = Pick<GivenItem, 'plan' | 'price' | 'price_data'>;

/**
 * The prices that items name or bring along, in their order; null for an item that names none.
 *
 * @param list the parameter that the items are in.
 * @throws ApiError 400 for a price that does not exist, is archived, or does not recur.
 */
export async function pricesOf(
  tx: Tx,
  given: readonly GivenPrice[],
  { isPlanned = false, list = 'items' } = {},
): Promise<(PriceRow | null)[]> {
  const named = given.flatMap(({ plan, price }) => price ?? plan ?? []);
  const found = new Map(
    (await findPrices(tx, [...new Set(named)])).map((price) => [price.id, price]),
  );
  const prices: (PriceRow | null)[] = [];
  for (const [index, { plan, price, price_data }] of given.entries()) {
    const place = `${list}[${index}]`;
    const ways = Object.entries({ plan, price, price_data }).flatMap(([param, value]) =>
      value === undefined ? [] : [`${place}[${param}]`],
    );
    if (ways.length > 1) throw parametersExclusive(ways);
    if (price_data !== undefined) {
      prices.push(await addInlinePrice(tx, price_data, `${place}[price_data]`));
      continue;
    }
    const id = price ?? plan;
    if (id === undefined) {
      prices.push(null);
      continue;
    }
    const param = `${place}[${price === undefined ? 'plan' : 'price'}]`;
    prices.push(expectUsable(found.get(id) ?? null, id, { param, isPlanned }));
  }
  return prices;
}

function expectUsable(
  price: PriceRow | null,
  id: string,
  { param, isPlanned }: { param: string; isPlanned: boolean },
): PriceRow {
  if (price === null) throw resourceMissing('price', id, param);
  if (!price.active && !isPlanned) {
    throw parameterInvalid(
      'The price specified is inactive. This field only accepts active prices.',
      param,
    );
  }
  if (price.recurring === null) {
    throw parameterInvalid(
      'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
      param,
    );
  }
  return price;
}

/** @throws ApiError 400 for a price that has no amount in the currency. */
export function assertOffered(price: PriceRow, currency: string, param: string): void {
  if (isOffered(price, currency)) return;
  throw parameterInvalid(
    `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${currency}\`.`,
    param,
  );
}

/** @throws ApiError 400 where two items have the same price: how many of it is a quantity. */
export function assertDistinct(prices: readonly PriceRow[]): void {
  const seen = new Set<string>();
  for (const { id } of prices) {
    if (seen.has(id)) {
      throw parameterInvalid(
        `Cannot add multiple subscription items with the same plan: ${id}`,
        'items',
      );
    }
    seen.add(id);
  }
}

/** How many: usage is counted elsewhere, and everything else is there once unless it is said. */
export function quantityOf(
  { recurring, id }: PriceRow,
  given: number | undefined,
  param: string,
): number | null {
  if (recurring?.usage_type !== 'metered') return given ?? 1;
  if (given === undefined) return null;
  throw parameterInvalid(
    `You cannot set the quantity for metered plans. The subscription item with plan \`${id}\` is metered.`,
    param,
  );
}

/** Tax rates by id; also archived ones, where they were accepted before. */
export const ratesGiven = (
  tx: Tx,
  { planned }: Planned,
  ids: readonly string[],
  param: string,
): Promise<TaxRateRow[]> =>
  planned === undefined ? requireRates(tx, ids, param) : findRates(tx, ids);

/**
 * Classic billing has one interval for all items. Flexible billing mixes intervals, but only those
 * whose periods end together again and again: each is a multiple of the shortest.
 * https://docs.stripe.com/billing/subscriptions/mixed-interval
 */
export function assertIntervals(
  mode: Stripe.Subscription.BillingMode,
  prices: readonly PriceRow[],
): void {
  if (mode.type !== 'classic') {
    assertMultiples(prices.map((price) => lengthOf(recurringOf({ price }))));
    return;
  }
  const intervals = new Set(
    prices.map(({ recurring }) => `${recurring?.interval_count} ${recurring?.interval}`),
  );
  if (intervals.size > 1) {
    throw parameterInvalid(
      'Currently, all items on a subscription with `billing_mode[type]=classic` must have the same billing interval. Use `billing_mode[type]=flexible` to mix intervals.',
      'items',
    );
  }
}

interface Length {
  readonly unit: 'day' | 'month';
  readonly count: number;
}

/** A week is days, a year is months; how many days a month has depends on the month. */
const lengthOf = ({ interval, interval_count: count }: Interval): Length => {
  switch (interval) {
    case 'day':
      return { unit: 'day', count };
    case 'week':
      return { unit: 'day', count: 7 * count };
    case 'month':
      return { unit: 'month', count };
    case 'year':
      return { unit: 'month', count: 12 * count };
  }
};

function assertMultiples(lengths: readonly Length[]): void {
  const days = ({ unit, count }: Length): number => (unit === 'day' ? count : 28 * count);
  const [shortest, ...others] = lengths.toSorted((one, other) => days(one) - days(other));
  const isMultiple = ({ unit, count }: Length, of: Length): boolean =>
    (unit === of.unit && count % of.count === 0) || (of.unit === 'day' && of.count === 1);
  if (shortest === undefined || others.every((one) => isMultiple(one, shortest))) return;
  throw parameterInvalid(
    'The billing intervals of all items on a subscription must be multiples of the shortest one.',
    'items',
  );
}

/** @throws ApiError 400 where the days and the way to collect contradict each other. */
export function assertCollection(
  method: 'charge_automatically' | 'send_invoice',
  days: number | null,
): void {
  if (method === 'send_invoice' && days === null) throw parameterMissing('days_until_due');
  if (method === 'charge_automatically' && days !== null) {
    throw parameterInvalid(
      'You can only set `days_until_due` if the collection_method is `send_invoice`.',
      'days_until_due',
    );
  }
}

/** Settings after a change; what is not said stays. `before` is null for a new subscription. */
export function paymentSettingsAfter(
  before: Stripe.Subscription.PaymentSettings | null,
  given: GivenPaymentSettings | undefined,
): Stripe.Subscription.PaymentSettings {
  const was = before ?? {
    payment_method_options: null,
    payment_method_types: null,
    save_default_payment_method: 'off',
  };
  if (given === undefined) return was;
  const { payment_method_options: options, payment_method_types: types } = given;
  return {
    payment_method_options:
      options === undefined ? was.payment_method_options : toMethodOptions(options),
    payment_method_types: types === undefined ? was.payment_method_types : types,
    save_default_payment_method:
      given.save_default_payment_method ?? was.save_default_payment_method,
  };
}

function toMethodOptions({
  card = null,
}: NonNullable<
  GivenPaymentSettings['payment_method_options']
>): Stripe.Subscription.PaymentSettings.PaymentMethodOptions | null {
  if (card === null) return null;
  const { mandate_options: mandate } = card;
  return {
    acss_debit: null,
    bancontact: null,
    card: {
      ...(mandate === undefined
        ? {}
        : {
            mandate_options: {
              amount: mandate.amount ?? null,
              amount_type: mandate.amount_type ?? null,
              description: mandate.description ?? null,
            },
          }),
      network: card.network ?? null,
      request_three_d_secure: card.request_three_d_secure ?? null,
    },
    customer_balance: null,
    konbini: null,
    payto: null,
    pix: null,
    sepa_debit: null,
    upi: null,
    us_bank_account: null,
  };
}

const NO_INVOICE_SETTINGS: SubscriptionInvoiceSettings = {
  account_tax_ids: null,
  custom_fields: null,
  description: null,
  footer: null,
};

/** As above, for what is on the invoices. */
export const invoiceSettingsAfter = (
  before: SubscriptionInvoiceSettings | null,
  { issuer: _issuer, ...given }: GivenInvoiceSettings = {},
): SubscriptionInvoiceSettings => {
  const was = before ?? NO_INVOICE_SETTINGS;
  return {
    account_tax_ids:
      given.account_tax_ids === undefined ? was.account_tax_ids : given.account_tax_ids,
    custom_fields: given.custom_fields === undefined ? was.custom_fields : given.custom_fields,
    description: given.description ?? was.description,
    footer: given.footer ?? was.footer,
  };
};

/** As above, for the end of a trial. Without a word, an invoice is made that may not be paid. */
export const trialSettingsAfter = (
  before: Stripe.Subscription.TrialSettings | null,
  given: GivenTrialSettings | undefined,
): Stripe.Subscription.TrialSettings => ({
  end_behavior: {
    billing_cycle_anchor:
      given?.end_behavior.billing_cycle_anchor ?? before?.end_behavior.billing_cycle_anchor ?? null,
    missing_payment_method:
      given?.end_behavior.missing_payment_method ??
      before?.end_behavior.missing_payment_method ??
      'create_invoice',
  },
});

/** The instant that is meant by the end of the item that is paid for the shortest, or the longest. */
export function cancelAtOf(
  given: number | 'max_period_end' | 'min_period_end',
  { items }: Pick<Agreement, 'items'>,
): number {
  if (typeof given === 'number') return given;
  const ends = items.map(({ row }) => row.current_period_end);
  return given === 'max_period_end' ? Math.max(...ends) : Math.min(...ends);
}

/** Tax rates by id: those that are known, and those that are new. */
export const withRates = (
  { rates }: Pick<Agreement, 'rates'>,
  added: readonly (Agreement['rates'] extends ReadonlyMap<string, infer Rate> ? Rate : never)[],
): Agreement['rates'] => new Map([...rates, ...added.map((rate) => [rate.id, rate] as const)]);
