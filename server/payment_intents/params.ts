import { z } from 'zod';
import { isCurrency } from '@/server/kernel/currencies';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, searchParams, timeRange } from '@/server/kernel/page';
import { amount, clearable, currency, id, shipping } from '@/server/kernel/params';
import { PaymentMethodData } from '@/server/payment_methods';

const captureMethod = z.enum(['automatic', 'automatic_async', 'manual']);
const futureUsage = z.enum(['off_session', 'on_session']);

/** Cards are the only type there is; others are refused by name. */
const types = z.array(z.enum(['card'])).min(1);

const cardOptions = z.strictObject({
  capture_method: z.enum(['', 'manual']).optional(),
  request_three_d_secure: z.enum(['any', 'automatic', 'challenge']).optional(),
  setup_future_usage: z.enum(['', 'none', 'off_session', 'on_session']).optional(),
  statement_descriptor_suffix_kana: z.never().optional(),
});

const options = z.strictObject({ card: cardOptions.optional() });

/** Confirming: what can be said at that moment, by itself or when creating. */
const confirmation = {
  error_on_requires_action: z.boolean().optional(),
  off_session: z.union([z.boolean(), z.enum(['one_off', 'recurring'])]).optional(),
  payment_method: z.string().optional(),
  payment_method_data: PaymentMethodData.optional(),
  payment_method_options: options.optional(),
  return_url: z.url().max(5_000).optional(),
  /** Stripe.js sends it; the answer is the same with or without. */
  use_stripe_sdk: z.boolean().optional(),
};

const descriptor = z.string().max(22);

export const CreatePaymentIntent = z.strictObject({
  ...confirmation,
  amount,
  currency: currency.refine(isCurrency, { error: 'Invalid currency' }),
  allowed_payment_method_types: types.optional(),
  automatic_payment_methods: z
    .strictObject({ allow_redirects: z.enum(['always', 'never']).optional(), enabled: z.boolean() })
    .optional(),
  capture_method: captureMethod.optional(),
  confirm: z.boolean().optional(),
  confirmation_method: z.enum(['automatic', 'manual']).optional(),
  customer: z.string().optional(),
  description: clearable(z.string().max(1_000)).optional(),
  metadata: metadata.optional(),
  /** Of versions before 2026-10-28: SDKs of that time send it always. */
  payment_method_types: types.optional(),
  receipt_email: clearable(z.string().max(800)).optional(),
  setup_future_usage: futureUsage.optional(),
  shipping: shipping.optional(),
  statement_descriptor: descriptor.optional(),
  statement_descriptor_suffix: descriptor.optional(),
  transfer_group: z.string().max(5_000).optional(),
});
export type CreatePaymentIntent = z.infer<typeof CreatePaymentIntent>;

export const RetrievePaymentIntent = z.strictObject({
  ...id,
  client_secret: z.string().optional(),
});

export const UpdatePaymentIntent = z.strictObject({
  ...id,
  allowed_payment_method_types: types.optional(),
  amount: amount.optional(),
  capture_method: captureMethod.optional(),
  currency: currency.refine(isCurrency, { error: 'Invalid currency' }).optional(),
  customer: z.string().optional(),
  description: clearable(z.string().max(1_000)).optional(),
  metadata: metadata.optional(),
  payment_method: clearable(z.string()).optional(),
  payment_method_data: PaymentMethodData.optional(),
  payment_method_options: options.optional(),
  payment_method_types: types.optional(),
  receipt_email: clearable(z.string().max(800)).optional(),
  setup_future_usage: clearable(futureUsage).optional(),
  shipping: clearable(shipping).optional(),
  statement_descriptor: clearable(descriptor).optional(),
  statement_descriptor_suffix: clearable(descriptor).optional(),
  transfer_group: z.string().max(5_000).optional(),
});
export type UpdatePaymentIntent = z.infer<typeof UpdatePaymentIntent>;

export const ConfirmPaymentIntent = z.strictObject({
  ...id,
  ...confirmation,
  allowed_payment_method_types: types.optional(),
  capture_method: captureMethod.optional(),
  client_secret: z.string().optional(),
  payment_method_types: types.optional(),
  receipt_email: clearable(z.string().max(800)).optional(),
  setup_future_usage: clearable(futureUsage).optional(),
  shipping: clearable(shipping).optional(),
});
export type ConfirmPaymentIntent = z.infer<typeof ConfirmPaymentIntent>;

export const CapturePaymentIntent = z.strictObject({
  ...id,
  amount_to_capture: z.int().min(1).optional(),
  final_capture: z.literal(true).optional(),
  metadata: metadata.optional(),
  statement_descriptor: descriptor.optional(),
  statement_descriptor_suffix: descriptor.optional(),
});

export const CancelPaymentIntent = z.strictObject({
  ...id,
  cancellation_reason: z
    .enum(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'])
    .optional(),
  client_secret: z.string().optional(),
});

export const ListPaymentIntents = z.strictObject({
  ...pageParams,
  created: timeRange.optional(),
  customer: z.string().optional(),
  /** Ours: how it went, as merchants sort their payments. Stripe's own dashboard asks for the same. */
  state: z.enum(['succeeded', 'uncaptured', 'failed', 'refunded', 'canceled']).optional(),
});
export type ListPaymentIntents = z.infer<typeof ListPaymentIntents>;

export const SearchPaymentIntents = z.strictObject(searchParams);
export type SearchPaymentIntents = z.infer<typeof SearchPaymentIntents>;

/** What belongs to Connect, other methods or features that are not here. */
export const UNSUPPORTED = [
  'amount_details',
  'amount_to_confirm',
  'application_fee_amount',
  'confirmation_token',
  'customer_account',
  'excluded_payment_method_types',
  'hooks',
  'mandate',
  'mandate_data',
  'on_behalf_of',
  'payment_details',
  'payment_method_configuration',
  'radar_options',
  'transfer_data',
] as const;
