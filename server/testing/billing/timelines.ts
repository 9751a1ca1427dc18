/**
 * When histories happen: at the ends of months, in leap years, and in the weeks in which clocks are
 * put forward and back. Many histories share a timeline: the times at which something is done are
 * few, so that one clock goes along it for all of them.
 */
import fc from 'fast-check';
import { DAY, midnight } from './calendar';

/** A stretch of time, with the instants (unix seconds) at which histories begin and things are done. */
export interface Timeline {
  readonly name: string;
  readonly births: readonly number[];
  /** Other days on which a billing cycle may begin: the first of each month. */
  readonly firsts: readonly number[];
  readonly stops: readonly number[];
  readonly end: number;
}

/** A timeline from some days on, all at one time of day. */
function timeline(
  name: string,
  days: readonly (readonly [year: number, month: number, day: number])[],
  time: number,
  seed: number,
): Timeline {
  const births = days.map(([year, month, day]) => midnight(year, month, day) + time);
  const first = Math.min(...births);
  const instant = fc.oneof(
    // At the very second of a renewal, in the hour after one, and whenever.
    { weight: 1, arbitrary: fc.constant(time) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3599 }).map((after) => time + after) },
    { weight: 4, arbitrary: fc.integer({ min: 0, max: DAY - 1 }) },
  );
  // Many in the first weeks, and fewer as time goes by.
  const ahead: number[] = [];
  for (let day = 0; day < 1200; day += day < 48 ? 3 : day < 430 ? 20 : 90) ahead.push(day);
  const seconds = fc.sample(instant, { seed, numRuns: ahead.length, unbiased: true });
  const start = first - (first % DAY);
  const stops = ahead.map((day, index) => start + day * DAY + seconds[index]!);
  const year = days[0]![0];
  const firsts = Array.from(
    { length: 24 },
    (_, month) => midnight(year + Math.floor(month / 12), 1 + (month % 12), 1) + time,
  );
  return {
    name,
    births,
    firsts,
    stops: stops.filter((at) => !births.includes(at)),
    end: start + 1900 * DAY,
  };
}

/** The time of day, in seconds. */
const clock = (hours: number, minutes: number, seconds: number): number =>
  hours * 3600 + minutes * 60 + seconds;

export const timelines = (seed: number): Timeline[] => [
  timeline(
    'into the leap year 2024',
    [
      [2023, 12, 31],
      [2024, 1, 1],
      [2024, 1, 29],
      [2024, 1, 30],
      [2024, 1, 31],
    ],
    clock(23, 59, 59),
    seed,
  ),
  timeline(
    'through a February of 28 days',
    [
      [2025, 1, 28],
      [2025, 1, 29],
      [2025, 1, 30],
      [2025, 1, 31],
      [2025, 2, 28],
    ],
    clock(0, 0, 0),
    seed + 1,
  ),
  timeline(
    'from a leap day, while clocks are put forward',
    [
      [2028, 2, 28],
      [2028, 2, 29],
      [2028, 3, 12],
      [2028, 3, 26],
      [2028, 3, 31],
    ],
    clock(2, 30, 0),
    seed + 2,
  ),
  timeline(
    'while clocks are put back',
    [
      [2024, 10, 26],
      [2024, 10, 27],
      [2024, 10, 31],
      [2024, 11, 3],
      [2024, 11, 30],
    ],
    clock(1, 17, 42),
    seed + 3,
  ),
];
