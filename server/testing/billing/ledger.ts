/** What was asked of a customer, and what was given back of it: entry by entry, nothing is merged. */
import type { Rate } from './costs';
import type { Bill } from './history';
import { rounded, sum } from './money';

/** In unix seconds; the end is the first second that is not in it. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Something asked for, or given back where it is negative. It becomes a line of an invoice. */
export interface Entry extends Stretch {
  /** Which item of the subscription; null for what is asked for once. */
  readonly item: number | null;
  readonly what: string;
  /** Pence, before discounts. */
  readonly amount: bigint;
  readonly isProration: boolean;
  readonly isDiscountable: boolean;
  /** Whether it is for an invoice of the subscription, and not for any of the customer's. */
  readonly isOwn: boolean;
  /** What it gives back of. */
  readonly of: Entry | null;
  /** Null takes those of the invoice. */
  rates: readonly Rate[] | null;
  discount: bigint;
  /** Null while it waits for one. */
  invoice: Invoice | null;
}

export interface Invoice {
  readonly at: number;
  readonly reason: Bill['reason'];
  readonly period: Stretch;
  readonly entries: readonly Entry[];
  status: Bill['status'];
  finalizesAt: number | null;
  due: bigint | null;
  /** What it took up of the balance. */
  taken: bigint;
}

/** The part of an amount that falls into `part` of `full`, to the second. */
export const share = (amount: bigint, part: Stretch, full: Stretch): bigint =>
  part.end <= part.start
    ? 0n
    : rounded({
        over: amount * BigInt(part.end - part.start),
        under: BigInt(full.end - full.start),
      });

/** What is void counts as if it had never been asked for. */
const counts = ({ invoice }: Entry): boolean => invoice?.status !== 'void';

export class Ledger {
  private entries: Entry[] = [];

  add(...entries: readonly Entry[]): void {
    this.entries.push(...entries);
  }

  get size(): number {
    return this.entries.length;
  }

  /** For an invoice. */
  waiting(): Entry[] {
    return this.entries.filter(({ invoice }) => invoice === null);
  }

  dropProrations(): void {
    this.entries = this.entries.filter(
      ({ isProration, invoice }) => !isProration || invoice !== null,
    );
  }

  /** A trial asks for nothing. */
  private debitsOf(item: number): Entry[] {
    return this.entries.filter((one) => one.item === item && one.amount > 0n && counts(one));
  }

  private creditsOf(debit: Entry): Entry[] {
    return this.entries.filter((one) => one.of === debit && counts(one));
  }

  /** From when on a debit was given back. */
  private endOf(debit: Entry): number {
    return Math.min(debit.end, ...this.creditsOf(debit).map(({ start }) => start));
  }

  /** Up to where an item is paid for, if anything was asked for time after `now`. */
  paidUntil(item: number, now: number): number | null {
    const debits = this.debitsOf(item).filter(({ end }) => end > now);
    if (debits.length === 0) return null;
    const kept = debits.filter((debit) => this.endOf(debit) > debit.start);
    return kept.length === 0
      ? Math.min(...debits.map(({ start }) => start))
      : Math.max(...kept.map((debit) => this.endOf(debit)));
  }

  /** Of each debit of an item the share of its time that is after `at`, less what was given back. */
  giveBack(item: number, at: number): void {
    for (const debit of this.debitsOf(item)) {
      const [start, end] = [Math.max(at, debit.start), this.endOf(debit)];
      const unused = share(debit.amount - debit.discount, { start, end: debit.end }, debit);
      const left = unused + sum(this.creditsOf(debit).map(({ amount }) => amount));
      if (end <= start || left <= 0n) continue;
      this.add({
        ...debit,
        amount: -left,
        start,
        end,
        of: debit,
        isProration: true,
        isDiscountable: false,
        discount: 0n,
        invoice: null,
      });
    }
  }
}
