import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { idText, owned, tenancy } from './_columns';

/**
 * Requests that carried an Idempotency-Key, with the answer they got. The id is the client's key.
 * A row is `started` only while a processor is being asked; all other requests insert it finished,
 * in the transaction of the change itself.
 */
export const idempotency_keys = pgTable(
  'idempotency_keys',
  {
    ...owned(),
    /** SHA-256 over method, path and parameters: the same key must come with the same request. */
    fingerprint: text('fingerprint').notNull(),
    status: text('status', { enum: ['started', 'finished'] }).notNull(),
    /** The request that was executed: replays name it in `Original-Request`. */
    request: idText('request').notNull(),
    /** Where the answer will come from if the process dies while it waits for the processor. */
    attempt: idText('attempt'),
    response_status: integer('response_status'),
    response_body: text('response_body'),
    created_at: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    ...tenancy('idempotency_keys', table),
    // Rows are appended in time order, so a few kilobytes of BRIN find the old ones.
    index('idempotency_keys_created_at_idx').using('brin', table.created_at),
  ],
);
