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

const intervalCount = z.int().min(1);
const meter = z.string().min(1).max(255);
const trialPeriodDays = z.int().min(0).max(730);

const packages = z.strictObject({ divide_by: z.int().min(1), round: z.enum(['up', 'down']) });

const recurring = z.strictObject({
  interval,
  interval_count: intervalCount.optional(),
  meter: meter.optional(),
  trial_period_days: trialPeriodDays.optional(),
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
  transform_quantity: packages.optional(),
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

/** `price_data` of what recurs. `InlinePrice` is that of what is charged once. */
export const InlineRecurringPrice = z.strictObject({
  currency,
  product: z.string().min(1),
  recurring: recurring.pick({ interval: true, interval_count: true }),
  tax_behavior: taxBehavior.optional(),
  unit_amount: amount.optional(),
  unit_amount_decimal: decimal.optional(),
});
export const InlinePrice = InlineRecurringPrice.omit({ recurring: true });
export type InlinePrice = z.infer<typeof InlinePrice> &
  Partial<Pick<z.infer<typeof InlineRecurringPrice>, 'recurring'>>;

/** Ours: an id is a key of indexes, which do not take Stripe's 5,000 characters. */
const newPlanId = z.string().min(1).max(255);

export const CreatePlan = z.strictObject({
  active: z.boolean().optional(),
  amount: amount.optional(),
  amount_decimal: decimal.optional(),
  billing_scheme: z.enum(['per_unit', 'tiered']).optional(),
  currency,
  id: newPlanId.optional(),
  interval,
  interval_count: intervalCount.optional(),
  metadata: metadata.optional(),
  meter: meter.optional(),
  nickname: clearable(nickname).optional(),
  product: z.union([z.string().min(1), InlineProduct]),
  tiers: z.array(tier).optional(),
  tiers_mode: z.enum(['graduated', 'volume']).optional(),
  transform_usage: packages.optional(),
  trial_period_days: trialPeriodDays.optional(),
  usage_type: usageType.optional(),
});
export type CreatePlan = z.infer<typeof CreatePlan>;

export const UpdatePlan = z.strictObject({
  ...id,
  active: z.boolean().optional(),
  metadata: metadata.optional(),
  nickname: clearable(nickname).optional(),
  product: z.string().min(1).optional(),
  trial_period_days: trialPeriodDays.optional(),
});

export const ListPlans = z.strictObject({
  ...pageParams,
  active: z.boolean().optional(),
  created: timeRange.optional(),
  product: z.string().optional(),
});
export type ListPlans = z.infer<typeof ListPlans>;

export const CreateProduct = ProductFields.extend({ default_price_data: DefaultPrice.optional() });

export type Checked = [
  Complete<Uncovered<Stripe.PriceCreateParams, typeof CreatePrice>>,
  Complete<Uncovered<Stripe.PriceUpdateParams, typeof UpdatePrice>>,
  Complete<Uncovered<Stripe.PriceListParams, typeof ListPrices>>,
  Complete<Uncovered<Stripe.PriceSearchParams, typeof SearchPrices>>,
  Complete<Uncovered<Stripe.PlanCreateParams, typeof CreatePlan>>,
  Complete<Uncovered<Stripe.PlanUpdateParams, typeof UpdatePlan>>,
  Complete<Uncovered<Stripe.PlanListParams, typeof ListPlans>>,
  Complete<Uncovered<Stripe.ProductCreateParams, typeof CreateProduct, typeof PRODUCT_UNSUPPORTED>>,
  Complete<Uncovered<Stripe.ProductCreateParams.DefaultPriceData, typeof DefaultPrice>>,
];
