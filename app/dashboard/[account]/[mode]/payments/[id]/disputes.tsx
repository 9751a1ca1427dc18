'use client';

import { Money } from '@/components/money/money';
import { definePart, PartList } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { StatusBadge } from '@/components/ui/badge';
import { Deadline } from '../../disputes/deadline';
import { reasonText } from '../../disputes/reasons';

export const Disputes = ({ id }: { id: string }) => (
  <PartList part={disputes} input={{ payment_intent: id }} />
);

const disputes = definePart({
  title: 'Disputes',
  path: 'disputes.list',
  empty: 'Nobody has disputed it.',
  href: ({ id }) => `disputes/${id}`,
  columns: [
    {
      header: 'Amount',
      isNarrow: true,
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency} hasCode />,
    },
    { header: 'Status', isNarrow: true, cell: ({ status }) => <StatusBadge status={status} /> },
    { header: 'Reason', cell: ({ reason }) => reasonText(reason) },
    { header: 'Respond by', cell: (dispute) => <Deadline dispute={dispute} /> },
    { header: 'Opened', align: 'end', cell: ({ created }) => <Time at={created} as="ago" /> },
  ],
});
