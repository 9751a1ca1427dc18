/**
 * The items of a subscription, and the periods that they are in: counted from the anchor, in a trial
 * until its end, and none beyond the end of the subscription. All times are unix seconds.
 */
import { boundaryAfter, boundaryBefore, DAY } from './calendar';
import type { Offer, Rate } from './costs';
import type { History } from './history';
import type { Stretch } from './ledger';

/** What is subscribed to, and the period that it is in. */
export interface SoldItem {
  readonly key: number;
  offer: Offer;
  quantity: number;
  readonly rates: readonly Rate[];
  start: number;
  end: number;
}

export class Cycle {
  items: SoldItem[];
  anchor: number;
  /** When it began, where there is no trial. */
  trialEnd: number;
  cancelAt: number | 'period_end' | null = null;

  constructor({ born, trialDays, anchor, wishes }: History) {
    this.trialEnd = born + (trialDays ?? 0) * DAY;
    this.anchor = trialDays === null ? (anchor ?? born) : this.trialEnd;
    this.items = wishes.map((wish, key) => ({ ...wish, key, start: born, end: born }));
  }

  item(key: number): SoldItem | undefined {
    return this.items.find((one) => one.key === key);
  }

  /** When the first of the periods began, the last of them, and when the first of them ends. */
  get firstStart(): number {
    return Math.min(...this.items.map(({ start }) => start));
  }

  get lastStart(): number {
    return Math.max(...this.items.map(({ start }) => start));
  }

  get firstEnd(): number {
    return Math.min(...this.items.map(({ end }) => end));
  }

  /** When the subscription ends; null where it does not. */
  get end(): number | null {
    if (this.cancelAt !== 'period_end') return this.cancelAt;
    return Math.min(...this.items.map((item) => this.fullEnd(item)));
  }

  /** Of the period that an item is in, if nothing ends before. */
  private fullEnd({ offer, start }: SoldItem): number {
    return start < this.trialEnd ? this.trialEnd : boundaryAfter(this.anchor, offer.every, start);
  }

  /** No period goes on after the end of the subscription. */
  cutEnd(item: SoldItem): number {
    return Math.min(this.fullEnd(item), this.end ?? Infinity);
  }

  /** The whole period that an item is in a part of. */
  full(item: SoldItem): Stretch {
    const start = boundaryBefore(this.anchor, item.offer.every, item.start);
    return { start, end: this.fullEnd(item) };
  }

  /** An item begins a period; answers the whole that it is a part of. */
  enter(item: SoldItem, now: number): Stretch {
    item.start = now;
    item.end = this.cutEnd(item);
    return this.full(item);
  }

  /** All begin their periods anew, from now on. */
  reset(now: number): void {
    this.anchor = now;
    for (const item of this.items) item.start = now;
  }
}
