import { isNotNull, sql } from 'drizzle-orm';
import { check, index, pgTable, text } from 'drizzle-orm/pg-core';
import { filterIndex, idText, metadataColumn, money, owned, tenancy, unixTime } from './_columns';

/** Money on its way to the project's bank account. */
export const payouts = pgTable(
  'payouts',
  {
    ...owned(),
    status: text('status', {
      enum: ['pending', 'in_transit', 'paid', 'failed', 'canceled'],
    }).notNull(),
    /** Below zero where it takes back another. */
    amount: money('amount').notNull(),
    /** The beginning of a day (UTC). */
    arrival_date: unixTime('arrival_date').notNull(),
    balance_transaction: idText('balance_transaction').notNull(),
    currency: text('currency').notNull(),
    description: text('description'),
    /** When it goes on by itself, in test mode. Unix seconds. */
    due_at: unixTime('due_at'),
    failure_balance_transaction: idText('failure_balance_transaction'),
    failure_code: text('failure_code'),
    failure_message: text('failure_message'),
    metadata: metadataColumn(),
    /** Which one it takes back, and which one takes it back. */
    original_payout: idText('original_payout'),
    reversed_by: idText('reversed_by'),
    statement_descriptor: text('statement_descriptor'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('payouts', table),
    filterIndex('payouts', table, table.arrival_date),
    filterIndex('payouts', table, table.created),
    index('payouts_due_idx').on(table.due_at).where(isNotNull(table.due_at)),
    check('payouts_amount_not_zero', sql`${table.amount} <> 0`),
  ],
);
