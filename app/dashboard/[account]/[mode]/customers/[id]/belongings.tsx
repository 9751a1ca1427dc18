import { Money } from '@/components/money/money';
import { definePart } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { PaymentBadge } from '../../payments/state';

/** How many of each kind a customer's page shows. */
export const NEWEST = 5;

/** With the charge, by which a payment counts as refunded or disputed. */
export const paymentsOf = (customer: string) => ({
  customer,
  limit: NEWEST,
  expand: ['data.latest_charge'],
});

export const customerPayments = definePart({
  title: 'Payments',
  path: 'paymentIntents.list',
  empty: 'No payments yet.',
  href: ({ id }) => `payments/${id}`,
  columns: [
    {
      header: 'Amount',
      isNarrow: true,
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency} hasCode />,
    },
    { header: 'Status', isNarrow: true, cell: (payment) => <PaymentBadge payment={payment} /> },
    { header: 'Description', cell: ({ description }) => description },
    { header: 'Date', align: 'end', cell: ({ created }) => <Time at={created} as="ago" /> },
  ],
});

/** TABLE: why the balance moved, in words. */
const MOVES: Readonly<Record<string, string>> = {
  adjustment: 'Adjusted',
  applied_to_invoice: 'Applied to an invoice',
  credit_note: 'Credit note',
  initial: 'Initial balance',
  invoice_overpaid: 'Invoice overpaid',
  unapplied_from_invoice: 'Given back from an invoice',
};

export const customerBalance = definePart({
  title: 'Balance',
  path: 'customerBalanceTransactions.list',
  empty: 'The balance has never moved. A credit is taken off the next invoice.',
  columns: [
    {
      header: 'Amount',
      isNarrow: true,
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency} hasCode />,
    },
    {
      header: 'Why',
      isNarrow: true,
      cell: ({ type, description }) => description ?? MOVES[type] ?? type.replaceAll('_', ' '),
    },
    {
      header: 'Balance after',
      align: 'end',
      cell: ({ ending_balance, currency }) => <Money amount={ending_balance} currency={currency} />,
    },
    { header: 'Date', align: 'end', cell: ({ created }) => <Time at={created} as="ago" /> },
  ],
});
