import { createdColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { choiceFilter, tabsFilter, textFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { plainMoney } from '@/components/money/format';
import { StatusBadge } from '@/components/ui/badge';
import { KIND_OPTIONS, KINDS, Side } from './kinds';

const plain = (amount: number | null, currency: string | null): string | null =>
  amount === null || currency === null ? null : plainMoney(amount, currency);

export const itemList = defineList({
  path: 'reconciliationItems.list',
  name: 'reconciliation',
  title: 'Reconciliation',
  nouns: ['difference', 'differences'],
  href: ({ id }) => `reconciliation/${id}`,
  columns: [
    {
      id: 'kind',
      header: 'Difference',
      isNarrow: true,
      cell: ({ kind }) => KINDS[kind].label,
      text: ({ kind }) => kind,
    },
    {
      id: 'status',
      header: 'Status',
      isNarrow: true,
      cell: ({ status }) => (
        <StatusBadge status={status} look={status === 'open' ? 'warn' : 'plain'} />
      ),
      text: ({ status }) => status,
    },
    {
      id: 'amount',
      header: 'Ours',
      align: 'end',
      cell: ({ amount, currency }) => <Side amount={amount} currency={currency} />,
      text: ({ amount, currency }) => plain(amount, currency),
    },
    {
      id: 'processor_amount',
      header: 'Theirs',
      align: 'end',
      cell: ({ processor_amount, currency }) => (
        <Side amount={processor_amount} currency={currency} />
      ),
      text: ({ processor_amount, currency }) => plain(processor_amount, currency),
    },
    {
      id: 'transaction',
      header: 'Processor’s id',
      cell: ({ transaction }) => <span className="font-mono text-[13px]">{transaction}</span>,
      text: ({ transaction }) => transaction,
    },
    { ...createdColumn, header: 'Found', isNarrow: true },
    {
      id: 'resolution',
      header: 'Resolution',
      isExtra: true,
      cell: ({ resolution }) => resolution,
      text: ({ resolution }) => resolution,
    },
    {
      id: 'resolved_by',
      header: 'Resolved by',
      isExtra: true,
      cell: ({ resolved_by }) => resolved_by,
      text: ({ resolved_by }) => resolved_by,
    },
    {
      id: 'reference',
      header: 'Reference',
      isExtra: true,
      cell: ({ reference }) => <span className="font-mono text-[13px]">{reference}</span>,
      text: ({ reference }) => reference,
    },
    {
      id: 'settlement_file',
      header: 'File',
      isExtra: true,
      cell: ({ settlement_file }) => settlement_file,
      text: ({ settlement_file }) => settlement_file,
    },
    idColumn,
  ],
  filters: {
    status: tabsFilter(
      'Status',
      [
        { value: 'open', label: 'Open' },
        { value: 'resolved', label: 'Resolved' },
      ],
      'status',
    ),
    kind: choiceFilter('Difference', KIND_OPTIONS, 'kind'),
    settlement_file: textFilter('File', 'stf_…', 'settlement_file'),
  },
  empty: {
    sentence:
      'Where your books and the card processor’s differ is listed here, for a person to decide. Import a settlement file to compare them.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const file = await stripe.rawRequest('POST', '/v1/settlement_files', {
  processor_account: 'pacct_...',
  content: await readFile('settlement.csv', 'utf8'),
});`,
      ),
  },
});
