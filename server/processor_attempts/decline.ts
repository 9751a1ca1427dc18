/** A decline, as Stripe tells it of an intent: in its last error, and to whoever asked. */
import type Stripe from 'stripe';
import { cardError, type ApiError } from '@/server/kernel/errors';
import type { Declined } from '@/server/processor/processor';

/** What the last errors of both intents, and a setup attempt's error, have in common. */
export interface Refusal {
  readonly advice_code?: string;
  readonly code: string;
  readonly decline_code?: string;
  readonly doc_url: string;
  readonly message: string;
  readonly type: 'card_error' | 'invalid_request_error';
}

/** What is told of it to whoever asked. */
type Told = Pick<
  Stripe.PaymentIntent.LastPaymentError,
  'advice_code' | 'charge' | 'code' | 'decline_code' | 'message' | 'payment_method'
>;

type Intent =
  | { readonly payment_intent: Stripe.PaymentIntent }
  | { readonly setup_intent: Stripe.SetupIntent };

/** A failed challenge is told as the intent's failure, and not as the card's. */
const AUTHENTICATION_FAILURE = 'authentication_failure';

export function refusalOf(intent: 'payment_intent' | 'setup_intent', outcome: Declined): Refusal {
  const isOurs = outcome.code === AUTHENTICATION_FAILURE;
  const code = isOurs ? `${intent}_${outcome.code}` : outcome.code;
  return {
    ...(outcome.advice == null ? {} : { advice_code: outcome.advice }),
    code,
    ...(outcome.decline_code === null ? {} : { decline_code: outcome.decline_code }),
    doc_url: `https://docs.stripe.com/error-codes#${code.replaceAll('_', '-')}`,
    message: outcome.message,
    type: isOurs ? 'invalid_request_error' : 'card_error',
  };
}

/** The error that whoever asked gets, with the intent inside. */
export const toCardError = (
  { message, advice_code, charge, code, decline_code, payment_method }: Told,
  intent: Intent,
): ApiError =>
  cardError(message ?? 'Your card was declined.', {
    ...(advice_code === undefined ? {} : { advice_code }),
    ...(charge === undefined ? {} : { charge }),
    ...(code === undefined ? {} : { code }),
    ...(decline_code === undefined ? {} : { decline_code }),
    ...(payment_method === undefined ? {} : { payment_method }),
    ...intent,
  });
