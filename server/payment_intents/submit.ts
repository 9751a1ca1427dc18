/**
 * The first transaction of a confirmation: settles with which card and how, and stores the
 * intention to charge it. What the processor answers is `conclude.ts`.
 */
import type { Tx } from '@/server/kernel/context';
import { invalidState, parametersExclusive, unexpectedState } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import type { Awaiting } from '@/server/kernel/operation';
import {
  createFromData,
  requireUsable,
  type PaymentMethodData,
  type PaymentMethodRow,
} from '@/server/payment_methods';
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
  if (tx.livemode) {
    throw invalidState(
      'No card processor is configured for live mode in this project. Use a test key, or configure one.',
      'processor_not_configured',
    );
  }
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

export interface MethodChoice {
  readonly payment_method?: string | null | undefined;
  readonly payment_method_data?: PaymentMethodData | undefined;
}

/**
 * The method that the request names, existing or made for it; undefined when it names none, null
 * when it takes the present one away. A method of a customer serves that customer's intents only.
 */
export async function chooseMethod(
  tx: Tx,
  { payment_method, payment_method_data }: MethodChoice,
  customer: string | null,
): Promise<PaymentMethodRow | null | undefined> {
  if (payment_method_data !== undefined) {
    if (payment_method !== undefined && payment_method !== null) {
      throw parametersExclusive(['payment_method', 'payment_method_data']);
    }
    return createFromData(tx, payment_method_data, 'payment_method_data[card]');
  }
  if (payment_method === undefined || payment_method === null) return payment_method;
  return requireUsable(tx, payment_method, customer);
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
  if (method === undefined || method === null || method.id === intent.payment_method) return intent;
  return move(tx, intent, 'attach', { payment_method: method.id, next_action: null });
}
