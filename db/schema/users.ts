import { bigint, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { idText, unixTime } from './_columns';

/** People who log in to the dashboard. A user exists apart from projects; `members` joins them. */
export const users = pgTable('users', {
  id: idText('id').primaryKey(),
  /** Lower case. */
  email: text('email').notNull().unique(),
  name: text('name'),
  /** `$argon2id$…`, or `scrypt$N$r$p$salt$hash` of before; null for who signs in elsewhere. */
  password: text('password'),
  /** Sealed. It counts once `totp_enabled_at` is set: until then it is being set up. */
  totp_secret: text('totp_secret'),
  totp_enabled_at: timestamp('totp_enabled_at', { withTimezone: true }),
  /** The number of the last half minute whose code was taken: no code is taken twice. */
  totp_last_step: bigint('totp_last_step', { mode: 'number' }),
  created: unixTime('created').notNull(),
  last_login_at: timestamp('last_login_at', { withTimezone: true }),
});
