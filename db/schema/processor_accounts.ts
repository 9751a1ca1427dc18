import { boolean, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { owned, tenancy, unixTime } from './_columns';

/**
 * By which credentials a processor is asked. What an account has started names it and goes on with
 * it, so an account is never deleted, and what identifies it at the processor never changes.
 */
export const processor_accounts = pgTable(
  'processor_accounts',
  {
    ...owned(),
    /** A disabled one starts no new payments; what it has started goes on. */
    status: text('status', { enum: ['active', 'disabled'] }).notNull(),
    processor: text('processor', { enum: ['cardstream'] }).notNull(),
    /** By which the processor knows the merchant. */
    merchant_id: text('merchant_id').notNull(),
    /** Signs requests and answers. Encrypted. */
    secret: text('secret').notNull(),
    /** Of accounts that have one beside the signature. Encrypted. */
    password: text('password'),
    /** Where the gateway is, without the path of an integration. */
    base_url: text('base_url').notNull(),
    three_d_secure: boolean('three_d_secure').notNull(),
    /** Where the merchant is: ISO 3166-1 alpha-2, upper case. */
    country: text('country').notNull(),
    /** ISO 18245, four digits. */
    merchant_category_code: text('merchant_category_code'),
    /** In the address that the processor calls back; nobody else is told it. */
    callback_token: text('callback_token').notNull(),
    /** Counts changes, so that whoever keeps the opened credentials knows that they are stale. */
    revision: integer('revision').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('processor_accounts', table),
    // Not unique: a unique constraint would span tenants, and 190 random bits do not collide.
    index('processor_accounts_callback_token_idx').on(table.callback_token),
  ],
);
