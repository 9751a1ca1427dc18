import { and, eq, ne, sql } from 'drizzle-orm';
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { filterIndex, idText, money, owned, reference, tenancy, unixTime } from './_columns';
import { payment_intents } from './payment_intents';
import { setup_intents } from './setup_intents';

/**
 * The intention, written before a processor is asked, and the answer, written after. The id is the
 * reference that the processor stores too: whoever finds a row still `pending` can ask what became
 * of it. At most one is open for an intent, so no second reference is ever issued beside it.
 */
export const processor_attempts = pgTable(
  'processor_attempts',
  {
    ...owned(),
    status: text('status', { enum: ['pending', 'answered'] }).notNull(),
    kind: text('kind', {
      enum: ['authorize', 'resume', 'capture', 'cancel', 'refund', 'verify', 'resume_verify'],
    }).notNull(),
    processor: text('processor').notNull(),
    /** What it is for: one of the two. */
    payment_intent: idText('payment_intent'),
    setup_intent: idText('setup_intent'),
    payment_method: idText('payment_method'),
    /** The charge that this attempt makes or acts on; verifying a card makes none. */
    charge: idText('charge'),
    /** The try of the setup intent that this attempt is made for. */
    setup_attempt: idText('setup_attempt'),
    refund: idText('refund'),
    /** By which the processor knows the card, for what charges one. */
    processor_token: text('processor_token'),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    capture: boolean('capture').notNull(),
    off_session: boolean('off_session').notNull(),
    /** The payer is not to be challenged: whoever asked wants a decline instead. */
    error_on_requires_action: boolean('error_on_requires_action').notNull(),
    statement_descriptor: text('statement_descriptor'),
    /** Of the authorization that is resumed, captured, cancelled or refunded. */
    transaction: text('transaction'),
    /** What a cancellation was asked with, so that it can be applied when the answer comes. */
    reason: text('reason'),
    /** The processor's outcome, as server/processor defines it. */
    outcome: jsonb('outcome').$type<unknown>(),
    /** How often the processor was asked what became of it. */
    inquiries: integer('inquiries').notNull(),
    /** When to ask next; null once answered. */
    inquire_at: timestamp('inquire_at', { withTimezone: true }),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('processor_attempts', table),
    filterIndex('processor_attempts', table, table.payment_intent),
    index('processor_attempts_due_idx')
      .on(table.inquire_at)
      .where(eq(table.status, sql.raw("'pending'"))),
    uniqueIndex('processor_attempts_one_open_an_intent')
      .on(table.projectId, table.livemode, table.payment_intent)
      .where(
        and(eq(table.status, sql.raw("'pending'")), ne(table.kind, sql.raw("'refund'"))) ?? sql``,
      ),
    uniqueIndex('processor_attempts_one_open_a_setup')
      .on(table.projectId, table.livemode, table.setup_intent)
      .where(eq(table.status, sql.raw("'pending'"))),
    uniqueIndex('processor_attempts_one_open_a_refund')
      .on(table.projectId, table.livemode, table.refund)
      .where(eq(table.status, sql.raw("'pending'"))),
    reference('processor_attempts', table, table.payment_intent, () => payment_intents),
    reference('processor_attempts', table, table.setup_intent, () => setup_intents),
  ],
);
