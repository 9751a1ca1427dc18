'use client';

import { Send } from 'lucide-react';
import { useState } from 'react';
import { failureOf } from '@/components/api/failure';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Combobox } from '@/components/ui/combobox';
import { Dialog, DialogActions } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { useToasts } from '@/components/ui/toast';

/** Sends the newest event of a type: what the receiver gets has really happened. */
export function SendTestEvent({ id }: { id: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      title="Send a test event"
      description="The newest event of the type is sent to this endpoint alone, signed as any other, whether or not it listens for it."
      trigger={
        <Button>
          <Send aria-hidden />
          Send test event
        </Button>
      }
    >
      <Form id={id} onSent={() => setIsOpen(false)} />
    </Dialog>
  );
}

/** The types that happened lately come first: of these there is one to send. */
function useTypes(): string[] {
  const recent = trpc.events.list.useQuery({ limit: 100 });
  const all = trpc.dashboard.webhooks.eventTypes.useQuery();
  const happened = recent.data?.data.map(({ type }) => type) ?? [];
  return [...new Set<string>([...happened, ...(all.data ?? [])])];
}

function Form({ id, onSent }: { id: string; onSent: () => void }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const types = useTypes();
  const type = chosen ?? types[0] ?? '';
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const send = trpc.dashboard.webhooks.sendTestEvent.useMutation({
    onSuccess: async () => {
      toasts.done('Test event sent', type);
      onSent();
      await queries.dashboard.webhooks.deliveries.invalidate();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate({ endpoint: id, type });
      }}
    >
      <Field label="Type" error={send.error === null ? null : failureOf(send.error).message}>
        {(control) => (
          <Combobox
            value={type}
            onChange={setChosen}
            options={types.map((value) => ({ value, label: value }))}
            searchPlaceholder="Search events"
            {...control}
          />
        )}
      </Field>
      <DialogActions>
        <Button type="submit" look="primary" isBusy={send.isPending} disabled={type === ''}>
          Send
        </Button>
      </DialogActions>
    </form>
  );
}
