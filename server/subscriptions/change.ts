/**
 * A subscription changes: what it is afterwards, which periods its items are in, and what of its
 * billing begins anew. Pure; what the change costs is `proration.ts`'s, what it writes `update.ts`'s.
 *
 * The billing cycle begins anew when it is asked to, when a trial starts or ends, when the interval
 * changes and when something that was free begins to cost: "we apply a credit for the unused time on
 * the previous price, immediately charge the customer using the new price, and reset the billing
 * date", says https://docs.stripe.com/api/subscriptions/update. Items that are added or taken away
 * leave it alone, and so does everything with `billing_cycle_anchor[type]=unchanged`.
 */
import type { Period } from '@/server/kernel/calendar';
import { costOf } from '@/server/prices';
import type { Agreement, PricedItem } from './agreement';
import type { Costs } from './charged';
import { isMetered, recurringOf } from './lines';
import { stretchFrom } from './periods';
import { creditsOf, moveEnd, prorate, type Debit, type Proration } from './proration';

/** What a subscription is to be. */
export interface Wanted {
  /** All the items that it is to have. Of those that are new, the periods are not read. */
  readonly items: readonly PricedItem[];
  /** Null where nothing was said of it. */
  readonly anchor: 'now' | 'unchanged' | null;
  /** Unix seconds, in the past for at once; null leaves the trial as it is. */
  readonly trial_end: number | null;
  /** Unix seconds, or the first or last end of the periods as they are afterwards; null for no end. */
  readonly cancel_at: number | 'max_period_end' | 'min_period_end' | null;
  /** A renewal is due at this very instant, and will ask for new items with the others. */
  readonly isRenewing: boolean;
}

export type Turn = 'goes_on' | 'restarts' | 'begins_trial' | 'moves_trial' | 'ends_trial';

export interface Plan {
  readonly before: Agreement;
  readonly after: Agreement;
  readonly turn: Turn;
  /** Items that are new, or have another price or quantity. */
  readonly changed: ReadonlySet<string>;
  readonly removed: readonly PricedItem[];
  /** Metered items, as they were, whose use so far is to be paid now. */
  readonly used: readonly PricedItem[];
}

/** As wanted, with the end that it comes to. */
type Decided = Wanted & { readonly cancel_at: number | null };

/** @param now unix seconds, of the customer's clock. */
export function plan(before: Agreement, asked: Wanted, now: number): Plan {
  const was = new Map(before.items.map((one) => [one.row.id, one]));
  const turn = turnOf(before, asked, now);
  const wanted = { ...asked, cancel_at: endOf(before, asked, turn, now) };
  const is = new Set(wanted.items.map(({ row }) => row.id));
  const isChanged = (one: PricedItem): boolean => {
    const old = was.get(one.row.id);
    return (
      old === undefined || old.price.id !== one.price.id || old.row.quantity !== one.row.quantity
    );
  };
  const changed = new Set(wanted.items.filter(isChanged).map(({ row }) => row.id));
  const removed = before.items.filter(({ row }) => !is.has(row.id));
  const isUsed = (one: PricedItem): boolean =>
    isMetered(one) && (beginsAnew(turn) || !is.has(one.row.id) || changed.has(one.row.id));
  return {
    before,
    after: {
      ...before,
      row: { ...before.row, ...rowAfter(before, wanted, turn, now) },
      items: wanted.items.map((one) => placed(before, wanted, turn, now, one, was.get(one.row.id))),
    },
    turn,
    changed,
    removed,
    // A trial is free, also of what is metered.
    used: before.row.status === 'trialing' ? [] : before.items.filter(isUsed),
  };
}

/**
 * When it ends. The end of a period is that of the periods which the change leads to, as
 * https://docs.stripe.com/changelog/basil/2025-07-30/cancel-at-enums says.
 */
function endOf(before: Agreement, wanted: Wanted, turn: Turn, now: number): number | null {
  const { cancel_at, items } = wanted;
  if (cancel_at === null || typeof cancel_at === 'number') return cancel_at;
  const was = new Map(before.items.map((one) => [one.row.id, one]));
  const ends = items.map(
    (one) => periodOf(before, wanted, turn, now, one, was.get(one.row.id)).end,
  );
  return cancel_at === 'min_period_end' ? Math.min(...ends) : Math.max(...ends);
}

/** Whether every item begins a period. */
export const beginsAnew = (turn: Turn): boolean =>
  turn === 'restarts' || turn === 'begins_trial' || turn === 'ends_trial';

function turnOf(before: Agreement, { items, anchor, trial_end }: Wanted, now: number): Turn {
  const isTrialing = before.row.status === 'trialing';
  if (trial_end !== null && trial_end > now) return isTrialing ? 'moves_trial' : 'begins_trial';
  if (isTrialing) return trial_end === null ? 'goes_on' : 'ends_trial';
  if (anchor !== null) return anchor === 'now' ? 'restarts' : 'goes_on';
  // Nothing is billed of what is paused, so there is no cycle to begin.
  if (before.row.status === 'paused') return 'goes_on';
  return changesInterval(before.items, items) || beginsToCost(before, items)
    ? 'restarts'
    : 'goes_on';
}

