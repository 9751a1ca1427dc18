'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { Panel } from '@/components/layout/panel';
import { Time } from '@/components/time/time';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code';
import { CopyId } from '@/components/ui/copy';
import { Sheet } from '@/components/ui/sheet';
import { Card, Skeleton } from '@/components/ui/surfaces';

type Event = Outputs['events']['list']['data'][number];

const PAGE_SIZE = 10;

/** What happened to an object, the newest first. */
export const EventTimeline = ({ id }: { id: string }) => (
  <Card title="Events">
    <Panel>
      <Events id={id} />
    </Panel>
  </Card>
);

function Events({ id }: { id: string }) {
  const { client } = trpc.useUtils();
  const query = useInfiniteQuery({
    queryKey: [['events', 'list'], { input: { related_object: id }, type: 'infinite' }],
    queryFn: ({ pageParam }) =>
      client.events.list.query({
        related_object: id,
        limit: PAGE_SIZE,
        ...(pageParam === '' ? {} : { starting_after: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: ({ has_more, data }) => (has_more ? data.at(-1)?.id : undefined),
  });
  if (query.error !== null && query.data === undefined) {
    return <FailureNote error={query.error} onRetry={() => void query.refetch()} />;
  }
  const events = query.data?.pages.flatMap(({ data }) => data);
  if (events === undefined) return <EventsSkeleton />;
  if (events.length === 0) return <p className="text-sm text-muted">Nothing has happened yet.</p>;
  return (
    <>
      <ol className="relative flex flex-col gap-4 before:absolute before:top-2 before:bottom-2 before:left-[3.5px] before:w-px before:bg-line">
        {events.map((event) => (
          <OneEvent key={event.id} event={event} />
        ))}
      </ol>
      {query.hasNextPage && (
        <Button
          size="small"
          className="mt-4"
          isBusy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show earlier events
        </Button>
      )}
    </>
  );
}

function OneEvent({ event }: { event: Event }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li className="relative flex gap-4">
      <span
        aria-hidden
        className="z-10 mt-1.5 size-2 shrink-0 rounded-full bg-accent ring-4 ring-surface"
      />
      <div className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4">
        <Sheet
          width="wide"
          isReading
          title={event.type}
          description={event.id}
          isOpen={isOpen}
          onOpenChange={setIsOpen}
          trigger={
            <button
              type="button"
              className="min-w-0 cursor-pointer rounded-sm text-left font-mono text-[13px] break-all hover:text-accent"
            >
              {event.type}
            </button>
          }
        >
          <div className="flex flex-col gap-4">
            <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted">
              <Time at={event.created} />
              {event.request?.id != null && <CopyId id={event.request.id} />}
            </div>
            <CodeBlock code={JSON.stringify(event, null, 2)} label="event as JSON" />
          </div>
        </Sheet>
        <span className="text-[13px] text-muted">
          <Time at={event.created} as="ago" />
        </span>
      </div>
    </li>
  );
}

const EventsSkeleton = () => (
  <div aria-busy className="flex flex-col gap-4">
    {[0, 1, 2].map((line) => (
      <div key={line} className="flex justify-between">
        <Skeleton className="w-44" />
        <Skeleton className="w-20" />
      </div>
    ))}
  </div>
);
