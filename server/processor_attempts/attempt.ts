/**
 * An attempt is the intention to ask the processor something, stored before it is asked. Its id is
 * the reference that the processor keeps too, so whoever finds it open can ask what became of it.
 */
import type { KeptCard } from '@/db/schema/processor_attempts';
import type { Tx } from '@/server/kernel/context';
import { invalidState } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { Awaiting } from '@/server/kernel/operation';
import {
  ask,
  type Asked,
  type Authorize,
  type Billing,
  type Browser,
  type ChallengeStep,
  type Finding,
  type Latitude,
  type Message,
  type Outcome,
  type Part,
  type Pending,
  type Processor,
} from '@/server/processor/processor';
import { CHANGES, lock, update, insert, type AttemptKind, type AttemptRow } from './store';

/**
 * Waits before a lost answer is asked after; the last one repeats. A call may still be under way at
 * the first: a processor never acts on the same reference twice.
 */
const INQUIRIES_MS: readonly number[] = [
  5_000,
  30_000,
  2 * 60_000,
  10 * 60_000,
  60 * 60_000,
  24 * 60 * 60_000,
];

function nextInquiry(now: Date, inquiries: number): Date {
  const wait = INQUIRIES_MS[Math.min(inquiries, INQUIRIES_MS.length - 1)] ?? 0;
  return new Date(now.getTime() + wait);
}

/**
 * Longer than a request waits, for locks and for the processor: what it sends, it has sent by then. And
 * less than whoever repeats a request waits to be told how it stands (`conclusions.ts`).
 */
const GIVEN_UP_MS = 45_000;

/**
 * To ask again is to do it, where it was not done: so nobody does while whoever asked first may still
 * be about to. A process that died says no more, and one that gave up says so (see `postpone`).
 */
const firstInquiry = (now: Date, kind: AttemptKind): Date =>
  CHANGES.has(kind) ? new Date(now.getTime() + GIVEN_UP_MS) : nextInquiry(now, 0);

/** On a payment: it names the intent, and the charge that it makes or acts on. */
export type AttemptOnPayment = AttemptRow & {
  readonly payment_intent: string;
  readonly charge: string;
};

/** On a setup: it names the intent, and the setup attempt whose answer it brings. */
export type AttemptOnSetup = AttemptRow & {
  readonly setup_intent: string;
  readonly setup_attempt: string;
};

/** On a card that is to be kept: it names the payment method, or the token, that will be made of it. */
export type AttemptOnCard = AttemptRow & { readonly kept: KeptCard } & (
    | { readonly payment_method: string; readonly token: null }
    | { readonly payment_method: null; readonly token: string }
  );

type Subject =
  | Pick<AttemptOnPayment, 'payment_intent' | 'charge'>
  | Pick<AttemptOnSetup, 'setup_intent' | 'setup_attempt'>
  | { readonly payment_method: string; readonly kept: KeptCard }
  | { readonly token: string; readonly kept: KeptCard };

export type NewAttempt = Subject &
  Pick<AttemptRow, 'kind' | 'amount' | 'currency'> &
  Partial<
    Pick<
      AttemptRow,
      | 'agreement'
      | 'answer'
      | 'billing'
      | 'browser'
      | 'initiator'
      | 'kept'
      | 'payment_method'
      | 'previous'
      | 'refundable'
      | 'request_three_d_secure'
      | 'step'
      | 'processor_account'
      | 'processor_token'
      | 'refund'
      | 'capture'
      | 'off_session'
      | 'statement_descriptor'
      | 'transaction'
      | 'reason'
      | 'error_on_requires_action'
      | 'use_stripe_sdk'
      | 'authentication'
      | 'latitudes'
      | 'final'
    >
  >;

export const isOnPayment = (attempt: AttemptRow): attempt is AttemptOnPayment =>
  attempt.payment_intent !== null && attempt.charge !== null;

export const isOnCard = (attempt: AttemptRow): attempt is AttemptOnCard =>
  attempt.kept !== null && (attempt.payment_method !== null || attempt.token !== null);

export const isOnSetup = (attempt: AttemptRow): attempt is AttemptOnSetup =>
  attempt.setup_intent !== null && attempt.setup_attempt !== null;

/**
 * Who is asked: where no account keeps the card, the simulator in test mode.
 *
 * @throws ApiError 400 in live mode, where there is no simulator.
 */
function processorOf({ livemode }: Tx, account: string | null): string {
  if (account !== null) return 'cardstream';
  if (!livemode) return 'simulator';
  throw invalidState(
    'No card processor is configured for live mode in this project. Use a test key, or configure one.',
    'processor_not_configured',
  );
}

