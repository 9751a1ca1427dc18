/** Times as text. All are given in unix seconds. */
import type { Viewer } from './viewer';

const ms = (seconds: number): Date => new Date(seconds * 1_000);

const OF_DAYS: ReadonlySet<string> = new Set(['day', 'month', 'year']);

/** `22 Nov 2026, 19:53`, as the day and what follows it: `22 Nov 2026` and `, 19:53`. */
export function splitTime(
  seconds: number,
  { locale, timeZone }: Viewer,
): readonly [day: string, rest: string] {
  const parts = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  }).formatToParts(ms(seconds));
  const end = parts.findLastIndex(({ type }) => OF_DAYS.has(type)) + 1;
  const textOf = (some: typeof parts): string => some.map(({ value }) => value).join('');
  return [textOf(parts.slice(0, end)), textOf(parts.slice(end))];
}

/** `22 Nov 2026`. */
export const formatDate = (seconds: number, { locale, timeZone }: Viewer): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone }).format(ms(seconds));

/** `2026-11-22 19:53:07 UTC`. */
export const formatUtc = (seconds: number): string =>
  `${ms(seconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `America/New York`, and `UTC` without the region that it has not. */
export const zoneName = (zone: string): string => zone.replace('Etc/', '').replaceAll('_', ' ');

const DAY = 24 * 60 * 60;

/** TABLE: the largest unit that fits is used. In seconds. */
const UNITS = [
  ['hour', 60 * 60],
  ['minute', 60],
  ['second', 1],
] as const;

/** `5 min ago`, or null for what is a day away or more. `now` in unix seconds too. */
export function formatAgo(seconds: number, now: number, { locale }: Viewer): string | null {
  const away = seconds - now;
  if (Math.abs(away) >= DAY) return null;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(away) >= size) ?? UNITS[2];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }).format(
    Math.trunc(away / length),
    unit,
  );
}
