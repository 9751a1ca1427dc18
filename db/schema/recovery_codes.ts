import { pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { idText } from './_columns';
import { users } from './users';

/** For who lost the device that shows codes. Each is good once. */
export const recovery_codes = pgTable(
  'recovery_codes',
  {
    user: idText('user')
      .notNull()
      .references(() => users.id),
    /** Hexadecimal SHA-256 of 80 random bits. */
    hash: text('hash').notNull(),
    used_at: timestamp('used_at', { withTimezone: true }),
  },
  (table) => [primaryKey({ name: 'recovery_codes_pkey', columns: [table.user, table.hash] })],
);
