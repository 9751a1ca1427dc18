'use client';

import { CalendarRange } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useViewer } from '@/components/time/viewer';
import { Button } from '@/components/ui/button';
import { cx } from '@/components/ui/classes';
import { DayRange, type Days } from '@/components/ui/day-range';
import { Popover } from '@/components/ui/popover';
import { customRange, daysText, parseCustom, PRESETS } from './ranges';

export interface RangePickerProps {
  readonly range: string;
  readonly onChoose: (range: string) => void;
}

/** Which days are shown: one of the usual ranges, or any other. */
export function RangePicker({ range, onChoose }: RangePickerProps) {
  const [isOpen, setIsOpen] = useState(false);
  const viewer = useViewer();
  const custom = parseCustom(range);
  return (
    <fieldset
      aria-label="Range"
      className="flex max-w-full flex-wrap items-center gap-0.5 rounded-lg border border-line-strong bg-surface p-0.5 shadow-xs"
    >
      {PRESETS.map(([value, label]) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === range}
          onClick={() => onChoose(value)}
          className={segmentLook(value === range)}
        >
          {label}
        </button>
      ))}
      <Popover
        label="Other days"
        align="end"
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        trigger={
          <button type="button" className={segmentLook(custom !== null)}>
            <CalendarRange aria-hidden className="size-3.5" />
            {custom === null ? 'Custom' : daysText(custom.from, custom.until, viewer)}
          </button>
        }
      >
        <DaysForm
          {...(custom ?? { from: '', until: '' })}
          onChoose={(chosen) => {
            setIsOpen(false);
            onChoose(chosen);
          }}
        />
      </Popover>
    </fieldset>
  );
}

const segmentLook = (isChosen: boolean): string =>
  cx(
    'flex h-7 cursor-pointer items-center gap-1.5 rounded-md px-2.5 text-[13px] whitespace-nowrap transition-colors',
    isChosen
      ? 'bg-accent-soft font-medium text-accent'
      : 'text-muted hover:bg-sunken hover:text-ink',
  );

function DaysForm(props: Days & { onChoose: (range: string) => void }) {
  const [days, setDays] = useState<Days>({ from: props.from, until: props.until });
  const { from, until } = days;
  const isReversed = from !== '' && until !== '' && until < from;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (from !== '' && until !== '' && !isReversed) props.onChoose(customRange(from, until));
  }
  return (
    <form aria-label="Other days" onSubmit={submit} className="flex w-72 flex-col gap-3">
      <DayRange
        days={days}
        onChange={setDays}
        error={isReversed ? 'Ends before it begins' : null}
      />
      <Button
        type="submit"
        look="primary"
        size="small"
        disabled={from === '' || until === '' || isReversed}
      >
        Show
      </Button>
    </form>
  );
}
