import { isNull } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import {
  filterIndex,
  idText,
  metadataColumn,
  money,
  owned,
  reference,
  tenancy,
  unixTime,
} from './_columns';
import { customers } from './customers';

/** Something to ask a customer for: on the next invoice, or on a draft. */
export const invoice_items = pgTable(
  'invoice_items',
  {
    ...owned(),
    customer: idText('customer').notNull(),
    /** The invoice that it is on; null while it waits for one. */
    invoice: idText('invoice'),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    date: unixTime('date').notNull(),
    description: text('description'),
    discountable: boolean('discountable').notNull(),
    discounts: jsonb('discounts').$type<string[]>().notNull(),
    metadata: metadataColumn(),
    period_end: unixTime('period_end').notNull(),
    period_start: unixTime('period_start').notNull(),
    price: idText('price'),
    product: idText('product'),
    proration: boolean('proration').notNull(),
    proration_details: jsonb('proration_details').$type<Stripe.InvoiceItem.ProrationDetails>(),
    /** What a credit gives back: the lines that charged it. */
    credited_lines: jsonb('credited_lines').$type<{ invoice: string; lines: string[] }>(),
    quantity: integer('quantity').notNull(),
    /** With its decimals, where it has any. */
    quantity_decimal: text('quantity_decimal'),
    subscription: idText('subscription'),
    subscription_item: idText('subscription_item'),
    tax_rates: jsonb('tax_rates').$type<string[]>(),
    test_clock: idText('test_clock'),
    unit_amount_decimal: text('unit_amount_decimal'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('invoice_items', table),
    filterIndex('invoice_items', table, table.customer),
    filterIndex('invoice_items', table, table.invoice),
    filterIndex('invoice_items', table, table.created),
    index('invoice_items_pending_idx')
      .on(table.projectId, table.livemode, table.customer, table.id)
      .where(isNull(table.invoice)),
    reference('invoice_items', table, table.customer, () => customers),
  ],
);
