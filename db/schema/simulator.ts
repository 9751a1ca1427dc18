/**
 * The journal of the simulated bank, referenced by nothing else.
 *
 * One row a request, only ever inserted. A row says what was asked, what was answered, and how the
 * authorization it concerns stood afterwards; `sequence` numbers the rows of one authorization, so
 * that of two requests decided upon the same state only one can be written.
 */
import { isNotNull, sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { idText, owned, tenancy, unixTime } from './_columns';

export const simulator_transactions = pgTable(
  'simulator_transactions',
  {
    /** The id is the merchant's reference, or `bank:…` for what the bank wrote on its own account. */
    ...owned(),
    verb: text().notNull(),
    /** What this request asked for, in minor units. */
    amount: bigint({ mode: 'number' }).notNull(),
    /** The bank's id of the authorization. */
    transaction: idText('transaction').notNull(),
    sequence: integer().notNull(),
    token: text().notNull(),
    currency: text().notNull(),
    requested: bigint({ mode: 'number' }).notNull(),
    capture: boolean().notNull(),
    state: text().notNull(),
    authorized: bigint({ mode: 'number' }).notNull(),
    captured: bigint({ mode: 'number' }).notNull(),
    refunded: bigint({ mode: 'number' }).notNull(),
    outcome: jsonb().notNull(),
    /** What it may be captured for beyond one part of what is reserved. */
    latitudes: jsonb().notNull().default([]),
  },
  (table) => [
    ...tenancy('simulator_transactions', table),
    unique('simulator_transactions_sequence').on(
      table.projectId,
      table.livemode,
      table.transaction,
      table.sequence,
    ),
    index('simulator_transactions_token')
      .on(table.projectId, table.livemode, table.token)
      .where(sql`verb = 'resume'`),
    check(
      'simulator_transactions_sums',
      sql`0 <= refunded AND refunded <= captured AND captured <= authorized AND authorized <= requested`,
    ),
  ],
);

/**
 * What the bank will tell of an entry without being asked: that a refund came back, or that the
 * cardholder disputes the payment. The id is the reference of the entry.
 */
export const simulator_sequels = pgTable(
  'simulator_sequels',
  {
    ...owned(),
    kind: text().notNull(),
    /** From when on it is to be told, in unix seconds; null once it was. */
    due_at: unixTime('due_at'),
  },
  (table) => [
    ...tenancy('simulator_sequels', table),
    index('simulator_sequels_due_idx').on(table.due_at).where(isNotNull(table.due_at)),
  ],
);
