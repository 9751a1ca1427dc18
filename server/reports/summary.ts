/**
 * Home's figures: how much, how many, and how that compares with as many days before. Amounts of
 * different currencies are never added.
 */
import type { Scope } from '@/server/kernel/context';
import { parameterInvalid } from '@/server/kernel/errors';
import { currentProject, readSettings } from '@/server/projects';
import {
  compared,
  daysOf,
  hourAt,
  pointOf,
  pointsOf,
  startOf,
  type Days,
  type Step,
} from './periods';
import { failedIn, findMark, sumsIn, type Sum } from './store';

/** A figure: a sum over the range, or what there was at its end. */
export interface Series {
  readonly value: number;
  /** Of the range before. */
  readonly before: number;
  /** Null for what is still to come. */
  readonly points: readonly (number | null)[];
  readonly points_before: readonly number[];
}

/** Of one currency. Amounts are in its minor unit. */
export interface CurrencyFigures {
  /** What was charged. */
  readonly gross_volume: Series;
  /** That, less refunds, disputes and fees. */
  readonly net_volume: Series;
  /** Payments whose last try was refused, by the day they were made. */
  readonly failed_payments: Series;
  readonly mrr: Series;
  readonly active_subscribers: Series;
  readonly churned_subscribers: Series;
  /** Of all subscribers that there were, in hundredths of a percent; null where there were none. */
  readonly churn_rate: { readonly value: number | null; readonly before: number | null };
}

export interface Bounds {
  /** The first and the last day. */
  readonly from: string;
  readonly until: string;
  /** The same in unix seconds, from `gte` up to but without `lt`. */
  readonly gte: number;
  readonly lt: number;
}

export interface Summary {
  /** In which days begin and end, as in the IANA database. */
  readonly time_zone: string;
  readonly step: Step;
  readonly range: Bounds;
  readonly before: Bounds;
  /** What the points of every series are: `2026-11`, `2026-11-29`, `2026-11-29T13`. */
  readonly points: readonly string[];
  readonly points_before: readonly string[];
  /** The project's own first. */
  readonly currencies: readonly string[];
  readonly new_customers: Series;
  readonly by_currency: Readonly<Record<string, CurrencyFigures>>;
}

/**
 * @param text a preset such as `4w`, or two days, `2026-11-01..2026-11-15`.
 * @throws ApiError 400 for what is neither.
 */
export async function summarize(scope: Scope, text: string): Promise<Summary> {
  const [project, mark] = await Promise.all([currentProject(scope), findMark(scope)]);
  // Where the project has moved to another zone, its days are still the old ones until they are added anew.
  const zone = mark?.time_zone ?? readSettings(project.settings).timezone;
  const hour = hourAt(scope.now, zone);
  const days = daysOf(text, pointOf(hour, 'day'));
  if (days === null) throw parameterInvalid(`Invalid range: ${text}`, 'range');
  const { step, range, before } = compared(days);
  const bounds = { range: boundsOf(range, zone), before: boundsOf(before, zone) };
  const unit = step === 'hour' ? 'hour' : 'day';
  const [sums, failed] = await Promise.all([
    sumsIn(scope, { unit, from: before.from, until: range.until }, zone),
    failedIn(scope, { gte: bounds.before.gte, lt: bounds.range.lt }, unit, zone),
  ]);
  const points = pointsOf(range, step);
  const points_before = pointsOf(before, step);
  const chart: Chart = { step, points, points_before, now: pointOf(hour, step) };
  const all = [...sums, ...failed];
  const currencies = [
    ...new Set([project.default_currency, ...all.map(({ currency }) => currency).toSorted()]),
  ].filter((currency) => currency !== '');
  return {
    time_zone: zone,
    step,
    ...bounds,
    points,
    points_before,
    currencies,
    new_customers: flow(
      chart,
      all.filter(({ kind }) => kind === 'customer'),
      counted,
    ),
    by_currency: Object.fromEntries(
      currencies.map((currency) => [
        currency,
        figuresOf(
          chart,
          all.filter((sum) => sum.currency === currency),
        ),
      ]),
    ),
  };
}

