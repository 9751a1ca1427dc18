/**
 * The calendar against one that nobody would write: it walks day by day from the anchor, with the
 * lengths of the months in a list and the rule for leap years spelled out, and knows no `Date`.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundary, periodAt, type Interval } from './calendar';

const every = (interval: Interval['interval'], interval_count = 1): Interval => ({
  interval,
  interval_count,
});

const at = (iso: string): number => Date.parse(iso) / 1000;
const iso = (time: number): string => new Date(time * 1000).toISOString().replace('.000', '');

/** The first boundaries after an anchor, as dates with their time where it is not midnight. */
const boundaries = (anchor: string, interval: Interval, count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    iso(boundary(at(anchor), interval, index + 1)).replace('T00:00:00Z', ''),
  );

describe('boundary', () => {
  it('goes back to the 31st after every month that has none', () => {
    expect(boundaries('2026-01-31T00:00:00Z', every('month'), 12)).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
      '2026-06-30',
      '2026-07-31',
      '2026-08-31',
      '2026-09-30',
      '2026-10-31',
      '2026-11-30',
      '2026-12-31',
      '2027-01-31',
    ]);
  });

  it.each([
    ['2024-01-29', ['2024-02-29', '2024-03-29']],
    ['2025-01-29', ['2025-02-28', '2025-03-29']],
    ['2024-01-30', ['2024-02-29', '2024-03-30']],
    ['2025-01-30', ['2025-02-28', '2025-03-30']],
    ['2025-02-28', ['2025-03-28', '2025-04-28']],
    ['2024-02-29', ['2024-03-29', '2024-04-29']],
  ])('counts months from %s', (anchor, expected) => {
    expect(boundaries(`${anchor}T00:00:00Z`, every('month'), 2)).toEqual(expected);
  });

  it('counts years from a leap day to the next one', () => {
    expect(boundaries('2024-02-29T00:00:00Z', every('year'), 4)).toEqual([
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ]);
  });

  it('has no leap day in 2100', () => {
    expect(boundaries('2099-12-31T00:00:00Z', every('month'), 2)).toEqual([
      '2100-01-31',
      '2100-02-28',
    ]);
  });

  it('counts by more than one', () => {
    expect(boundaries('2025-11-30T00:00:00Z', every('month', 3), 2)).toEqual([
      '2026-02-28',
      '2026-05-30',
    ]);
    expect(boundaries('2026-02-27T00:00:00Z', every('week', 2), 2)).toEqual([
      '2026-03-13',
      '2026-03-27',
    ]);
    expect(boundaries('2026-02-27T00:00:00Z', every('day', 10), 2)).toEqual([
      '2026-03-09',
      '2026-03-19',
    ]);
    expect(boundaries('2023-12-31T00:00:00Z', every('year', 2), 1)).toEqual(['2025-12-31']);
  });

  it('keeps the time of day where clocks are put forward and back', () => {
    expect(boundaries('2026-03-28T01:30:15Z', every('day'), 2)).toEqual([
      '2026-03-29T01:30:15Z',
      '2026-03-30T01:30:15Z',
    ]);
    expect(boundaries('2026-09-30T23:59:59Z', every('month'), 2)).toEqual([
      '2026-10-30T23:59:59Z',
      '2026-11-30T23:59:59Z',
    ]);
  });

  it('is the anchor itself at 0, and goes back below', () => {
    const anchor = at('2026-03-31T09:00:00Z');
    expect(boundary(anchor, every('month'), 0)).toBe(anchor);
    expect(iso(boundary(anchor, every('month'), -1))).toBe('2026-02-28T09:00:00Z');
    expect(iso(boundary(anchor, every('year'), -2))).toBe('2024-03-31T09:00:00Z');
    expect(iso(boundary(anchor, every('week'), -1))).toBe('2026-03-24T09:00:00Z');
  });
});

describe('periodAt', () => {
  const anchor = at('2026-01-31T12:00:00Z');
  const period = (time: string) => {
    const { start, end } = periodAt(anchor, every('month'), at(time));
    return [iso(start), iso(end)];
  };

  it('begins at its boundary, and ends a second before the next', () => {
    const february = ['2026-02-28T12:00:00Z', '2026-03-31T12:00:00Z'];
    expect(period('2026-02-28T12:00:00Z')).toEqual(february);
    expect(period('2026-03-31T11:59:59Z')).toEqual(february);
    expect(period('2026-03-31T12:00:00Z')).toEqual([
      '2026-03-31T12:00:00Z',
      '2026-04-30T12:00:00Z',
    ]);
  });

  it('is there before the anchor too', () => {
    expect(period('2026-01-31T11:59:59Z')).toEqual([
      '2025-12-31T12:00:00Z',
      '2026-01-31T12:00:00Z',
    ]);
  });
});

