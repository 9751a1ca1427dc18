/**
 * The cardholder at the bank's page: an attempt that met a challenge, and the intent that waits for
 * the answer.
 */
import type { Reader } from '@/db/scope';
import type { StoredCard } from '@/db/schema/payment_methods';
import { findPaymentMethod } from '@/server/payment_methods';
import type { Challenge, Outcome } from '@/server/processor/processor';
import { find, type AttemptRow } from './store';

/** A challenge, and how the intent stands for which it was put. */
export interface PutChallenge<Name extends string, Intent> {
  readonly object: Name;
  readonly intent: Intent;
  readonly clientSecret: string;
  readonly card: StoredCard;
  /** By which the bank knows it. */
  readonly transaction: string;
  /** False once it was answered, and where the intent was canceled or confirmed anew meanwhile. */
  readonly isAwaited: boolean;
}

/** What may wait for an answer. */
interface Challengeable {
  readonly status: string;
  readonly next_action: { readonly redirect_to_url?: { readonly url: string | null } } | null;
}

/** What one kind of intent says of itself. */
interface Kind<Name extends string, Attempt extends AttemptRow, Intent extends Challengeable> {
  readonly object: Name;
  readonly isOne: (attempt: AttemptRow) => attempt is Attempt;
  readonly findIntent: (scope: Reader, attempt: Attempt) => Promise<Intent | null>;
  readonly clientSecretOf: (intent: Intent) => string;
}

/** Finds the challenge that an attempt met; null where it met none, or is on another kind of intent. */
export const challengeFinder =
  <Name extends string, Attempt extends AttemptRow, Intent extends Challengeable>({
    object,
    isOne,
    findIntent,
    clientSecretOf,
  }: Kind<Name, Attempt, Intent>) =>
  async (scope: Reader, id: string): Promise<PutChallenge<Name, Intent> | null> => {
    const met = await findChallenged(scope, id, isOne);
    if (met === null) return null;
    const [intent, method] = await Promise.all([
      findIntent(scope, met.attempt),
      findPaymentMethod(scope, met.attempt.payment_method ?? ''),
    ]);
    if (intent === null || method === null) return null;
    return {
      object,
      intent,
      clientSecret: clientSecretOf(intent),
      card: method.card,
      transaction: met.challenge.transaction,
      isAwaited: isAwaited(intent, met.challenge),
    };
  };

/** The attempt, if it is one of those asked for, with the challenge that it met; else null. */
export async function findChallenged<Attempt extends AttemptRow>(
  scope: Reader,
  id: string,
  isOne: (attempt: AttemptRow) => attempt is Attempt,
): Promise<{ attempt: Attempt; challenge: Challenge } | null> {
  const attempt = await find(scope, id);
  if (attempt === null || !isOne(attempt)) return null;
  const outcome = attempt.outcome as Outcome | null;
  return outcome?.kind === 'challenge' ? { attempt, challenge: outcome } : null;
}

/** Each challenge has an address of its own, and the intent holds that of the one it waits for. */
export const isAwaited = (
  { status, next_action }: Challengeable,
  { redirect }: Challenge,
): boolean => status === 'requires_action' && next_action?.redirect_to_url?.url === redirect;
