import { eq, sql } from 'drizzle-orm';
import { integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { filterIndex, idText, money, owned, reference, tenancy, unixTime } from './_columns';
import { charges } from './charges';
import { processor_accounts } from './processor_accounts';
import { processor_attempts } from './processor_attempts';
import { refunds } from './refunds';
import { settlement_files } from './settlement_files';

/**
 * Where our books and the processor's differ, or may: for a person to look at. One that finds itself
 * is closed by itself. Each difference is raised once, however often it is met.
 */
export const reconciliation_items = pgTable(
  'reconciliation_items',
  {
    ...owned(),
    status: text('status', { enum: ['open', 'resolved'] }).notNull(),
    kind: text('kind', {
      enum: [
        'unresolved_attempt',
        'in_our_books_only',
        'in_their_books_only',
        'amount_differs',
        'state_differs',
      ],
    }).notNull(),
    processor_account: idText('processor_account'),
    /** What was asked, and by which reference. */
    processor_attempt: idText('processor_attempt'),
    payment_intent: idText('payment_intent'),
    setup_intent: idText('setup_intent'),
    charge: idText('charge'),
    refund: idText('refund'),
    /** The processor's id of it, where one is known. */
    transaction: text('transaction'),
    /** By our books and by theirs, in the currency's minor unit; null where there is none. */
    amount: money('amount'),
    processor_amount: money('processor_amount'),
    currency: text('currency'),
    /** How it stands by our books and by theirs, in each one's words. */
    state: text('state'),
    processor_state: text('processor_state'),
    /** Where it was met: a file of the processor's and the line of it. */
    settlement_file: idText('settlement_file'),
    line: integer('line'),
    /** What the difference is, in words of its own: it is raised once. */
    subject: text('subject').notNull(),
    resolution: text('resolution', { enum: ['succeeded', 'failed', 'found', 'acknowledged'] }),
    /** Who decided, by address; null where it found itself. */
    resolved_by: text('resolved_by'),
    note: text('note'),
    resolved_at: unixTime('resolved_at'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('reconciliation_items', table),
    filterIndex('reconciliation_items', table, table.kind),
    filterIndex('reconciliation_items', table, table.settlement_file),
    uniqueIndex('reconciliation_items_raised_once').on(
      table.projectId,
      table.livemode,
      table.kind,
      table.subject,
    ),
    uniqueIndex('reconciliation_items_open_attempt')
      .on(table.projectId, table.livemode, table.processor_attempt)
      .where(eq(table.status, sql.raw("'open'"))),
    reference('reconciliation_items', table, table.processor_account, () => processor_accounts),
    reference('reconciliation_items', table, table.processor_attempt, () => processor_attempts),
    reference('reconciliation_items', table, table.charge, () => charges),
    reference('reconciliation_items', table, table.refund, () => refunds),
    reference('reconciliation_items', table, table.settlement_file, () => settlement_files),
  ],
);
