'use client';

import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';

/** One point, with the one of the same place before. */
export interface TrendPoint {
  /** What it is called under the chart, and where it is pointed at. */
  readonly name: string;
  readonly nameBefore: string;
  /** Null for what is still to come. */
  readonly value: number | null;
  readonly before: number | null;
}

export interface TrendProps {
  readonly points: readonly TrendPoint[];
  /** A value in words. */
  readonly format: (value: number) => string;
  /** A value in few letters, for the axis; without it there are no axes. */
  readonly formatShort?: (value: number) => string;
}

const INK = { fontSize: 11, fill: 'var(--muted)' };

/** Room beside the curve for the stroke, which would be cut off at the edge. */
const MARGIN = { top: 6, right: 4, bottom: 0, left: 4 };

export function TrendChart({ points, format, formatShort }: TrendProps) {
  const hasAxes = formatShort !== undefined;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={[...points]} margin={MARGIN} accessibilityLayer={false}>
        {hasAxes && <CartesianGrid vertical={false} stroke="var(--line)" />}
        <XAxis
          dataKey="name"
          hide={!hasAxes}
          tick={INK}
          tickLine={false}
          axisLine={{ stroke: 'var(--line)' }}
          minTickGap={40}
          interval="equidistantPreserveStart"
        />
        <YAxis
          hide={!hasAxes}
          tick={INK}
          tickLine={false}
          axisLine={false}
          width="auto"
          tickCount={4}
          allowDecimals={false}
          tickFormatter={formatShort ?? String}
          // What never moved is a line at the bottom, not in the middle.
          domain={[(least: number) => Math.min(0, least), (most: number) => Math.max(1, most)]}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--line-strong)' }}
          content={<PointedAt format={format} />}
        />
        <Line
          dataKey="before"
          stroke="var(--faint)"
          strokeWidth={1.25}
          strokeDasharray="3 3"
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
        <Area
          dataKey="value"
          stroke="var(--accent)"
          strokeWidth={1.75}
          fill="var(--accent)"
          fillOpacity={0.1}
          dot={points.filter(({ value }) => value !== null).length === 1}
          activeDot={{ r: 3, strokeWidth: 0 }}
          isAnimationActive={false}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}

interface PointedAtProps extends Pick<TrendProps, 'format'> {
  /** Given by the chart. */
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: TrendPoint }[];
}

function PointedAt({ format, active = false, payload = [] }: PointedAtProps) {
  const point = payload[0]?.payload;
  if (!active || point === undefined) return null;
  const lines = [
    { look: 'bg-accent', name: point.name, value: point.value },
    { look: 'bg-faint', name: point.nameBefore, value: point.before },
  ];
  return (
    <div className="rounded-lg border border-line bg-surface px-3 py-2 text-xs shadow-lg">
      <table>
        <tbody>
          {lines.map(
            ({ look, name, value }) =>
              value !== null && (
                <tr key={look}>
                  <td className="pr-3 text-muted">
                    <span className={`mr-1.5 inline-block size-2 rounded-full ${look}`} />
                    {name}
                  </td>
                  <td className="text-right font-medium tabular-nums">{format(value)}</td>
                </tr>
              ),
          )}
        </tbody>
      </table>
    </div>
  );
}
