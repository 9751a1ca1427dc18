'use client';

import { Check, ChevronDown } from 'lucide-react';
import * as Radix from 'radix-ui/select';
import { cx } from './classes';
import type { FieldControl } from './field';
import { choiceLook, floatingLook } from './menu';

export interface Option<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
  /** A second, quieter line. */
  readonly note?: string;
}

export interface SelectProps<Value extends string> extends Partial<FieldControl> {
  readonly value: Value | '';
  readonly onChange: (value: Value) => void;
  readonly options: readonly Option<Value>[];
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly className?: string;
  /** Its name where no label is beside it. */
  readonly label?: string;
}

/** One of a few. Of many, see Combobox. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const {
    value,
    onChange,
    options,
    placeholder = 'Choose',
    disabled,
    className,
    label,
    ...control
  } = props;
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => onChange(next as Value)}
      {...(disabled === undefined ? {} : { disabled })}
    >
      <Radix.Trigger
        {...control}
        aria-label={label}
        className={cx(
          'flex h-8.5 w-full cursor-pointer items-center justify-between gap-2 rounded-lg border border-line-strong bg-surface px-3 text-left text-sm shadow-xs hover:bg-sunken disabled:cursor-not-allowed disabled:opacity-50 data-[placeholder]:text-muted',
          className,
        )}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={6}
          collisionPadding={8}
          className={cx(
            floatingLook,
            'p-1 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden',
          )}
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                className={cx(choiceLook, 'pr-8')}
              >
                <span className="flex flex-col">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.note !== undefined && (
                    <span className="text-[13px] text-muted">{option.note}</span>
                  )}
                </span>
                <Radix.ItemIndicator className="absolute right-3">
                  <Check className="text-accent!" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
