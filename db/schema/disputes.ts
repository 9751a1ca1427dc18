import { and, isNotNull, isNull, sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
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

/** A cardholder's issuer asks for their money back, or asks why it was taken. */
export const disputes = pgTable(
  'disputes',
  {
    ...owned(),
    status: text('status', {
      enum: [
        'warning_needs_response',
        'warning_under_review',
        'warning_closed',
        'needs_response',
        'under_review',
        'won',
        'lost',
      ],
    }).notNull(),
    amount: money('amount').notNull(),
    /** Of the card that was charged, for `payment_method_details`. */
    brand: text('brand').notNull(),
    case_type: text('case_type', { enum: ['chargeback', 'compliance', 'inquiry'] }).notNull(),
    charge: idText('charge').notNull(),
    currency: text('currency').notNull(),
    /** When something is due to be done with it: it lapses, or the issuer decides. Unix seconds. */
    due_at: unixTime('due_at'),
    /** Until when evidence is taken. */
    due_by: unixTime('due_by').notNull(),
    evidence: jsonb('evidence').$type<Partial<Record<string, string>>>().notNull(),
    metadata: metadataColumn(),
    network_reason_code: text('network_reason_code'),
    payment_intent: idText('payment_intent'),
    reason: text('reason').notNull(),
    /** The balance transaction by which the money came back. */
    reinstatement: idText('reinstatement'),
    submission_count: integer('submission_count').notNull(),
    test_clock: idText('test_clock'),
    /** The balance transaction by which the money went. */
    withdrawal: idText('withdrawal'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('disputes', table),
    filterIndex('disputes', table, table.charge),
    filterIndex('disputes', table, table.payment_intent),
    filterIndex('disputes', table, table.created),
    index('disputes_due_idx')
      .on(table.due_at)
      .where(and(isNotNull(table.due_at), isNull(table.test_clock)) ?? sql``),
    index('disputes_due_on_clock_idx')
      .on(table.projectId, table.livemode, table.test_clock, table.due_at)
      .where(and(isNotNull(table.due_at), isNotNull(table.test_clock)) ?? sql``),
    check('disputes_amount_positive', sql`${table.amount} > 0`),
    reference('disputes', table, table.charge, () => charges),
    reference('disputes', table, table.payment_intent, () => payment_intents),
  ],
);
