import { Field, Input } from './field';

export interface Days {
  /** `2026-11-22`, as a date field has it; empty where none is chosen. */
  readonly from: string;
  readonly until: string;
}

export interface DayRangeProps {
  readonly days: Days;
  readonly onChange: (days: Days) => void;
  /** What is wrong with the second. */
  readonly error?: string | null;
}

/** Two days, both of which are in the range. */
export const DayRange = ({ days, onChange, error = null }: DayRangeProps) => (
  <div className="grid grid-cols-2 gap-2">
    <Field label="From">
      {(control) => (
        <Input
          type="date"
          value={days.from}
          onChange={({ target }) => onChange({ ...days, from: target.value })}
          {...control}
        />
      )}
    </Field>
    <Field label="Until" error={error}>
      {(control) => (
        <Input
          type="date"
          value={days.until}
          onChange={({ target }) => onChange({ ...days, until: target.value })}
          {...control}
        />
      )}
    </Field>
  </div>
);
