'use client';

import { useState } from 'react';
import { CurrencyPicker, useDefaultCurrency } from '@/app/dashboard/pickers/currency-picker';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { amountOf, Form, useSubmission } from '@/components/object/form';
import { Radios } from '@/components/ui/choices';
import { Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';

const KINDS = [
  { value: 'percent', label: 'A percentage' },
  { value: 'amount', label: 'An amount' },
] as const;

const DURATIONS = [
  { value: 'once', label: 'Once', note: 'From the first invoice.' },
  { value: 'repeating', label: 'For some months' },
  { value: 'forever', label: 'Forever' },
] as const;

const FIRST = {
  name: '',
  id: '',
  kind: 'percent' as (typeof KINDS)[number]['value'],
  percent: '',
  amount: '',
  currency: null as string | null,
  duration: 'once' as (typeof DURATIONS)[number]['value'],
  months: '3',
  max: '',
};

const PARAMS = [
  'name',
  'id',
  'percent_off',
  'amount_off',
  'currency',
  'duration_in_months',
  'max_redemptions',
];

export function NewCoupon({ onSaved }: { onSaved: (id: string) => void }) {
  const [typed, setTyped] = useState(FIRST);
  const ownCurrency = useDefaultCurrency();
  const currency = typed.currency ?? ownCurrency;
  const create = trpc.coupons.create.useMutation();
  const perform = usePerform();
  const change = (changes: Partial<typeof FIRST>): void => setTyped({ ...typed, ...changes });
  const form = useSubmission(async () => {
    const asked = {
      ...(typed.name === '' ? {} : { name: typed.name }),
      ...(typed.id === '' ? {} : { id: typed.id }),
      ...(typed.kind === 'percent'
        ? { percent_off: Number(typed.percent) }
        : { amount_off: amountOf(typed.amount, currency, 'amount_off'), currency }),
      duration: typed.duration,
      ...(typed.duration === 'repeating' ? { duration_in_months: Number(typed.months) } : {}),
      ...(typed.max === '' ? {} : { max_redemptions: Number(typed.max) }),
    };
    const { id } = await perform(() => create.mutateAsync(asked), 'Coupon created');
    onSaved(id);
  }, PARAMS);
  const text = (name: 'name' | 'id' | 'percent' | 'amount' | 'months' | 'max') => ({
    value: typed[name],
    autoComplete: 'off',
    onChange: ({ target }: { target: { value: string } }) => change({ [name]: target.value }),
  });
  return (
    <Form form={form} action="Create coupon">
      <Field
        label="Name"
        hint="Customers see it on their invoices."
        error={form.errorOf('name')}
        isOptional
      >
        {(control) => <Input {...control} {...text('name')} />}
      </Field>
      <Radios
        label="What is taken off"
        isAcross
        value={typed.kind}
        options={KINDS}
        onChange={(kind) => change({ kind })}
      />
      {typed.kind === 'percent' ? (
        <Field label="Percent off" error={form.errorOf('percent_off')}>
          {(control) => <Input {...control} inputMode="decimal" {...text('percent')} />}
        </Field>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)_8rem] items-start gap-3">
          <Field label="Amount off" error={form.errorOf('amount_off')}>
            {(control) => <Input {...control} inputMode="decimal" {...text('amount')} />}
          </Field>
          <Field label="Currency" error={form.errorOf('currency')}>
            {(control) => (
              <CurrencyPicker
                {...control}
                value={currency}
                onChange={(code) => change({ currency: code })}
              />
            )}
          </Field>
        </div>
      )}
      <Field label="How long">
        {(control) => (
          <Select
            {...control}
            value={typed.duration}
            options={DURATIONS}
            onChange={(duration) => change({ duration })}
          />
        )}
      </Field>
      {typed.duration === 'repeating' && (
        <Field label="Months" error={form.errorOf('duration_in_months')}>
          {(control) => <Input {...control} type="number" min={1} {...text('months')} />}
        </Field>
      )}
      <Field
        label="Redemptions"
        hint="How often it can be redeemed in all."
        error={form.errorOf('max_redemptions')}
        isOptional
      >
        {(control) => <Input {...control} type="number" min={1} {...text('max')} />}
      </Field>
      <Field
        label="Id"
        hint="By which your code names it; otherwise one is made up."
        error={form.errorOf('id')}
        isOptional
      >
        {(control) => <Input {...control} {...text('id')} />}
      </Field>
    </Form>
  );
}
