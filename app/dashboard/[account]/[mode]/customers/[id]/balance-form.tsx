'use client';

import { useState } from 'react';
import { CurrencyPicker, useDefaultCurrency } from '@/app/dashboard/pickers/currency-picker';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { amountOf, Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { Button } from '@/components/ui/button';
import { Radios } from '@/components/ui/choices';
import { Field, Input } from '@/components/ui/field';

interface BalanceFormProps {
  readonly customer: string;
  /** Of the customer; null for one who was never billed. */
  readonly currency: string | null;
}

/** Puts something on the customer's balance, or takes it off. */
export const BalanceForm = ({ customer, currency }: BalanceFormProps) => (
  <FormSheet title="Adjust balance" trigger={<Button size="small">Adjust</Button>}>
    {(close) => <Adjustment customer={customer} currency={currency} onSaved={close} />}
  </FormSheet>
);

const SIDES = [
  { value: 'credit', label: 'Credit', note: 'It is taken off the next invoice.' },
  { value: 'debit', label: 'Debit', note: 'It is added to the next invoice.' },
] as const;

function Adjustment(props: BalanceFormProps & { onSaved: () => void }) {
  const own = useDefaultCurrency();
  const [chosen, setChosen] = useState(props.currency);
  const [side, setSide] = useState<(typeof SIDES)[number]['value']>('credit');
  const [amount, setAmount] = useState('');
  const [description, setDescription] = useState('');
  const create = trpc.customerBalanceTransactions.create.useMutation();
  const perform = usePerform();
  const currency = chosen ?? own;
  const form = useSubmission(async () => {
    const size = amountOf(amount, currency, 'amount');
    const asked = {
      customer: props.customer,
      // What the customer has in hand is negative: it is what they owe.
      amount: side === 'credit' ? -size : size,
      currency,
      ...(description === '' ? {} : { description }),
    };
    await perform(() => create.mutateAsync(asked), 'Balance adjusted');
    props.onSaved();
  }, ['amount', 'currency', 'description']);
  return (
    <Form form={form} action="Adjust balance">
      <Radios label="Which way" value={side} options={SIDES} onChange={setSide} />
      <div className="grid grid-cols-[minmax(0,1fr)_8rem] items-start gap-3">
        <Field label="Amount" error={form.errorOf('amount')}>
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              placeholder="10.00"
              value={amount}
              onChange={({ target }) => setAmount(target.value)}
            />
          )}
        </Field>
        <Field label="Currency" error={form.errorOf('currency')}>
          {(control) => <CurrencyPicker {...control} value={currency} onChange={setChosen} />}
        </Field>
      </div>
      <Field label="Description" error={form.errorOf('description')} isOptional>
        {(control) => (
          <Input
            {...control}
            value={description}
            onChange={({ target }) => setDescription(target.value)}
          />
        )}
      </Field>
    </Form>
  );
}
