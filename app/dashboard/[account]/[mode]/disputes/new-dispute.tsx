'use client';

import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { amountOf, FieldError, Form, useSubmission } from '@/components/object/form';
import { Checkbox } from '@/components/ui/choices';
import { Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { DISPUTE_REASONS, type DisputeReason } from './reasons';

const FIRST = {
  payment: '',
  reason: 'fraudulent' as DisputeReason,
  amount: '',
  until: '',
  code: '',
  isInquiry: false,
};

/** The end of the day in the viewer's zone, in unix seconds. */
const endOf = (day: string): number => new Date(`${day}T23:59:59`).getTime() / 1_000;

export function NewDispute({ onSaved }: { onSaved: (id: string) => void }) {
  const [typed, setTyped] = useState(FIRST);
  const { client } = trpc.useUtils();
  const record = trpc.disputes.record.useMutation();
  const perform = usePerform();
  const change = (changes: Partial<typeof FIRST>): void => setTyped({ ...typed, ...changes });
  const form = useSubmission(async () => {
    const { charge, currency } = await chargeOf(typed.payment.trim());
    const asked = {
      charge,
      reason: typed.reason,
      inquiry: typed.isInquiry,
      ...(typed.amount === '' ? {} : { amount: amountOf(typed.amount, currency, 'amount') }),
      ...(typed.until === '' ? {} : { due_by: endOf(typed.until) }),
      ...(typed.code === '' ? {} : { network_reason_code: typed.code.trim() }),
    };
    const { id } = await perform(() => record.mutateAsync(asked), 'Dispute recorded');
    onSaved(id);
  }, ['charge', 'amount', 'due_by', 'network_reason_code']);

  async function chargeOf(id: string): Promise<{ charge: string; currency: string }> {
    if (id.startsWith('pi_')) {
      const { latest_charge, currency } = await client.paymentIntents.retrieve.query({ id });
      if (typeof latest_charge === 'string') return { charge: latest_charge, currency };
      throw new FieldError('charge', 'This payment was never charged.');
    }
    const { currency } = await client.charges.retrieve.query({ id });
    return { charge: id, currency };
  }

  return (
    <Form form={form} action="Record dispute" isIncomplete={typed.payment.trim() === ''}>
      <Field
        label="Payment"
        hint="The id of the payment, or of its charge."
        error={form.errorOf('charge')}
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            placeholder="pi_… or ch_…"
            value={typed.payment}
            onChange={({ target }) => change({ payment: target.value })}
          />
        )}
      </Field>
      <Field label="Reason">
        {(control) => (
          <Select
            {...control}
            value={typed.reason}
            options={DISPUTE_REASONS}
            onChange={(reason) => change({ reason })}
          />
        )}
      </Field>
      <Field
        label="Amount"
        hint="In the currency of the payment; otherwise all that is left of it."
        error={form.errorOf('amount')}
        isOptional
      >
        {(control) => (
          <Input
            {...control}
            inputMode="decimal"
            autoComplete="off"
            value={typed.amount}
            onChange={({ target }) => change({ amount: target.value })}
          />
        )}
      </Field>
      <Field
        label="Respond by"
        hint="The last day on which evidence is taken; otherwise nine days from now."
        error={form.errorOf('due_by')}
        isOptional
      >
        {(control) => (
          <Input
            {...control}
            type="date"
            value={typed.until}
            onChange={({ target }) => change({ until: target.value })}
          />
        )}
      </Field>
      <Field label="Network’s reason code" error={form.errorOf('network_reason_code')} isOptional>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            placeholder="10.4"
            value={typed.code}
            onChange={({ target }) => change({ code: target.value })}
          />
        )}
      </Field>
      <Checkbox
        label="It is an inquiry"
        note="A question that comes before a dispute: no money has been taken yet."
        checked={typed.isInquiry}
        onChange={(isInquiry) => change({ isInquiry })}
      />
    </Form>
  );
}
