import { index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { idText, ofProject, projectTenancy, unixTime } from './_columns';
import { ROLES } from './members';

/** A link by which somebody becomes a member. The link's secret is kept as its hash only. */
export const invitations = pgTable(
  'invitations',
  {
    ...ofProject(),
    /** Lower case: whom the link is for. */
    email: text('email').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    status: text('status', { enum: ['pending', 'accepted', 'revoked'] }).notNull(),
    /** Hexadecimal SHA-256 of 143 random bits. */
    hash: text('hash').notNull(),
    /** The user who invites. */
    invited_by: idText('invited_by').notNull(),
    expires_at: timestamp('expires_at', { withTimezone: true }).notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...projectTenancy('invitations', table),
    // Not unique: a unique constraint would span tenants, and 143 random bits do not collide.
    index('invitations_hash_idx').on(table.hash),
  ],
);
