'use client';

import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { Button } from '@/components/ui/button';
import { Radios } from '@/components/ui/choices';
import { Field, Input, Textarea } from '@/components/ui/field';
import type { ReconciliationItem } from '../kinds';

/** Of an attempt a person says what became of it; any other difference is known, and dealt with. */
export function ResolveForm({ item }: { item: ReconciliationItem }) {
  const isAttempt = item.kind === 'unresolved_attempt';
  return (
    <FormSheet
      trigger={<Button look="primary">Resolve</Button>}
      title="Resolve difference"
      description={
        isAttempt
          ? 'What you say here counts as the processor’s answer: the payment goes on by it.'
          : 'Closes the difference. No money moves: put right what is wrong first.'
      }
    >
      {(close) => <Resolve item={item} isAttempt={isAttempt} onDone={close} />}
    </FormSheet>
  );
}

/** TABLE: what may have become of an attempt. */
const OUTCOMES = [
  {
    value: 'failed',
    label: 'It failed',
    note: 'The processor did not carry it out, and nothing was moved.',
  },
  {
    value: 'succeeded',
    label: 'It succeeded',
    note: 'The processor carried it out, and has an id for it.',
  },
] as const;

type Outcome = (typeof OUTCOMES)[number]['value'];

interface ResolveProps {
  readonly item: ReconciliationItem;
  readonly isAttempt: boolean;
  readonly onDone: () => void;
}

function Resolve({ item, isAttempt, onDone }: ResolveProps) {
  const [outcome, setOutcome] = useState<Outcome>('failed');
  const [transaction, setTransaction] = useState(item.transaction ?? '');
  const [note, setNote] = useState('');
  const resolve = trpc.reconciliationItems.resolve.useMutation();
  const perform = usePerform();
  const hasSucceeded = isAttempt && outcome === 'succeeded';
  const form = useSubmission(async () => {
    const asked = {
      id: item.id,
      resolution: isAttempt ? outcome : ('acknowledged' as const),
      ...(hasSucceeded && transaction.trim() !== '' ? { transaction: transaction.trim() } : {}),
      ...(note === '' ? {} : { note }),
    };
    await perform(() => resolve.mutateAsync(asked), 'Difference resolved');
    onDone();
  }, ['transaction', 'note']);
  return (
    <Form form={form} action="Resolve difference">
      {isAttempt && (
        <Radios
          label="What became of it"
          value={outcome}
          options={OUTCOMES}
          onChange={setOutcome}
        />
      )}
      {hasSucceeded && (
        <Field
          label="The processor’s id"
          hint="By which it can be captured and refunded later."
          error={form.errorOf('transaction')}
        >
          {(control) => (
            <Input
              {...control}
              autoComplete="off"
              value={transaction}
              onChange={({ target }) => setTransaction(target.value)}
            />
          )}
        </Field>
      )}
      <Field
        label="Note"
        hint="What you found, for whoever reads of it later."
        error={form.errorOf('note')}
        isOptional
      >
        {(control) => (
          <Textarea {...control} value={note} onChange={({ target }) => setNote(target.value)} />
        )}
      </Field>
    </Form>
  );
}
