'use client';

import { useRouter } from 'next/navigation';
import { failureOf } from '@/components/api/failure';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { useToasts } from '@/components/ui/toast';
import type { WebhookEndpoint } from '../endpoint-form';

export function DeleteEndpoint({ endpoint: { id, url } }: { endpoint: WebhookEndpoint }) {
  const router = useRouter();
  const { href } = useProject();
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const remove = trpc.webhookEndpoints.remove.useMutation();
  return (
    <Confirm
      trigger={<Button look="quiet">Delete</Button>}
      title="Delete this endpoint?"
      action="Delete endpoint"
      typed={url}
      onConfirm={async () => {
        await remove.mutateAsync({ id }).catch((error: unknown) => {
          throw new Error(failureOf(error).message);
        });
        toasts.done('Endpoint deleted', url);
        router.push(href('webhooks'));
        await queries.webhookEndpoints.list.invalidate();
      }}
    >
      The record of what was delivered to it goes too. This cannot be undone.
    </Confirm>
  );
}
