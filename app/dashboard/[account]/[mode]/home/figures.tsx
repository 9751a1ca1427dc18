'use client';

import { ArrowDown, ArrowUp } from 'lucide-react';
import Link from 'next/link';
import type { Outputs } from '@/components/api/queries';
import { useProject } from '@/components/api/project';
import { Trend } from '@/components/chart/trend';
import type { TrendPoint } from '@/components/chart/trend-chart';
import { decimalsOf } from '@/components/money/currencies';
import { formatMoney, fractionOf } from '@/components/money/format';
import { useViewer, type Viewer } from '@/components/time/viewer';
import { cx } from '@/components/ui/classes';
import { Card } from '@/components/ui/surfaces';
import { beforeText, pointText } from './ranges';

export type Summary = Outputs['dashboard']['home']['summary'];
type CurrencyFigures = Summary['by_currency'][string];
type Series = Summary['new_customers'];

interface Figure {
  readonly title: string;
  readonly note?: string;
  readonly series: Series;
  /** What the figure itself is, where it is not the sum of the points. */
  readonly value?: number | null;
  readonly before?: number | null;
  readonly kind: 'amount' | 'count' | 'rate';
  /** What it counts, as a list. */
  readonly href: string;
  /** Less of it is better. */
  readonly isLoss?: boolean;
}

/** TABLE: what Home shows, and the list behind each. The first two are large. */
function figuresOf(summary: Summary, own: CurrencyFigures): Figure[] {
  const { gte, lt } = summary.range;
  const within = `created=${gte}..${lt}`;
  return [
    {
      title: 'Gross volume',
      series: own.gross_volume,
      kind: 'amount',
      href: `payments?state=succeeded&${within}`,
    },
    {
      title: 'Net volume',
      note: 'After refunds, disputes and fees',
      series: own.net_volume,
      kind: 'amount',
      href: `balance?${within}`,
    },
    {
      title: 'MRR',
      note: 'Monthly recurring revenue',
      series: own.mrr,
      kind: 'amount',
      href: 'subscriptions?status=active',
    },
    {
      title: 'Active subscribers',
      series: own.active_subscribers,
      kind: 'count',
      href: 'subscriptions?status=active',
    },
    {
      title: 'Subscriber churn',
      series: own.churned_subscribers,
      value: own.churn_rate.value,
      before: own.churn_rate.before,
      kind: 'rate',
      href: `events?type=customer.subscription.deleted&${within}`,
      isLoss: true,
    },
    {
      title: 'New customers',
      series: summary.new_customers,
      kind: 'count',
      href: `customers?${within}`,
    },
    {
      title: 'Failed payments',
      series: own.failed_payments,
      kind: 'count',
      href: `payments?state=failed&${within}`,
      isLoss: true,
    },
  ];
}

export interface FiguresProps {
  readonly summary: Summary;
  readonly range: string;
  readonly currency: string;
  readonly isStale: boolean;
}

export function Figures({ summary, range, currency, isStale }: FiguresProps) {
  const own = summary.by_currency[currency];
  if (own === undefined) return null;
  const figures = figuresOf(summary, own);
  return (
    <div
      aria-busy={isStale}
      className={cx('grid gap-4 sm:grid-cols-2 xl:grid-cols-10', isStale && 'opacity-60')}
    >
      {figures.map((figure, index) => (
        <FigureCard
          key={figure.title}
          figure={figure}
          summary={summary}
          range={range}
          currency={currency}
          size={index < 2 ? 'large' : 'small'}
        />
      ))}
    </div>
  );
}

interface FigureCardProps extends Omit<FiguresProps, 'isStale'> {
  readonly figure: Figure;
  readonly size: 'large' | 'small';
}

