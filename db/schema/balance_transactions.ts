import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import { filterIndex, idText, money, owned, tenancy, unixTime } from './_columns';

/** Every movement of the project's balance. Rows are added, never changed. */
export const balance_transactions = pgTable(
  'balance_transactions',
  {
    ...owned(),
    amount: money('amount').notNull(),
    available_on: unixTime('available_on').notNull(),
    currency: text('currency').notNull(),
    description: text('description'),
    fee: money('fee').notNull(),
    fee_details: jsonb('fee_details').$type<Stripe.BalanceTransaction.FeeDetail[]>().notNull(),
    net: money('net').notNull(),
    reporting_category: text('reporting_category').notNull(),
    source: idText('source').notNull(),
    type: text('type', {
      enum: ['charge', 'payment_failure_refund', 'refund', 'refund_failure', 'adjustment'],
    }).notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('balance_transactions', table),
    filterIndex('balance_transactions', table, table.source),
    filterIndex('balance_transactions', table, table.type),
    filterIndex('balance_transactions', table, table.available_on),
    filterIndex('balance_transactions', table, table.created),
  ],
);
