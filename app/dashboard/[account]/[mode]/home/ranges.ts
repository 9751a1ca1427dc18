/** The ranges that can be chosen on Home, as they are in the address. */

export const RANGE_DEFAULT = '4w';

/** TABLE: the presets, and what each is compared with. */
export const PRESETS = [
  ['today', 'Today', 'yesterday'],
  ['7d', '7 days', 'the 7 days before'],
  ['4w', '4 weeks', 'the 4 weeks before'],
  ['3m', '3 months', 'the 3 months before'],
  ['12m', '12 months', 'the 12 months before'],
] as const;

/** `2026-11-01..2026-11-15`, both days in it. */
export const customRange = (from: string, until: string): string => `${from}..${until}`;

export function parseCustom(range: string): { from: string; until: string } | null {
  const [, from, until] = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(range) ?? [];
  return from === undefined || until === undefined ? null : { from, until };
}

/** What a range is compared with, in words. */
export const beforeText = (range: string): string =>
  PRESETS.find(([value]) => value === range)?.[2] ?? 'as many days before';

interface Locale {
  readonly locale: string;
}

/** A point of a chart as it is written: `14:00`, `29 Nov`, `Nov 2026`. Days are those of the project, whatever the zone here. */
export function pointText(point: string, { locale }: Locale): string {
  const [day = '', hour] = point.split('T');
  if (hour !== undefined) return `${hour}:00`;
  const isMonth = day.length === 'yyyy-mm'.length;
  const at = Date.parse(isMonth ? `${day}-01` : day);
  return new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    month: 'short',
    ...(isMonth ? { year: 'numeric' } : { day: 'numeric' }),
  }).format(at);
}

/** `1 Nov 2026 – 15 Nov 2026`. Not `formatRange`, whose spaces differ from browser to server. */
export function daysText(from: string, until: string, { locale }: Locale): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium' });
  const [first, last] = [from, until].map((day) => format.format(Date.parse(day)));
  return first === last ? `${first}` : `${first} – ${last}`;
}
