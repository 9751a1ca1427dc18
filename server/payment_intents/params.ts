import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered, UncoveredIn } from '@/server/kernel/covers';
import { isCurrency } from '@/server/kernel/currencies';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, searchParams, timeRange } from '@/server/kernel/page';
import {
  amount,
  clearable,
  currency,
  id,
  shipping,
  statementDescriptor,
} from '@/server/kernel/params';
import { mandateData } from '@/server/mandates';
import { PaymentMethodData } from '@/server/payment_methods';
import { importedAuthentication } from '@/server/processor_attempts';

const captureMethod = z.enum(['automatic', 'automatic_async', 'manual']);
const futureUsage = z.enum(['off_session', 'on_session']);

/** Cards are the only type there is; others are refused by name. */
const types = z.array(z.enum(['card'])).min(1);

const wish = z.enum(['if_available', 'never']).optional();

const cardOptions = z.strictObject({
  capture_method: z.enum(['', 'manual']).optional(),
  request_extended_authorization: wish,
  request_incremental_authorization: wish,
  request_multicapture: wish,
  request_overcapture: wish,
  request_three_d_secure: z.enum(['any', 'automatic', 'challenge']).optional(),
  setup_future_usage: z.enum(['', 'none', 'off_session', 'on_session']).optional(),
  three_d_secure: importedAuthentication.optional(),
});
export type CardOptions = z.infer<typeof cardOptions>;

const options = z.strictObject({ card: cardOptions.optional() });

/** Confirming: what can be said at that moment, by itself or when creating. */
const confirmation = {
  /** What the payer's page has collected; what is said beside it counts more. */
  confirmation_token: z.string().optional(),
  error_on_requires_action: z.boolean().optional(),
  /** A permission that holds, by which the card is charged. */
  mandate: z.string().optional(),
  /** How the customer gives one now. */
  mandate_data: mandateData.optional(),
  off_session: z.union([z.boolean(), z.enum(['one_off', 'recurring'])]).optional(),
  payment_method: z.string().optional(),
  payment_method_data: PaymentMethodData.optional(),
  payment_method_options: options.optional(),
  return_url: z.url().max(5_000).optional(),
  /** The shop's own page shows a challenge in a frame, instead of being left for the bank's. */
  use_stripe_sdk: z.boolean().optional(),
};

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
  statement_descriptor: statementDescriptor.optional(),
  statement_descriptor_suffix: statementDescriptor.optional(),
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
  statement_descriptor: clearable(statementDescriptor).optional(),
  statement_descriptor_suffix: clearable(statementDescriptor).optional(),
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
  /** 0 releases what is left after a capture in part. */
  amount_to_capture: z.int().min(0).optional(),
  final_capture: z.boolean().optional(),
  metadata: metadata.optional(),
  statement_descriptor: statementDescriptor.optional(),
  statement_descriptor_suffix: statementDescriptor.optional(),
});

export const IncrementAuthorization = z.strictObject({
  ...id,
  /** What is to be reserved in all. */
  amount,
  description: z.string().max(1_000).optional(),
  metadata: metadata.optional(),
  statement_descriptor: statementDescriptor.optional(),
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
  state: z
    .enum(['succeeded', 'uncaptured', 'failed', 'refunded', 'disputed', 'canceled'])
    .optional(),
});
export type ListPaymentIntents = z.infer<typeof ListPaymentIntents>;

export const SearchPaymentIntents = z.strictObject(searchParams);
export type SearchPaymentIntents = z.infer<typeof SearchPaymentIntents>;

/**
 * Of cards in other countries, read by other means, or paid by telephone; and what a shop's own page
 * is asked for, which has no card number here.
 */
const UNSUPPORTED_OF_CARDS = [
  'payment_method_options[card][cvc_token]',
  'payment_method_options[card][installments]',
  'payment_method_options[card][mandate_options]',
  'payment_method_options[card][moto]',
  'payment_method_options[card][network]',
  'payment_method_options[card][require_cvc_recollection]',
  'payment_method_options[card][setup_credential_usage]',
  'payment_method_options[card][statement_descriptor_suffix_kana]',
  'payment_method_options[card][statement_descriptor_suffix_kanji]',
  'payment_method_options[card][stored_credential_usage]',
  'payment_method_options[card][three_d_secure][network_options]',
] as const;

/** What belongs to Connect, other methods or features that are not here. */
export const UNSUPPORTED = [
  'amount_details',
  'amount_to_confirm',
  'application_fee_amount',
  'customer_account',
  'excluded_payment_method_types',
  'hooks',
  'on_behalf_of',
  'payment_details',
  'payment_method_configuration',
  'radar_options',
  'transfer_data',
  ...UNSUPPORTED_OF_CARDS,
] as const;

export type Checked = [
  Complete<
    UncoveredIn<
      'payment_method_options[card]',
      Stripe.PaymentIntentConfirmParams.PaymentMethodOptions.Card,
      typeof cardOptions,
      typeof UNSUPPORTED_OF_CARDS
    >
  >,
  Complete<
    Uncovered<Stripe.PaymentIntentCreateParams, typeof CreatePaymentIntent, typeof UNSUPPORTED>
  >,
  Complete<Uncovered<Stripe.PaymentIntentRetrieveParams, typeof RetrievePaymentIntent>>,
  Complete<
    Uncovered<Stripe.PaymentIntentUpdateParams, typeof UpdatePaymentIntent, typeof UNSUPPORTED>
  >,
  Complete<
    Uncovered<Stripe.PaymentIntentConfirmParams, typeof ConfirmPaymentIntent, typeof UNSUPPORTED>
  >,
  Complete<
    Uncovered<Stripe.PaymentIntentCaptureParams, typeof CapturePaymentIntent, typeof UNSUPPORTED>
  >,
  Complete<
    Uncovered<
      Stripe.PaymentIntentIncrementAuthorizationParams,
      typeof IncrementAuthorization,
      typeof UNSUPPORTED
    >
  >,
  Complete<Uncovered<Stripe.PaymentIntentCancelParams, typeof CancelPaymentIntent>>,
  Complete<
    Uncovered<
      Stripe.PaymentIntentListParams,
      typeof ListPaymentIntents,
      readonly ['customer_account']
    >
  >,
  Complete<Uncovered<Stripe.PaymentIntentSearchParams, typeof SearchPaymentIntents>>,
];
