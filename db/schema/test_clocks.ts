import { isNotNull, sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { filterIndex, owned, tenancy, unixTime } from './_columns';

/**
 * A time of its own for the customers that are attached to it. A deleted clock stays, because they
 * still name it: it is then the time at which theirs ended.
 */
export const test_clocks = pgTable(
  'test_clocks',
  {
    ...owned(),
    status: text('status', {
      enum: ['advancing', 'deleted', 'internal_failure', 'ready'],
    }).notNull(),
    name: text('name'),
    /** What time it is there, in unix seconds. */
    frozen_time: unixTime('frozen_time').notNull(),
    /** Where it is going while it advances. */
    target_time: unixTime('target_time'),
    /** When a worker may take it on while it advances. One that has it puts this off. */
    advance_at: timestamp('advance_at', { withTimezone: true }),
    deletes_after: unixTime('deletes_after').notNull(),
    /** Why it failed. */
    failure: jsonb('failure').$type<{ message: string }>(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('test_clocks', table),
    filterIndex('test_clocks', table, table.created),
    index('test_clocks_advance_at_idx').on(table.advance_at).where(isNotNull(table.advance_at)),
    index('test_clocks_deletes_after_idx')
      .on(table.deletes_after)
      .where(sql`status in ('internal_failure', 'ready')`),
  ],
);
