import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GIVE_UP_AFTER_MS, nextAttemptAt, RETRY_DELAYS_MS } from './retries';

const FIRST = new Date('2026-03-01T09:00:00.000Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** With this draw the jitter is nothing. */
const MIDDLE = 0.5;

/** Milliseconds after the first attempt of every attempt at a receiver that never answers well. */
function scheduleOf(draw: () => number, lateness: () => number = () => 0): number[] {
  const times = [FIRST.getTime()];
  for (;;) {
    const failedAt = new Date(times.at(-1)!);
    const next = nextAttemptAt(times.length, FIRST, failedAt, draw());
    if (next === null) return times.map((time) => time - FIRST.getTime());
    times.push(next.getTime() + lateness());
  }
}

describe('nextAttemptAt', () => {
  it('walks the table and then repeats its last row until three days have passed', () => {
    expect(scheduleOf(() => MIDDLE)).toEqual([
      0,
      5 * SECOND,
      1 * MINUTE + 5 * SECOND,
      6 * MINUTE + 5 * SECOND,
      36 * MINUTE + 5 * SECOND,
      1 * HOUR + 36 * MINUTE + 5 * SECOND,
      3 * HOUR + 36 * MINUTE + 5 * SECOND,
      7 * HOUR + 36 * MINUTE + 5 * SECOND,
      15 * HOUR + 36 * MINUTE + 5 * SECOND,
      27 * HOUR + 36 * MINUTE + 5 * SECOND,
      39 * HOUR + 36 * MINUTE + 5 * SECOND,
      51 * HOUR + 36 * MINUTE + 5 * SECOND,
      63 * HOUR + 36 * MINUTE + 5 * SECOND,
      72 * HOUR,
    ]);
  });

  it('makes its last attempt at the end of the third day, whatever the jitter', () => {
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(draw, { minLength: 40, maxLength: 40 }), (draws) => {
        const schedule = scheduleOf(() => draws.pop()!);
        expect(schedule.at(-1)).toBe(GIVE_UP_AFTER_MS);
        expect(schedule.length).toBeGreaterThanOrEqual(13);
        expect(schedule.length).toBeLessThanOrEqual(16);
      }),
    );
  });

  it('waits within a fifth of the table’s delay', () => {
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 13 }), draw, (attempt, random) => {
        const delay = RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length) - 1]!;
        const wait = nextAttemptAt(attempt, FIRST, FIRST, random)!.getTime() - FIRST.getTime();
        expect(wait).toBeGreaterThanOrEqual(delay * 0.8);
        expect(wait).toBeLessThanOrEqual(delay * 1.2);
      }),
    );
  });

  it('spreads deliveries that failed together over the whole band', () => {
    const hour = RETRY_DELAYS_MS.indexOf(1 * HOUR) + 1;
    const wait = (random: number) =>
      nextAttemptAt(hour, FIRST, FIRST, random)!.getTime() - FIRST.getTime();
    expect(wait(0)).toBe(48 * MINUTE);
    expect(wait(MIDDLE)).toBe(60 * MINUTE);
    expect(wait(0.75)).toBe(66 * MINUTE);
  });

  it('ends in three days although every attempt is made late', () => {
    const schedule = scheduleOf(
      () => MIDDLE,
      () => 3 * HOUR,
    );
    expect(schedule.at(-1)).toBeGreaterThanOrEqual(GIVE_UP_AFTER_MS);
    expect(schedule.at(-2)).toBeLessThan(GIVE_UP_AFTER_MS);
  });

  it('cuts a wait that would outlast the three days to end with them', () => {
    const end = new Date(FIRST.getTime() + GIVE_UP_AFTER_MS);
    const late = new Date(end.getTime() - 1 * HOUR);
    expect(nextAttemptAt(9, FIRST, late, MIDDLE)).toEqual(end);
  });

  it('gives up at the end of the three days and after it', () => {
    const end = new Date(FIRST.getTime() + GIVE_UP_AFTER_MS);
    expect(nextAttemptAt(2, FIRST, new Date(end.getTime() - 1), MIDDLE)).toEqual(end);
    expect(nextAttemptAt(2, FIRST, end, MIDDLE)).toBeNull();
    expect(nextAttemptAt(2, FIRST, new Date(end.getTime() + 1), MIDDLE)).toBeNull();
  });

  it('refuses to plan the attempt after none', () => {
    expect(() => nextAttemptAt(0, FIRST, FIRST, MIDDLE)).toThrow(RangeError);
  });
});