/** Stores the intention. The database allows one that is open for an intent, and one for a refund. */
export function open(tx: Tx, attempt: NewAttempt): Awaiting {
  return new Awaiting(
    insert(tx, {
      payment_intent: null,
      setup_intent: null,
      setup_attempt: null,
      charge: null,
      payment_method: null,
      token: null,
      agreement: 'none',
      answer: null,
      billing: null,
      browser: null,
      initiator: attempt.off_session === true ? 'merchant' : 'customer',
      kept: null,
      previous: null,
      refundable: null,
      request_three_d_secure: 'automatic',
      step: null,
      processor_account: null,
      processor_token: null,
      refund: null,
      capture: false,
      off_session: false,
      statement_descriptor: null,
      transaction: null,
      reason: null,
      error_on_requires_action: false,
      use_stripe_sdk: false,
      authentication: null,
      latitudes: [],
      final: true,
      ...attempt,
      id: newId('processor_attempt'),
      status: 'pending',
      processor: processorOf(tx, attempt.processor_account ?? null),
      outcome: null,
      arrived_as: null,
      decision: null,
      inquiries: 0,
      inquire_at: firstInquiry(tx.wallClock, attempt.kind),
      created: unix(tx.wallClock),
    }),
  );
}

/** The attempt if it is still open, locked; null when somebody else has closed it. */
export async function lockOpen(tx: Tx, id: string): Promise<AttemptRow | null> {
  const row = await lock(tx, id);
  return row?.status === 'pending' ? row : null;
}

/** Stores the answer. From here on the attempt is history. */
export const close = (tx: Tx, attempt: AttemptRow, outcome: Outcome): AttemptRow =>
  update(tx, attempt, { status: 'answered', outcome, inquire_at: null });

/** Still no answer, or one that says to wait: when to ask again. */
export const postpone = (tx: Tx, attempt: AttemptRow, outcome: Pending | null): AttemptRow =>
  update(tx, attempt, {
    outcome,
    inquiries: attempt.inquiries + 1,
    inquire_at: nextInquiry(tx.wallClock, attempt.inquiries),
  });

/** Asks the processor. Throws `NoAnswer` when none came that can be trusted. */
export const perform = (processor: Processor, attempt: AttemptRow): Promise<Outcome> =>
  ask(processor, askedOf(attempt));

const isPending = ({ outcome }: AttemptRow): boolean =>
  (outcome as Outcome | null)?.kind === 'pending';

/** Asks what became of it, where no answer came. */
export const inquire = (processor: Processor, attempt: AttemptRow, now: Date): Promise<Finding> =>
  processor.inquire({
    reference: attempt.id,
    transaction: attempt.arrived_as ?? attempt.transaction,
    asked: askedOf(attempt),
    // Whoever was told to wait has nothing under way: see `claimLost`.
    sent_at: isPending(attempt) ? null : new Date(attempt.created * 1000),
    now,
  });

/** What a message that the processor sent by itself says became of it; null for nothing certain. */
export const heed = (processor: Processor, attempt: AttemptRow, message: Message): Outcome | null =>
  processor.heed?.(askedOf(attempt), message) ?? null;

/** What is asked is in the row, so that it is the same however often it is asked. */
function askedOf(attempt: AttemptRow): Asked {
  const { id: reference, amount, currency, transaction } = attempt;
  const original = transaction ?? '';
  const settled = { reference, transaction: original, amount, currency };
  switch (attempt.kind) {
    case 'authorize':
    case 'verify':
    case 'keep':
      return { verb: 'authorize', request: authorizationOf(attempt) };
    case 'resume':
    case 'resume_verify':
      return {
        verb: 'resume',
        request: {
          reference,
          transaction,
          step: attempt.step as ChallengeStep | null,
          answer: attempt.answer as readonly Part[] | null,
          authorization: authorizationOf(attempt),
        },
      };
    case 'capture':
      return { verb: 'capture', request: { ...settled, final: attempt.final } };
    case 'increment':
      return { verb: 'increment', request: settled };
    case 'cancel':
      return { verb: 'cancel', request: { reference, transaction: original } };
    case 'refund':
      return { verb: 'refund', request: { ...settled, refundable: attempt.refundable ?? amount } };
  }
}

const authorizationOf = (attempt: AttemptRow): Authorize => ({
  reference: attempt.id,
  amount: attempt.amount,
  currency: attempt.currency,
  card: { token: attempt.processor_token ?? '' },
  capture: attempt.capture,
  off_session: attempt.off_session,
  statement_descriptor: attempt.statement_descriptor,
  agreement: attempt.agreement,
  initiator: attempt.initiator,
  previous: attempt.previous,
  billing: attempt.billing as Billing | null,
  browser: attempt.browser as Browser | null,
  request_three_d_secure: attempt.request_three_d_secure,
  authentication: attempt.authentication as Authorize['authentication'],
  latitudes: attempt.latitudes as Latitude[],
});
