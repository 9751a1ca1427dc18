import { eq, sql } from 'drizzle-orm';
import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { filterIndex, idText, owned, reference, tenancy, unixTime } from './_columns';
import { webhook_endpoints } from './webhook_endpoints';

/**
 * One event on its way to one endpoint, written with the event. The id is made of the two ids, so
 * that the pair can exist only once. There is no foreign key to `events`: it would stop retention
 * from dropping a partition.
 */
export const webhook_deliveries = pgTable(
  'webhook_deliveries',
  {
    ...owned(),
    status: text('status', { enum: ['pending', 'succeeded', 'failed'] }).notNull(),
    event: idText('event').notNull(),
    endpoint: idText('endpoint').notNull(),
    /** How often it was sent. */
    attempts: integer('attempts').notNull(),
    /** When to send next; while a worker sends it, when another may take over. Null when done. */
    next_attempt_at: timestamp('next_attempt_at', { withTimezone: true }),
    created_at: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    ...tenancy('webhook_deliveries', table),
    filterIndex('webhook_deliveries', table, table.event),
    filterIndex('webhook_deliveries', table, table.endpoint),
    index('webhook_deliveries_due_idx')
      .on(table.endpoint, table.next_attempt_at)
      .where(eq(table.status, sql.raw("'pending'"))),
    reference('webhook_deliveries', table, table.endpoint, () => webhook_endpoints),
  ],
);

/** Each time a delivery was sent, and what the receiver said. */
export const webhook_delivery_attempts = pgTable(
  'webhook_delivery_attempts',
  {
    ...owned(),
    delivery: idText('delivery').notNull(),
    endpoint: idText('endpoint').notNull(),
    /** Null when there was no answer; `failure` then says why. */
    response_status: integer('response_status'),
    /** The first 16 KiB. */
    response_body: text('response_body'),
    failure: text('failure'),
    duration_ms: integer('duration_ms').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('webhook_delivery_attempts', table),
    filterIndex('webhook_delivery_attempts', table, table.delivery),
    filterIndex('webhook_delivery_attempts', table, table.endpoint),
  ],
);
