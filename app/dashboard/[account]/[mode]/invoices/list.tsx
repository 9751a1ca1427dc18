import { customerName } from '@/components/api/expandable';
import { createdColumn, currencyColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import {
  choiceFilter,
  datesFilter,
  tabsFilter,
  textFilter,
  type Params,
} from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { plainMoney } from '@/components/money/format';
import { Money } from '@/components/money/money';
import { nowMs } from '@/components/time/clock';
import { formatUtc } from '@/components/time/format';
import { Time } from '@/components/time/time';
import { InvoiceNumber, InvoiceStatus } from './status';
import { invoiceSearch } from './search';

/** The query stays the same for so long, in seconds: what falls due meanwhile comes a little later. */
const STEP = 60 * 60;

const lately = (): number => Math.floor(nowMs() / 1_000 / STEP) * STEP;

/** What the tabs ask for: two are open invoices of a kind. */
function toStatus(status: string): Params {
  if (status === 'past_due') return { status: 'open', due_date: { lt: lately() } };
  return status === 'retrying' ? { state: 'retrying' } : { status };
}

export const invoiceList = defineList({
  path: 'invoices.list',
  name: 'invoices',
  title: 'Invoices',
  nouns: ['invoice', 'invoices'],
  href: ({ id }) => `invoices/${id}`,
  columns: [
    {
      id: 'number',
      header: 'Number',
      isNarrow: true,
      cell: ({ number }) => <InvoiceNumber number={number} />,
      text: ({ number }) => number,
    },
    {
      id: 'customer',
      header: 'Customer',
      cell: ({ customer }) => customerName(customer),
      text: ({ customer }) => customerName(customer),
    },
    {
      id: 'total',
      header: 'Total',
      align: 'end',
      isNarrow: true,
      cell: ({ total, currency }) => <Money amount={total} currency={currency} hasCode />,
      text: ({ total, currency }) => plainMoney(total, currency),
    },
    {
      id: 'status',
      header: 'Status',
      isNarrow: true,
      cell: (invoice) => <InvoiceStatus invoice={invoice} />,
      text: ({ status }) => status,
    },
    {
      id: 'due_date',
      header: 'Due',
      cell: ({ due_date }) => (due_date === null ? null : <Time at={due_date} as="date" />),
      text: ({ due_date }) => (due_date === null ? null : formatUtc(due_date)),
    },
    createdColumn,
    currencyColumn,
    {
      id: 'amount_remaining',
      header: 'Remaining',
      align: 'end',
      isExtra: true,
      cell: ({ amount_remaining, currency }) => (
        <Money amount={amount_remaining} currency={currency} />
      ),
      text: ({ amount_remaining, currency }) => plainMoney(amount_remaining, currency),
    },
    {
      id: 'customer_email',
      header: 'E-mail',
      isExtra: true,
      cell: ({ customer_email }) => customer_email,
      text: ({ customer_email }) => customer_email,
    },
    idColumn,
  ],
  input: { expand: ['data.customer'] },
  filters: {
    status: tabsFilter(
      'Status',
      [
        { value: 'draft', label: 'Draft' },
        { value: 'open', label: 'Open' },
        { value: 'past_due', label: 'Past due' },
        { value: 'retrying', label: 'Retrying' },
        { value: 'paid', label: 'Paid' },
        { value: 'uncollectible', label: 'Uncollectible' },
        { value: 'void', label: 'Void' },
      ],
      toStatus,
    ),
    collection_method: choiceFilter(
      'Collected',
      [
        { value: 'charge_automatically', label: 'From the card' },
        { value: 'send_invoice', label: 'By invoice' },
      ],
      'collection_method',
    ),
    customer: textFilter('Customer', 'cus_…', 'customer'),
    created: datesFilter('Created'),
  },
  search: {
    path: 'invoices.search',
    placeholder: 'Search by number',
    query: invoiceSearch,
  },
  empty: {
    sentence:
      'An invoice asks a customer for money, line by line. Subscriptions make their own; make any other here, or from your code.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const invoice = await stripe.invoices.create({ customer: customer.id });\nawait stripe.invoices.addLines(invoice.id, {\n  lines: [{ description: 'Consulting', amount: 25000 }],\n});\nawait stripe.invoices.finalizeInvoice(invoice.id);`,
      ),
  },
});
