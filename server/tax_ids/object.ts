import type Stripe from 'stripe';
import type { TaxIdRow } from './store';

/** Without a customer it is the project's own, which Stripe calls `self`. */
export const toTaxId = (row: TaxIdRow): Stripe.TaxId => ({
  id: row.id,
  object: 'tax_id',
  country: row.country,
  created: row.created,
  customer: row.customer,
  customer_account: null,
  livemode: row.livemode,
  owner:
    row.customer === null
      ? { customer_account: null, type: 'self' }
      : { customer: row.customer, customer_account: null, type: 'customer' },
  type: row.type,
  value: row.value,
  verification: row.verification,
});

export const toDeletedTaxId = ({ id }: TaxIdRow): Stripe.DeletedTaxId => ({
  id,
  object: 'tax_id',
  deleted: true,
});
