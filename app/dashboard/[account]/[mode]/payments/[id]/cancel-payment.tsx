'use client';

import { useState } from 'react';
import { failureOf } from '@/components/api/failure';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { useToasts } from '@/components/ui/toast';

const REASONS = [
  { value: 'requested_by_customer', label: 'Requested by the customer' },
  { value: 'abandoned', label: 'Abandoned' },
  { value: 'duplicate', label: 'Duplicate' },
  { value: 'fraudulent', label: 'Fraudulent' },
] as const;

type Reason = (typeof REASONS)[number]['value'];

export function CancelPayment({ id }: { id: string }) {
  const [cancellation_reason, setReason] = useState<Reason>('requested_by_customer');
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const cancel = trpc.paymentIntents.cancel.useMutation();
  return (
    <Confirm
      trigger={<Button look="quiet">Cancel payment</Button>}
      title="Cancel this payment?"
      action="Cancel payment"
      onConfirm={async () => {
        await cancel.mutateAsync({ id, cancellation_reason }).catch((error: unknown) => {
          throw new Error(failureOf(error).message);
        });
        toasts.done('Payment cancelled');
        await Promise.all([
          queries.paymentIntents.invalidate(),
          queries.charges.invalidate(),
          queries.dashboard.payments.invalidate(),
        ]);
      }}
    >
      <p className="mb-4">
        What the bank has set aside is released, and the payment can no longer be paid.
      </p>
      <Field label="Reason" className="text-ink">
        {(control) => (
          <Select value={cancellation_reason} onChange={setReason} options={REASONS} {...control} />
        )}
      </Field>
    </Confirm>
  );
}
