import { boolean, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { idText, unixTime } from './_columns';
import { users } from './users';

/** Where somebody is signed in. The browser's cookie names one, so that ending it here ends it. */
export const sessions = pgTable(
  'sessions',
  {
    id: idText('id').primaryKey(),
    user: idText('user')
      .notNull()
      .references(() => users.id),
    method: text('method', { enum: ['password', 'google', 'github'] }).notNull(),
    /** The password was right; until the code is too, the session is good for nothing else. */
    awaits_second_factor: boolean('awaits_second_factor').notNull(),
    ip: text('ip'),
    user_agent: text('user_agent'),
    /** Some minutes late. */
    last_seen_at: timestamp('last_seen_at', { withTimezone: true }).notNull(),
    expires_at: timestamp('expires_at', { withTimezone: true }).notNull(),
    ended_at: timestamp('ended_at', { withTimezone: true }),
    created: unixTime('created').notNull(),
  },
  (table) => [index('sessions_user_idx').on(table.user, table.id)],
);
