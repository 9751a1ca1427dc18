/** When phases begin and end. Pure, in unix seconds. */
import { boundary, type Interval } from '@/server/kernel/calendar';
import { parameterInvalid, parameterMissing, parametersExclusive } from '@/server/kernel/errors';
import type { GivenPhase } from './params';

type GivenDates = Pick<GivenPhase, 'duration' | 'end_date' | 'start_date' | 'trial' | 'trial_end'>;

export interface Dates {
  readonly start_date: number;
  readonly end_date: number;
  readonly trial_end: number | null;
}

interface Terms {
  /** When the phase before ends, or the schedule starts. */
  readonly start: number;
  /** From which months are counted, so that those after a short one have their day again. */
  readonly anchor: number;
  /** How often each item is billed: without another word, a phase lasts as long as the longest. */
  readonly recurring: readonly Interval[];
  readonly now: number;
  /** The parameter that the phase is in. */
  readonly place: string;
}

/** @throws ApiError 400 for two ways to say one date, and for dates in the wrong order. */
export function datesOf(given: GivenDates, terms: Terms): Dates {
  const { start: start_date, now, place } = terms;
  if (given.start_date !== undefined && instant(given.start_date, now) !== start_date) {
    throw parameterInvalid(
      'The `start_date` of a phase must be the `end_date` of the phase before.',
      `${place}[start_date]`,
    );
  }
  const end_date = endOf(given, terms);
  if (end_date <= start_date) {
    throw parameterInvalid(
      'The `end_date` of a phase must be after its `start_date`.',
      `${place}[end_date]`,
    );
  }
  return { start_date, end_date, trial_end: trialEndOf(given, { start_date, end_date }, terms) };
}

export const instant = (given: number | 'now', now: number): number =>
  given === 'now' ? now : given;

function endOf({ duration, end_date }: GivenDates, terms: Terms): number {
  const { start, anchor, recurring, now, place } = terms;
  if (end_date !== undefined) {
    if (duration === undefined) return instant(end_date, now);
    throw parametersExclusive([`${place}[duration]`, `${place}[end_date]`]);
  }
  if (duration !== undefined) {
    const every = { ...duration, interval_count: duration.interval_count ?? 1 };
    return after(start, every, anchor);
  }
  if (recurring.length === 0) throw parameterMissing(`${place}[items]`);
  return Math.max(...recurring.map((every) => after(start, every, anchor)));
}

/** One interval later. Months are counted from the anchor, where they can be. */
function after(start: number, every: Interval, anchor: number): number {
  const { interval, interval_count } = every;
  if (interval === 'day' || interval === 'week') return boundary(start, every, 1);
  const months = interval === 'year' ? 12 * interval_count : interval_count;
  const month = { interval: 'month', interval_count: 1 } as const;
  const passed = monthOf(start) - monthOf(anchor);
  return boundary(anchor, month, passed) === start
    ? boundary(anchor, month, passed + months)
    : boundary(start, month, months);
}

/** Months since the year 0. */
function monthOf(at: number): number {
  const date = new Date(at * 1000);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function trialEndOf(
  { trial, trial_end }: GivenDates,
  { start_date, end_date }: { start_date: number; end_date: number },
  { now, place }: Terms,
): number | null {
  const asked = trial_end === undefined ? null : instant(trial_end, now);
  if (trial === true && asked !== null && asked !== end_date) {
    throw parameterInvalid(
      'When combined with `trial=true`, `trial_end` must match the `end_date` of the phase.',
      `${place}[trial_end]`,
    );
  }
  const end = trial === true ? end_date : asked;
  if (end === null || (start_date < end && end <= end_date)) return end;
  throw parameterInvalid('`trial_end` must be within the phase.', `${place}[trial_end]`);
}
