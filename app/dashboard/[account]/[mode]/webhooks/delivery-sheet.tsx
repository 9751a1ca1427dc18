'use client';

import { Send } from 'lucide-react';
import Link from 'next/link';
import { failureOf } from '@/components/api/failure';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { Facts } from '@/components/object/facts';
import { Time } from '@/components/time/time';
import { Badge, StatusBadge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code';
import { HttpStatus } from '@/components/ui/http-status';
import { Sheet } from '@/components/ui/sheet';
import { Skeleton } from '@/components/ui/surfaces';
import { useToasts } from '@/components/ui/toast';

type Delivery = Outputs['webhookDeliveries']['retrieve'];
type Attempt = NonNullable<Delivery['attempts']>[number];

/** While one looks at it, in milliseconds: what becomes of a delivery is no event. */
const EVERY_MS = 2_000;

/** One delivery: what was sent, and what was answered each time. */
export function DeliverySheet({ id, onClose }: { id: string; onClose: () => void }) {
  const delivery = trpc.webhookDeliveries.retrieve.useQuery({ id }, { refetchInterval: EVERY_MS });
  return (
    <Sheet
      isOpen
      isReading
      width="wide"
      onOpenChange={(isOpen) => isOpen || onClose()}
      title="Delivery"
      description={id}
    >
      {delivery.data !== undefined ? (
        <Known delivery={delivery.data} />
      ) : delivery.error !== null ? (
        <FailureNote error={delivery.error} onRetry={() => void delivery.refetch()} />
      ) : (
        <Skeleton className="h-40" />
      )}
    </Sheet>
  );
}

function Known({ delivery }: { delivery: Delivery }) {
  const { href } = useProject();
  const may = useMay();
  const endpoint = trpc.webhookEndpoints.retrieve.useQuery({ id: delivery.endpoint });
  const event = trpc.events.retrieve.useQuery({ id: delivery.event });
  const { attempts = [], next_attempt_at } = delivery;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <StatusBadge status={delivery.status} />
        {may('webhook_deliveries', 'resend') && <Resend id={delivery.id} />}
      </div>
      <Facts
        facts={[
          {
            label: 'Event',
            value: (
              <Link
                href={href(`events/${delivery.event}`)}
                className="font-mono text-[13px] break-all text-accent hover:underline"
              >
                {event.data?.type ?? delivery.event}
              </Link>
            ),
          },
          { label: 'Endpoint', value: endpoint.data?.url ?? delivery.endpoint },
          {
            label: 'Next attempt',
            value: next_attempt_at !== null && <Time at={next_attempt_at} as="ago" />,
          },
        ]}
      />
      <section className="flex flex-col gap-3">
        <h3 className="text-sm font-semibold">Attempts</h3>
        {attempts.length === 0 ? (
          <p className="text-sm text-muted">None yet.</p>
        ) : (
          <ol className="flex flex-col gap-4">
            {attempts.map((attempt) => (
              <OneAttempt key={attempt.id} attempt={attempt} />
            ))}
          </ol>
        )}
      </section>
      {event.data !== undefined && (
        <section className="flex flex-col gap-3">
          <h3 className="text-sm font-semibold">Request</h3>
          <CodeBlock
            header={`POST ${endpoint.data?.url ?? ''}, signed in Stripe-Signature`}
            code={JSON.stringify(event.data, null, 2)}
            label="request body"
          />
        </section>
      )}
    </div>
  );
}

function Resend({ id }: { id: string }) {
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const resend = trpc.webhookDeliveries.resend.useMutation({
    onSuccess: async () => {
      toasts.done('Sent again');
      await Promise.all([
        queries.webhookDeliveries.invalidate(),
        queries.dashboard.webhooks.deliveries.invalidate(),
      ]);
    },
    onError: (error) => toasts.failed('Not sent', failureOf(error).message),
  });
  return (
    <Button size="small" isBusy={resend.isPending} onClick={() => resend.mutate({ id })}>
      <Send aria-hidden />
      Resend
    </Button>
  );
}

const OneAttempt = ({ attempt }: { attempt: Attempt }) => (
  <li className="flex min-w-0 flex-col gap-2">
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px] text-muted">
      {attempt.response_status === null ? (
        <Badge look="bad">No answer</Badge>
      ) : (
        <HttpStatus status={attempt.response_status} />
      )}
      <Time at={attempt.created} />
      <span className="tabular-nums">{attempt.duration_ms} ms</span>
    </div>
    {attempt.failure !== null && <p className="text-sm break-words text-bad">{attempt.failure}</p>}
    {attempt.response_body !== null && attempt.response_body !== '' && (
      <CodeBlock code={attempt.response_body} label="response body" />
    )}
  </li>
);
