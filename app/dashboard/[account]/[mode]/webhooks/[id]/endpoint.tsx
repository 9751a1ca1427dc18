'use client';

import { Pencil } from 'lucide-react';
import { failureOf } from '@/components/api/failure';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Facts } from '@/components/object/facts';
import { MetadataCard } from '@/components/object/metadata';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { StatusBadge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/surfaces';
import { useToasts } from '@/components/ui/toast';
import { Deliveries } from '../deliveries';
import { EndpointForm, type WebhookEndpoint } from '../endpoint-form';
import { DeleteEndpoint } from './delete-endpoint';
import { ResendFailed } from './resend-failed';
import { SendTestEvent } from './send-test-event';
import { SigningSecret } from './signing-secret';

export function Endpoint({ id }: { id: string }) {
  const { href } = useProject();
  const back = { href: href('webhooks'), label: 'Webhooks' };
  const { data, error, refetch } = trpc.webhookEndpoints.retrieve.useQuery({ id });
  if (error !== null && data === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <ObjectSkeleton />;
  return <Known endpoint={data} back={back} />;
}

function Known(props: { endpoint: WebhookEndpoint; back: { href: string; label: string } }) {
  const { endpoint, back } = props;
  const { id } = endpoint;
  const may = useMay();
  const mayUpdate = may('webhook_endpoints', 'update');
  const maySend = may('webhook_deliveries', 'resend') && endpoint.status === 'enabled';
  const update = trpc.webhookEndpoints.update.useMutation();
  const queries = trpc.useUtils();
  return (
    <ObjectPage
      back={back}
      title={<span className="break-all">{endpoint.url}</span>}
      badge={<StatusBadge status={endpoint.status} />}
      object={endpoint}
      path={`/v1/webhook_endpoints/${id}`}
      actions={
        <>
          {may('webhook_endpoints', 'remove') && <DeleteEndpoint endpoint={endpoint} />}
          {mayUpdate && <Toggle endpoint={endpoint} />}
          {mayUpdate && (
            <EndpointForm
              endpoint={endpoint}
              trigger={
                <Button>
                  <Pencil aria-hidden />
                  Edit
                </Button>
              }
            />
          )}
          {maySend && <SendTestEvent id={id} />}
        </>
      }
      aside={
        <>
          {mayUpdate && <SigningSecret id={id} />}
          <Card title="Details">
            <EndpointFacts endpoint={endpoint} />
          </Card>
          <MetadataCard
            metadata={endpoint.metadata}
            isFixed={!mayUpdate}
            onSave={async (metadata) => {
              const saved = await update.mutateAsync({ id, metadata });
              queries.webhookEndpoints.retrieve.setData({ id }, saved);
            }}
          />
        </>
      }
    >
      {endpoint.status === 'disabled' && (
        <p className="rounded-xl border border-line bg-warn-soft px-4 py-3 text-sm text-warn">
          It is disabled: new events pass it over, and nothing is sent until it is enabled.
        </p>
      )}
      <Deliveries of={{ endpoint: id }} actions={maySend && <ResendFailed id={id} />} />
    </ObjectPage>
  );
}

function Toggle({ endpoint: { id, status } }: { endpoint: WebhookEndpoint }) {
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const update = trpc.webhookEndpoints.update.useMutation({
    onSuccess: async (saved) => {
      toasts.done(saved.status === 'enabled' ? 'Endpoint enabled' : 'Endpoint disabled');
      await queries.webhookEndpoints.invalidate();
    },
    onError: (error) => toasts.failed('Nothing was changed', failureOf(error).message),
  });
  const isEnabled = status === 'enabled';
  return (
    <Button isBusy={update.isPending} onClick={() => update.mutate({ id, disabled: isEnabled })}>
      {isEnabled ? 'Disable' : 'Enable'}
    </Button>
  );
}

const EndpointFacts = ({ endpoint }: { endpoint: WebhookEndpoint }) => (
  <Facts
    facts={[
      { label: 'Description', value: endpoint.description },
      { label: 'API version', value: endpoint.api_version },
      {
        label: 'Listens for',
        value: endpoint.enabled_events.includes('*') ? (
          'All events'
        ) : (
          <ul className="flex flex-col gap-1 font-mono text-[13px] break-all">
            {endpoint.enabled_events.map((type) => (
              <li key={type}>{type}</li>
            ))}
          </ul>
        ),
      },
    ]}
  />
);