function FigureCard({ figure, summary, range, currency, size }: FigureCardProps) {
  const { href } = useProject();
  const viewer = useViewer();
  const { title, note, series, kind } = figure;
  const { value = series.value, before = series.before } = figure;
  const format = formatOf(kind, currency, viewer);
  // The points of a rate are those that left: how many, not how large a part.
  const formatPoint = kind === 'rate' ? formatOf('count', currency, viewer) : format;
  const was = before === null ? null : format(before);
  return (
    <Card className={size === 'large' ? 'xl:col-span-5' : 'xl:col-span-2'}>
      <h2 className="text-sm text-muted">
        <Link
          href={href(figure.href)}
          prefetch={false}
          className="rounded-sm hover:text-ink hover:underline"
        >
          {title}
        </Link>
      </h2>
      <p className="mt-1 flex flex-wrap items-baseline gap-x-2.5">
        <strong
          className={cx(
            'font-semibold tracking-tight tabular-nums',
            size === 'large' ? 'text-2xl' : 'text-xl',
          )}
        >
          {value === null ? '–' : format(value)}
        </strong>
        <Difference figure={figure} value={value} before={before} />
      </p>
      <p className="mt-0.5 truncate text-[13px] text-muted">
        {size === 'large' && note !== undefined && `${note} · `}
        {was === null ? 'None before' : `${was} ${size === 'large' ? beforeText(range) : 'before'}`}
      </p>
      <div className={cx('-mx-1.5 mt-3', size === 'large' ? 'h-52' : 'h-20')}>
        <Trend
          label={`${title}: ${value === null ? 'none' : format(value)}, ${was ?? 'none'} ${beforeText(range)}`}
          points={pointsOf(summary, series, viewer)}
          format={formatPoint}
          {...(size === 'large' && { formatShort: shortOf(currency, viewer) })}
        />
      </div>
    </Card>
  );
}

function pointsOf(summary: Summary, series: Series, viewer: Viewer): TrendPoint[] {
  return summary.points.map((point, index) => {
    const before = summary.points_before[index];
    return {
      name: pointText(point, viewer),
      nameBefore: before === undefined ? '' : pointText(before, viewer),
      value: series.points[index] ?? null,
      before: series.points_before[index] ?? null,
    };
  });
}

function formatOf(kind: Figure['kind'], currency: string, { locale }: Viewer) {
  switch (kind) {
    case 'amount':
      return (value: number) => formatMoney(value, currency, locale);
    case 'count':
      return (value: number) => new Intl.NumberFormat(locale).format(value);
    case 'rate':
      return (value: number) =>
        new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(
          value / 10_000,
        );
  }
}

/** Amounts in few letters: `£12.5K`, `£40.50`, `£40`. */
function shortOf(currency: string, { locale }: Viewer): (value: number) => string {
  const units = 10 ** decimalsOf(currency);
  const short = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    notation: 'compact',
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  });
  const exact = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    ...fractionOf(currency),
  });
  const whole = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    maximumFractionDigits: 0,
  });
  return (value) => {
    const amount = value / units;
    if (Math.abs(amount) >= COMPACT_FROM) return short.format(amount);
    return (Number.isInteger(amount) ? whole : exact).format(amount);
  };
}

/** In the currency's unit: what is less is written out. */
const COMPACT_FROM = 1_000;

/** From almost nothing to something is many percent, of which none says anything. */
const MUCH = 10;

/** By how much it grew or fell, in a word, an arrow and a colour. */
function Difference(props: { figure: Figure; value: number | null; before: number | null }) {
  const { figure, value, before } = props;
  const { locale } = useViewer();
  if (value === null || before === null || before === 0 || value === before) return null;
  const isMore = value > before;
  const isGood = isMore !== (figure.isLoss ?? false);
  // A rate that went from 2 % to 3 % grew by a point: by half, nobody would understand.
  const part =
    figure.kind === 'rate' ? (value - before) / 10_000 : (value - before) / Math.abs(before);
  const percent = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: Math.abs(part) < 0.1 ? 1 : 0,
  });
  const text = `${Math.abs(part) > MUCH ? '> ' : ''}${percent.format(Math.min(Math.abs(part), MUCH))}`;
  const Arrow = isMore ? ArrowUp : ArrowDown;
  return (
    <span
      className={cx(
        'inline-flex items-center gap-0.5 text-[13px] font-medium',
        isGood ? 'text-good' : 'text-bad',
      )}
    >
      <Arrow aria-hidden className="size-3.5" />
      <span className="sr-only">{isMore ? 'up by' : 'down by'}</span>
      {text}
      {figure.kind === 'rate' && ' points'}
    </span>
  );
}
