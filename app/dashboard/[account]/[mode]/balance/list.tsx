import { idOf } from '@/components/api/expandable';
import type { RowOf } from '@/components/api/queries';
import { createdColumn, currencyColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { choiceFilter, datesFilter, textFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { plainMoney } from '@/components/money/format';
import { Money } from '@/components/money/money';
import { formatUtc } from '@/components/time/format';
import { Time } from '@/components/time/time';
import { StatusBadge } from '@/components/ui/badge';
import { categoryText } from './categories';

type Movement = RowOf<'balanceTransactions.list'>;

/** The page of what moved the balance: of a charge and a refund, that of their payment. */
function pageOf({ source }: Movement): string | null {
  if (source === null || typeof source === 'string') return null;
  switch (source.object) {
    case 'charge':
    case 'refund': {
      const payment = idOf(source.payment_intent);
      return payment === null ? null : `payments/${payment}`;
    }
    case 'dispute':
      return `disputes/${source.id}`;
    case 'payout':
      return `payouts/${source.id}`;
    default:
      return null;
  }
}

export const movementList = defineList({
  path: 'balanceTransactions.list',
  name: 'balance',
  title: 'Balance',
  nouns: ['balance transaction', 'balance transactions'],
  href: pageOf,
  columns: [
    {
      id: 'type',
      header: 'Type',
      isNarrow: true,
      cell: ({ reporting_category }) => categoryText(reporting_category),
      text: ({ reporting_category }) => reporting_category,
    },
    {
      id: 'amount',
      header: 'Amount',
      align: 'end',
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
      text: ({ amount, currency }) => plainMoney(amount, currency),
    },
    {
      id: 'fee',
      header: 'Fee',
      align: 'end',
      cell: ({ fee, currency }) => <Money amount={fee} currency={currency} />,
      text: ({ fee, currency }) => plainMoney(fee, currency),
    },
    {
      id: 'net',
      header: 'Net',
      align: 'end',
      isNarrow: true,
      cell: ({ net, currency }) => <Money amount={net} currency={currency} hasCode />,
      text: ({ net, currency }) => plainMoney(net, currency),
    },
    {
      id: 'status',
      header: 'Status',
      cell: ({ status }) => <StatusBadge status={status} />,
      text: ({ status }) => status,
    },
    {
      id: 'available_on',
      header: 'Available',
      cell: ({ available_on }) => <Time at={available_on} as="date" />,
      text: ({ available_on }) => formatUtc(available_on),
    },
    { ...createdColumn, header: 'Date', isNarrow: true },
    {
      id: 'description',
      header: 'Description',
      isExtra: true,
      cell: ({ description }) => description,
      text: ({ description }) => description,
    },
    currencyColumn,
    {
      id: 'source',
      header: 'Source',
      isExtra: true,
      cell: ({ source }) => <span className="font-mono text-[13px]">{idOf(source)}</span>,
      text: ({ source }) => idOf(source),
    },
    idColumn,
  ],
  input: { expand: ['data.source'] },
  filters: {
    type: choiceFilter(
      'Type',
      [
        { value: 'charge', label: 'Payment' },
        { value: 'refund', label: 'Refund' },
        { value: 'refund_failure', label: 'Failed refund' },
        { value: 'adjustment', label: 'Dispute' },
        { value: 'payout', label: 'Payout' },
        { value: 'payout_failure', label: 'Failed payout' },
        { value: 'payout_cancel', label: 'Cancelled payout' },
      ],
      'type',
    ),
    currency: textFilter('Currency', 'gbp', (text) => ({ currency: text.toLowerCase() })),
    source: textFilter('Source', 'ch_…, re_…, du_… or po_…', 'source'),
    created: datesFilter('Date'),
  },
  empty: {
    sentence:
      'Every movement of your money is here, with its fee: payments, refunds, disputes and payouts. The first payment makes the first.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `for await (const movement of stripe.balanceTransactions.list()) {
  console.log(movement.type, movement.net, movement.currency);
}`,
      ),
  },
});
