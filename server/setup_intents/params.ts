import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered, UncoveredIn } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, timeRange } from '@/server/kernel/page';
import { clearable, id } from '@/server/kernel/params';
import { mandateData } from '@/server/mandates';
import { PaymentMethodData } from '@/server/payment_methods';
import { importedAuthentication } from '@/server/processor_attempts';

/** Cards are the only type there is; others are refused by name. */
const types = z.array(z.enum(['card'])).min(1);

const cardOptions = z.strictObject({
  request_three_d_secure: z.enum(['any', 'automatic', 'challenge']).optional(),
  three_d_secure: importedAuthentication.optional(),
});

const options = z.strictObject({ card: cardOptions.optional() });
export type Options = z.infer<typeof options>;

/** Confirming: what can be said at that moment, by itself or when creating. */
const confirmation = {
  /** What the payer's page has collected; what is said beside it counts more. */
  confirmation_token: z.string().optional(),
  mandate_data: mandateData.optional(),
  payment_method: z.string().optional(),
  payment_method_data: PaymentMethodData.optional(),
  payment_method_options: options.optional(),
  return_url: z.url().max(5_000).optional(),
  /** The shop's own page shows a challenge in a frame, instead of being left for the bank's. */
  use_stripe_sdk: z.boolean().optional(),
};

/** What is to be saved, for whom and for what. */
const subject = {
  attach_to_self: z.boolean().optional(),
  customer: z.string().optional(),
  description: clearable(z.string().max(1_000)).optional(),
  flow_directions: z
    .array(z.enum(['inbound', 'outbound']))
    .min(1)
    .max(2)
    .optional(),
  metadata: metadata.optional(),
  /** Of versions before 2026-10-28: SDKs of that time send it always. */
  payment_method_types: types.optional(),
};

export const CreateSetupIntent = z.strictObject({
  ...confirmation,
  ...subject,
  allowed_payment_method_types: types.optional(),
  automatic_payment_methods: z
    .strictObject({ allow_redirects: z.enum(['always', 'never']).optional(), enabled: z.boolean() })
    .optional(),
  confirm: z.boolean().optional(),
  usage: z.enum(['off_session', 'on_session']).optional(),
});
export type CreateSetupIntent = z.infer<typeof CreateSetupIntent>;

export const RetrieveSetupIntent = z.strictObject({ ...id, client_secret: z.string().optional() });

export const UpdateSetupIntent = z.strictObject({
  ...id,
  ...subject,
  allowed_payment_method_types: clearable(types).optional(),
  payment_method: clearable(z.string()).optional(),
  payment_method_data: PaymentMethodData.optional(),
  payment_method_options: options.optional(),
});
export type UpdateSetupIntent = z.infer<typeof UpdateSetupIntent>;

export const ConfirmSetupIntent = z.strictObject({
  ...id,
  ...confirmation,
  allowed_payment_method_types: types.optional(),
  client_secret: z.string().optional(),
});

export const CancelSetupIntent = z.strictObject({
  ...id,
  cancellation_reason: z.enum(['abandoned', 'duplicate', 'requested_by_customer']).optional(),
});

export const ListSetupIntents = z.strictObject({
  ...pageParams,
  attach_to_self: z.boolean().optional(),
  created: timeRange.optional(),
  customer: z.string().optional(),
  payment_method: z.string().optional(),
});
export type ListSetupIntents = z.infer<typeof ListSetupIntents>;

/** Connect, features that are not here, and single-use mandates, which cards do not have. */
export const UNSUPPORTED = [
  'customer_account',
  'excluded_payment_method_types',
  'on_behalf_of',
  'payment_method_configuration',
  'single_use',
  'payment_method_options[card][mandate_options]',
  'payment_method_options[card][moto]',
  'payment_method_options[card][network]',
  'payment_method_options[card][setup_credential_usage]',
  'payment_method_options[card][three_d_secure][network_options]',
] as const;

export const UNSUPPORTED_ON_LIST = ['customer_account'] as const;

export type Checked = [
  Complete<
    UncoveredIn<
      'payment_method_options[card]',
      Stripe.SetupIntentConfirmParams.PaymentMethodOptions.Card,
      typeof cardOptions,
      typeof UNSUPPORTED
    >
  >,
  Complete<Uncovered<Stripe.SetupIntentCreateParams, typeof CreateSetupIntent, typeof UNSUPPORTED>>,
  Complete<Uncovered<Stripe.SetupIntentRetrieveParams, typeof RetrieveSetupIntent>>,
  Complete<Uncovered<Stripe.SetupIntentUpdateParams, typeof UpdateSetupIntent, typeof UNSUPPORTED>>,
  Complete<
    Uncovered<Stripe.SetupIntentConfirmParams, typeof ConfirmSetupIntent, typeof UNSUPPORTED>
  >,
  Complete<Uncovered<Stripe.SetupIntentCancelParams, typeof CancelSetupIntent>>,
  Complete<
    Uncovered<Stripe.SetupIntentListParams, typeof ListSetupIntents, typeof UNSUPPORTED_ON_LIST>
  >,
];
