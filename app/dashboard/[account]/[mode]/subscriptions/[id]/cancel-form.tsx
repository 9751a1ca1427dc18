'use client';

import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { Checkbox, Radios } from '@/components/ui/choices';
import { Field, Textarea } from '@/components/ui/field';
import type { SubscriptionObject } from './call';

interface CancelFormProps {
  readonly subscription: SubscriptionObject;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Ends it now, or when what was paid for is over. */
export const CancelForm = ({ subscription, isOpen, onClose }: CancelFormProps) => (
  <FormSheet title="Cancel subscription" isOpen={isOpen} onOpenChange={onClose}>
    {(close) => <Cancel subscription={subscription} onSaved={close} />}
  </FormSheet>
);

const WHEN = [
  {
    value: 'period_end',
    label: 'At the end of the period',
    note: 'Until then it can be taken back.',
  },
  { value: 'now', label: 'Now', note: 'It cannot be taken back.' },
] as const;

function Cancel(props: { subscription: SubscriptionObject; onSaved: () => void }) {
  const { id } = props.subscription;
  const [when, setWhen] = useState<(typeof WHEN)[number]['value']>('period_end');
  const [isCredited, setCredited] = useState(false);
  const [comment, setComment] = useState('');
  const cancel = trpc.subscriptions.cancel.useMutation();
  const update = trpc.subscriptions.update.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const said = comment === '' ? {} : { cancellation_details: { comment } };
    if (when === 'period_end') {
      const ending = { id, cancel_at_period_end: true, ...said };
      await perform(() => update.mutateAsync(ending), 'The subscription will end');
    } else {
      const ended = { id, prorate: isCredited, invoice_now: isCredited, ...said };
      await perform(() => cancel.mutateAsync(ended), 'Subscription cancelled');
    }
    props.onSaved();
  });
  return (
    <Form form={form} action="Cancel subscription">
      <Radios label="When it ends" value={when} options={WHEN} onChange={setWhen} />
      {when === 'now' && (
        <Checkbox
          label="Credit the unused time"
          note="It goes to the customer's balance."
          checked={isCredited}
          onChange={setCredited}
        />
      )}
      <Field label="Why" hint="In the customer's words." isOptional>
        {(control) => (
          <Textarea
            {...control}
            value={comment}
            onChange={({ target }) => setComment(target.value)}
          />
        )}
      </Field>
    </Form>
  );
}
