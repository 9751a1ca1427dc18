import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, searchParams, timeRange } from '@/server/kernel/page';
import { clearable, id } from '@/server/kernel/params';

const name = z.string().min(1).max(5_000);
const description = z.string().max(40_000);
const taxCode = z.string().regex(/^txcd_\d{8}$/, 'Invalid tax code: must look like txcd_10000000');
const unitLabel = z.string().max(12);
const url = z.url().max(5_000);

/** As it goes on a statement; Latin letters with at least one, because banks refuse the rest. */
const statementDescriptor = z
  .string()
  .max(22)
  .regex(
    /^[^<>\\"']*$/,
    'Invalid statement_descriptor: may not contain any of the characters <, >, \\, ", and \'',
  )
  .regex(/[A-Za-z]/, 'Invalid statement_descriptor: must contain at least one letter');

const length = z.number().positive();

/** In inches, and ounces. */
const packageDimensions = z.strictObject({
  height: length,
  length,
  weight: length,
  width: length,
});

const images = z.array(z.string().min(1).max(5_000)).max(8);
const marketingFeatures = z.array(z.strictObject({ name })).max(15);

/** Ours: an id is a key of indexes, which do not take Stripe's 5,000 characters. */
const newProductId = z.string().min(1).max(255);

/** What `product_data` of a price may say too. */
export const InlineProduct = z.strictObject({
  active: z.boolean().optional(),
  id: newProductId.optional(),
  metadata: metadata.optional(),
  name,
  statement_descriptor: statementDescriptor.optional(),
  tax_code: taxCode.optional(),
  unit_label: unitLabel.optional(),
});

export const ProductFields = InlineProduct.extend({
  description: clearable(description).optional(),
  images: images.optional(),
  marketing_features: marketingFeatures.optional(),
  package_dimensions: packageDimensions.optional(),
  shippable: z.boolean().optional(),
  type: z.enum(['good', 'service']).optional(),
  url: url.optional(),
});
export type ProductFields = z.infer<typeof ProductFields>;

export const ProductId = z.strictObject(id);

export const UpdateProduct = z.strictObject({
  ...id,
  active: z.boolean().optional(),
  default_price: clearable(z.string()).optional(),
  description: clearable(description).optional(),
  images: clearable(images).optional(),
  marketing_features: clearable(marketingFeatures).optional(),
  metadata: metadata.optional(),
  name: name.optional(),
  package_dimensions: clearable(packageDimensions).optional(),
  shippable: z.boolean().optional(),
  statement_descriptor: clearable(statementDescriptor).optional(),
  tax_code: clearable(taxCode).optional(),
  unit_label: clearable(unitLabel).optional(),
  url: clearable(url).optional(),
});
export type UpdateProduct = z.infer<typeof UpdateProduct>;

/** Where a service is performed matters to Stripe's tax on tickets alone. */
export const PRODUCT_UNSUPPORTED = ['tax_details'] as const;

export const ListProducts = z.strictObject({
  ...pageParams,
  active: z.boolean().optional(),
  created: timeRange.optional(),
  ids: z.array(z.string()).max(100).optional(),
  shippable: z.boolean().optional(),
  type: z.enum(['good', 'service']).optional(),
  url: z.string().optional(),
});
export type ListProducts = z.infer<typeof ListProducts>;

export const SearchProducts = z.strictObject(searchParams);
export type SearchProducts = z.infer<typeof SearchProducts>;

export type Checked = [
  Complete<Uncovered<Stripe.ProductUpdateParams, typeof UpdateProduct, typeof PRODUCT_UNSUPPORTED>>,
  Complete<Uncovered<Stripe.ProductListParams, typeof ListProducts>>,
  Complete<Uncovered<Stripe.ProductSearchParams, typeof SearchProducts>>,
];
