/**
 * The last transaction: what the issuer's answer means for the intent. It is the same whether the
 * request that asked is still there, or the answer was found by asking later; the attempt is locked
 * and open, so an outcome is applied once.
 */
import type Stripe from 'stripe';
import { lockActiveCustomer } from '@/server/customers';
import type { Scope, Tx } from '@/server/kernel/context';
import type { ApiError } from '@/server/kernel/errors';
import { settleMandate } from '@/server/mandates';
import {
  attachTo,
  lockPaymentMethod,
  recordAgreement,
  recordChecks,
  toPaymentMethod,
  type PaymentMethodRow,
} from '@/server/payment_methods';
import {
  nextActionOf,
  refusalOf,
  toCardError,
  type AttemptOnSetup,
} from '@/server/processor_attempts';
import type { Approved, Challenge, Declined, Outcome } from '@/server/processor/processor';
import {
  failSetupAttempt,
  findSetupAttempt,
  moveSetupAttemptOn,
  succeedSetupAttempt,
} from '@/server/setup_attempts';
import { move } from './lifecycle';
import { shown } from './object';
import { find, lock, type SetupIntentRow } from './store';

type Answer = Stripe.SetupIntent | ApiError;

/** After `verify` or `resume_verify`. */
export async function concludeSetup(
  tx: Tx,
  attempt: AttemptOnSetup,
  outcome: Outcome | null,
): Promise<Answer> {
  const intent = await lock(tx, attempt.setup_intent);
  if (intent === null) throw new Error(`${attempt.setup_intent} does not exist.`);
  switch (outcome?.kind) {
    case undefined:
    case 'pending':
      return shown(tx, intent);
    case 'challenge':
      return challenged(tx, attempt, intent, outcome);
    case 'approved':
      return approved(tx, attempt, intent, outcome);
    case 'declined':
      return declined(tx, attempt, intent, outcome, await requireMethod(tx, attempt));
  }
}

async function challenged(
  tx: Tx,
  attempt: AttemptOnSetup,
  intent: SetupIntentRow,
  outcome: Challenge,
): Promise<Answer> {
  await moveSetupAttemptOn(tx, attempt.setup_attempt, 'challenge');
  const moved = await move(tx, intent, attempt.kind === 'resume_verify' ? 'lead_on' : 'challenge', {
    next_action: nextActionOf(outcome, attempt, intent.return_url),
  });
  return shown(tx, moved);
}

async function approved(
  tx: Tx,
  attempt: AttemptOnSetup,
  intent: SetupIntentRow,
  outcome: Approved,
): Promise<Answer> {
  const { customer } = intent;
  // Whoever locks a customer and its methods locks the customer first.
  const owner = customer === null ? null : await lockActiveCustomer(tx, customer);
  const method = await requireMethod(tx, attempt);
  if (!isSavable(method, intent) || (customer !== null && owner === null)) {
    return declined(tx, attempt, intent, goneMeanwhile(outcome), method);
  }
  await succeedSetupAttempt(tx, attempt.setup_attempt, outcome);
  const checked = recordAgreement(tx, recordChecks(tx, method, outcome.checks), attempt, outcome);
  // Without a customer it stays free: its owner attaches it later, or charges it once.
  if (customer !== null) await attachTo(tx, checked, customer);
  await settleMandate(tx, intent.mandate, 'accept');
  const moved = await move(tx, intent, 'succeed', { last_setup_error: null, next_action: null });
  return shown(tx, moved);
}

/** Nobody else has saved it, used it up or let go of it while its issuer was asked. */
const isSavable = ({ status, customer }: PaymentMethodRow, intent: SetupIntentRow): boolean =>
  status === 'unattached' || (status === 'attached' && customer === intent.customer);

const goneMeanwhile = ({ transaction, checks }: Approved): Declined => ({
  kind: 'declined',
  transaction,
  code: 'payment_method_unexpected_state',
  decline_code: null,
  message:
    'The payment method was attached, detached or used, or its customer deleted, while it was being set up.',
  checks,
});

async function declined(
  tx: Tx,
  attempt: AttemptOnSetup,
  intent: SetupIntentRow,
  outcome: Declined,
  method: PaymentMethodRow,
): Promise<Answer> {
  const error = {
    ...refusalOf('setup_intent', outcome),
    payment_method: toPaymentMethod(method),
  };
  await failSetupAttempt(tx, attempt.setup_attempt, outcome, error);
  await settleMandate(tx, intent.mandate, 'revoke');
  const moved = await move(tx, intent, 'decline', {
    last_setup_error: error,
    mandate: null,
    next_action: null,
    payment_method: null,
  });
  return toCardError(error, { setup_intent: shown(tx, moved) });
}

/** What an attempt that was answered meanwhile led to: the intent, or the card error it got. */
export async function answerOfSetup(scope: Scope, attempt: AttemptOnSetup): Promise<Answer> {
  const [intent, made] = await Promise.all([
    find(scope, attempt.setup_intent),
    findSetupAttempt(scope, attempt.setup_attempt),
  ]);
  if (intent === null) throw new Error(`${attempt.setup_intent} does not exist.`);
  const outcome = attempt.outcome as Outcome | null;
  // One that met a challenge was told of that, whatever came of it.
  const error = outcome?.kind === 'challenge' ? null : (made?.setup_error ?? null);
  return error === null
    ? shown(scope, intent)
    : toCardError(error, { setup_intent: shown(scope, intent) });
}

async function requireMethod(
  tx: Tx,
  { payment_method }: AttemptOnSetup,
): Promise<PaymentMethodRow> {
  if (payment_method === null) throw new Error('The attempt names no payment method.');
  return lockPaymentMethod(tx, payment_method);
}