/** Whether what is billed most often is billed at another interval, by the change of an item. */
function changesInterval(before: readonly PricedItem[], after: readonly PricedItem[]): boolean {
  const was = new Map(before.map((one) => [one.row.id, daysOf(one)]));
  const isSwitched = after.some((one) => (was.get(one.row.id) ?? daysOf(one)) !== daysOf(one));
  return isSwitched && Math.min(...before.map(daysOf)) !== Math.min(...after.map(daysOf));
}

/** To compare intervals by: twelve months are a year, four weeks are no month. */
const DAYS = { day: 1, week: 7, month: 30.4375, year: 12 * 30.4375 } as const;

function daysOf(one: PricedItem): number {
  const { interval, interval_count } = recurringOf(one);
  return DAYS[interval] * interval_count;
}

function beginsToCost({ row, items }: Agreement, after: readonly PricedItem[]): boolean {
  const isFree = (one: PricedItem): boolean =>
    !isMetered(one) &&
    costOf(one.price, one.row.quantity ?? 1, row.currency).every(({ amount }) => amount === 0);
  return items.every(isFree) && after.some((one) => !isMetered(one) && !isFree(one));
}

function rowAfter(
  before: Agreement,
  { anchor, trial_end, cancel_at }: Decided,
  turn: Turn,
  now: number,
) {
  switch (turn) {
    case 'goes_on':
      return { cancel_at };
    case 'restarts':
      return { cancel_at, billing_cycle_anchor: now, billing_cycle_anchor_config: null };
    case 'ends_trial':
      return {
        cancel_at,
        trial_end: now,
        ...(anchor === 'unchanged'
          ? {}
          : { billing_cycle_anchor: now, billing_cycle_anchor_config: null }),
      };
    case 'begins_trial':
    case 'moves_trial':
      return {
        cancel_at,
        billing_cycle_anchor: trial_end ?? before.row.billing_cycle_anchor,
        billing_cycle_anchor_config: null,
        trial_end,
        trial_start: turn === 'begins_trial' ? now : before.row.trial_start,
      };
  }
}

/** An item in the period that it is in after the change. */
function placed(
  before: Agreement,
  wanted: Decided,
  turn: Turn,
  now: number,
  one: PricedItem,
  old: PricedItem | undefined,
): PricedItem {
  const { start, end } = periodOf(before, wanted, turn, now, one, old);
  return {
    ...one,
    row: {
      ...one.row,
      current_period_start: start,
      // A period does not go on after the end of all.
      current_period_end: Math.min(end, wanted.cancel_at ?? Infinity),
    },
  };
}

function periodOf(
  before: Agreement,
  { anchor, trial_end, isRenewing }: Wanted,
  turn: Turn,
  now: number,
  one: PricedItem,
  old: PricedItem | undefined,
): Period {
  const { row } = before;
  const began = old?.row.current_period_start ?? now;
  if (turn === 'begins_trial') return { start: now, end: trial_end ?? now };
  if (turn === 'moves_trial') return { start: began, end: trial_end ?? now };
  if (turn === 'goes_on' && row.status === 'trialing') {
    return { start: began, end: row.trial_end ?? now };
  }
  if (beginsAnew(turn)) {
    const from = turn === 'ends_trial' && anchor === 'unchanged' ? row.billing_cycle_anchor : now;
    return stretchFrom(from, recurringOf(one), now, null);
  }
  const isSame = old !== undefined && daysOf(old) === daysOf(one);
  const isRepriced = isMetered(one) && old?.price.id !== one.price.id;
  const { whole } = stretchFrom(
    row.billing_cycle_anchor,
    recurringOf(one),
    isSame ? began : now,
    null,
  );
  if (isSame && !isRepriced) return { start: began, end: whole.end };
  if (isRenewing && (isSame || whole.start === now)) return { start: now, end: now };
  // What was used before was of another price, or of none.
  const start = isMetered(one) ? now : Math.max(whole.start, row.start_date);
  return { start, end: whole.end };
}

export interface Priced {
  /** What was asked for the items, before and after the change. */
  readonly debits: readonly Debit[];
  /** What the items cost after it. */
  readonly costs: Costs;
  /** When the change counts from, in unix seconds. */
  readonly at: number;
}

/**
 * The credits and charges of a change. None for a trial, which is free, and for what is paused and
 * not billed. Where periods begin anew, what was paid ahead is given back, and the new periods are
 * charged for as wholes, which is no proration.
 */
export function prorationsOf(
  { before, after, turn, changed, removed }: Plan,
  { debits, costs, at }: Priced,
): Proration[] {
  if (before.row.status === 'trialing' || before.row.status === 'paused') return [];
  if (beginsAnew(turn)) return creditsOf(debits, at);
  const changeOf = ({ row }: PricedItem) => ({
    debits: debits.filter(({ sold }) => sold.subscription_item === row.id),
    // Of a period that is over, the renewal asks for what comes next.
    after: row.current_period_end <= at ? null : (costs.get(row.id) ?? null),
  });
  const others = after.items.filter(({ row }) => !changed.has(row.id));
  return [
    ...prorate(
      [
        ...removed.map((one) => ({ ...changeOf(one), after: null })),
        ...after.items.filter(({ row }) => changed.has(row.id)).map(changeOf),
      ],
      at,
      after.row.cancel_at,
    ),
    ...(after.row.cancel_at === before.row.cancel_at
      ? []
      : moveEnd(others.map(changeOf), after.row.cancel_at)),
  ];
}
