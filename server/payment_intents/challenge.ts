/**
 * The payer at the bank's page, and back: an intent that `requires_action` waits for one challenge,
 * and goes on once its payer has answered. What the bank then says is `conclude.ts`.
 */
import type { Reader } from '@/db/scope';
import type { Tx } from '@/server/kernel/context';
import type { Awaiting } from '@/server/kernel/operation';
import { findPaymentMethod, type PaymentMethodRow } from '@/server/payment_methods';
import { find as findAttempt, open, type AttemptRow } from '@/server/processor_attempts';
import type { Challenge, Outcome } from '@/server/processor/processor';
import { move } from './lifecycle';
import { find, lock, type PaymentIntentRow } from './store';

/** A challenge, and how the payment stands for which it was put. */
export interface PutChallenge {
  readonly intent: PaymentIntentRow;
  readonly card: PaymentMethodRow['card'];
  /** By which the bank knows it. */
  readonly transaction: string;
  /** False once it was answered, and where the intent was canceled or confirmed anew meanwhile. */
  readonly isAwaited: boolean;
}

/** The challenge that an attempt met; null where it met none, or there is no such attempt. */
export async function findChallenge(scope: Reader, attempt: string): Promise<PutChallenge | null> {
  const met = await findMet(scope, attempt);
  if (met === null) return null;
  const [intent, method] = await Promise.all([
    find(scope, met.attempt.payment_intent),
    findPaymentMethod(scope, met.attempt.payment_method ?? ''),
  ]);
  if (intent === null || method === null) return null;
  return {
    intent,
    card: method.card,
    transaction: met.challenge.transaction,
    isAwaited: isAwaited(intent, met.challenge),
  };
}

/**
 * Claims the intent, to ask the bank what the payer's answer made of the payment. Null where the
 * intent does not wait for this challenge: however often a payer comes back, it is resumed once.
 */
export async function resume(tx: Tx, attempt: string): Promise<Awaiting | null> {
  const met = await findMet(tx, attempt);
  if (met === null) return null;
  const intent = await lock(tx, met.attempt.payment_intent);
  if (intent === null || !isAwaited(intent, met.challenge)) return null;
  await move(tx, intent, 'submit', { next_action: null });
  const { payment_intent, payment_method, charge, amount, currency, capture } = met.attempt;
  return open(tx, {
    kind: 'resume',
    payment_intent,
    payment_method,
    charge,
    amount,
    currency,
    capture,
    transaction: met.challenge.transaction,
  });
}

async function findMet(
  scope: Reader,
  id: string,
): Promise<{ attempt: AttemptRow; challenge: Challenge } | null> {
  const attempt = await findAttempt(scope, id);
  const outcome = attempt === null ? null : (attempt.outcome as Outcome | null);
  if (attempt === null || outcome?.kind !== 'challenge') return null;
  return { attempt, challenge: outcome };
}

/** Each challenge has an address of its own, and the intent holds that of the one it waits for. */
const isAwaited = ({ status, next_action }: PaymentIntentRow, { redirect }: Challenge): boolean =>
  status === 'requires_action' && next_action?.redirect_to_url?.url === redirect;
