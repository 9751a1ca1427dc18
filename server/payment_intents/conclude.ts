/**
 * The last transaction: what the processor's answer means for the intent. It is the same whether
 * the request that asked is still there, or the answer was found by asking later; the attempt is
 * locked and open, so an outcome is applied once.
 */
import type Stripe from 'stripe';
import {
  find as findCharge,
  record,
  recordCapture,
  recordIncrement,
  recordRelease,
} from '@/server/charges';
import type { Scope, Tx } from '@/server/kernel/context';
import { invalidState, type ApiError } from '@/server/kernel/errors';
import { unix } from '@/server/kernel/object';
import { abandonMandate, settleMandate } from '@/server/mandates';
import {
  attachTo,
  lockPaymentMethod,
  recordAgreement,
  toPaymentMethod,
  useUp,
  type PaymentMethodRow,
} from '@/server/payment_methods';
import { currentProject } from '@/server/projects';
import {
  nextActionOf,
  refusalOf,
  toCardError,
  type AttemptOnPayment,
} from '@/server/processor_attempts';
import type { Approved, Challenge, Declined, Outcome } from '@/server/processor/processor';
import { EXPIRED } from './expire';
import { move } from './lifecycle';
import { futureUsageOf } from './options';
import { shown, toPaymentIntent } from './object';
import { find, lock, type PaymentIntentRow } from './store';

type Answer = Stripe.PaymentIntent | ApiError;

/** The intent, and the card where one is asked for money, locked in this order in one round trip. */
export const lockPaid = (tx: Tx, attempt: AttemptOnPayment): Promise<unknown> =>
  Promise.all([
    requireLockedIntent(tx, attempt),
    attempt.payment_method === null ? null : requireMethod(tx, attempt),
    // What is posted will ask for it.
    currentProject(tx),
  ]);

/** After `authorize` or `resume`. */
export async function concludeAuthorization(
  tx: Tx,
  attempt: AttemptOnPayment,
  outcome: Outcome | null,
): Promise<Answer> {
  const [intent, method] = await Promise.all([
    requireLockedIntent(tx, attempt),
    requireMethod(tx, attempt),
  ]);
  const meant = meaningOf(attempt, outcome);
  switch (meant?.kind) {
    case undefined:
      return shown(tx, intent);
    case 'pending':
      await tx.announce('payment_intent.processing', toPaymentIntent(intent));
      return shown(tx, intent);
    case 'challenge':
      return challenged(tx, attempt, intent, meant);
    case 'approved':
      return approved(tx, attempt, { intent, method }, meant);
    case 'declined':
      return declined(tx, attempt, { intent, method }, meant);
  }
}

/** Who asked for an error instead of an action to take is declined where the bank would challenge. */
const meaningOf = (
  { error_on_requires_action }: AttemptOnPayment,
  outcome: Outcome | null,
): Outcome | null =>
  outcome?.kind === 'challenge' && error_on_requires_action
    ? {
        kind: 'declined',
        transaction: outcome.transaction,
        code: 'authentication_required',
        decline_code: 'authentication_not_handled',
        message:
          "This payment required an authentication action to complete, but `error_on_requires_action` was set. When you're ready, you can upgrade your integration to handle actions at https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions.",
        checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
      }
    : outcome;

/** Money is asked for once the cardholder is known: where that failed, there never was a charge. */
const isUnauthenticated = ({ code, decline_code }: Declined): boolean =>
  code === 'authentication_failure' || decline_code === 'authentication_not_handled';

interface Locked {
  readonly intent: PaymentIntentRow;
  readonly method: PaymentMethodRow;
}

async function approved(
  tx: Tx,
  attempt: AttemptOnPayment,
  { intent, method }: Locked,
  outcome: Approved,
): Promise<Answer> {
  const charge = await record(tx, attempt, intent, method, outcome);
  // The bank knows the card now: it is saved where that was asked for, and used up where it was not.
  // Without a customer it stays free: its owner attaches it later.
  if (futureUsageOf(intent) === null) await useUp(tx, method);
  else if (intent.customer !== null && isFree(method)) await attachTo(tx, method, intent.customer);
  await settleMandate(tx, intent.mandate, 'accept');
  recordAgreement(tx, method, attempt, outcome);
  const paid = { latest_charge: charge.id, last_payment_error: null, next_action: null };
  const moved = attempt.capture
    ? await move(tx, intent, 'succeed', { ...paid, amount_received: attempt.amount })
    : await move(tx, intent, 'authorize', {
        ...paid,
        amount_capturable: attempt.amount,
        expires_at: charge.capture_before,
      });
  return shown(tx, moved);
}

async function declined(
  tx: Tx,
  attempt: AttemptOnPayment,
  { intent, method }: Locked,
  outcome: Declined,
): Promise<Answer> {
  const charge = isUnauthenticated(outcome)
    ? null
    : (await record(tx, attempt, intent, method, outcome)).id;
  await abandonMandate(tx, intent.mandate);
  const last_payment_error = {
    ...(charge === null ? {} : { charge }),
    ...refusalOf('payment_intent', outcome),
    payment_method: toPaymentMethod(method),
  };
  const moved = await move(tx, intent, 'decline', {
    ...(charge === null ? {} : { latest_charge: charge }),
    mandate: null,
    payment_method: null,
    next_action: null,
    last_payment_error,
  });
  return toCardError(last_payment_error, { payment_intent: shown(tx, moved) });
}

