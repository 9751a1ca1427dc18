'use client';

import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { failureOf } from '@/components/api/failure';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Dialog, DialogActions } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { NewKey } from '../new-key';

/** TABLE: how long the old key may go on, in seconds. */
const GRACES = [
  { value: '0', label: 'Now' },
  { value: '3600', label: 'In an hour' },
  { value: '86400', label: 'In a day' },
  { value: '259200', label: 'In three days' },
  { value: '604800', label: 'In a week' },
] as const;

/** Stays for as long as it shows the new key, also where the old one is seen to be replaced meanwhile. */
export function RollKey({ id, isOffered }: { id: string; isOffered: boolean }) {
  const [isOpen, setIsOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const queries = trpc.useUtils();
  const close = (next: boolean): void => {
    setIsOpen(next);
    setSecret(null);
    if (!next) void queries.apiKeys.invalidate();
  };
  if (!isOffered && secret === null) return null;
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={close}
      title={secret === null ? 'Roll API key' : 'Your new key'}
      trigger={
        <Button>
          <RotateCw aria-hidden />
          Roll
        </Button>
      }
    >
      {secret === null ? <Form id={id} onMade={setSecret} /> : <NewKey secret={secret} />}
    </Dialog>
  );
}

function Form({ id, onMade }: { id: string; onMade: (secret: string) => void }) {
  const [grace, setGrace] = useState<(typeof GRACES)[number]['value']>('86400');
  const roll = trpc.apiKeys.roll.useMutation({ onSuccess: ({ secret }) => onMade(secret ?? '') });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        roll.mutate({ id, expires_in: Number(grace) });
      }}
    >
      <p className="mb-4 text-sm text-muted">A new key with the same rights takes its place.</p>
      <Field
        label="The old key expires"
        error={roll.error === null ? null : failureOf(roll.error).message}
      >
        {(control) => <Select value={grace} onChange={setGrace} options={GRACES} {...control} />}
      </Field>
      <DialogActions>
        <Button type="submit" look="primary" isBusy={roll.isPending}>
          Roll API key
        </Button>
      </DialogActions>
    </form>
  );
}
