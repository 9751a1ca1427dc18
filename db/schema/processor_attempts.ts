import { and, eq, isNotNull, ne, sql, type SQL } from 'drizzle-orm';
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import { filterIndex, idText, money, owned, reference, tenancy, unixTime } from './_columns';
import { payment_intents } from './payment_intents';
import { processor_accounts } from './processor_accounts';
import { setup_intents } from './setup_intents';

/** What is known of a payment method, or of a token, before its card is. */
export interface KeptCard {
  readonly allow_redisplay?: 'always' | 'limited' | 'unspecified' | undefined;
  readonly billing_details?: Partial<Stripe.PaymentMethod.BillingDetails> | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Of a token: where the card was handed in from. */
  readonly client_ip?: string | null | undefined;
}

/** Still waited for, and about one. */
const isOpen = (status: AnyPgColumn, subject: AnyPgColumn): SQL =>
  sql`${eq(status, sql.raw("'pending'"))} and ${isNotNull(subject)}`;

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
      enum: [
        'authorize',
        'resume',
        'capture',
        'increment',
        'cancel',
        'refund',
        'verify',
        'resume_verify',
        'keep',
      ],
    }).notNull(),
    processor: text('processor').notNull(),
    /** Whose credentials it is asked with; null is the simulator, which needs none. */
    processor_account: idText('processor_account'),
    /** What it is for: one of these. */
    payment_intent: idText('payment_intent'),
    setup_intent: idText('setup_intent'),
    payment_method: idText('payment_method'),
    /** The token that a card is to be kept as; there is none before the processor answered. */
    token: idText('token'),
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
    /** The shop's own page shows a challenge, in a frame. */
    use_stripe_sdk: boolean('use_stripe_sdk').notNull().default(false),
    /** How somebody else authenticated the cardholder, as server/processor defines it. */
    authentication: jsonb('authentication').$type<unknown>(),
    /** What is asked for beyond one capture, as server/processor defines it. */
    latitudes: jsonb('latitudes').$type<string[]>().notNull().default([]),
    /** Whether nothing is to be captured after this. */
    final: boolean('final').notNull().default(true),
    statement_descriptor: text('statement_descriptor'),
    /** How it is marked for the card networks: `Agreement` and so on of server/processor. */
    agreement: text('agreement', {
      enum: ['none', 'card_on_file', 'recurring', 'unscheduled', 'instalment'],
    })
      .notNull()
      .default('none'),
    initiator: text('initiator', { enum: ['customer', 'merchant'] })
      .notNull()
      .default('customer'),
    /** The processor's transaction that stored the card, or began the agreement. */
    previous: text('previous'),
    request_three_d_secure: text('request_three_d_secure', {
      enum: ['automatic', 'any', 'challenge'],
    })
      .notNull()
      .default('automatic'),
    /** Whom the card belongs to, and in which browser they pay, as server/processor defines it. */
    billing: jsonb('billing').$type<unknown>(),
    browser: jsonb('browser').$type<unknown>(),
    /** What the payer was to do, and what came back: see `Resume` of server/processor. */
    step: jsonb('step').$type<unknown>(),
    answer: jsonb('answer').$type<unknown>(),
    /** Of a refund: what was left to give back before it. */
    refundable: money('refundable'),
    /** Of a card that is to be kept: what its payment method is to be made with. */
    kept: jsonb('kept').$type<KeptCard>(),
    /** Of the authorization that is resumed, captured, cancelled or refunded. */
    transaction: text('transaction'),
    /** What a cancellation was asked with, so that it can be applied when the answer comes. */
    reason: text('reason'),
    /** The processor's outcome, as server/processor defines it. */
    outcome: jsonb('outcome').$type<unknown>(),
    /** The processor's id of what it began, where the answer was lost and that much is known. */
    arrived_as: text('arrived_as'),
    /** The outcome that a person found out elsewhere, where the processor cannot tell it. */
    decision: jsonb('decision').$type<unknown>(),
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
    // Of rows that name one: a payment names no refund, and takes no place for it.
    index('processor_attempts_open_transaction_idx')
      .on(table.projectId, table.livemode, table.transaction)
      .where(isOpen(table.status, table.transaction)),
    uniqueIndex('processor_attempts_one_open_an_intent')
      .on(table.projectId, table.livemode, table.payment_intent)
      .where(
        and(isOpen(table.status, table.payment_intent), ne(table.kind, sql.raw("'refund'"))) ??
          sql``,
      ),
    uniqueIndex('processor_attempts_one_open_a_setup')
      .on(table.projectId, table.livemode, table.setup_intent)
      .where(isOpen(table.status, table.setup_intent)),
    uniqueIndex('processor_attempts_one_open_a_refund')
      .on(table.projectId, table.livemode, table.refund)
      .where(isOpen(table.status, table.refund)),
    reference('processor_attempts', table, table.payment_intent, () => payment_intents),
    reference('processor_attempts', table, table.processor_account, () => processor_accounts),
    reference('processor_attempts', table, table.setup_intent, () => setup_intents),
  ],
);
