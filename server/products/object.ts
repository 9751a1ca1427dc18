import type Stripe from 'stripe';
import type { ProductRow } from './store';

export type Product = Stripe.Product;

export const toProduct = (row: ProductRow): Product => ({
  id: row.id,
  object: 'product',
  active: row.active,
  created: row.created,
  default_price: row.default_price,
  description: row.description,
  images: row.images,
  livemode: row.livemode,
  marketing_features: row.marketing_features,
  metadata: row.metadata,
  name: row.name,
  package_dimensions: row.package_dimensions,
  shippable: row.shippable,
  statement_descriptor: row.statement_descriptor,
  tax_code: row.tax_code,
  // Where a service is performed is not kept: of the details there is only the code.
  tax_details:
    row.tax_code === null ? null : { performance_location: null, tax_code: row.tax_code },
  type: row.type,
  unit_label: row.unit_label,
  updated: row.updated,
  url: row.url,
});

export const toDeletedProduct = ({ id }: ProductRow): Stripe.DeletedProduct => ({
  id,
  object: 'product',
  deleted: true,
});
