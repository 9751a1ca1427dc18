'use client';

import { useState, type ReactNode } from 'react';
import { trpc } from '@/components/api/trpc';
import { plainMoney } from '@/components/money/format';
import { Money } from '@/components/money/money';
import { usePerform } from '@/components/object/act';
import { amountOf, Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/surfaces';

interface PayoutFormProps {
  readonly trigger: ReactNode;
  /** With the id of the new payout. */
  readonly onSaved: (id: string) => void;
}

export const PayoutForm = ({ trigger, onSaved }: PayoutFormProps) => (
  <FormSheet
    trigger={trigger}
    title="Create payout"
    description="Takes money out of the balance, on its way to your bank account."
  >
    {(close) => (
      <Available
        onSaved={(id) => {
          close();
          onSaved(id);
        }}
      />
    )}
  </FormSheet>
);

interface Sum {
  readonly amount: number;
  readonly currency: string;
}

/** The form begins with all that is available, so it waits for what that is. */
function Available({ onSaved }: { onSaved: (id: string) => void }) {
  const { data } = trpc.balance.retrieve.useQuery({});
  if (data === undefined) return <Skeleton className="h-40" />;
  return <NewPayout available={data.available} onSaved={onSaved} />;
}

const PARAMS = ['amount', 'currency', 'description', 'statement_descriptor'];

function NewPayout(props: { available: readonly Sum[]; onSaved: (id: string) => void }) {
  const { available, onSaved } = props;
  const first = available.find(({ amount }) => amount > 0) ?? available[0];
  const [currency, setCurrency] = useState(first?.currency ?? '');
  const most = available.find((one) => one.currency === currency)?.amount ?? 0;
  const [typed, setTyped] = useState({
    amount: first === undefined ? '' : plainMoney(Math.max(0, first.amount), first.currency),
    description: '',
    statement_descriptor: '',
  });
  const create = trpc.payouts.create.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const { description, statement_descriptor } = typed;
    const asked = {
      amount: amountOf(typed.amount, currency, 'amount'),
      currency,
      ...(description === '' ? {} : { description }),
      ...(statement_descriptor === '' ? {} : { statement_descriptor }),
    };
    const { id } = await perform(() => create.mutateAsync(asked), 'Payout created');
    onSaved(id);
  }, PARAMS);
  const text = (name: keyof typeof typed) => ({
    value: typed[name],
    autoComplete: 'off',
    onChange: ({ target }: { target: { value: string } }) =>
      setTyped({ ...typed, [name]: target.value }),
  });
  return (
    <Form form={form} action="Create payout">
      {available.length > 1 && (
        <Field label="Currency" error={form.errorOf('currency')}>
          {(control) => (
            <Select
              {...control}
              value={currency}
              options={available.map((one) => ({
                value: one.currency,
                label: one.currency.toUpperCase(),
              }))}
              onChange={(next) => {
                const sum = available.find((one) => one.currency === next)?.amount ?? 0;
                setCurrency(next);
                setTyped({ ...typed, amount: plainMoney(Math.max(0, sum), next) });
              }}
            />
          )}
        </Field>
      )}
      <Field
        label={`Amount in ${currency.toUpperCase()}`}
        hint={
          <>
            Available: <Money amount={most} currency={currency} />.
          </>
        }
        error={form.errorOf('amount')}
      >
        {(control) => <Input {...control} inputMode="decimal" {...text('amount')} />}
      </Field>
      <Field label="Description" error={form.errorOf('description')} isOptional>
        {(control) => <Input {...control} {...text('description')} />}
      </Field>
      <Field
        label="On the bank statement"
        hint="Up to 22 characters."
        error={form.errorOf('statement_descriptor')}
        isOptional
      >
        {(control) => <Input {...control} maxLength={22} {...text('statement_descriptor')} />}
      </Field>
    </Form>
  );
}
