import { Money } from '@/components/money/money';
import { definePart } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { InvoiceNumber, InvoiceStatus } from './status';

/** The invoices of a customer, or of a subscription. */
export const invoicesPart = definePart({
  title: 'Invoices',
  path: 'invoices.list',
  empty: 'No invoices.',
  href: ({ id }) => `invoices/${id}`,
  columns: [
    { header: 'Number', isNarrow: true, cell: ({ number }) => <InvoiceNumber number={number} /> },
    { header: 'Status', isNarrow: true, cell: (invoice) => <InvoiceStatus invoice={invoice} /> },
    {
      header: 'Total',
      align: 'end',
      isNarrow: true,
      cell: ({ total, currency }) => <Money amount={total} currency={currency} hasCode />,
    },
    { header: 'Date', align: 'end', cell: ({ created }) => <Time at={created} as="date" /> },
  ],
});
