/** Which stretches of time are billed for. Pure, in unix seconds. */
import { periodAt, type Interval, type Period } from '@/server/kernel/calendar';

/** A stretch that is billed at once, within the whole period that the price is for. */
export interface Stretch extends Period {
  readonly whole: Period;
}

export const isWhole = ({ start, end, whole }: Stretch): boolean =>
  start === whole.start && end === whole.end;

/**
 * The stretch that begins at `start`: to the next boundary from the anchor, or to the end of the
 * subscription where that comes first.
 */
export function stretchFrom(
  anchor: number,
  every: Interval,
  start: number,
  until: number | null,
): Stretch {
  const whole = periodAt(anchor, every, start);
  return { start, end: Math.min(whole.end, until ?? Infinity), whole };
}

/** The stretches from `from` to `to`, cut at every boundary between. */
export function stretchesBetween(
  anchor: number,
  every: Interval,
  from: number,
  to: number,
): Stretch[] {
  const stretches: Stretch[] = [];
  for (let start = from; start < to;) {
    const stretch = stretchFrom(anchor, every, start, to);
    stretches.push(stretch);
    start = stretch.end;
  }
  return stretches;
}
