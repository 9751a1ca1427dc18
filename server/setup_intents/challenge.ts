/**
 * The cardholder at the bank's page, and back: an intent that `requires_action` waits for one
 * challenge, and goes on once it was answered. What the bank then says is `conclude.ts`.
 */
import type { Tx } from '@/server/kernel/context';
import type { Awaiting } from '@/server/kernel/operation';
import {
  challengeFinder,
  findChallenged,
  isAwaited,
  isOnSetup,
  open,
  resumptionOf,
  type ChallengeAnswer,
  type PutChallenge,
} from '@/server/processor_attempts';
import { moveSetupAttemptOn } from '@/server/setup_attempts';
import { move } from './lifecycle';
import { clientSecretOf } from './object';
import { find, lock, type SetupIntentRow } from './store';

export type SetupChallenge = PutChallenge<'setup_intent', SetupIntentRow>;

/** The challenge that an attempt met; null where it met none, or is none on a setup. */
export const findChallenge = challengeFinder({
  object: 'setup_intent',
  isOne: isOnSetup,
  findIntent: (scope, { setup_intent }) => find(scope, setup_intent),
  clientSecretOf,
  confirmationOf: ({ setup_attempt }) => setup_attempt,
});

/**
 * Claims the intent, to ask the bank what the cardholder's answer made of it. Null where the intent
 * does not wait for this challenge: however often a cardholder comes back, it is resumed once.
 */
export async function resume(
  tx: Tx,
  attempt: string,
  answer: ChallengeAnswer = {},
): Promise<Awaiting | null> {
  const met = await findChallenged(tx, attempt, isOnSetup);
  if (met === null) return null;
  const intent = await lock(tx, met.attempt.setup_intent);
  if (intent === null || !isAwaited(intent, met.challenge)) return null;
  await move(tx, intent, 'submit', { next_action: null });
  const { setup_intent, setup_attempt } = met.attempt;
  await moveSetupAttemptOn(tx, setup_attempt, 'submit');
  return open(tx, {
    ...resumptionOf(met.attempt, met.challenge, answer),
    kind: 'resume_verify',
    setup_intent,
    setup_attempt,
  });
}
