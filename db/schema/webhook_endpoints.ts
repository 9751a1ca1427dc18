import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { metadataColumn, owned, tenancy, unixTime } from './_columns';

/** Where to tell. */
export const webhook_endpoints = pgTable(
  'webhook_endpoints',
  {
    ...owned(),
    status: text('status', { enum: ['enabled', 'disabled'] }).notNull(),
    api_version: text('api_version'),
    description: text('description'),
    /** Event types, or `*` for all. */
    enabled_events: text('enabled_events').array().notNull(),
    metadata: metadataColumn(),
    /** Encrypted, because deliveries must be signed with it. */
    secret: text('secret').notNull(),
    /** While a secret is being rolled, deliveries carry a signature with the old one too. */
    previous_secret: text('previous_secret'),
    previous_secret_expires_at: timestamp('previous_secret_expires_at', { withTimezone: true }),
    url: text('url').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [...tenancy('webhook_endpoints', table)],
);