// The naive model

interface Day {
  year: number;
  month: number;
  day: number;
}

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const lengthOf = ({ year, month }: Day): number =>
  month === 2 && isLeap(year) ? 29 : (LENGTHS[month - 1] ?? 0);

function next({ year, month, day }: Day): Day {
  if (day < lengthOf({ year, month, day })) return { year, month, day: day + 1 };
  return month < 12 ? { year, month: month + 1, day: 1 } : { year: year + 1, month: 1, day: 1 };
}

/** Whether a period ends on this day, so many days after its anchor's. */
function isBoundary(first: Day, today: Day, days: number, { interval, interval_count }: Interval) {
  if (interval === 'day') return days % interval_count === 0;
  if (interval === 'week') return days % (7 * interval_count) === 0;
  const months = (today.year - first.year) * 12 + today.month - first.month;
  const apart = interval === 'month' ? interval_count : 12 * interval_count;
  if (months % apart !== 0) return false;
  return today.day === first.day || (today.day === lengthOf(today) && first.day > today.day);
}

const DAY_SECONDS = 86_400;

/** All boundaries within `span` days, the anchor's first, as days since it. */
function walk(first: Day, interval: Interval, span: number): number[] {
  const found: number[] = [];
  let today = first;
  for (let days = 0; days <= span; days += 1) {
    if (isBoundary(first, today, days, interval)) found.push(days);
    today = next(today);
  }
  return found;
}

/** Days from 1 January 1970, walked. */
function daysSinceEpoch(target: Day): number {
  let days = 0;
  let year = 1970;
  for (; year < target.year; year += 1) days += isLeap(year) ? 366 : 365;
  for (let month = 1; month < target.month; month += 1) days += lengthOf({ year, month, day: 1 });
  return days + target.day - 1;
}

/** Half of them at the end of a month, where the trouble is. */
const day = fc
  .record({
    year: fc.integer({ min: 1999, max: 2101 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.oneof(fc.integer({ min: 1, max: 28 }), fc.constantFrom(29, 30, 31)),
  })
  .map((one) => ({ ...one, day: Math.min(one.day, lengthOf(one)) }));

const interval: fc.Arbitrary<Interval> = fc.oneof(
  fc.record({
    interval: fc.constant('day' as const),
    interval_count: fc.integer({ min: 1, max: 400 }),
  }),
  fc.record({
    interval: fc.constant('week' as const),
    interval_count: fc.integer({ min: 1, max: 60 }),
  }),
  fc.record({
    interval: fc.constant('month' as const),
    interval_count: fc.integer({ min: 1, max: 36 }),
  }),
  fc.record({
    interval: fc.constant('year' as const),
    interval_count: fc.integer({ min: 1, max: 3 }),
  }),
);

const timeOfDay = fc.integer({ min: 0, max: DAY_SECONDS - 1 });

describe('against a calendar that walks day by day', () => {
  const span = 2_000;

  it('has the same boundaries, in both directions, none missing and none twice', () => {
    fc.assert(
      fc.property(day, interval, timeOfDay, (first, given, time) => {
        const anchor = daysSinceEpoch(first) * DAY_SECONDS + time;
        const walked = walk(first, given, span).map((days) => anchor + days * DAY_SECONDS);
        const counted = walked.map((_, index) => boundary(anchor, given, index));
        expect(counted).toEqual(walked);
        expect(boundary(anchor, given, walked.length)).toBeGreaterThan(anchor + span * DAY_SECONDS);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds the period of any second', () => {
    fc.assert(
      fc.property(
        day,
        interval,
        timeOfDay,
        fc.nat({ max: span * DAY_SECONDS }),
        (first, given, time, after) => {
          const anchor = daysSinceEpoch(first) * DAY_SECONDS + time;
          const moment = anchor + after;
          const walked = walk(first, given, span + 1_200).map(
            (days) => anchor + days * DAY_SECONDS,
          );
          const end = walked.findIndex((one) => one > moment);
          expect(periodAt(anchor, given, moment)).toEqual({
            start: walked[end - 1],
            end: walked[end],
          });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('makes periods that meet, before the anchor as after it', () => {
    fc.assert(
      fc.property(
        day,
        interval,
        timeOfDay,
        fc.integer({ min: -200, max: 200 }),
        (first, given, time, n) => {
          const anchor = daysSinceEpoch(first) * DAY_SECONDS + time;
          const [start, end] = [boundary(anchor, given, n), boundary(anchor, given, n + 1)];
          expect(start).toBeLessThan(end);
          expect(periodAt(anchor, given, start)).toEqual({ start, end });
          expect(periodAt(anchor, given, end - 1)).toEqual({ start, end });
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
