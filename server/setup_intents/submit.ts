/**
 * The first transaction of a confirmation: settles which card is to be saved, and stores the
 * intention to have its issuer verify it. What the issuer answers is `conclude.ts`.
 */
import type { Tx } from '@/server/kernel/context';
import type { Awaiting } from '@/server/kernel/operation';
import { give, settleMandate, type MandateData } from '@/server/mandates';
import { chooseMethod, type PaymentMethodRow } from '@/server/payment_methods';
import { expectActive } from '@/server/processor_accounts';
import {
  authenticationAsked,
  importedOf,
  open,
  termsOf,
  type Importing,
} from '@/server/processor_attempts';
import { currentProject } from '@/server/projects';
import { abandonSetupAttempt, beginSetupAttempt } from '@/server/setup_attempts';
import { move, type Action } from './lifecycle';
import { assertConfirmable, refuse } from './refuse';
import type { SetupIntentRow } from './store';

export interface Confirmation extends Importing {
  readonly mandate_data?: MandateData | undefined;
  readonly return_url?: string | undefined;
  readonly use_stripe_sdk?: boolean | undefined;
}

/**
 * Claims the intent, to have the card verified: an authorization of nothing, with the cardholder
 * there to be challenged. Its answer comes from the attempt.
 */
export async function submit(
  tx: Tx,
  intent: SetupIntentRow,
  method: PaymentMethodRow,
  confirmation: Confirmation,
): Promise<Awaiting> {
  const { mandate_data, return_url, use_stripe_sdk } = confirmation;
  assertConfirmable(tx, intent);
  await expectActive(tx, method.processor_account);
  await abandon(tx, intent);
  const setupAttempt = beginSetupAttempt(tx, intent, method);
  const permission = { payment_method: method.id, setup_intent: intent.id };
  const given =
    mandate_data === undefined || mandate_data === null ? null : give(tx, mandate_data, permission);
  await move(tx, intent, 'submit', {
    latest_attempt: setupAttempt.id,
    mandate: given === null ? null : given.id,
    next_action: null,
    payment_method: method.id,
    return_url,
  });
  // No money is asked for, but networks want a currency all the same.
  const { default_currency } = await currentProject(tx);
  return open(tx, {
    kind: 'verify',
    setup_intent: intent.id,
    setup_attempt: setupAttempt.id,
    ...termsOf(method, { off_session: false, recurring: false, keeps: true }),
    request_three_d_secure: authenticationAsked(intent.payment_method_options),
    amount: 0,
    currency: default_currency,
    use_stripe_sdk: use_stripe_sdk === true,
    authentication: importedOf(method, confirmation),
  });
}

/** The method to save: the one just chosen, or the one the intent has. */
export async function methodToSave(
  tx: Tx,
  intent: SetupIntentRow,
  chosen: PaymentMethodRow | null | undefined,
): Promise<PaymentMethodRow> {
  if (chosen !== undefined && chosen !== null) return chosen;
  const method =
    intent.payment_method === null
      ? null
      : await chooseMethod(tx, { payment_method: intent.payment_method }, intent.customer);
  if (method !== null && method !== undefined) return method;
  throw refuse(
    tx,
    intent,
    "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.",
  );
}

/** Where a change of the method leads: to `requires_confirmation` with one, back without. */
export async function changeMethod(
  tx: Tx,
  intent: SetupIntentRow,
  method: PaymentMethodRow | null | undefined,
): Promise<SetupIntentRow> {
  if (method === undefined || (method?.id ?? null) === intent.payment_method) return intent;
  return restart(tx, intent, method === null ? 'detach' : 'attach', method?.id ?? null);
}

/** The cardholder may have been challenged for something else: what was put to them is void. */
export async function restart(
  tx: Tx,
  intent: SetupIntentRow,
  action: Extract<Action, 'attach' | 'detach'>,
  payment_method = intent.payment_method,
): Promise<SetupIntentRow> {
  await abandon(tx, intent);
  return move(tx, intent, action, { payment_method, next_action: null, mandate: null });
}

/** Nobody waits for the answer to a challenge any more: its attempt ends, and what it was to give. */
export async function abandon(
  tx: Tx,
  intent: SetupIntentRow,
  reason: 'abandoned' | 'canceled' = 'abandoned',
): Promise<void> {
  if (intent.status !== 'requires_action' || intent.latest_attempt === null) return;
  await abandonSetupAttempt(tx, intent.latest_attempt, reason);
  await settleMandate(tx, intent.mandate, 'revoke');
}
