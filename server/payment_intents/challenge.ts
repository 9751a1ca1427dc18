/**
 * The payer at the bank's page, and back: an intent that `requires_action` waits for one challenge,
 * and goes on once its payer has answered. What the bank then says is `conclude.ts`.
 */
import type { Tx } from '@/server/kernel/context';
import type { Awaiting } from '@/server/kernel/operation';
import {
  challengeFinder,
  findChallenged,
  isAwaited,
  isOnPayment,
  open,
  resumptionOf,
  type ChallengeAnswer,
  type PutChallenge,
} from '@/server/processor_attempts';
import { move } from './lifecycle';
import { clientSecretOf } from './object';
import { find, lock, type PaymentIntentRow } from './store';

export type PaymentChallenge = PutChallenge<'payment_intent', PaymentIntentRow>;

/** The challenge that an attempt met; null where it met none, or is none on a payment. */
export const findChallenge = challengeFinder({
  object: 'payment_intent',
  isOne: isOnPayment,
  findIntent: (scope, { payment_intent }) => find(scope, payment_intent),
  clientSecretOf,
  confirmationOf: ({ charge }) => charge,
});

/**
 * Claims the intent, to ask the bank what the payer's answer made of the payment. Null where the
 * intent does not wait for this challenge: however often a payer comes back, it is resumed once.
 */
export async function resume(
  tx: Tx,
  attempt: string,
  answer: ChallengeAnswer = {},
): Promise<Awaiting | null> {
  const met = await findChallenged(tx, attempt, isOnPayment);
  if (met === null) return null;
  const intent = await lock(tx, met.attempt.payment_intent);
  if (intent === null || !isAwaited(intent, met.challenge)) return null;
  await move(tx, intent, 'submit', { next_action: null });
  const { payment_intent, charge } = met.attempt;
  return open(tx, {
    ...resumptionOf(met.attempt, met.challenge, answer),
    kind: 'resume',
    payment_intent,
    charge,
  });
}
