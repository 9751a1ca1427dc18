import { idOf } from '@/components/api/expandable';
import { Money } from '@/components/money/money';
import { definePart } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { StatusBadge } from '@/components/ui/badge';
import { CopyId } from '@/components/ui/copy';

export const invoicePayments = definePart({
  title: 'Payments',
  path: 'invoicePayments.list',
  empty: 'No payments.',
  href: ({ payment }) => `payments/${idOf(payment.payment_intent) ?? ''}`,
  columns: [
    {
      header: 'Amount',
      isNarrow: true,
      cell: ({ amount_paid, amount_requested, currency }) => (
        <Money amount={amount_paid ?? amount_requested} currency={currency} hasCode />
      ),
    },
    { header: 'Status', isNarrow: true, cell: ({ status }) => <StatusBadge status={status} /> },
    {
      header: 'Payment',
      cell: ({ payment }) => {
        const id = idOf(payment.payment_intent);
        return id === null ? null : <CopyId id={id} className="relative z-10 max-w-40" />;
      },
    },
    {
      header: 'Date',
      align: 'end',
      cell: ({ created, status_transitions: { paid_at } }) => (
        <Time at={paid_at ?? created} as="ago" />
      ),
    },
  ],
});

/** TABLE: why a credit note was issued, in words. */
export const CREDIT_REASONS = [
  { value: 'duplicate', label: 'A duplicate' },
  { value: 'fraudulent', label: 'Fraudulent' },
  { value: 'order_change', label: 'The order changed' },
  { value: 'product_unsatisfactory', label: 'The product did not satisfy' },
] as const;

export const invoiceCreditNotes = definePart({
  title: 'Credit notes',
  path: 'creditNotes.list',
  empty: 'Nothing was credited.',
  columns: [
    { header: 'Number', isNarrow: true, cell: ({ number }) => number },
    {
      header: 'Status',
      cell: ({ status }) => <StatusBadge status={status} />,
    },
    {
      header: 'Reason',
      cell: ({ reason }) => CREDIT_REASONS.find(({ value }) => value === reason)?.label,
    },
    {
      header: 'Amount',
      align: 'end',
      isNarrow: true,
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency} hasCode />,
    },
    { header: 'Date', align: 'end', cell: ({ created }) => <Time at={created} as="date" /> },
  ],
});
