'use client';

import { Send } from 'lucide-react';
import { ObjectLink } from '@/app/dashboard/object-link';
import { failureOf } from '@/components/api/failure';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Facts } from '@/components/object/facts';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { Time } from '@/components/time/time';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code';
import { Card } from '@/components/ui/surfaces';
import { useToasts } from '@/components/ui/toast';
import { Deliveries } from '../../webhooks/deliveries';
import { objectIdOf, objectOf, type Event as ApiEvent } from '../subject';
import { Changes } from '@/components/object/changes';

export function Event({ id }: { id: string }) {
  const { href } = useProject();
  const may = useMay();
  const back = { href: href('events'), label: 'Events' };
  const { data: event, error, refetch } = trpc.events.retrieve.useQuery({ id });
  if (error !== null && event === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (event === undefined) return <ObjectSkeleton />;
  const previous = event.data.previous_attributes as Readonly<Record<string, unknown>> | undefined;
  return (
    <ObjectPage
      back={back}
      title={<span className="font-mono text-lg break-all">{event.type}</span>}
      object={event}
      path={`/v1/events/${id}`}
      actions={may('webhook_deliveries', 'retryEvent') && <Resend id={id} />}
      aside={
        <Card title="Details">
          <EventFacts event={event} />
        </Card>
      }
    >
      {previous !== undefined && Object.keys(previous).length > 0 && (
        <Changes previous={previous} object={objectOf(event)} />
      )}
      <Deliveries of={{ event: id }} />
      <Card title="Object">
        <CodeBlock
          code={JSON.stringify(event.data.object, null, 2)}
          label="object as the event found it"
        />
      </Card>
    </ObjectPage>
  );
}

function Resend({ id }: { id: string }) {
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const retry = trpc.webhookDeliveries.retryEvent.useMutation({
    onSuccess: async ({ pending_webhooks }) => {
      if (pending_webhooks === 0) toasts.failed('No endpoint listens for this event');
      else toasts.done('Event sent again');
      await queries.dashboard.webhooks.invalidate();
    },
    onError: (error) => toasts.failed('The event was not sent', failureOf(error).message),
  });
  return (
    <Button isBusy={retry.isPending} onClick={() => retry.mutate({ id })}>
      <Send aria-hidden />
      Send again
    </Button>
  );
}

function EventFacts({ event }: { event: ApiEvent }) {
  const object = objectIdOf(event);
  const { request } = event;
  return (
    <Facts
      facts={[
        { label: 'Object', value: object !== null && <ObjectLink id={object} /> },
        {
          label: 'Cause',
          value: request?.id == null ? 'Automatic' : <ObjectLink id={request.id} />,
        },
        { label: 'Idempotency key', value: request?.idempotency_key },
        { label: 'Date', value: <Time at={event.created} /> },
        { label: 'API version', value: event.api_version },
      ]}
    />
  );
}
