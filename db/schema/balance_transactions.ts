import { sql } from 'drizzle-orm';
import { check, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import { filterIndex, idText, money, owned, tenancy, unixTime } from './_columns';

/** Every movement of the project's balance. Rows are added, never changed: see `db/privileges.ts`. */
export const balance_transactions = pgTable(
  'balance_transactions',
  {
    ...owned(),
    amount: money('amount').notNull(),
    /** The beginning of a day (UTC). */
    available_on: unixTime('available_on').notNull(),
    currency: text('currency').notNull(),
    description: text('description'),
    fee: money('fee').notNull(),
    fee_details: jsonb('fee_details').$type<Stripe.BalanceTransaction.FeeDetail[]>().notNull(),
    net: money('net').notNull(),
    reporting_category: text('reporting_category').notNull(),
    source: idText('source').notNull(),
    type: text('type', {
      enum: [
        'adjustment',
        'charge',
        'payout',
        'payout_cancel',
        'payout_failure',
        'refund',
        'refund_failure',
      ],
    }).notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('balance_transactions', table),
    filterIndex('balance_transactions', table, table.source),
    filterIndex('balance_transactions', table, table.type),
    filterIndex('balance_transactions', table, table.currency),
    filterIndex('balance_transactions', table, table.created),
    check('balance_transactions_net', sql`${table.net} = ${table.amount} - ${table.fee}`),
  ],
);
