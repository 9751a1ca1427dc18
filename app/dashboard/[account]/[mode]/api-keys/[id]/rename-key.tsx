'use client';

import { Pencil } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { failureOf } from '@/components/api/failure';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Dialog, DialogActions } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import type { Key } from './object';

export function RenameKey({ apiKey: { id, name } }: { apiKey: Key }) {
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  const queries = trpc.useUtils();
  const update = trpc.apiKeys.update.useMutation({
    onSuccess: async () => {
      setIsOpen(false);
      await queries.apiKeys.invalidate();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    update.mutate({ id, name: text.trim() });
  };
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(next) => {
        setIsOpen(next);
        setText(name ?? '');
      }}
      title="Rename API key"
      trigger={
        <Button>
          <Pencil aria-hidden />
          Rename
        </Button>
      }
    >
      <form noValidate onSubmit={submit}>
        <Field label="Name" error={update.error === null ? null : failureOf(update.error).message}>
          {(control) => (
            <Input
              autoComplete="off"
              value={text}
              onChange={({ target }) => setText(target.value)}
              {...control}
            />
          )}
        </Field>
        <DialogActions>
          <Button type="submit" look="primary" isBusy={update.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
