'use client';

import { Money } from '@/components/money/money';
import { definePart, PartList } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { StatusBadge } from '@/components/ui/badge';
import { CopyId } from '@/components/ui/copy';

const NEWEST = 10;

export const Refunds = ({ id }: { id: string }) => (
  <PartList part={refunds} input={{ payment_intent: id, limit: NEWEST }} />
);

const refunds = definePart({
  title: 'Refunds',
  path: 'refunds.list',
  empty: 'Nothing was refunded.',
  columns: [
    {
      header: 'Amount',
      isNarrow: true,
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency} hasCode />,
    },
    {
      header: 'Status',
      isNarrow: true,
      cell: ({ status }) => <StatusBadge status={status ?? 'pending'} />,
    },
    { header: 'Reason', cell: ({ reason }) => reason?.replaceAll('_', ' ') },
    { header: 'Id', cell: ({ id }) => <CopyId id={id} className="max-w-40" /> },
    { header: 'Date', align: 'end', cell: ({ created }) => <Time at={created} as="ago" /> },
  ],
});
