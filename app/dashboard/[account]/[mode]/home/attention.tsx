'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { useProject } from '@/components/api/project';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { Time } from '@/components/time/time';
import { cx } from '@/components/ui/classes';

type Waiting = Outputs['dashboard']['home']['attention'];

interface Tile {
  readonly title: string;
  readonly count: number;
  /** Of the first or the next of them. */
  readonly note: ReactNode;
  /** Where they are listed. */
  readonly page: string;
}

const tilesOf = ({ disputes, retries, failed_renewals, differences }: Waiting): Tile[] => [
  {
    title: 'Disputes to answer',
    count: disputes.count,
    note: disputes.due_by !== null && (
      <>
        First by <Time at={disputes.due_by} as="date" />
      </>
    ),
    page: 'disputes?state=needs_response',
  },
  {
    title: 'Payments to retry',
    count: retries.count,
    note: retries.next_at !== null && (
      <>
        Next <Time at={retries.next_at} as="ago" />
      </>
    ),
    page: 'invoices?status=retrying',
  },
  {
    title: 'Failed renewals',
    count: failed_renewals,
    note: failed_renewals > 0 && 'Subscriptions past due or unpaid',
    page: 'subscriptions?status=past_due',
  },
  {
    title: 'Open differences',
    count: differences,
    note: differences > 0 && 'With the processor’s books',
    page: 'reconciliation?status=open',
  },
];

/** What waits for somebody, or for another try. */
export function Attention() {
  const { href } = useProject();
  const { data } = trpc.dashboard.home.attention.useQuery();
  if (data === undefined) return null;
  return (
    <ul
      aria-label="Waiting"
      className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line lg:grid-cols-4"
    >
      {tilesOf(data).map(({ title, count, note, page }) => (
        <li key={title} className="relative flex flex-col bg-surface px-4 py-3 hover:bg-sunken/60">
          <Link
            href={href(page)}
            prefetch={false}
            className="text-[13px] text-muted outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            {title}
          </Link>
          <strong className={cx('text-lg font-semibold tabular-nums', count === 0 && 'text-muted')}>
            {count}
          </strong>
          <span className="text-[13px] text-muted">{note}</span>
        </li>
      ))}
    </ul>
  );
}
