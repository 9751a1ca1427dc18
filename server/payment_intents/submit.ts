/**
 * The first transaction of a confirmation: settles with which card and how, and stores the
 * intention to charge it. What the processor answers is `conclude.ts`.
 */
import type { Tx } from '@/server/kernel/context';
import { unexpectedState } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import type { Awaiting } from '@/server/kernel/operation';
import { chooseMethod, type PaymentMethodRow } from '@/server/payment_methods';
import { open } from '@/server/processor_attempts';
import { move } from './lifecycle';
import { shown } from './object';
import { assertConfirmable } from './refuse';
import type { PaymentIntentRow } from './store';

export interface Confirmation {
  readonly error_on_requires_action?: boolean | undefined;
  readonly off_session?: boolean | string | undefined;
  readonly return_url?: string | undefined;
}

/** Claims the intent for an authorization. Its answer comes from the attempt. */
export async function submit(
  tx: Tx,
  intent: PaymentIntentRow,
  method: PaymentMethodRow,
  confirmation: Confirmation,
): Promise<Awaiting> {
  assertConfirmable(tx, intent);
  const off_session =
    confirmation.off_session === undefined
      ? intent.off_session
      : confirmation.off_session !== false;
  const submitted = await move(tx, intent, 'submit', {
    off_session,
    next_action: null,
    ...(confirmation.return_url === undefined ? {} : { return_url: confirmation.return_url }),
  });
  return open(tx, {
    kind: 'authorize',
    payment_intent: submitted.id,
    payment_method: method.id,
    processor_token: method.processor_token,
    charge: newId('charge'),
    amount: submitted.amount,
    currency: submitted.currency,
    capture: submitted.capture_method !== 'manual',
    off_session,
    statement_descriptor: submitted.statement_descriptor ?? submitted.statement_descriptor_suffix,
    error_on_requires_action: confirmation.error_on_requires_action === true,
  });
}

/** The method to charge: the one just chosen, or the one the intent has. */
export async function methodToCharge(
  tx: Tx,
  intent: PaymentIntentRow,
  chosen: PaymentMethodRow | null | undefined,
): Promise<PaymentMethodRow> {
  if (chosen !== undefined && chosen !== null) return chosen;
  const method =
    intent.payment_method === null
      ? null
      : await chooseMethod(tx, { payment_method: intent.payment_method }, intent.customer);
  if (method !== null && method !== undefined) return method;
  throw unexpectedState(
    'payment_intent',
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.",
    shown(tx, intent),
  );
}

/** Where a change of the method leads: to `requires_confirmation` with one, back without. */
export async function changeMethod(
  tx: Tx,
  intent: PaymentIntentRow,
  method: PaymentMethodRow | null | undefined,
): Promise<PaymentIntentRow> {
  if (method === undefined || (method?.id ?? null) === intent.payment_method) return intent;
  const action = method === null ? 'detach' : 'attach';
  return move(tx, intent, action, { payment_method: method?.id ?? null, next_action: null });
}
