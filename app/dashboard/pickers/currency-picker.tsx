'use client';

import { trpc } from '@/components/api/trpc';
import { CURRENCIES } from '@/components/money/currencies';
import { Combobox } from '@/components/ui/combobox';
import { useViewer } from '@/components/time/viewer';
import type { PickerProps } from './customer-picker';

/** One of the currencies that can be charged in, in lower case as on the wire. */
export function CurrencyPicker({ value, onChange, ...control }: PickerProps) {
  const { locale } = useViewer();
  const names = new Intl.DisplayNames(locale, { type: 'currency' });
  return (
    <Combobox
      {...control}
      value={value}
      onChange={onChange}
      valueLabel={value.toUpperCase()}
      searchPlaceholder="Code or name"
      options={CURRENCIES.map((code) => ({
        value: code,
        label: code.toUpperCase(),
        note: names.of(code.toUpperCase()) ?? code,
      }))}
    />
  );
}

const FALLBACK = 'gbp';

/** The project's own currency, in which a form begins. */
export function useDefaultCurrency(): string {
  const { data } = trpc.account.retrieveCurrent.useQuery({});
  return data?.default_currency ?? FALLBACK;
}
