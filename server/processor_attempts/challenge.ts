/**
 * The cardholder at the bank's page: an attempt that met a challenge, and the intent that waits for
 * the answer.
 */
import type { Reader } from '@/db/scope';
import type { StoredCard } from '@/db/schema/payment_methods';
import { findPaymentMethod } from '@/server/payment_methods';
import type {
  Browser,
  Challenge,
  ChallengeStep,
  Outcome,
  Part,
} from '@/server/processor/processor';
import { find, type AttemptRow } from './store';

/** A challenge, and how the intent stands for which it was put. */
export interface PutChallenge<Name extends string, Intent> {
  readonly object: Name;
  readonly intent: Intent;
  readonly clientSecret: string;
  /** The charge, or the try of a setup, which is the same at every step of one confirmation. */
  readonly confirmation: string;
  readonly card: StoredCard;
  /** By which the bank knows it, once it does. */
  readonly transaction: string | null;
  /** What our own page is to do; null where the processor has a page. */
  readonly step: ChallengeStep | null;
  /** It is shown in a frame of the shop's own page. */
  readonly isFramed: boolean;
  /** False once it was answered, and where the intent was canceled or confirmed anew meanwhile. */
  readonly isAwaited: boolean;
}

/** What may wait for an answer. */
interface Challengeable {
  readonly status: string;
  readonly next_action: NextAction | null;
}

/** What either kind of intent tells a browser to do. */
export interface NextAction {
  readonly type: string;
  readonly redirect_to_url?: { readonly url: string | null; readonly return_url: string | null };
  readonly use_stripe_sdk?: Readonly<Record<string, unknown>>;
}

/** What one kind of intent says of itself. */
interface Kind<Name extends string, Attempt extends AttemptRow, Intent extends Challengeable> {
  readonly object: Name;
  readonly isOne: (attempt: AttemptRow) => attempt is Attempt;
  readonly findIntent: (scope: Reader, attempt: Attempt) => Promise<Intent | null>;
  readonly clientSecretOf: (intent: Intent) => string;
  readonly confirmationOf: (attempt: Attempt) => string;
}

/** Finds the challenge that an attempt met; null where it met none, or is on another kind of intent. */
export const challengeFinder =
  <Name extends string, Attempt extends AttemptRow, Intent extends Challengeable>({
    object,
    isOne,
    findIntent,
    clientSecretOf,
    confirmationOf,
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
      confirmation: confirmationOf(met.attempt),
      card: method.card,
      transaction: met.challenge.transaction,
      step: met.challenge.step ?? null,
      isFramed: met.attempt.use_stripe_sdk,
      isAwaited: isAwaited(intent, met.challenge),
    };
  };

/** What a payer brought back: what their browser is, or what the issuer made it post. */
export interface ChallengeAnswer {
  readonly browser?: Browser;
  readonly parts?: readonly Part[];
}

/** What an attempt that goes on after a challenge has from the one that met it. */
export const resumptionOf = (
  attempt: AttemptRow,
  { transaction, step }: Challenge,
  { browser, parts }: ChallengeAnswer,
) => ({
  payment_method: attempt.payment_method,
  processor_account: attempt.processor_account,
  processor_token: attempt.processor_token,
  amount: attempt.amount,
  currency: attempt.currency,
  capture: attempt.capture,
  statement_descriptor: attempt.statement_descriptor,
  agreement: attempt.agreement,
  initiator: attempt.initiator,
  previous: attempt.previous,
  billing: attempt.billing,
  request_three_d_secure: attempt.request_three_d_secure,
  use_stripe_sdk: attempt.use_stripe_sdk,
  latitudes: attempt.latitudes,
  browser: browser ?? attempt.browser,
  transaction,
  step: step ?? null,
  answer: parts ?? null,
});

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
): boolean => status === 'requires_action' && addressIn(next_action) === redirect;

/** Where a browser is sent, to the bank's page or to be shown it in a frame; null where it is not. */
export function addressIn(action: NextAction | null): string | null {
  const address = action?.redirect_to_url?.url ?? action?.use_stripe_sdk?.['stripe_js'];
  return typeof address === 'string' ? address : null;
}

/**
 * What a browser is told to do about a challenge: to go to the bank's page and come back, or, where
 * the shop's own page wants to show it, to open that page in a frame. The frame posts
 * `{ type: 'calmony:challenge_answered', id }` to its parent, which then retrieves the intent.
 *
 * @param attempt the one that met the challenge.
 */
export const nextActionOf = (
  { redirect }: Challenge,
  { id, use_stripe_sdk }: Pick<AttemptRow, 'id' | 'use_stripe_sdk'>,
  return_url: string | null,
) =>
  use_stripe_sdk
    ? {
        type: 'use_stripe_sdk',
        // The words of Stripe.js, which has opened such an address in a frame since before version 3.
        use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: redirect, source: id },
      }
    : { type: 'redirect_to_url', redirect_to_url: { url: redirect, return_url } };
