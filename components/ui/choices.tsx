'use client';

import { Check, Minus } from 'lucide-react';
import * as CheckboxParts from 'radix-ui/checkbox';
import * as RadioParts from 'radix-ui/radio-group';
import * as SwitchParts from 'radix-ui/switch';
import { useId, type ReactNode } from 'react';
import type { Option } from './select';

const boxLook =
  'flex size-4 shrink-0 cursor-pointer items-center justify-center border border-line-strong bg-surface shadow-xs hover:border-muted disabled:cursor-not-allowed disabled:opacity-50';

export interface CheckboxProps {
  readonly label: ReactNode;
  readonly note?: ReactNode;
  readonly checked: boolean | 'indeterminate';
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  /** The label is heard and not seen: in a table, whose header says it. */
  readonly isLabelHidden?: boolean;
}

export function Checkbox(props: CheckboxProps) {
  const { label, note, checked, onChange, disabled = false, isLabelHidden = false } = props;
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <CheckboxParts.Root
        id={id}
        checked={checked}
        onCheckedChange={(next) => onChange(next === true)}
        disabled={disabled}
        className={`${boxLook} mt-0.5 rounded-[5px] data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent`}
      >
        <CheckboxParts.Indicator className="text-accent-ink [&_svg]:size-3 [&_svg]:stroke-3">
          {checked === 'indeterminate' ? <Minus /> : <Check />}
        </CheckboxParts.Indicator>
      </CheckboxParts.Root>
      <Words id={id} label={label} note={note} isHidden={isLabelHidden} />
    </div>
  );
}

function Words(props: { id: string; label: ReactNode; note: ReactNode; isHidden: boolean }) {
  return (
    <label
      htmlFor={props.id}
      className={props.isHidden ? 'sr-only' : 'cursor-pointer text-sm leading-5'}
    >
      {props.label}
      {props.note !== undefined && (
        <span className="block text-[13px] text-muted">{props.note}</span>
      )}
    </label>
  );
}

/** On or off at once, without a button to save. */
export function Switch({
  label,
  note,
  checked,
  onChange,
  disabled = false,
}: Omit<CheckboxProps, 'checked' | 'isLabelHidden'> & { checked: boolean }) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <Words id={id} label={label} note={note} isHidden={false} />
      <SwitchParts.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        className="h-5 w-9 shrink-0 cursor-pointer rounded-full border border-line-strong bg-sunken px-0.5 transition-colors disabled:cursor-not-allowed disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <SwitchParts.Thumb className="block size-3.5 rounded-full bg-muted transition-transform data-[state=checked]:translate-x-4 data-[state=checked]:bg-accent-ink" />
      </SwitchParts.Root>
    </div>
  );
}

export interface RadiosProps<Value extends string> {
  /** What is chosen between. */
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly Option<Value>[];
  readonly isAcross?: boolean;
}

export function Radios<Value extends string>(props: RadiosProps<Value>) {
  const { label, value, onChange, options, isAcross = false } = props;
  const id = useId();
  return (
    <RadioParts.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as Value)}
      className={isAcross ? 'flex flex-wrap gap-x-5 gap-y-2' : 'flex flex-col gap-2.5'}
    >
      {options.map((option) => (
        <div key={option.value} className="flex items-start gap-2.5">
          <RadioParts.Item
            id={`${id}-${option.value}`}
            value={option.value}
            className={`${boxLook} mt-0.5 rounded-full data-[state=checked]:border-accent`}
          >
            <RadioParts.Indicator className="size-2 rounded-full bg-accent" />
          </RadioParts.Item>
          <Words
            id={`${id}-${option.value}`}
            label={option.label}
            note={option.note}
            isHidden={false}
          />
        </div>
      ))}
    </RadioParts.Root>
  );
}
