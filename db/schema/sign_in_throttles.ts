import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** How often a sign-in failed in a row, and when it may be tried again. */
export const sign_in_throttles = pgTable(
  'sign_in_throttles',
  {
    /** SHA-256 of what is slowed down, such as `account/ada@example.com`. */
    key: text('key').primaryKey(),
    failures: integer('failures').notNull(),
    retry_at: timestamp('retry_at', { withTimezone: true }).notNull(),
    /** From then on it is as if nothing had happened. */
    forget_at: timestamp('forget_at', { withTimezone: true }).notNull(),
  },
  (table) => [index('sign_in_throttles_forget_at_idx').on(table.forget_at)],
);
