'use client';

import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { plainMoney } from '@/components/money/format';
import { usePerform } from '@/components/object/act';
import { amountOf, Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { Radios } from '@/components/ui/choices';
import { Field, Input, Textarea } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { CREDIT_REASONS } from './belongings';
import type { InvoiceObject } from './call';

interface CreditFormProps {
  readonly invoice: InvoiceObject;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Issues a credit note: the customer owes less, or gets back what they paid. */
export const CreditForm = ({ invoice, isOpen, onClose }: CreditFormProps) => (
  <FormSheet title="Issue credit note" isOpen={isOpen} onOpenChange={onClose}>
    {(close) => <Credit invoice={invoice} onIssued={close} />}
  </FormSheet>
);

/** TABLE: where what was paid goes, as the API names it. */
const WAYS = [
  { value: 'refund_amount', label: 'Refund it to the card' },
  {
    value: 'credit_amount',
    label: "Add it to the customer's balance",
    note: 'Later invoices take it into account.',
  },
  { value: 'out_of_band_amount', label: 'It was given back elsewhere' },
] as const;

function Credit({ invoice, onIssued }: { invoice: InvoiceObject; onIssued: () => void }) {
  const { id, currency, status } = invoice;
  const isPaid = status === 'paid';
  const left = isPaid
    ? invoice.amount_paid - invoice.post_payment_credit_notes_amount
    : invoice.amount_remaining;
  const [amount, setAmount] = useState(() => plainMoney(left, currency));
  const [way, setWay] = useState<(typeof WAYS)[number]['value']>('refund_amount');
  const [reason, setReason] = useState<(typeof CREDIT_REASONS)[number]['value'] | ''>('');
  const [memo, setMemo] = useState('');
  const create = trpc.creditNotes.create.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const credited = amountOf(amount, currency, 'amount');
    const asked = {
      invoice: id,
      amount: credited,
      ...(isPaid ? { [way]: credited } : {}),
      ...(reason === '' ? {} : { reason }),
      ...(memo === '' ? {} : { memo }),
    };
    await perform(() => create.mutateAsync(asked), 'Credit note issued');
    onIssued();
  }, ['amount', 'memo']);
  return (
    <Form form={form} action="Issue credit note">
      <Field
        label={`Amount in ${currency.toUpperCase()}`}
        hint="With taxes."
        error={form.errorOf('amount')}
      >
        {(control) => (
          <Input
            {...control}
            inputMode="decimal"
            value={amount}
            onChange={({ target }) => setAmount(target.value)}
          />
        )}
      </Field>
      {isPaid && <Radios label="Where it goes" value={way} options={WAYS} onChange={setWay} />}
      <Field label="Reason" isOptional>
        {(control) => (
          <Select
            {...control}
            value={reason}
            options={CREDIT_REASONS}
            placeholder="No reason"
            onChange={setReason}
          />
        )}
      </Field>
      <Field label="Memo" hint="The customer sees it." error={form.errorOf('memo')} isOptional>
        {(control) => (
          <Textarea {...control} value={memo} onChange={({ target }) => setMemo(target.value)} />
        )}
      </Field>
    </Form>
  );
}
