/**
 * What a change in the middle of a period costs: credits for what was paid ahead and will not be
 * used, charges for what will be used instead. Pure.
 *
 * The rule, once. Time is counted in seconds, and an instant belongs to what comes after it.
 *
 * - A charge is what the whole period would cost after discounts, times the share of the period
 *   that is left, rounded half up, once.
 * - A credit refers to one debit: what the customer was really asked for, whatever the price is
 *   now. It is the debit's amount times the share of its own period that is left, rounded half up,
 *   less what was credited of it before.
 *
 * So the credits of a debit never exceed it, in whatever order changes come; what remains of it is
 * the share that was used, to the penny; and a change that is no change adds up to nothing.
 *
 * Source: https://docs.stripe.com/billing/subscriptions/prorations (billing mode `flexible`).
 */
import type { Period } from '@/server/kernel/calendar';
import { multiplyRound } from '@/server/kernel/money';

/** What is sold, as it stands on a line. */
export interface Sold {
  readonly subscription_item: string;
  readonly price: string;
  readonly product: string;
  /** The product's name, for the description. */
  readonly name: string;
  readonly quantity: number;
  /** Ids; null takes those of the invoice. */
  readonly tax_rates: readonly string[] | null;
}

/** Where a debit stands: a line of an invoice, or an item that waits for one. */
export type DebitSource =
  | { readonly invoice: string; readonly line: string; readonly invoice_item: string | null }
  | { readonly invoice: null; readonly line: null; readonly invoice_item: string };

/** What was asked of the customer, in advance, for a stretch of time. */
export interface Debit {
  readonly sold: Sold;
  /** Pence, after discounts. */
  readonly amount: number;
  /** Pence, a positive number: what was given back of it before. */
  readonly credited: number;
  readonly period: Period;
  /** From when on it was given back: the end of its period, where it was not. Unix seconds. */
  readonly until: number;
  /** Null in billing mode `classic`, whose credits go by what the item costs now. */
  readonly source: DebitSource | null;
}

/** What an item is to cost. */
export interface Cost {
  readonly sold: Sold;
  /** Pence for the whole of `period`, after discounts. */
  readonly amount: number;
  readonly period: Period;
}

/** A line of a proration. */
export interface Proration {
  readonly sold: Sold;
  /** Pence; negative for a credit. */
  readonly amount: number;
  readonly period: Period;
  readonly description: string;
  /** The debit that a credit gives back. */
  readonly credits: DebitSource | null;
}

/** The share of `amount` pence that falls into `part` of `whole`, rounded half up. */
export const share = (amount: number, part: Period, whole: Period): number =>
  multiplyRound(amount, Math.max(0, part.end - part.start), whole.end - whole.start);

/**
 * Gives back what each debit was ahead of `at`. One credit a debit; what comes to nothing is left
 * out.
 *
 * @param at unix seconds: the first second that is not used any more.
 */
export function creditsOf(debits: readonly Debit[], at: number): Proration[] {
  return debits.flatMap(({ sold, amount, credited, period, until, source }) => {
    const start = Math.max(at, period.start);
    if (until <= start) return [];
    const unused = share(amount, { start, end: period.end }, period) - credited;
    if (unused <= 0) return [];
    const description = `Unused time on ${named(sold)} after ${day(start)}`;
    return [{ sold, amount: -unused, period: { start, end: until }, description, credits: source }];
  });
}

/** Asks for the part of the period that is to be used; nothing where it costs nothing. */
export function chargeFor(cost: Cost, part: Period): Proration[] {
  const amount = part.end <= part.start ? 0 : share(cost.amount, part, cost.period);
  if (amount === 0) return [];
  const description = `Remaining time on ${named(cost.sold)} after ${day(part.start)}`;
  return [{ sold: cost.sold, amount, period: part, description, credits: null }];
}

/** An item before and after a change: what was paid ahead for it, and what it is to cost. */
export interface Change {
  readonly debits: readonly Debit[];
  /** Null where the item goes away, or is not paid ahead. */
  readonly after: Cost | null;
}

/**
 * The lines of a change, credits before charges, in the order of the items.
 *
 * @param at when the change counts from, in unix seconds.
 * @param until when the subscription ends within the period, else null.
 */
export function prorate(changes: readonly Change[], at: number, until: number | null): Proration[] {
  return changes.flatMap(({ debits, after }) => {
    const end = after === null ? at : Math.min(after.period.end, until ?? Infinity);
    return [
      ...creditsOf(debits, at),
      ...(after === null ? [] : chargeFor(after, { start: at, end })),
    ];
  });
}

/**
 * The lines of a change that changes nothing but the end: a subscription that is to end within its
 * period gives back the rest, one that goes on again asks for what it gave back.
 *
 * @param until when it ends within the period, in unix seconds, else null.
 */
export function moveEnd(changes: readonly Change[], until: number | null): Proration[] {
  return changes.flatMap(({ debits, after }) => {
    if (after === null || debits.length === 0) return [];
    const end = Math.min(after.period.end, until ?? Infinity);
    const start = paidUntil(debits);
    return end < start ? creditsOf(debits, end) : chargeFor(after, { start, end });
  });
}

/** Up to where somebody paid, and did not get it back. */
function paidUntil(debits: readonly Debit[]): number {
  const kept = debits.filter(({ period, until }) => until > period.start);
  return kept.length === 0
    ? Math.min(...debits.map(({ period }) => period.start))
    : Math.max(...kept.map(({ until }) => until));
}

const named = ({ name, quantity }: Sold): string =>
  quantity === 1 ? name : `${quantity} × ${name}`;

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** As on Stripe's lines: `01 Sep 2020`, in UTC. */
function day(at: number): string {
  const date = new Date(at * 1000);
  return `${String(date.getUTCDate()).padStart(2, '0')} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
