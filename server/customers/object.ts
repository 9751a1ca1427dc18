import type Stripe from 'stripe';
import type { CustomerRow } from './store';

/** What is only there on request, as `tax_ids`, is added by `includes.ts`. */
export const toCustomer = (row: CustomerRow): Stripe.Customer => ({
  id: row.id,
  object: 'customer',
  address: row.address,
  balance: row.balance,
  ...(row.business_name === null ? {} : { business_name: row.business_name }),
  created: row.created,
  currency: row.currency,
  default_source: row.default_source,
  delinquent: row.delinquent,
  description: row.description,
  discount: null,
  email: row.email,
  ...(row.individual_name === null ? {} : { individual_name: row.individual_name }),
  invoice_prefix: row.invoice_prefix,
  invoice_settings: row.invoice_settings,
  livemode: row.livemode,
  metadata: row.metadata,
  name: row.name,
  next_invoice_sequence: row.next_invoice_sequence,
  phone: row.phone,
  preferred_locales: row.preferred_locales,
  shipping: row.shipping,
  tax_exempt: row.tax_exempt,
  test_clock: null,
});

export const toDeletedCustomer = ({ id }: CustomerRow): Stripe.DeletedCustomer => ({
  id,
  object: 'customer',
  deleted: true,
});

/** A customer as others see it now: of a deleted one, only that it was. */
export const toCustomerOrDeleted = (row: CustomerRow): Stripe.Customer | Stripe.DeletedCustomer =>
  row.status === 'deleted' ? toDeletedCustomer(row) : toCustomer(row);
