/**
 * Ranges of days in a zone, and the points that a chart of them has. Pure. Days are written
 * `2026-11-29` and hours `2026-11-29T13`, so that they sort and begin as their month does.
 */

/** What can be chosen, or two days: `2026-11-01..2026-11-15`, both in it. */
export const PRESETS = ['today', '7d', '4w', '3m', '12m'] as const;
export type Preset = (typeof PRESETS)[number];

/** What one point of a chart holds. */
export type Step = 'hour' | 'day' | 'month';

export interface Days {
  /** The first day. */
  readonly from: string;
  /** The first day that is not in it. */
  readonly until: string;
}

export interface Compared {
  readonly step: Step;
  readonly range: Days;
  /** As many days, just before it. */
  readonly before: Days;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** More points than that are months. */
const DAYS_MAX = 100;

/** Two years, and as much before, is as far as one looks. */
const RANGE_DAYS_MAX = 731;

const msOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const addDays = (day: string, count: number): string => dayOf(msOf(day) + count * DAY_MS);

const lengthOf = ({ from, until }: Days): number => (msOf(until) - msOf(from)) / DAY_MS;

/** The same day so many months on; what it would be past the end of the month, it is that end. */
function addMonths(day: string, count: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month - 1 + count, Math.min(date, last)));
}

/** TABLE: where each preset begins, given today, which is its last day. */
const BEGINS: Readonly<Record<Preset, (today: string) => string>> = {
  today: (today) => today,
  '7d': (today) => addDays(today, -6),
  '4w': (today) => addDays(today, -27),
  '3m': (today) => addDays(addMonths(today, -3), 1),
  '12m': (today) => `${addMonths(today, -11).slice(0, 7)}-01`,
};

/** The days of a preset or of a written range; null for what is neither, ends before it begins, or is too long. */
export function daysOf(text: string, today: string): Days | null {
  if (isPreset(text)) return { from: BEGINS[text](today), until: addDays(today, 1) };
  const [, from, last] = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(text) ?? [];
  if (from === undefined || last === undefined || !isDay(from) || !isDay(last)) return null;
  const days = { from, until: addDays(last, 1) };
  return lengthOf(days) >= 1 && lengthOf(days) <= RANGE_DAYS_MAX ? days : null;
}

const isPreset = (text: string): text is Preset => (PRESETS as readonly string[]).includes(text);

const isDay = (day: string): boolean => !Number.isNaN(msOf(day)) && dayOf(msOf(day)) === day;

/** With the range before, and in what steps to show them. */
export function compared(range: Days): Compared {
  const length = lengthOf(range);
  const step = length === 1 ? 'hour' : length <= DAYS_MAX ? 'day' : 'month';
  const isYear = addMonths(range.from, 11).slice(0, 7) === addDays(range.until, -1).slice(0, 7);
  const begins =
    step === 'month' && isYear && range.from.endsWith('-01')
      ? addMonths(range.from, -12)
      : addDays(range.from, -length);
  return { step, range, before: { from: begins, until: range.from } };
}

const LENGTHS = { hour: 13, day: 10, month: 7 } as const;

/** The point that a period belongs to: `2026-11` of a day, in months. */
export const pointOf = (period: string, step: Step): string => period.slice(0, LENGTHS[step]);

/** The points of the days, in order. */
export function pointsOf({ from, until }: Days, step: Step): string[] {
  const points = new Set<string>();
  for (let day = from; day < until; day = addDays(day, 1)) {
    if (step === 'hour') for (const hour of HOURS) points.add(`${day}T${hour}`);
    else points.add(pointOf(day, step));
  }
  return [...points];
}

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

/** What hour it is in a zone: `2026-11-29T13`. */
export function hourAt(now: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}`;
}

/** When a day begins in a zone, in unix seconds. */
export function startOf(day: string, zone: string): number {
  const asUtc = msOf(day);
  // The offset there may be another than here: looked up once more at where the first led.
  const first = asUtc - offsetAt(asUtc, zone);
  return (asUtc - offsetAt(first, zone)) / 1_000;
}

/** How far a zone is ahead of UTC at a time, in milliseconds. */
function offsetAt(ms: number, zone: string): number {
  const text = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).format(
    ms,
  );
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
