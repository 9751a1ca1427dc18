import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { idText, unixTime } from './_columns';

/** People who log in to the dashboard. A user exists apart from projects; `members` joins them. */
export const users = pgTable('users', {
  id: idText('id').primaryKey(),
  /** Lower case. */
  email: text('email').notNull().unique(),
  name: text('name'),
  /** `scrypt$N$r$p$salt$hash`; null for a user who signs in elsewhere. */
  password: text('password'),
  created: unixTime('created').notNull(),
  last_login_at: timestamp('last_login_at', { withTimezone: true }),
});
