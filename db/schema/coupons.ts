import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import {
  filterIndex,
  idText,
  metadataColumn,
  money,
  owned,
  reference,
  tenancy,
  unixTime,
} from './_columns';

/** What is taken off, and for how long. Its id is the merchant's own, where one was given. */
export const coupons = pgTable(
  'coupons',
  {
    ...owned(),
    status: text('status', { enum: ['active', 'deleted'] }).notNull(),
    amount_off: money('amount_off'),
    currency: text('currency'),
    /** Amounts off in further currencies, by ISO code. */
    currency_options:
      jsonb('currency_options').$type<Record<string, Stripe.Coupon.CurrencyOptions>>(),
    /** In hundredths of a percent: 12.5 % is 1250. */
    percent_off: integer('percent_off'),
    duration: text('duration', { enum: ['forever', 'once', 'repeating'] }).notNull(),
    duration_in_months: integer('duration_in_months'),
    /** Ids of the products it is for; null is for all. */
    applies_to: jsonb('applies_to').$type<string[]>(),
    max_redemptions: integer('max_redemptions'),
    metadata: metadataColumn(),
    name: text('name'),
    redeem_by: unixTime('redeem_by'),
    times_redeemed: integer('times_redeemed').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [...tenancy('coupons', table), filterIndex('coupons', table, table.created)],
);

/** A word that customers type to get a coupon. */
export const promotion_codes = pgTable(
  'promotion_codes',
  {
    ...owned(),
    status: text('status', { enum: ['active', 'inactive'] }).notNull(),
    code: text('code').notNull(),
    coupon: idText('coupon').notNull(),
    customer: idText('customer'),
    expires_at: unixTime('expires_at'),
    max_redemptions: integer('max_redemptions'),
    metadata: metadataColumn(),
    restrictions: jsonb('restrictions').$type<Stripe.PromotionCode.Restrictions>().notNull(),
    times_redeemed: integer('times_redeemed').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('promotion_codes', table),
    filterIndex('promotion_codes', table, table.coupon),
    filterIndex('promotion_codes', table, table.customer),
    // Codes are the same in any case.
    index('promotion_codes_code_idx').on(
      table.projectId,
      table.livemode,
      sql`lower(${table.code})`,
      table.id,
    ),
    filterIndex('promotion_codes', table, table.created),
    reference('promotion_codes', table, table.coupon, () => coupons),
  ],
);

/**
 * A coupon at work on something: a customer, a subscription or its item, an invoice or its item.
 * Which of them is said by the one reference that is set beside the customer. What it is on lists
 * it, in order; it stays when it is taken off, because invoices name it.
 */
export const discounts = pgTable(
  'discounts',
  {
    ...owned(),
    status: text('status', { enum: ['active', 'deleted'] }).notNull(),
    coupon: idText('coupon').notNull(),
    promotion_code: idText('promotion_code'),
    customer: idText('customer'),
    subscription: idText('subscription'),
    subscription_item: idText('subscription_item'),
    invoice: idText('invoice'),
    invoice_item: idText('invoice_item'),
    start: unixTime('start').notNull(),
    /** The first second at which it takes nothing off any more; null has no end. */
    end: unixTime('end'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('discounts', table),
    filterIndex('discounts', table, table.coupon),
    filterIndex('discounts', table, table.customer),
    reference('discounts', table, table.coupon, () => coupons),
    reference('discounts', table, table.promotion_code, () => promotion_codes),
  ],
);
