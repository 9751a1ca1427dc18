'use client';

import { useState, type FormEvent, type ReactNode } from 'react';
import { failureOf } from '@/components/api/failure';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Radios } from '@/components/ui/choices';
import { Field, Input } from '@/components/ui/field';
import { Sheet } from '@/components/ui/sheet';
import { NewKey } from './new-key';
import { RightsMatrix } from './rights-matrix';
import type { Right } from './types';

/** Creates a key, and then shows it, once. */
export function ApiKeyForm({ trigger }: { trigger: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Sheet
      isOpen={isOpen}
      onOpenChange={(next) => {
        setIsOpen(next);
        setSecret(null);
      }}
      trigger={trigger}
      title={secret === null ? 'Create API key' : 'Your new key'}
    >
      {secret === null ? <Form onMade={setSecret} /> : <NewKey secret={secret} />}
    </Sheet>
  );
}

const TYPES = [
  { value: 'secret', label: 'Standard', note: 'May do everything that the API can.' },
  { value: 'restricted', label: 'Restricted', note: 'May do what you choose, and no more.' },
  { value: 'publishable', label: 'Publishable', note: 'For pages that take cards. No secret.' },
] as const;

function Form({ onMade }: { onMade: (secret: string) => void }) {
  const [name, setName] = useState('');
  const [type, setType] = useState<(typeof TYPES)[number]['value']>('secret');
  const [rights, setRights] = useState<Readonly<Record<string, Right>>>({});
  const queries = trpc.useUtils();
  const create = trpc.apiKeys.create.useMutation({
    onSuccess: async ({ secret }) => {
      onMade(secret ?? '');
      await queries.apiKeys.invalidate();
    },
  });
  const failure = create.error === null ? null : failureOf(create.error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate({
      type,
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      ...(type === 'restricted' ? { rights } : {}),
    });
  };
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-5">
      <Field
        label="Name"
        hint="Which program uses it."
        error={failure?.param === 'name' ? failure.message : null}
        isOptional
      >
        {(control) => (
          <Input
            autoComplete="off"
            value={name}
            onChange={({ target }) => setName(target.value)}
            {...control}
          />
        )}
      </Field>
      <Radios label="Type" value={type} onChange={setType} options={TYPES} />
      {type === 'restricted' && <RightsMatrix rights={rights} onChange={setRights} />}
      {failure !== null && failure.param !== 'name' && (
        <p role="alert" className="text-sm text-bad">
          {failure.message}
        </p>
      )}
      <Button type="submit" look="primary" isBusy={create.isPending} className="self-end">
        Create API key
      </Button>
    </form>
  );
}
