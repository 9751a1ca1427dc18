'use client';

import { Check, ChevronsUpDown } from 'lucide-react';
import { Command } from 'cmdk';
import { useState } from 'react';
import { cx } from './classes';
import type { FieldControl } from './field';
import { choiceLook } from './menu';
import { Popover } from './popover';
import type { Option } from './select';

export interface ComboboxProps extends Partial<FieldControl> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly Option[];
  /** Given where the options come from the server: it is told what is typed, and filters itself. */
  readonly onSearch?: (text: string) => void;
  /** Shown for a value that is not among the options. */
  readonly valueLabel?: string;
  readonly placeholder?: string;
  readonly searchPlaceholder?: string;
  readonly emptyText?: string;
  readonly label?: string;
  readonly className?: string;
}

/** One of many, found by typing. */
export function Combobox(props: ComboboxProps) {
  const { value, onChange, options, onSearch, valueLabel, className, label, ...rest } = props;
  const {
    placeholder = 'Choose',
    searchPlaceholder = 'Search',
    emptyText = 'Nothing found.',
    ...control
  } = rest;
  const [isOpen, setIsOpen] = useState(false);
  const chosen = options.find((option) => option.value === value)?.label ?? valueLabel;
  return (
    <Popover
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      className="w-(--radix-popover-trigger-width) min-w-64 p-0!"
      label={label ?? placeholder}
      trigger={
        <button
          type="button"
          aria-label={label}
          {...control}
          className={cx(
            'flex h-8.5 w-full cursor-pointer items-center justify-between gap-2 rounded-lg border border-line-strong bg-surface px-3 text-left text-sm shadow-xs hover:bg-sunken',
            className,
          )}
        >
          <span className={cx('truncate', chosen === undefined && 'text-muted')}>
            {chosen ?? placeholder}
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
        </button>
      }
    >
      <Command shouldFilter={onSearch === undefined} label={searchPlaceholder}>
        <Command.Input
          {...(onSearch === undefined ? {} : { onValueChange: onSearch })}
          placeholder={searchPlaceholder}
          className="h-10 w-full border-b border-line bg-transparent px-3.5 text-sm -outline-offset-2 placeholder:text-faint"
        />
        <Command.List className="max-h-64 overflow-y-auto p-1">
          <Command.Empty className="px-3 py-6 text-center text-sm text-muted">
            {emptyText}
          </Command.Empty>
          {options.map((option) => (
            <Command.Item
              key={option.value}
              value={option.value}
              keywords={[option.label, option.note ?? '']}
              onSelect={() => {
                onChange(option.value);
                setIsOpen(false);
              }}
              className={cx(choiceLook, 'data-[selected=true]:bg-sunken')}
            >
              <span className="flex min-w-0 flex-col">
                <span className="truncate">{option.label}</span>
                {option.note !== undefined && (
                  <span className="truncate text-[13px] text-muted">{option.note}</span>
                )}
              </span>
              {option.value === value && <Check className="ml-auto text-accent!" />}
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Popover>
  );
}
