import { boolean, integer, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import { filterIndex, metadataColumn, owned, tenancy, unixTime } from './_columns';

/** A tax by its percentage, in the price or on top of it. What it asks never changes. */
export const tax_rates = pgTable(
  'tax_rates',
  {
    ...owned(),
    status: text('status', { enum: ['active', 'inactive'] }).notNull(),
    country: text('country'),
    description: text('description'),
    display_name: text('display_name').notNull(),
    inclusive: boolean('inclusive').notNull(),
    jurisdiction: text('jurisdiction'),
    metadata: metadataColumn(),
    /** In ten-thousandths of a percent, as Stripe's four decimals allow: 20 % is 200000. */
    percentage: integer('percentage').notNull(),
    state: text('state'),
    tax_type: text('tax_type').$type<Stripe.TaxRate.TaxType>(),
    created: unixTime('created').notNull(),
  },
  (table) => [...tenancy('tax_rates', table), filterIndex('tax_rates', table, table.created)],
);
