import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { idText, unixTime } from './_columns';
import { users } from './users';

/** Whom another service knows a user as, for signing in with it. */
export const user_identities = pgTable(
  'user_identities',
  {
    provider: text('provider', { enum: ['google', 'github'] }).notNull(),
    /** The service's own id of the person, which stays when the e-mail address changes. */
    subject: text('subject').notNull(),
    user: idText('user')
      .notNull()
      .references(() => users.id),
    created: unixTime('created').notNull(),
  },
  (table) => [
    primaryKey({ name: 'user_identities_pkey', columns: [table.provider, table.subject] }),
    index('user_identities_user_idx').on(table.user),
  ],
);
