import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import { filterIndex, idText, owned, reference, tenancy, unixTime } from './_columns';
import { customers } from './customers';

/** Tax numbers that go on a customer's invoices. */
export const tax_ids = pgTable(
  'tax_ids',
  {
    ...owned(),
    customer: idText('customer'),
    country: text('country'),
    type: text('type').notNull(),
    value: text('value').notNull(),
    verification: jsonb('verification').$type<Stripe.TaxId.Verification>(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('tax_ids', table),
    filterIndex('tax_ids', table, table.customer),
    reference('tax_ids', table, table.customer, () => customers),
  ],
);
