import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, timeRange } from '@/server/kernel/page';
import { amount, clearable, currency, id } from '@/server/kernel/params';

const positiveAmount = amount.min(1);
const currencyOptions = z.record(currency, z.strictObject({ amount_off: positiveAmount }));
const name = z.string().max(40);

/** Above 0, at most 100, in steps of a hundredth. */
const percent = z
  .number()
  .gt(0)
  .max(100)
  .refine((value) => /^\d+(\.\d{1,2})?$/.test(String(value)), {
    error: 'Invalid percent_off: must have at most 2 decimal places',
  });

export const CreateCoupon = z.strictObject({
  amount_off: positiveAmount.optional(),
  applies_to: z
    .strictObject({ products: z.array(z.string().min(1)).min(1).max(100).optional() })
    .optional(),
  currency: currency.optional(),
  currency_options: currencyOptions.optional(),
  duration: z.enum(['forever', 'once', 'repeating']).optional(),
  duration_in_months: z.int().min(1).max(1_200).optional(),
  // Ours: an id is a key of indexes, which do not take Stripe's 5,000 characters, and in a path.
  id: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\s/?#]+$/, 'Invalid id: must not have spaces, slashes, question marks or hashes')
    .optional(),
  max_redemptions: z.int().min(1).max(2_147_483_647).optional(),
  metadata: metadata.optional(),
  name: clearable(name).optional(),
  percent_off: percent.optional(),
  redeem_by: z.int().optional(),
});
export type CreateCoupon = z.infer<typeof CreateCoupon>;

export const UpdateCoupon = z.strictObject({
  ...id,
  currency_options: currencyOptions.optional(),
  metadata: metadata.optional(),
  name: clearable(name).optional(),
});

export const CouponId = z.strictObject(id);

export const ListCoupons = z.strictObject({ ...pageParams, created: timeRange.optional() });
export type ListCoupons = z.infer<typeof ListCoupons>;

export type Checked = [
  Complete<Uncovered<Stripe.CouponCreateParams, typeof CreateCoupon>>,
  Complete<Uncovered<Stripe.CouponUpdateParams, typeof UpdateCoupon>>,
  Complete<Uncovered<Stripe.CouponListParams, typeof ListCoupons>>,
];
