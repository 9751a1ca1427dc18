'use client';

import dynamic from 'next/dynamic';
import { Skeleton } from '@/components/ui/surfaces';
import type { TrendProps } from './trend-chart';

/** The chart library is loaded after the figures are read, and on no page without a chart. */
const Chart = dynamic(() => import('./trend-chart').then((module) => module.TrendChart), {
  ssr: false,
  loading: () => <Skeleton className="size-full opacity-50" />,
});

export interface Labelled extends TrendProps {
  /** What it shows, for those who cannot see it. */
  readonly label: string;
}

/** How a figure went, beside how it went before. Its height is that of what is around it. */
export const Trend = ({ label, ...chart }: Labelled) => (
  <figure className="size-full">
    <figcaption className="sr-only">{label}</figcaption>
    <div aria-hidden className="size-full">
      <Chart {...chart} />
    </div>
  </figure>
);
