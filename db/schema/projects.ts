import { sql } from 'drizzle-orm';
import { bigint, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { idText, unixTime } from './_columns';

/**
 * Tenants. The number is the key of every tenant table (eight bytes in each index); `account` is
 * the same project as the outside knows it, in the form of Stripe's account id.
 */
export const projects = pgTable('projects', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  account: idText('account').notNull().unique(),
  name: text('name').notNull(),
  /** ISO 3166-1 alpha-2, upper case. */
  country: text('country').notNull().default('GB'),
  /** ISO 4217, lower case. */
  default_currency: text('default_currency').notNull().default('gbp'),
  /** What the dashboard can change: branding, statement descriptor, dunning. */
  settings: jsonb('settings')
    .$type<Record<string, unknown>>()
    .notNull()
    .default(sql`'{}'::jsonb`),
  created: unixTime('created').notNull(),
  deleted_at: timestamp('deleted_at', { withTimezone: true }),
});
