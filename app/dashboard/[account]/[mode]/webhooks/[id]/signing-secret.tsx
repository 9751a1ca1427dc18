'use client';

import { useState } from 'react';
import { failureOf } from '@/components/api/failure';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code';
import { Dialog, DialogActions } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { Card } from '@/components/ui/surfaces';
import { useToasts } from '@/components/ui/toast';

/** By which the receiver knows that a delivery is ours. Seeing it is written into the audit log. */
export function SigningSecret({ id }: { id: string }) {
  const [secret, setSecret] = useState<string | null>(null);
  const toasts = useToasts();
  const reveal = trpc.dashboard.webhooks.revealSecret.useMutation({
    onSuccess: (revealed) => setSecret(revealed.secret),
    onError: (error) => toasts.failed('The secret is not shown', failureOf(error).message),
  });
  return (
    <Card
      title="Signing secret"
      actions={
        <>
          <RollSecret id={id} onRolled={setSecret} />
          {secret === null ? (
            <Button size="small" isBusy={reveal.isPending} onClick={() => reveal.mutate({ id })}>
              Reveal
            </Button>
          ) : (
            <Button size="small" onClick={() => setSecret(null)}>
              Hide
            </Button>
          )}
        </>
      }
    >
      {secret === null ? (
        <p className="font-mono text-[13px] text-muted">whsec_••••••••••••</p>
      ) : (
        <CodeBlock code={secret} language="shell" label="signing secret" />
      )}
    </Card>
  );
}

/** TABLE: how long the old secret goes on signing beside the new one, in seconds. */
const GRACES = [
  { value: '0', label: 'Now' },
  { value: '3600', label: 'In an hour' },
  { value: '86400', label: 'In a day' },
] as const;

function RollSecret({ id, onRolled }: { id: string; onRolled: (secret: string) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const [grace, setGrace] = useState<(typeof GRACES)[number]['value']>('86400');
  const toasts = useToasts();
  const roll = trpc.webhookEndpoints.rollSecret.useMutation({
    onSuccess: ({ secret }) => {
      onRolled(secret ?? '');
      setIsOpen(false);
      toasts.done('Secret rolled', 'The new one is shown on the page.');
    },
  });
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      title="Roll the signing secret"
      description="Until the old secret expires, every delivery is signed with both."
      trigger={<Button size="small">Roll</Button>}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          roll.mutate({ id, expires_in: Number(grace) });
        }}
      >
        <Field
          label="The old secret expires"
          error={roll.error === null ? null : failureOf(roll.error).message}
        >
          {(control) => <Select value={grace} onChange={setGrace} options={GRACES} {...control} />}
        </Field>
        <DialogActions>
          <Button type="submit" look="primary" isBusy={roll.isPending}>
            Roll secret
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
