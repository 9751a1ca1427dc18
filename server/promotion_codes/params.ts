import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, timeRange } from '@/server/kernel/page';
import { amount, currency, id } from '@/server/kernel/params';

const minimumAmount = amount.min(1);
const currencyOptions = z.record(
  currency,
  z.strictObject({ minimum_amount: minimumAmount.optional() }),
);
export type GivenMinimums = z.infer<typeof currencyOptions>;

const restrictions = z.strictObject({
  currency_options: currencyOptions.optional(),
  first_time_transaction: z.boolean().optional(),
  minimum_amount: minimumAmount.optional(),
  minimum_amount_currency: currency.optional(),
});
export type GivenRestrictions = z.infer<typeof restrictions>;

export const CreatePromotionCode = z.strictObject({
  active: z.boolean().optional(),
  code: z
    .string()
    .max(500)
    .regex(/^[A-Za-z\d-]+$/, 'Invalid code: may only contain letters, digits and dashes')
    .optional(),
  /** Of versions before 2025-09-30, where `promotion` was not yet: clients of that time send it. */
  coupon: z.string().min(1).optional(),
  customer: z.string().min(1).optional(),
  expires_at: z.int().optional(),
  max_redemptions: z.int().min(1).max(2_147_483_647).optional(),
  metadata: metadata.optional(),
  promotion: z.strictObject({ coupon: z.string().min(1), type: z.literal('coupon') }).optional(),
  restrictions: restrictions.optional(),
});

export const UpdatePromotionCode = z.strictObject({
  ...id,
  active: z.boolean().optional(),
  metadata: metadata.optional(),
  restrictions: restrictions.pick({ currency_options: true }).optional(),
});

export const PromotionCodeId = z.strictObject(id);

export const ListPromotionCodes = z.strictObject({
  ...pageParams,
  active: z.boolean().optional(),
  code: z.string().optional(),
  coupon: z.string().optional(),
  created: timeRange.optional(),
  customer: z.string().optional(),
});
export type ListPromotionCodes = z.infer<typeof ListPromotionCodes>;

/** Accounts that represent a customer come with Connect. */
export const unsupported = ['customer_account'] as const;

export type Checked = [
  Complete<
    Uncovered<Stripe.PromotionCodeCreateParams, typeof CreatePromotionCode, typeof unsupported>
  >,
  Complete<Uncovered<Stripe.PromotionCodeUpdateParams, typeof UpdatePromotionCode>>,
  Complete<
    Uncovered<Stripe.PromotionCodeListParams, typeof ListPromotionCodes, typeof unsupported>
  >,
];
