'use client';

import { Money } from '@/components/money/money';
import { definePart, PartList } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { categoryText } from './categories';

/** What an object took out of the balance, and what came back. */
export const Movements = ({ of }: { of: string }) => (
  <PartList part={movements} input={{ source: of }} />
);

const movements = definePart({
  title: 'Balance',
  path: 'balanceTransactions.list',
  empty: 'It has not moved any money.',
  columns: [
    {
      header: 'Movement',
      isNarrow: true,
      cell: ({ reporting_category }) => categoryText(reporting_category),
    },
    {
      header: 'Amount',
      align: 'end',
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
    },
    {
      header: 'Fee',
      align: 'end',
      cell: ({ fee, currency }) => <Money amount={fee} currency={currency} />,
    },
    {
      header: 'Net',
      align: 'end',
      isNarrow: true,
      cell: ({ net, currency }) => <Money amount={net} currency={currency} hasCode />,
    },
    { header: 'Date', align: 'end', cell: ({ created }) => <Time at={created} as="ago" /> },
  ],
});
