import {
  amountColumn,
  createdColumn,
  currencyColumn,
  idColumn,
} from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { datesFilter, tabsFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { formatUtc } from '@/components/time/format';
import { Time } from '@/components/time/time';
import { StatusBadge } from '@/components/ui/badge';

export const payoutList = defineList({
  path: 'payouts.list',
  name: 'payouts',
  title: 'Payouts',
  nouns: ['payout', 'payouts'],
  href: ({ id }) => `payouts/${id}`,
  columns: [
    amountColumn,
    {
      id: 'status',
      header: 'Status',
      isNarrow: true,
      cell: ({ status }) => <StatusBadge status={status} />,
      text: ({ status }) => status,
    },
    {
      id: 'description',
      header: 'Description',
      cell: ({ description }) => description,
      text: ({ description }) => description,
    },
    {
      id: 'arrival_date',
      header: 'Arrives',
      isNarrow: true,
      cell: ({ arrival_date }) => <Time at={arrival_date} as="date" />,
      text: ({ arrival_date }) => formatUtc(arrival_date),
    },
    createdColumn,
    {
      id: 'statement_descriptor',
      header: 'On the statement',
      isExtra: true,
      cell: ({ statement_descriptor }) => statement_descriptor,
      text: ({ statement_descriptor }) => statement_descriptor,
    },
    {
      id: 'failure_code',
      header: 'Failure',
      isExtra: true,
      cell: ({ failure_message }) => failure_message,
      text: ({ failure_code }) => failure_code,
    },
    currencyColumn,
    idColumn,
  ],
  filters: {
    status: tabsFilter(
      'Status',
      [
        { value: 'pending', label: 'Pending' },
        { value: 'in_transit', label: 'In transit' },
        { value: 'paid', label: 'Paid' },
        { value: 'failed', label: 'Failed' },
        { value: 'canceled', label: 'Cancelled' },
      ],
      'status',
    ),
    arrival_date: datesFilter('Arrives', 'arrival_date'),
    created: datesFilter('Created'),
  },
  empty: {
    sentence:
      'A payout takes what is available out of your balance, on its way to your bank. Payments with the test card 4000 0000 0000 0077 are available at once.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const payout = await stripe.payouts.create({
  amount: 1000,
  currency: 'gbp',
});`,
      ),
  },
});
