'use client';

import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { customerName, objectIn } from '@/components/api/expandable';
import { trpc } from '@/components/api/trpc';
import { Combobox } from '@/components/ui/combobox';
import type { FieldControl } from '@/components/ui/field';
import { customerSearch } from '../[account]/[mode]/customers/search';

export interface PickerProps extends Partial<FieldControl> {
  /** The id that is chosen, or nothing. */
  readonly value: string;
  readonly onChange: (id: string) => void;
}

const SHOWN = 20;

/** One of the customers: the newest, or those found by name or e-mail address. */
export function CustomerPicker({ value, onChange, ...control }: PickerProps) {
  const [text, setText] = useState('');
  const isSearch = text.trim() !== '';
  const newest = trpc.customers.list.useQuery({ limit: SHOWN }, { enabled: !isSearch });
  const found = trpc.customers.search.useQuery(
    { query: customerSearch(text.trim()), limit: SHOWN },
    { enabled: isSearch, placeholderData: keepPreviousData },
  );
  const chosen = trpc.customers.retrieve.useQuery({ id: value }, { enabled: value !== '' });
  const rows = (isSearch ? found : newest).data?.data ?? [];
  return (
    <Combobox
      {...control}
      value={value}
      onChange={onChange}
      onSearch={setText}
      placeholder="Choose a customer"
      searchPlaceholder="Name or e-mail"
      emptyText="No such customer."
      {...(value !== '' && { valueLabel: customerName(objectIn(chosen.data) ?? value) })}
      options={rows.map((row) => ({
        value: row.id,
        label: customerName(row),
        note: row.email ?? row.id,
      }))}
    />
  );
}
