'use client';

import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { Radios } from '@/components/ui/choices';
import { Field, Input } from '@/components/ui/field';
import type { SubscriptionObject } from './call';

interface PauseFormProps {
  readonly subscription: SubscriptionObject;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Lets it go on without asking for money. */
export const PauseForm = ({ subscription, isOpen, onClose }: PauseFormProps) => (
  <FormSheet title="Pause collection" isOpen={isOpen} onOpenChange={onClose}>
    {(close) => <Pause id={subscription.id} onSaved={close} />}
  </FormSheet>
);

/** TABLE: what becomes of the invoices meanwhile, as the API names it. */
const BEHAVIORS = [
  { value: 'void', label: 'Void them', note: 'The time is free.' },
  { value: 'keep_as_draft', label: 'Keep them as drafts', note: 'They are collected later.' },
  {
    value: 'mark_uncollectible',
    label: 'Mark them uncollectible',
    note: 'They are given up for lost.',
  },
] as const;

/** The beginning of a day as the viewer has it, in unix seconds. */
const dayStart = (day: string): number => Math.floor(new Date(`${day}T00:00`).getTime() / 1_000);

function Pause({ id, onSaved }: { id: string; onSaved: () => void }) {
  const [behavior, setBehavior] = useState<(typeof BEHAVIORS)[number]['value']>('void');
  const [until, setUntil] = useState('');
  const update = trpc.subscriptions.update.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const resumes = until === '' ? {} : { resumes_at: dayStart(until) };
    const pause_collection = { behavior, ...resumes };
    await perform(() => update.mutateAsync({ id, pause_collection }), 'Collection paused');
    onSaved();
  }, ['pause_collection[resumes_at]']);
  return (
    <Form form={form} action="Pause collection">
      <Radios
        label="What becomes of the invoices"
        value={behavior}
        options={BEHAVIORS}
        onChange={setBehavior}
      />
      <Field
        label="Resume on"
        hint="Otherwise when you say so."
        error={form.errorOf('pause_collection[resumes_at]')}
        isOptional
      >
        {(control) => (
          <Input
            {...control}
            type="date"
            value={until}
            onChange={({ target }) => setUntil(target.value)}
          />
        )}
      </Field>
    </Form>
  );
}
