'use client';

import { useEffect, useState } from 'react';
import { Tooltip } from '@/components/ui/tooltip';
import { nowMs } from './clock';
import { formatAgo, formatDate, formatUtc, splitTime } from './format';
import { useViewer } from './viewer';

export interface TimeProps {
  /** Unix seconds, as on the wire. */
  readonly at: number;
  /** `ago` says how long ago, if that is less than a day. */
  readonly as?: 'time' | 'date' | 'ago';
}

/** A time as the viewer writes it, with the exact one in UTC where it is pointed at. */
export function Time({ at, as = 'time' }: TimeProps) {
  const viewer = useViewer();
  const ago = useAgo(as === 'ago' ? at : null);
  const [text, rest] =
    ago !== null ? [ago, ''] : as === 'date' ? [formatDate(at, viewer), ''] : splitTime(at, viewer);
  return (
    <Tooltip text={formatUtc(at)}>
      <time
        dateTime={new Date(at * 1_000).toISOString()}
        className="whitespace-nowrap tabular-nums"
      >
        {text}
        {/* A table on a narrow screen has room for the day alone. */}
        {rest !== '' && <span className="max-sm:[td_&]:hidden">{rest}</span>}
      </time>
    </Tooltip>
  );
}

const TICK_MS = 30_000;

/** Null until the browser has taken over: server and browser would each have their own now. */
function useAgo(at: number | null): string | null {
  const viewer = useViewer();
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    if (at === null) return;
    const tick = (): void => setNow(Math.floor(nowMs() / 1_000));
    tick();
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [at]);
  return at === null || now === null ? null : formatAgo(at, now, viewer);
}
