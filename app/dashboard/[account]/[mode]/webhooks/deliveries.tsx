'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { Panel } from '@/components/layout/panel';
import { Time } from '@/components/time/time';
import { StatusBadge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, Skeleton, Table, Td, Th } from '@/components/ui/surfaces';
import { tabLook } from '@/components/ui/tabs';
import { DeliverySheet } from './delivery-sheet';

type Delivery = Outputs['dashboard']['webhooks']['deliveries']['data'][number];
type Status = Delivery['status'];

export interface DeliveriesProps {
  /** Those to an endpoint, or those of an event. */
  readonly of: { readonly endpoint: string } | { readonly event: string };
  readonly actions?: ReactNode;
}

/** TABLE: the views. */
const VIEWS: readonly (readonly [status: Status | null, label: string])[] = [
  [null, 'All'],
  ['pending', 'Pending'],
  ['succeeded', 'Succeeded'],
  ['failed', 'Failed'],
];

/** What was sent, or is to be, and what became of it. */
export function Deliveries({ of, actions }: DeliveriesProps) {
  const [status, setStatus] = useState<Status | null>(null);
  return (
    <Card title="Deliveries" actions={actions} isFlush>
      <nav
        aria-label="Deliveries by status"
        className="flex gap-5 overflow-x-auto border-b border-line px-4 pt-3 sm:px-5"
      >
        {VIEWS.map(([value, label]) => (
          <button
            key={label}
            type="button"
            aria-pressed={value === status}
            data-state={value === status ? 'active' : 'inactive'}
            onClick={() => setStatus(value)}
            className={tabLook}
          >
            {label}
          </button>
        ))}
      </nav>
      <Panel>
        <Listed of={of} status={status} />
      </Panel>
    </Card>
  );
}

const PAGE_SIZE = 10;

/** What becomes of a delivery is no event, so it is asked for. In milliseconds. */
const EVERY_MS = 3_000;

function Listed({ of, status }: { of: DeliveriesProps['of']; status: Status | null }) {
  const { client } = trpc.useUtils();
  const input = { ...of, ...(status === null ? {} : { status }), limit: PAGE_SIZE };
  const query = useInfiniteQuery({
    queryKey: [['dashboard', 'webhooks', 'deliveries'], { input, type: 'infinite' }],
    queryFn: ({ pageParam }) =>
      client.dashboard.webhooks.deliveries.query({
        ...input,
        ...(pageParam === '' ? {} : { starting_after: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: ({ has_more, data }) => (has_more ? data.at(-1)?.id : undefined),
    refetchInterval: EVERY_MS,
  });
  const [opened, setOpened] = useState<string | null>(null);
  if (query.error !== null && query.data === undefined) {
    return <FailureNote error={query.error} onRetry={() => void query.refetch()} />;
  }
  const deliveries = query.data?.pages.flatMap(({ data }) => data);
  if (deliveries === undefined) return <Skeleton className="m-5 h-16" />;
  return (
    <>
      {deliveries.length === 0 ? (
        <p className="px-4 py-4 text-sm text-muted sm:px-5">No deliveries here.</p>
      ) : (
        <Rows deliveries={deliveries} isOfEvent={'event' in of} onOpen={setOpened} />
      )}
      {query.hasNextPage && (
        <div className="border-t border-line px-4 py-2 sm:px-5">
          <Button
            size="small"
            isBusy={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show earlier deliveries
          </Button>
        </div>
      )}
      {opened !== null && <DeliverySheet id={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

interface RowsProps {
  readonly deliveries: readonly Delivery[];
  readonly isOfEvent: boolean;
  readonly onOpen: (id: string) => void;
}

const Rows = ({ deliveries, isOfEvent, onOpen }: RowsProps) => (
  <Table aria-label="Deliveries">
    <thead>
      <tr>
        <Th>{isOfEvent ? 'Endpoint' : 'Event'}</Th>
        <Th>Status</Th>
        <Th className="text-right max-sm:hidden">Attempts</Th>
        <Th className="text-right max-sm:hidden">Next attempt</Th>
        <Th className="text-right max-sm:hidden">Date</Th>
      </tr>
    </thead>
    <tbody>
      {deliveries.map((delivery) => (
        <tr key={delivery.id} className="group relative hover:bg-sunken/60">
          <Td className="w-full max-w-0 sm:w-1/2">
            <button
              type="button"
              onClick={() => onOpen(delivery.id)}
              className="block max-w-full cursor-pointer truncate text-left font-mono text-[13px] outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
            >
              {isOfEvent
                ? (delivery.endpoint_url ?? delivery.endpoint)
                : (delivery.event_type ?? delivery.event)}
            </button>
          </Td>
          <Td>
            <StatusBadge status={delivery.status} />
          </Td>
          <Td className="text-right tabular-nums max-sm:hidden">{delivery.attempt_count}</Td>
          <Td className="text-right max-sm:hidden">
            {delivery.next_attempt_at !== null && <Time at={delivery.next_attempt_at} as="ago" />}
          </Td>
          <Td className="text-right max-sm:hidden">
            <Time at={delivery.created} as="ago" />
          </Td>
        </tr>
      ))}
    </tbody>
  </Table>
);
