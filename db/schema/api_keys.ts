import { index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { idText, owned, tenancy, unixTime } from './_columns';

/**
 * Keys to a project in one mode. Of a secret only its SHA-256, its prefix and its last four
 * characters are kept: 143 random bits need no slow hash (OWASP ASVS 5.0, 6.5.2).
 */
export const api_keys = pgTable(
  'api_keys',
  {
    ...owned(),
    type: text('type', { enum: ['secret', 'publishable', 'restricted'] }).notNull(),
    name: text('name'),
    /** Hexadecimal. */
    hash: text('hash').notNull(),
    /** `sk_test_` and so on. */
    prefix: text('prefix').notNull(),
    last4: text('last4').notNull(),
    /** The whole key, for a publishable one only: it is no secret, and pages embed it. */
    publishable: text('publishable'),
    /** Resource to right, for a restricted key only. What is not named is `none`. */
    rights: jsonb('rights').$type<Record<string, 'none' | 'read' | 'write'>>(),
    status: text('status', { enum: ['active', 'revoked'] }).notNull(),
    /** Refused from this instant on: the end of a rolled key's grace, or a date the owner chose. */
    expires_at: timestamp('expires_at', { withTimezone: true }),
    last_used_at: timestamp('last_used_at', { withTimezone: true }),
    /** The key that took this one's place. */
    replaced_by: idText('replaced_by'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('api_keys', table),
    // Not unique: a unique constraint would span tenants, and 143 random bits do not collide.
    index('api_keys_hash_idx').on(table.hash),
  ],
);