async function challenged(
  tx: Tx,
  attempt: AttemptOnPayment,
  intent: PaymentIntentRow,
  outcome: Challenge,
): Promise<Answer> {
  // A payer who is led from one page to the next has one action to take, which was told of.
  const moved = await move(tx, intent, attempt.kind === 'resume' ? 'lead_on' : 'challenge', {
    next_action: nextActionOf(outcome, attempt, intent.return_url),
  });
  return shown(tx, moved);
}

/** After `capture`. */
export async function concludeCapture(
  tx: Tx,
  attempt: AttemptOnPayment,
  outcome: Outcome | null,
): Promise<Answer> {
  const intent = await requireLockedIntent(tx, attempt);
  switch (outcome?.kind) {
    case undefined:
    case 'pending':
    case 'challenge':
      return shown(tx, intent);
    case 'approved': {
      await recordCapture(tx, attempt, intent, outcome);
      const amount_received = intent.amount_received + attempt.amount;
      const moved = attempt.final
        ? await move(tx, intent, 'succeed', {
            amount_received,
            amount_capturable: 0,
            expires_at: null,
          })
        : await move(tx, intent, 'authorize', {
            amount_received,
            amount_capturable: intent.amount_capturable - attempt.amount,
          });
      return shown(tx, moved);
    }
    case 'declined':
      await move(tx, intent, 'restore');
      return invalidState(outcome.message, outcome.code);
  }
}

/** After `increment`. What an issuer does not raise stays reserved as it was. */
export async function concludeIncrement(
  tx: Tx,
  attempt: AttemptOnPayment,
  outcome: Outcome | null,
): Promise<Answer> {
  const intent = await requireLockedIntent(tx, attempt);
  switch (outcome?.kind) {
    case undefined:
    case 'pending':
    case 'challenge':
      return shown(tx, intent);
    case 'approved': {
      await recordIncrement(tx, attempt, outcome);
      const { amount } = attempt;
      return shown(tx, await move(tx, intent, 'authorize', { amount, amount_capturable: amount }));
    }
    case 'declined': {
      const restored = await move(tx, intent, 'restore');
      return toCardError(refusalOf('payment_intent', outcome), {
        payment_intent: shown(tx, restored),
      });
    }
  }
}

/** After `cancel`. */
export async function concludeCancel(
  tx: Tx,
  attempt: AttemptOnPayment,
  outcome: Outcome | null,
): Promise<Answer> {
  const intent = await requireLockedIntent(tx, attempt);
  switch (outcome?.kind) {
    case undefined:
    case 'pending':
    case 'challenge':
      return shown(tx, intent);
    case 'approved': {
      const hasExpired = attempt.reason === EXPIRED;
      await recordRelease(tx, attempt.charge, hasExpired ? 'charge.expired' : undefined);
      const moved = await move(tx, intent, 'void', {
        amount_capturable: 0,
        expires_at: null,
        canceled_at: unix(tx.now),
        cancellation_reason: attempt.reason as PaymentIntentRow['cancellation_reason'],
      });
      return shown(tx, moved);
    }
    case 'declined':
      await move(tx, intent, 'restore');
      return invalidState(outcome.message, outcome.code);
  }
}

/** What an attempt that was answered meanwhile led to: the intent, or the card error it got. */
export async function answerOfIntent(scope: Scope, attempt: AttemptOnPayment): Promise<Answer> {
  const intent = await find(scope, attempt.payment_intent);
  if (intent === null) throw new Error(`${attempt.payment_intent} does not exist.`);
  const outcome = meaningOf(attempt, attempt.outcome as Outcome | null);
  if (outcome?.kind !== 'declined') return shown(scope, intent);
  const charge = await findCharge(scope, attempt.charge);
  // The intent may have gone on since: the error that this attempt got is then told by its charge.
  const isLatest = intent.latest_charge === attempt.charge;
  const told = (isLatest ? intent.last_payment_error : null) ?? {
    ...(charge === null ? {} : { charge: charge.id }),
    ...refusalOf('payment_intent', outcome),
  };
  return toCardError(told, { payment_intent: shown(scope, intent) });
}

async function requireLockedIntent(tx: Tx, attempt: AttemptOnPayment): Promise<PaymentIntentRow> {
  const row = await lock(tx, attempt.payment_intent);
  if (row === null) throw new Error(`${attempt.payment_intent} does not exist.`);
  return row;
}

const isFree = ({ status }: PaymentMethodRow): boolean => status === 'unattached';

async function requireMethod(
  tx: Tx,
  { payment_method }: AttemptOnPayment,
): Promise<PaymentMethodRow> {
  if (payment_method === null) throw new Error('The attempt names no payment method.');
  return lockPaymentMethod(tx, payment_method);
}
