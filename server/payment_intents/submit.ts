/**
 * The first transaction of a confirmation: settles with which card and how, and stores the
 * intention to charge it. What the processor answers is `conclude.ts`.
 */
import { isDirect, statementDescriptorOf } from '@/server/charges';
import type { Tx } from '@/server/kernel/context';
import { unexpectedState } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import type { Awaiting } from '@/server/kernel/operation';
import { chooseMethod, type PaymentMethodRow } from '@/server/payment_methods';
import { expectActive } from '@/server/processor_accounts';
import {
  authenticationAsked,
  importedOf,
  open,
  termsOf,
  type Importing,
} from '@/server/processor_attempts';
import { move } from './lifecycle';
import { shown } from './object';
import { currentProject, readSettings } from '@/server/projects';
import { futureUsageOf, isCapturedLater, latitudesOf } from './options';
import { permissionOf, type Permitting } from './permission';
import { assertConfirmable } from './refuse';
import type { PaymentIntentRow } from './store';

export interface Confirmation extends Importing, Permitting {
  readonly error_on_requires_action?: boolean | undefined;
  readonly off_session?: boolean | string | undefined;
  readonly return_url?: string | undefined;
  /** It pays what a subscription repeats. */
  readonly recurring?: boolean | undefined;
  readonly use_stripe_sdk?: boolean | undefined;
}

/** Claims the intent for an authorization. Its answer comes from the attempt. */
export async function submit(
  tx: Tx,
  intent: PaymentIntentRow,
  method: PaymentMethodRow,
  confirmation: Confirmation,
): Promise<Awaiting> {
  assertConfirmable(tx, intent);
  await expectActive(tx, method.processor_account);
  const off_session =
    confirmation.off_session === undefined
      ? intent.off_session
      : confirmation.off_session !== false;
  const mandate = await permissionOf(tx, intent, method, confirmation);
  const submitted = await move(tx, intent, 'submit', {
    off_session,
    mandate,
    next_action: null,
    ...(confirmation.return_url === undefined ? {} : { return_url: confirmation.return_url }),
  });
  return open(tx, {
    kind: 'authorize',
    payment_intent: submitted.id,
    ...termsOf(method, {
      off_session,
      recurring: isRecurring(submitted, confirmation),
      keeps: futureUsageOf(submitted) !== null,
    }),
    charge: isDirect(submitted.id) ? submitted.id : newId('charge'),
    amount: submitted.amount,
    currency: submitted.currency,
    capture: !isCapturedLater(submitted),
    off_session,
    request_three_d_secure: authenticationAsked(submitted.payment_method_options),
    statement_descriptor: await printed(tx, submitted, method),
    error_on_requires_action: confirmation.error_on_requires_action === true,
    use_stripe_sdk: confirmation.use_stripe_sdk === true,
    authentication: importedOf(method, confirmation),
    latitudes: latitudesOf(submitted),
  });
}

/** What the bank is to print. The simulated one prints nothing, and so nobody looks up what it would. */
async function printed(
  tx: Tx,
  intent: PaymentIntentRow,
  { processor_account }: PaymentMethodRow,
): Promise<string | null> {
  if (processor_account === null) return null;
  const { statement_descriptor } = readSettings((await currentProject(tx)).settings);
  return statementDescriptorOf(statement_descriptor, intent);
}

/** Said so, or the first payment of an invoice that others follow. */
const isRecurring = (intent: PaymentIntentRow, { off_session, recurring }: Confirmation): boolean =>
  recurring ??
  (off_session === 'recurring' ||
    (intent.payment_details?.order_reference != null && futureUsageOf(intent) === 'off_session'));

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
