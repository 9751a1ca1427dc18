import { boolean, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import { filterIndex, idText, metadataColumn, owned, tenancy, unixTime } from './_columns';

/** What is sold. */
export const products = pgTable(
  'products',
  {
    ...owned(),
    active: boolean('active').notNull(),
    name: text('name').notNull(),
    default_price: idText('default_price'),
    description: text('description'),
    images: jsonb('images').$type<string[]>().notNull(),
    marketing_features: jsonb('marketing_features')
      .$type<Stripe.Product.MarketingFeature[]>()
      .notNull(),
    metadata: metadataColumn(),
    package_dimensions: jsonb('package_dimensions').$type<Stripe.Product.PackageDimensions>(),
    shippable: boolean('shippable'),
    statement_descriptor: text('statement_descriptor'),
    tax_code: text('tax_code'),
    type: text('type', { enum: ['good', 'service'] }).notNull(),
    unit_label: text('unit_label'),
    url: text('url'),
    created: unixTime('created').notNull(),
    updated: unixTime('updated').notNull(),
  },
  (table) => [
    ...tenancy('products', table),
    filterIndex('products', table, table.active),
    filterIndex('products', table, table.created),
  ],
);
