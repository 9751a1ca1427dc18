'use client';

import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { Act } from '@/components/object/act';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';

/** TABLE: why a bank sends money back. https://docs.stripe.com/api/payouts/failures */
const FAILURES = [
  { value: 'could_not_process', label: 'The bank could not process it' },
  { value: 'account_closed', label: 'The account was closed' },
  { value: 'account_frozen', label: 'The account was frozen' },
  { value: 'bank_account_restricted', label: 'The account is restricted' },
  { value: 'bank_ownership_changed', label: 'The account changed hands' },
  { value: 'declined', label: 'The bank declined it' },
  { value: 'incorrect_account_holder_name', label: 'The holder’s name is not right' },
  { value: 'invalid_account_number', label: 'The number is not right' },
  { value: 'invalid_currency', label: 'The account cannot take this currency' },
  { value: 'no_account', label: 'The account could not be found' },
] as const;

type Failure = (typeof FAILURES)[number]['value'];

export function FailedForm(props: { id: string; isOpen: boolean; onClose: () => void }) {
  const { id, isOpen, onClose } = props;
  const [failure_code, setCode] = useState<Failure>('could_not_process');
  const report = trpc.payouts.report.useMutation();
  return (
    <Act
      isOpen={isOpen}
      onOpenChange={onClose}
      title="Did the payout fail?"
      action="Record as failed"
      done="Payout failed"
      run={() => report.mutateAsync({ id, status: 'failed', failure_code })}
    >
      <p className="mb-4">The bank sent the money back, and it returns to your balance.</p>
      <Field label="Reason" className="text-ink">
        {(control) => (
          <Select value={failure_code} onChange={setCode} options={FAILURES} {...control} />
        )}
      </Field>
    </Act>
  );
}
