'use client';

import { useState } from 'react';
import { DEFAULT_METHOD, MethodPicker } from '@/app/dashboard/pickers/method-picker';
import { idOf } from '@/components/api/expandable';
import { trpc } from '@/components/api/trpc';
import { Money } from '@/components/money/money';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { Radios } from '@/components/ui/choices';
import { Field } from '@/components/ui/field';
import type { InvoiceObject } from './call';

interface PayFormProps {
  readonly invoice: InvoiceObject;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Charges a card for it, or notes that it was paid elsewhere. */
export const PayForm = ({ invoice, isOpen, onClose }: PayFormProps) => (
  <FormSheet title="Pay invoice" isOpen={isOpen} onOpenChange={onClose}>
    {(close) => <Payment invoice={invoice} onPaid={close} />}
  </FormSheet>
);

const WAYS = [
  { value: 'card', label: 'Charge a card' },
  {
    value: 'elsewhere',
    label: 'It was paid elsewhere',
    note: 'Such as in cash, or by bank transfer. Nothing is charged.',
  },
] as const;

function Payment({ invoice, onPaid }: { invoice: InvoiceObject; onPaid: () => void }) {
  const [way, setWay] = useState<(typeof WAYS)[number]['value']>('card');
  const [method, setMethod] = useState(DEFAULT_METHOD);
  const pay = trpc.invoices.pay.useMutation();
  const perform = usePerform();
  const { id, amount_remaining, currency } = invoice;
  const form = useSubmission(async () => {
    const how =
      way === 'elsewhere'
        ? { paid_out_of_band: true }
        : method === DEFAULT_METHOD
          ? {}
          : { payment_method: method };
    await perform(() => pay.mutateAsync({ id, ...how }), 'Invoice paid');
    onPaid();
  }, ['payment_method']);
  return (
    <Form form={form} action={way === 'card' ? 'Charge card' : 'Mark as paid'}>
      <p className="text-sm text-muted">
        <Money amount={amount_remaining} currency={currency} hasCode /> is left to pay.
      </p>
      <Radios label="How it is paid" value={way} options={WAYS} onChange={setWay} />
      {way === 'card' && (
        <Field label="Card" error={form.errorOf('payment_method')}>
          {(control) => (
            <MethodPicker
              {...control}
              customer={idOf(invoice.customer) ?? ''}
              value={method}
              onChange={setMethod}
            />
          )}
        </Field>
      )}
    </Form>
  );
}