const boundsOf = ({ from, until }: Days, zone: string): Bounds => ({
  from,
  until: pointOf(new Date(Date.parse(`${until}T00:00:00Z`) - 1).toISOString(), 'day'),
  gte: startOf(from, zone),
  lt: startOf(until, zone),
});

interface Chart {
  readonly step: Step;
  readonly points: readonly string[];
  readonly points_before: readonly string[];
  /** The point at which one is. */
  readonly now: string;
}

const counted = ({ occurrences }: Sum): number => occurrences;
const amount = (sum: Sum): number => sum.amount;

/** What moves the balance without being earned or given back. */
const NOT_EARNED = ['payout', 'payout_cancel', 'payout_failure'];
const NOT_MOVED = ['customer', 'failed', 'mrr', 'subscriber_gained', 'subscriber_lost'];

function figuresOf(chart: Chart, sums: readonly Sum[]): CurrencyFigures {
  const of = (kind: string): Sum[] => sums.filter((sum) => sum.kind === kind);
  const earned = sums.filter(({ kind }) => ![...NOT_EARNED, ...NOT_MOVED].includes(kind));
  const [gained, lost] = [of('subscriber_gained'), of('subscriber_lost')];
  const active = level(chart, [...gained, ...lost.map(negative)], counted);
  const joined = flow(chart, gained, counted);
  const churned = flow(chart, lost, counted);
  return {
    gross_volume: flow(chart, of('charge'), amount),
    net_volume: flow(chart, earned, ({ net }) => net),
    failed_payments: flow(chart, of('failed'), counted),
    mrr: level(chart, of('mrr'), amount),
    active_subscribers: active,
    churned_subscribers: churned,
    churn_rate: {
      value: rate(churned.value, active.before + joined.value),
      before: rate(churned.before, active.before + churned.before),
    },
  };
}

const negative = (sum: Sum): Sum => ({ ...sum, occurrences: -sum.occurrences });

const rate = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part * 10_000) / whole);

/** What happened at each point, and in all of them. */
function flow(chart: Chart, sums: readonly Sum[], valueOf: (sum: Sum) => number): Series {
  const byPoint = byPointOf(chart, sums, valueOf);
  const at = (points: readonly string[]): number[] =>
    points.map((point) => byPoint.get(point) ?? 0);
  const [points, points_before] = [at(chart.points), at(chart.points_before)];
  return {
    value: total(points),
    before: total(points_before),
    points: upToNow(chart, points),
    points_before,
  };
}

/** What there was at the end of each point: all of time, less what came after it. */
function level(chart: Chart, sums: readonly Sum[], valueOf: (sum: Sum) => number): Series {
  const byPoint = byPointOf(chart, sums, valueOf);
  let left = (byPoint.get('all') ?? 0) - (byPoint.get('after') ?? 0);
  const back = (points: readonly string[]): number[] =>
    points
      .toReversed()
      .map((point) => {
        const atEnd = left;
        left -= byPoint.get(point) ?? 0;
        return atEnd;
      })
      .toReversed();
  const points = back(chart.points);
  const before = left;
  const points_before = back(chart.points_before);
  return { value: points.at(-1) ?? 0, before, points: upToNow(chart, points), points_before };
}

function byPointOf(
  { step }: Chart,
  sums: readonly Sum[],
  valueOf: (sum: Sum) => number,
): Map<string, number> {
  const byPoint = new Map<string, number>();
  for (const sum of sums) {
    const point = pointOf(sum.period, step);
    byPoint.set(point, (byPoint.get(point) ?? 0) + valueOf(sum));
  }
  return byPoint;
}

const upToNow = ({ points, now }: Chart, values: readonly number[]): (number | null)[] =>
  values.map((value, index) => ((points[index] ?? '') > now ? null : value));

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
