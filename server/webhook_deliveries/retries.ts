/**
 * When a delivery that failed is tried again: soon at first, for a receiver that restarts, then
 * ever more patiently, for three days. Stripe documents the three days and the exponential
 * backoff, and keeps its exact steps to itself: https://docs.stripe.com/webhooks#automatic-retries
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long after its first attempt a delivery is given up, in milliseconds. */
export const GIVE_UP_AFTER_MS = 72 * HOUR;

/**
 * The wait after each failed attempt, in milliseconds. The last row repeats, and with no jitter the
 * whole comes to fourteen attempts: the thirteenth at 63 h 36 min, the last when the three days end.
 */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND,
  1 * MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  1 * HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
];

/** A wait is lengthened or shortened by up to this part of itself. */
const JITTER = 0.2;

/**
 * The time of the next attempt, or null when the delivery is given up.
 *
 * `attempt` counts the attempts already made, from 1; `firstAttemptAt` is when the first of them
 * was made and `now` when the last one failed. `random`, in [0, 1), spreads out the deliveries that
 * failed together, so that a receiver that comes back is not met by all of them at once.
 *
 * A wait that would end after the three days is cut to end with them: the last attempt falls on
 * the seventy-second hour, and a failure at or after it is final.
 */
export function nextAttemptAt(
  attempt: number,
  firstAttemptAt: Date,
  now: Date,
  random: number,
): Date | null {
  const end = firstAttemptAt.getTime() + GIVE_UP_AFTER_MS;
  if (now.getTime() >= end) return null;
  const delay = RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length) - 1];
  if (delay === undefined) throw new RangeError(`No attempt has the number ${attempt}.`);
  const jittered = delay * (1 - JITTER + 2 * JITTER * random);
  return new Date(Math.min(now.getTime() + Math.round(jittered), end));
}
