'use client';

import { useState, type FormEvent } from 'react';
import { nowMs } from '@/components/time/clock';
import { Button } from '@/components/ui/button';
import { DayRange, type Days } from '@/components/ui/day-range';
import { datesText, parseDates } from './filters';

const DAY_MS = 24 * 60 * 60 * 1_000;

const midnight = (ms: number): Date => {
  const day = new Date(ms);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate());
};

const seconds = (day: Date): number => day.getTime() / 1_000;

/** The last so many days, today among them, in the viewer's zone. */
function lastDays(days: number): string {
  const today = midnight(nowMs());
  const first = new Date(today.getFullYear(), today.getMonth(), today.getDate() - days + 1);
  return datesText({ gte: seconds(first), lt: null });
}

function thisMonth(): string {
  const today = midnight(nowMs());
  return datesText({ gte: seconds(new Date(today.getFullYear(), today.getMonth(), 1)), lt: null });
}

/** TABLE: ranges that are asked for often. */
const PRESETS: readonly (readonly [label: string, range: () => string])[] = [
  ['Today', () => lastDays(1)],
  ['Last 7 days', () => lastDays(7)],
  ['Last 30 days', () => lastDays(30)],
  ['This month', thisMonth],
];

/** `2026-11-22` in the viewer's zone, as a date field has it. */
function dayText(at: number | null): string {
  if (at === null) return '';
  const day = new Date(at * 1_000);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The start of the day, in unix seconds. */
const startOf = (text: string, daysLater = 0): number | null => {
  const [year, month, day] = text.split('-').map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  return seconds(new Date(year, month - 1, day + daysLater));
};

export interface DatesFormProps {
  readonly label: string;
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

export function DatesForm({ label, value, onChoose }: DatesFormProps) {
  const { gte, lt } = parseDates(value);
  const [days, setDays] = useState<Days>(() => ({
    from: dayText(gte),
    until: lt === null ? '' : dayText(lt - DAY_MS / 1_000),
  }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const range = { gte: startOf(days.from), lt: startOf(days.until, 1) };
    onChoose(range.gte === null && range.lt === null ? '' : datesText(range));
  };
  return (
    <form aria-label={label} onSubmit={submit} className="flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-1.5">
        {PRESETS.map(([name, range]) => (
          <Button key={name} size="small" onClick={() => onChoose(range())}>
            {name}
          </Button>
        ))}
      </div>
      <DayRange days={days} onChange={setDays} />
      <Button type="submit" look="primary" size="small">
        Apply
      </Button>
    </form>
  );
}
