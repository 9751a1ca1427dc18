import { isNotNull } from 'drizzle-orm';
import { boolean, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
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
import { products } from './products';

/** For how much, and how often. */
export const prices = pgTable(
  'prices',
  {
    ...owned(),
    active: boolean('active').notNull(),
    product: idText('product').notNull(),
    billing_scheme: text('billing_scheme', { enum: ['per_unit', 'tiered'] }).notNull(),
    currency: text('currency').notNull(),
    /** Amounts in further currencies, by ISO code. */
    currency_options: jsonb('currency_options').$type<Record<string, CurrencyOption>>(),
    custom_unit_amount: jsonb('custom_unit_amount').$type<Stripe.Price.CustomUnitAmount>(),
    /** Nobody finds it any more; it is kept for those who subscribed to it. */
    deleted: boolean('deleted').notNull().default(false),
    lookup_key: text('lookup_key'),
    metadata: metadataColumn(),
    nickname: text('nickname'),
    recurring: jsonb('recurring').$type<StoredRecurring>(),
    tax_behavior: text('tax_behavior', {
      enum: ['exclusive', 'inclusive', 'unspecified'],
    }).notNull(),
    tiers: jsonb('tiers').$type<StoredTier[]>(),
    tiers_mode: text('tiers_mode', { enum: ['graduated', 'volume'] }),
    transform_quantity: jsonb('transform_quantity').$type<Stripe.Price.TransformQuantity>(),
    type: text('type', { enum: ['one_time', 'recurring'] }).notNull(),
    unit_amount: money('unit_amount'),
    /** With up to twelve decimals, where whole pence do not do. */
    unit_amount_decimal: text('unit_amount_decimal'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('prices', table),
    filterIndex('prices', table, table.product),
    filterIndex('prices', table, table.created),
    uniqueIndex('prices_lookup_key_key')
      .on(table.projectId, table.livemode, table.lookup_key)
      .where(isNotNull(table.lookup_key)),
    reference('prices', table, table.product, () => products),
  ],
);

/** As on the wire, with what is open there closed: nothing else gets in. */
export interface StoredRecurring {
  interval: 'day' | 'month' | 'week' | 'year';
  interval_count: number;
  meter: string | null;
  trial_period_days: number | null;
  usage_type: 'licensed' | 'metered';
}

export interface StoredTier {
  flat_amount: number | null;
  flat_amount_decimal: string | null;
  unit_amount: number | null;
  unit_amount_decimal: string | null;
  up_to: number | null;
}

export interface CurrencyOption {
  custom_unit_amount: Stripe.Price.CustomUnitAmount | null;
  tax_behavior: 'exclusive' | 'inclusive' | 'unspecified';
  tiers?: StoredTier[];
  unit_amount: number | null;
  unit_amount_decimal: string | null;
}
