'use client';

import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { Money } from '@/components/money/money';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { useToasts } from '@/components/ui/toast';
import { AmountForm } from './amount-form';

const REASONS = [
  { value: 'requested_by_customer', label: 'Requested by the customer' },
  { value: 'duplicate', label: 'Duplicate' },
  { value: 'fraudulent', label: 'Fraudulent' },
] as const;

type Reason = (typeof REASONS)[number]['value'];

export interface RefundPaymentProps {
  readonly id: string;
  readonly currency: string;
  /** What is left to give back, in minor units. */
  readonly refundable: number;
}

export function RefundPayment({ id, currency, refundable }: RefundPaymentProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState<Reason>('requested_by_customer');
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const refund = trpc.refunds.create.useMutation();
  const submit = async (amount: number): Promise<void> => {
    const { status } = await refund.mutateAsync({ payment_intent: id, amount, reason });
    if (status === 'failed') toasts.failed('The refund was declined');
    else toasts.done(status === 'pending' ? 'Refund on its way' : 'Refunded');
    setIsOpen(false);
    await Promise.all([
      queries.paymentIntents.invalidate(),
      queries.refunds.invalidate(),
      queries.charges.invalidate(),
      queries.dashboard.payments.invalidate(),
    ]);
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      title="Refund payment"
      description="The money goes back to the card that was charged. A refund cannot be taken back."
      trigger={
        <Button>
          <Undo2 aria-hidden />
          Refund
        </Button>
      }
    >
      <AmountForm
        label="Amount"
        currency={currency}
        whole={refundable}
        hint={
          <>
            Up to <Money amount={refundable} currency={currency} />.
          </>
        }
        action="Refund payment"
        onSubmit={submit}
      >
        <Field label="Reason">
          {(control) => (
            <Select value={reason} onChange={setReason} options={REASONS} {...control} />
          )}
        </Field>
      </AmountForm>
    </Dialog>
  );
}
