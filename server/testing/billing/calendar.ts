/**
 * A calendar to check the engine's by. It knows how long a month is, and walks from day to day: it
 * never adds a month to anything. All of it is UTC, where every day has 86,400 seconds.
 *
 * Source: https://docs.stripe.com/billing/subscriptions/billing-cycle
 */

export const DAY = 86_400;

export interface Every {
  readonly unit: 'day' | 'week' | 'month' | 'year';
  readonly count: number;
}

export interface Day {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const lengthOf = ({ year, month }: Day): number =>
  [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;

const isLastOfMonth = (day: Day): boolean => day.day === lengthOf(day);

function tomorrow(today: Day): Day {
  const { year, month, day } = today;
  if (!isLastOfMonth(today)) return { year, month, day: day + 1 };
  return month < 12 ? { year, month: month + 1, day: 1 } : { year: year + 1, month: 1, day: 1 };
}

/** Every day from 1 January 1970 on, one after the other. */
const DAYS: Day[] = [{ year: 1970, month: 1, day: 1 }];
while (DAYS.at(-1)!.year < 2060) DAYS.push(tomorrow(DAYS.at(-1)!));

const numberOf = (at: number): number => Math.floor(at / DAY);

/** The day that an instant (unix seconds) is on. */
export function dayOf(at: number): Day {
  const day = DAYS[numberOf(at)];
  if (day === undefined) throw new RangeError(`${at} is not between 1970 and 2060.`);
  return day;
}

/** The first second of a day, in unix seconds. */
export const midnight = (year: number, month: number, day: number): number =>
  DAYS.findIndex((one) => one.year === year && one.month === month && one.day === day) * DAY;

/**
 * Whether a period may begin on a day (counted from 1 January 1970): some weeks after the anchor's
 * day, or the anchor's day of some month, or the last day of a month that has no such day.
 */
function isBoundary(anchor: number, { unit, count }: Every, number: number): boolean {
  const days = number - numberOf(anchor);
  if (unit === 'day') return days % count === 0;
  if (unit === 'week') return days % (7 * count) === 0;
  const [from, to] = [dayOf(anchor), dayOf(number * DAY)];
  const months = (to.year - from.year) * 12 + (to.month - from.month);
  const isRightMonth = months % (unit === 'month' ? count : 12 * count) === 0;
  const isRightDay = to.day === from.day || (isLastOfMonth(to) && to.day < from.day);
  return isRightMonth && isRightDay;
}

/** The first boundary after an instant. Every one is at the anchor's time of day. */
export function boundaryAfter(anchor: number, every: Every, at: number): number {
  for (let number = numberOf(at); ; number++) {
    const boundary = number * DAY + (anchor % DAY);
    if (boundary > at && isBoundary(anchor, every, number)) return boundary;
  }
}

/** The last boundary that is not after an instant. */
export function boundaryBefore(anchor: number, every: Every, at: number): number {
  for (let number = numberOf(at); ; number--) {
    const boundary = number * DAY + (anchor % DAY);
    if (boundary <= at && isBoundary(anchor, every, number)) return boundary;
  }
}

/** As people write it: `2024-02-29 13:37:11`. */
export function told(at: number): string {
  const { year, month, day } = dayOf(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  const time = at % DAY;
  const clock = [Math.floor(time / 3600), Math.floor(time / 60) % 60, time % 60].map(two).join(':');
  return `${year}-${two(month)}-${two(day)} ${clock}`;
}
