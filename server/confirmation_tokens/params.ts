import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { id, shipping } from '@/server/kernel/params';
import { PaymentMethodData } from '@/server/payment_methods';

export const ConfirmationTokenId = z.strictObject(id);

export const CreateConfirmationToken = z.strictObject({
  payment_method: z.string().optional(),
  payment_method_data: PaymentMethodData.optional(),
  return_url: z.url().max(5_000).optional(),
  setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
  shipping: shipping.optional(),
});

/** Instalments, which are all that can be said of cards here. */
export const UNSUPPORTED = ['payment_method_options'] as const;

export type Checked = [
  Complete<Uncovered<Stripe.ConfirmationTokenRetrieveParams, typeof ConfirmationTokenId>>,
  Complete<
    Uncovered<
      NonNullable<Parameters<Stripe['testHelpers']['confirmationTokens']['create']>[0]>,
      typeof CreateConfirmationToken,
      typeof UNSUPPORTED
    >
  >,
];
