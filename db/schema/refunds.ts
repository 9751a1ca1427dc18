import { sql } from 'drizzle-orm';
import { check, pgTable, text } from 'drizzle-orm/pg-core';
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
import { charges } from './charges';
import { payment_intents } from './payment_intents';

/** Money back, of all or part of a charge. */
export const refunds = pgTable(
  'refunds',
  {
    ...owned(),
    status: text('status', {
      enum: ['pending', 'requires_action', 'succeeded', 'failed', 'canceled'],
    }).notNull(),
    amount: money('amount').notNull(),
    balance_transaction: idText('balance_transaction'),
    charge: idText('charge').notNull(),
    currency: text('currency').notNull(),
    customer: idText('customer'),
    failure_balance_transaction: idText('failure_balance_transaction'),
    failure_reason: text('failure_reason'),
    metadata: metadataColumn(),
    payment_intent: idText('payment_intent').notNull(),
    payment_method: idText('payment_method').notNull(),
    pending_reason: text('pending_reason', {
      enum: ['processing', 'insufficient_funds', 'charge_pending'],
    }),
    processor_transaction: text('processor_transaction'),
    reason: text('reason', { enum: ['duplicate', 'fraudulent', 'requested_by_customer'] }),
    /** What the processor has deducted for it, by its settlement files; null until it has. */
    settled: money('settled'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('refunds', table),
    filterIndex('refunds', table, table.charge),
    filterIndex('refunds', table, table.payment_intent),
    filterIndex('refunds', table, table.created),
    // By which a settlement file names it.
    filterIndex('refunds', table, table.processor_transaction),
    check('refunds_amount_positive', sql`${table.amount} > 0`),
    reference('refunds', table, table.charge, () => charges),
    reference('refunds', table, table.payment_intent, () => payment_intents),
  ],
);
