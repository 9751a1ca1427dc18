/** A card on its way to become a payment method. https://docs.stripe.com/api/payment_methods/create */
import type Stripe from 'stripe';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { exchange, type Awaiting } from '@/server/kernel/operation';
import {
  createFromData,
  PaymentMethodData,
  toPaymentMethod,
  UNSUPPORTED_ON_CREATE,
} from '@/server/payment_methods';
import { keep } from './keep';

export const create = exchange({
  route: 'POST /v1/payment_methods',
  answers: 'payment_method',
  summary: "Creates a payment method from a card, a token, or a token of the processor's fields.",
  input: PaymentMethodData,
  unsupported: UNSUPPORTED_ON_CREATE,
  publishable: true,
  async intend(tx, input): Promise<Stripe.PaymentMethod | Awaiting> {
    const { allow_redisplay, billing_details, metadata } = input;
    const kept =
      'token' in input.card
        ? await keep(tx, {
            token: input.card.token,
            kept: { allow_redisplay, billing_details, metadata: mergeMetadata({}, metadata) },
            as: { payment_method: newId('payment_method') },
          })
        : null;
    return kept ?? toPaymentMethod(await createFromData(tx, input));
  },
});
