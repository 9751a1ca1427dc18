'use client';

import { failureOf } from '@/components/api/failure';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { useToasts } from '@/components/ui/toast';
import type { Key } from './object';

export function RevokeKey({ apiKey: { id, name, redacted } }: { apiKey: Key }) {
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const remove = trpc.apiKeys.remove.useMutation();
  return (
    <Confirm
      trigger={<Button look="quiet">Revoke</Button>}
      title="Revoke this API key?"
      action="Revoke API key"
      typed={name ?? redacted}
      onConfirm={async () => {
        await remove.mutateAsync({ id }).catch((error: unknown) => {
          throw new Error(failureOf(error).message);
        });
        toasts.done('API key revoked', name ?? redacted);
        await queries.apiKeys.invalidate();
      }}
    >
      Whatever still uses it is refused within a second. This cannot be undone.
    </Confirm>
  );
}
