/** What a request wants a subscription to be, looked up and checked: its items, its end, its trial. */
import { attachDiscounts } from '@/server/discounts';
import type { Tx } from '@/server/kernel/context';
import {
  parameterInvalid,
  parameterMissing,
  parametersExclusive,
  requestInvalid,
  resourceMissing,
} from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import type { PriceRow } from '@/server/prices';
import type { TaxRateRow } from '@/server/tax_rates';
import type { Agreement, PricedItem } from './agreement';
import { nowOf } from './bill';
import type { Wanted } from './change';
import { renewalOf } from './due_at';
import {
  assertDistinct,
  assertIntervals,
  assertOffered,
  pricesOf,
  quantityOf,
  ratesGiven,
} from './given';
import { settingsAfter } from './settings';
import type { ItemRow, SubscriptionRow } from './store';
import { trialEndOf } from './terms';
import type { GivenChange, GivenUpdate } from './update.params';

export interface Asked {
  readonly wanted: Wanted;
  /** What changes and costs nothing. */
  readonly settings: Partial<SubscriptionRow>;
  /** Those that are named now, and were not before. */
  readonly rates: readonly TaxRateRow[];
}

const ITEMS_MAX = 20;

/**
 * Prices that are brought along are made, and discounts redeemed; the subscription is not touched.
 * The discounts that it is to lose are its own until it is.
 *
 * @param tx on the customer's clock.
 * @throws ApiError 400 for what cannot be agreed on.
 */
export async function askedOf(tx: Tx, agreement: Agreement, given: GivenUpdate): Promise<Asked> {
  if (agreement.row.status === 'paused') assertNoRestart(given);
  const { items, rates } = await itemsAfter(tx, agreement, given);
  const defaults =
    given.default_tax_rates === undefined
      ? null
      : await ratesGiven(tx, given, given.default_tax_rates ?? [], 'default_tax_rates');
  const trial_end = trialEndAfter(agreement, items, given, nowOf(tx));
  return {
    wanted: {
      items,
      anchor: anchorAfter(agreement, given),
      trial_end,
      cancel_at: cancelAtAfter(agreement, given, nowOf(tx)),
      isRenewing: given.planned !== undefined && renewalOf(agreement) === nowOf(tx),
    },
    settings: {
      ...(await settingsAfter(tx, agreement, given)),
      ...(defaults === null ? {} : { default_tax_rates: defaults.map(({ id }) => id) }),
    },
    rates: [...rates, ...(defaults ?? [])],
  };
}

/** What is paused is resumed first: only then there are periods to begin. */
function assertNoRestart({ billing_cycle_anchor, trial_end, trial_from_plan }: GivenUpdate): void {
  for (const [param, isAsked] of [
    ['billing_cycle_anchor', billing_cycle_anchor?.type === 'now'],
    ['trial_end', trial_end !== undefined],
    ['trial_from_plan', trial_from_plan === true],
  ] as const) {
    if (!isAsked) continue;
    throw parameterInvalid(
      `You cannot set \`${param}\` on a subscription that is paused. Resume it first.`,
      param,
    );
  }
}

async function itemsAfter(
  tx: Tx,
  agreement: Agreement,
  { items: given = [], planned }: GivenUpdate,
): Promise<{ items: PricedItem[]; rates: TaxRateRow[] }> {
  const prices = await pricesOf(tx, given, { isPlanned: planned !== undefined });
  const items = new Map(agreement.items.map((one) => [one.row.id, one]));
  const rates: TaxRateRow[] = [];
  for (const [index, change] of given.entries()) {
    const place = `items[${index}]`;
    const before = change.id === undefined ? null : items.get(change.id);
    if (before === undefined) {
      throw resourceMissing('subscription_item', change.id ?? '', `${place}[id]`);
    }
    if (change.deleted === true) {
      if (before === null) throw parameterMissing(`${place}[id]`);
      items.delete(before.row.id);
      continue;
    }
    const named =
      change.tax_rates === undefined
        ? null
        : await ratesGiven(tx, { planned }, change.tax_rates ?? [], `${place}[tax_rates]`);
    rates.push(...(named ?? []));
    const price = prices[index] ?? before?.price;
    if (price === undefined) throw parameterMissing(`${place}[price]`);
    assertOffered(price, agreement.row.currency, `${place}[price]`);
    const after = await itemAfter(tx, agreement, { before, change, price, place });
    const tax_rates = named === null ? after.row.tax_rates : named.map(({ id }) => id);
    items.set(after.row.id, { ...after, row: { ...after.row, tax_rates } });
  }
  if (given.length > 0) assertItems(agreement, [...items.values()]);
  return { items: [...items.values()], rates };
}

