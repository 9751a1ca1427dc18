import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, searchParams, timeRange } from '@/server/kernel/page';
import { amount, clearable, currency, id } from '@/server/kernel/params';
import { InlineProduct, ProductFields, type PRODUCT_UNSUPPORTED } from '@/server/products';

const decimal = z
  .string()
  .regex(
    /^\d{1,12}(\.\d{1,12})?$/,
    'Invalid decimal: must be a positive number with at most 12 decimal places',
  );

const interval = z.enum(['day', 'week', 'month', 'year']);
const usageType = z.enum(['licensed', 'metered']);
const taxBehavior = z.enum(['exclusive', 'inclusive', 'unspecified']);
const lookupKey = z.string().max(200);
const nickname = z.string().max(5_000);

const customUnitAmount = z.strictObject({
  enabled: z.literal(true),
  maximum: amount.optional(),
  minimum: amount.optional(),
  preset: amount.optional(),
});

const tier = z.strictObject({
  flat_amount: amount.optional(),
  flat_amount_decimal: decimal.optional(),
  unit_amount: amount.optional(),
  unit_amount_decimal: decimal.optional(),
  up_to: z.union([z.literal('inf'), z.int().min(1)]),
});
export type GivenTier = z.infer<typeof tier>;

const currencyOption = z.strictObject({
  custom_unit_amount: customUnitAmount.optional(),
  tax_behavior: taxBehavior.optional(),
  tiers: z.array(tier).optional(),
  unit_amount: amount.optional(),
  unit_amount_decimal: decimal.optional(),
});
export type GivenOption = z.infer<typeof currencyOption>;

const currencyOptions = z.record(currency, currencyOption);

const recurring = z.strictObject({
  interval,
  interval_count: z.int().min(1).optional(),
  meter: z.string().min(1).max(255).optional(),
  trial_period_days: z.int().min(0).max(730).optional(),
  usage_type: usageType.optional(),
});
export type GivenRecurring = z.infer<typeof recurring>;

const DefaultPrice = z.strictObject({
  currency,
  currency_options: currencyOptions.optional(),
  custom_unit_amount: customUnitAmount.optional(),
  metadata: metadata.optional(),
  recurring: recurring.pick({ interval: true, interval_count: true }).optional(),
  tax_behavior: taxBehavior.optional(),
  unit_amount: amount.optional(),
  unit_amount_decimal: decimal.optional(),
});

export const CreatePrice = DefaultPrice.extend({
  active: z.boolean().optional(),
  billing_scheme: z.enum(['per_unit', 'tiered']).optional(),
  lookup_key: lookupKey.min(1).optional(),
  nickname: clearable(nickname).optional(),
  product: z.string().min(1).optional(),
  product_data: InlineProduct.optional(),
  recurring: recurring.optional(),
  tiers: z.array(tier).optional(),
  tiers_mode: z.enum(['graduated', 'volume']).optional(),
  transfer_lookup_key: z.boolean().optional(),
  transform_quantity: z
    .strictObject({ divide_by: z.int().min(1), round: z.enum(['up', 'down']) })
    .optional(),
});

/** All of a new price but whose it is. */
export type PriceFields = Omit<z.infer<typeof CreatePrice>, 'product' | 'product_data'>;

export const PriceId = z.strictObject(id);

export const UpdatePrice = z.strictObject({
  ...id,
  active: z.boolean().optional(),
  currency_options: clearable(currencyOptions).optional(),
  lookup_key: clearable(lookupKey).optional(),
  metadata: metadata.optional(),
  nickname: clearable(nickname).optional(),
  tax_behavior: taxBehavior.optional(),
  transfer_lookup_key: z.boolean().optional(),
});

export const ListPrices = z.strictObject({
  ...pageParams,
  active: z.boolean().optional(),
  created: timeRange.optional(),
  currency: currency.optional(),
  lookup_keys: z.array(z.string()).max(10).optional(),
  product: z.string().optional(),
  recurring: z
    .strictObject({
      interval: interval.optional(),
      meter: z.string().optional(),
      usage_type: usageType.optional(),
    })
    .optional(),
  type: z.enum(['one_time', 'recurring']).optional(),
});
export type ListPrices = z.infer<typeof ListPrices>;

export const SearchPrices = z.strictObject(searchParams);
export type SearchPrices = z.infer<typeof SearchPrices>;

export const CreateProduct = ProductFields.extend({ default_price_data: DefaultPrice.optional() });

export type Checked = [
  Complete<Uncovered<Stripe.PriceCreateParams, typeof CreatePrice>>,
  Complete<Uncovered<Stripe.PriceUpdateParams, typeof UpdatePrice>>,
  Complete<Uncovered<Stripe.PriceListParams, typeof ListPrices>>,
  Complete<Uncovered<Stripe.PriceSearchParams, typeof SearchPrices>>,
  Complete<Uncovered<Stripe.ProductCreateParams, typeof CreateProduct, typeof PRODUCT_UNSUPPORTED>>,
  Complete<Uncovered<Stripe.ProductCreateParams.DefaultPriceData, typeof DefaultPrice>>,
];
