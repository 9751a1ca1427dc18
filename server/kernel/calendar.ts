/**
 * Periods of time, as subscriptions count them: from an anchor, in UTC, so that no clock is ever put
 * forward or back. Times are unix seconds.
 *
 * Every boundary is counted from the anchor and not from the one before it. A month without the
 * anchor's day ends the period on its last day, and the months after it have the anchor's day again:
 * 31 January, 28 February, 31 March.
 * https://docs.stripe.com/billing/subscriptions/billing-cycle
 */

/** How long a period is, in the words of a price. */
export interface Interval {
  readonly interval: 'day' | 'week' | 'month' | 'year';
  /** 1 or more. */
  readonly interval_count: number;
}

export interface Period {
  readonly start: number;
  /** The first second that is not in it. */
  readonly end: number;
}

const DAY_SECONDS = 24 * 60 * 60;

/** Days and weeks have a length; months and years only have a number of months. */
const UNITS = {
  day: { seconds: DAY_SECONDS },
  week: { seconds: 7 * DAY_SECONDS },
  month: { months: 1 },
  year: { months: 12 },
} as const;

/** The `n`-th boundary from the anchor, which is the 0-th itself. Before it, `n` is negative. */
export function boundary(anchor: number, every: Interval, n: number): number {
  const unit = UNITS[every.interval];
  const count = n * every.interval_count;
  return 'seconds' in unit ? anchor + count * unit.seconds : addMonths(anchor, count * unit.months);
}

/** The period that `at` is in: `start <= at < end`. A boundary begins the period after it. */
export function periodAt(anchor: number, every: Interval, at: number): Period {
  let n = nearby(anchor, every, at);
  while (boundary(anchor, every, n) > at) n -= 1;
  while (boundary(anchor, every, n + 1) <= at) n += 1;
  return { start: boundary(anchor, every, n), end: boundary(anchor, every, n + 1) };
}

/** Which boundary `at` is near, give or take one. */
function nearby(anchor: number, every: Interval, at: number): number {
  const unit = UNITS[every.interval];
  const units =
    'seconds' in unit
      ? (at - anchor) / unit.seconds
      : (monthOf(at) - monthOf(anchor)) / unit.months;
  return Math.floor(units / every.interval_count);
}

/** Months since the year 0. */
function monthOf(at: number): number {
  const date = new Date(at * 1000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The same day and time of day some months on, or the last day of a month that is too short. */
function addMonths(from: number, months: number): number {
  const date = new Date(from * 1000);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + months;
  // Day 0 is the day before the first: of the month after, the last of this one.
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(date.getUTCDate(), last)) / 1000;
  return midnight + (from - Math.floor(from / DAY_SECONDS) * DAY_SECONDS);
}