function assertItems({ row }: Agreement, items: readonly PricedItem[]): void {
  if (items.length === 0) {
    throw requestInvalid(
      'A subscription must have at least one active plan. To cancel a subscription, please use the cancel API endpoint on /v1/subscriptions.',
    );
  }
  if (items.length > ITEMS_MAX) {
    throw parameterInvalid(`A subscription can have up to ${ITEMS_MAX} items.`, 'items');
  }
  const prices = items.map(({ price }) => price);
  assertDistinct(prices);
  assertIntervals(row.billing_mode, prices);
}

interface ItemChange {
  /** Null for a new one. */
  readonly before: PricedItem | null;
  readonly change: GivenChange;
  readonly price: PriceRow;
  readonly place: string;
}

async function itemAfter(
  tx: Tx,
  { row: subscription }: Agreement,
  { before, change, price, place }: ItemChange,
): Promise<PricedItem> {
  const now = nowOf(tx);
  const was: ItemRow = before?.row ?? {
    projectId: tx.projectId,
    livemode: tx.livemode,
    id: newId('subscription_item'),
    subscription: subscription.id,
    price: price.id,
    quantity: null,
    // The plan places it.
    current_period_start: now,
    current_period_end: now,
    discounts: [],
    metadata: {},
    tax_rates: [],
    created: now,
  };
  const isSame = before !== null && before.price.id === price.id;
  const quantity =
    isSame && change.quantity === undefined
      ? was.quantity
      : // With another price there is one of it, unless another number is said.
        quantityOf(price, change.quantity, `${place}[quantity]`);
  const discounts =
    change.discounts === undefined
      ? was.discounts
      : await attachDiscounts(
          tx,
          change.discounts ?? [],
          {
            customer: subscription.customer,
            subscription: subscription.id,
            subscription_item: was.id,
          },
          { currency: subscription.currency, before: [], param: `${place}[discounts]` },
        );
  const metadata = mergeMetadata(was.metadata, change.metadata);
  return { row: { ...was, price: price.id, quantity, discounts, metadata }, price };
}

/** Unix seconds; null where the trial stays as it is. */
function trialEndAfter(
  { row }: Agreement,
  items: readonly PricedItem[],
  { trial_end, trial_from_plan }: GivenUpdate,
  now: number,
): number | null {
  if (trial_end === 'now') return now;
  const recurring = items.flatMap(({ price }) => price.recurring ?? []);
  const asked = trialEndOf(
    {
      ...(trial_end === undefined ? {} : { trial_end }),
      ...(trial_from_plan === undefined ? {} : { trial_from_plan }),
    },
    recurring,
    now,
  );
  // To say when it ends already is to change nothing.
  return asked === row.trial_end && row.status === 'trialing' ? null : asked;
}

function anchorAfter(
  { row }: Agreement,
  { billing_cycle_anchor, trial_end }: GivenUpdate,
): Wanted['anchor'] {
  const anchor = billing_cycle_anchor?.type ?? null;
  if (anchor === 'now' && row.status === 'trialing' && trial_end !== 'now') {
    throw parameterInvalid(
      'You cannot reset the billing cycle during a trial. Use `trial_end=now` to end the trial.',
      'billing_cycle_anchor',
    );
  }
  return anchor;
}

function cancelAtAfter(
  { row }: Agreement,
  { cancel_at, cancel_at_period_end }: GivenUpdate,
  now: number,
): Wanted['cancel_at'] {
  if (cancel_at !== undefined && cancel_at !== null) {
    if (cancel_at_period_end === true) {
      throw parametersExclusive(['cancel_at', 'cancel_at_period_end']);
    }
    if (typeof cancel_at === 'string' || cancel_at > now) return cancel_at;
    throw parameterInvalid('`cancel_at` must be in the future.', 'cancel_at');
  }
  if (cancel_at === null) return null;
  // Where the period changes, its end does.
  if (cancel_at_period_end ?? row.cancel_at_period_end) return 'min_period_end';
  // Taking back the one does not take back the other.
  return row.cancel_at_period_end ? null : row.cancel_at;
}
