'use client';

import type { ReactNode } from 'react';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { Money } from '@/components/money/money';
import { MetadataCard, type Metadata } from '@/components/object/metadata';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { RequestLogs } from '@/components/object/request-logs';
import { EventTimeline } from '@/components/object/timeline';
import { StatusBadge } from '@/components/ui/badge';
import { Card } from '@/components/ui/surfaces';
import { Movements } from './movements';

/** What moves the balance and is no payment, as on the wire. */
interface Moving {
  readonly id: string;
  readonly object: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: string;
  readonly metadata: Metadata | null;
}

/** TABLE: where they are listed, and what the list is called. */
const LISTS = { disputes: 'Disputes', payouts: 'Payouts' } as const;

export interface MovingPageProps<T extends Moving> {
  readonly id: string;
  readonly list: keyof typeof LISTS;
  /** Its retrieval. */
  readonly query: {
    readonly data: T | undefined;
    readonly error: unknown;
    readonly refetch: () => Promise<unknown>;
  };
  readonly onSave: (changes: Metadata) => Promise<unknown>;
  readonly renderActions: (object: T) => ReactNode;
  readonly renderFacts: (object: T) => ReactNode;
  /** Above its movements. */
  readonly renderMore?: (object: T) => ReactNode;
}

/** The page of a dispute or a payout: what it is about, what it moved, and what happened to it. */
export function MovingPage<T extends Moving>(props: MovingPageProps<T>) {
  const { id, list, query, onSave, renderActions, renderFacts, renderMore } = props;
  const { data, error, refetch } = query;
  const { href } = useProject();
  const may = useMay();
  const back = { href: href(list), label: LISTS[list] };
  if (error !== null && data === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <ObjectSkeleton />;
  return (
    <ObjectPage
      back={back}
      title={<Money amount={data.amount} currency={data.currency} hasCode />}
      badge={<StatusBadge status={data.status} />}
      object={data}
      path={`/v1/${list}/${id}`}
      actions={renderActions(data)}
      aside={
        <>
          <Card title="Details">{renderFacts(data)}</Card>
          <MetadataCard
            metadata={data.metadata ?? {}}
            isFixed={!may(list, 'update')}
            onSave={async (changes) => {
              await onSave(changes);
              await refetch();
            }}
          />
        </>
      }
    >
      {renderMore?.(data)}
      <Movements of={id} />
      <EventTimeline id={id} />
      <RequestLogs of={{ related_object: id }} />
    </ObjectPage>
  );
}
