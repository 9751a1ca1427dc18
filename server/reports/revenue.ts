/**
 * Monthly recurring revenue, as Stripe defines it: the sum of what active and past-due subscriptions
 * bring in a month, whatever their interval. Trials, taxes, one-off items, free plans and usage do
 * not count; a coupon counts only where it lasts forever.
 * https://docs.stripe.com/billing/subscriptions/analytics/glossary
 * https://support.stripe.com/questions/billing-analytics
 *
 * Pure. Amounts are in the minor unit of the subscription's currency.
 */
import { discountAmounts, type Applied } from '@/server/discounts';
import { multiplyRound } from '@/server/kernel/money';
import { costOf, type PriceRow } from '@/server/prices';
import type { Agreement } from '@/server/subscriptions';

/** TABLE: an interval in twelfths of a year: so often a year it comes, over twelve months. */
const TIMES_A_YEAR = { day: 365, week: 52, month: 12, year: 1 } as const;

const MONTHS = 12;

/** What is billed, and the discounts on the item alone. */
export interface RecurringItem {
  readonly price: Pick<PriceRow, 'product' | 'recurring'> & Parameters<typeof costOf>[0];
  readonly quantity: number | null;
  readonly discounts: readonly Applied[];
}

/**
 * What items bring in a month.
 *
 * @param discounts on all of them. Both these and the items' are those that last forever.
 */
export function monthlyValue(
  items: readonly RecurringItem[],
  discounts: readonly Applied[],
  currency: string,
): number {
  const lasting = items.filter(({ price }) => isLicensed(price));
  const lines = lasting.map(({ price, quantity, discounts: own }) => ({
    amount: costOf(price, quantity ?? 1, currency).reduce((sum, line) => sum + line.amount, 0),
    product: price.product,
    discountable: true,
    discounts: own,
  }));
  const taken = discountAmounts(lines, discounts, currency).map((ofLine) =>
    ofLine.reduce((sum, { amount }) => sum + amount, 0),
  );
  return lasting.reduce(
    (sum, { price }, index) =>
      sum + aMonth((lines[index]?.amount ?? 0) - (taken[index] ?? 0), price),
    0,
  );
}

const isLicensed = ({ recurring }: RecurringItem['price']): boolean =>
  recurring !== null && recurring.usage_type === 'licensed';

function aMonth(amount: number, { recurring }: RecurringItem['price']): number {
  if (recurring === null) return 0;
  const { interval, interval_count } = recurring;
  return multiplyRound(amount, TIMES_A_YEAR[interval], MONTHS * interval_count);
}

/** Whether what it bills for is revenue now. */
export const isPaying = ({ status }: Pick<Agreement['row'], 'status'>): boolean =>
  status === 'active' || status === 'past_due';

/** A subscription's revenue became another. */
export interface Change {
  readonly subscription: string;
  readonly customer: string;
  readonly currency: string;
  readonly from: number;
  readonly to: number;
  /** Unix seconds. */
  readonly at: number;
}

/** What changes mean for the figures. */
export interface Movement {
  readonly kind: 'mrr' | 'subscriber_gained' | 'subscriber_lost';
  readonly currency: string;
  readonly amount: number;
  readonly occurrences: number;
  readonly at: number;
}

/** Subscribers are customers by currency: `cus_… gbp`. */
export const subscriberOf = ({ customer, currency }: Pick<Change, 'customer' | 'currency'>) =>
  `${customer} ${currency}`;

/**
 * One line for each change of revenue, and one more where a customer became a subscriber or stopped
 * being one: with several paying subscriptions they are one subscriber, who is lost with the last.
 *
 * @param paying how many paying subscriptions each subscriber had before.
 */
export function movementsOf(
  changes: readonly Change[],
  paying: ReadonlyMap<string, number>,
): Movement[] {
  const counts = new Map(paying);
  return changes
    .filter(({ from, to }) => from !== to)
    .toSorted((one, other) => one.at - other.at)
    .flatMap((change) => {
      const { currency, from, to, at } = change;
      const who = subscriberOf(change);
      const before = counts.get(who) ?? 0;
      const after = before + Number(to > 0) - Number(from > 0);
      counts.set(who, after);
      const mrr: Movement = { kind: 'mrr', currency, amount: to - from, occurrences: 0, at };
      if (before === 0 && after > 0) {
        return [mrr, { kind: 'subscriber_gained', currency, amount: to, occurrences: 1, at }];
      }
      if (before > 0 && after === 0) {
        return [mrr, { kind: 'subscriber_lost', currency, amount: from, occurrences: 1, at }];
      }
      return [mrr];
    });
}
