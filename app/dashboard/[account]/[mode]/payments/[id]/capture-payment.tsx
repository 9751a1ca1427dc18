'use client';

import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { useToasts } from '@/components/ui/toast';
import type { Intent } from '../state';
import { AmountForm } from './amount-form';

export function CapturePayment({ payment }: { payment: Intent }) {
  const { id, currency, amount_capturable } = payment;
  const [isOpen, setIsOpen] = useState(false);
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const capture = trpc.paymentIntents.capture.useMutation();
  const submit = async (amount_to_capture: number): Promise<void> => {
    await capture.mutateAsync({ id, amount_to_capture });
    toasts.done('Payment captured');
    setIsOpen(false);
    await Promise.all([
      queries.paymentIntents.invalidate(),
      queries.charges.invalidate(),
      queries.dashboard.payments.invalidate(),
    ]);
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      title="Capture payment"
      description="Takes the money that the customer’s bank has set aside."
      trigger={<Button look="primary">Capture</Button>}
    >
      <AmountForm
        label="Amount"
        currency={currency}
        whole={amount_capturable}
        hint="If you take less, the rest is released and cannot be taken later."
        action="Capture payment"
        onSubmit={submit}
      />
    </Dialog>
  );
}
