/**
 * An attempt is the intention to ask the processor something, stored before it is asked. Its id is
 * the reference that the processor keeps too, so whoever finds it open can ask what became of it.
 */
import type { Tx } from '@/server/kernel/context';
import { invalidState } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { Awaiting } from '@/server/kernel/operation';
import type { Outcome, Processor } from '@/server/processor/processor';
import { lock, update, insert, type AttemptRow } from './store';

/**
 * Waits before a lost answer is asked after; the last one repeats. A call may still be under way at
 * the first: an inquiry moves no money, and a processor never acts on the same reference twice.
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

type Subject =
  | Pick<AttemptOnPayment, 'payment_intent' | 'charge'>
  | Pick<AttemptOnSetup, 'setup_intent' | 'setup_attempt'>;

export type NewAttempt = Subject &
  Pick<AttemptRow, 'kind' | 'amount' | 'currency'> &
  Partial<
    Pick<
      AttemptRow,
      | 'payment_method'
      | 'processor_token'
      | 'refund'
      | 'capture'
      | 'off_session'
      | 'statement_descriptor'
      | 'transaction'
      | 'reason'
      | 'error_on_requires_action'
    >
  >;

export const isOnPayment = (attempt: AttemptRow): attempt is AttemptOnPayment =>
  attempt.payment_intent !== null && attempt.charge !== null;

export const isOnSetup = (attempt: AttemptRow): attempt is AttemptOnSetup =>
  attempt.setup_intent !== null && attempt.setup_attempt !== null;

/** Who is asked: the simulator in test mode. @throws ApiError 400 in live mode, which has none. */
function requireProcessor({ livemode }: Tx): string {
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
      processor_token: null,
      refund: null,
      capture: false,
      off_session: false,
      statement_descriptor: null,
      transaction: null,
      reason: null,
      error_on_requires_action: false,
      ...attempt,
      id: newId('processor_attempt'),
      status: 'pending',
      processor: requireProcessor(tx),
      outcome: null,
      inquiries: 0,
      inquire_at: nextInquiry(tx.wallClock, 0),
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

/** Still no answer: when to ask again. */
export const postpone = (tx: Tx, attempt: AttemptRow): AttemptRow =>
  update(tx, attempt, {
    inquiries: attempt.inquiries + 1,
    inquire_at: nextInquiry(tx.wallClock, attempt.inquiries),
  });

/** Asks the processor. Throws `NoAnswer` when none came that can be trusted. */
export async function perform(processor: Processor, attempt: AttemptRow): Promise<Outcome> {
  const { id: reference, amount, currency, transaction } = attempt;
  const original = transaction ?? '';
  switch (attempt.kind) {
    case 'authorize':
    case 'verify':
      return processor.authorize({
        reference,
        amount,
        currency,
        card: { token: attempt.processor_token ?? '' },
        capture: attempt.capture,
        off_session: attempt.off_session,
        statement_descriptor: attempt.statement_descriptor,
      });
    case 'resume':
    case 'resume_verify':
      return processor.resume({ reference, transaction: original });
    case 'capture':
      return processor.capture({ reference, transaction: original, amount, currency });
    case 'cancel':
      return processor.cancel({ reference, transaction: original });
    case 'refund':
      return processor.refund({ reference, transaction: original, amount, currency });
  }
}
