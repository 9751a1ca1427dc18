import type { Outputs } from '@/components/api/queries';

/** What the page asks for, on the server and in the browser alike. */
export const invoiceCall = (id: string) => ({
  id,
  expand: [
    'account_tax_ids',
    'customer',
    'default_payment_method',
    'total_discount_amounts.discount.source.coupon',
  ],
});

/** And what it gets. */
export type InvoiceObject = Outputs['invoices']['retrieve'];
