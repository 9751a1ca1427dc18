/** What an intent refuses because of its status, in Stripe's words and with the intent inside. */
import type { Scope } from '@/server/kernel/context';
import { unexpectedState, type ApiError } from '@/server/kernel/errors';
import { paymentIntent, type Action } from './lifecycle';
import { shown } from './object';
import { isOfInvoice, type PaymentIntentRow, type Status } from './store';

const STATUSES = Object.keys(paymentIntent.table) as Status[];

/** The statuses in which one of the actions is allowed, as Stripe lists them. */
const allowing = (...actions: Action[]): string =>
  STATUSES.filter((status) => actions.some((action) => paymentIntent.allows(status, action))).join(
    ', ',
  );

type Asker = Pick<Scope, 'publishable'>;

const refuse = (asker: Asker, intent: PaymentIntentRow, message: string): ApiError =>
  unexpectedState('payment_intent', message, shown(asker, intent));

export function assertConfirmable(asker: Asker, intent: PaymentIntentRow): void {
  if (paymentIntent.allows(intent.status, 'submit')) return;
  throw refuse(
    asker,
    intent,
    intent.status === 'succeeded'
      ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
      : `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: ${allowing('submit')}.`,
  );
}

export function assertCapturable(asker: Asker, intent: PaymentIntentRow): void {
  if (paymentIntent.allows(intent.status, 'collect')) return;
  throw refuse(
    asker,
    intent,
    `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: ${allowing('collect')}.`,
  );
}

export function assertIncrementable(asker: Asker, intent: PaymentIntentRow): void {
  if (paymentIntent.allows(intent.status, 'increment')) return;
  throw refuse(
    asker,
    intent,
    `This PaymentIntent's authorization could not be incremented because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be incremented: ${allowing('increment')}.`,
  );
}

/** What was taken is given back by a refund; what is left is let go of by a last capture of nothing. */
export function expectNothingCaptured(asker: Asker, intent: PaymentIntentRow): void {
  if (intent.amount_received === 0) return;
  throw refuse(
    asker,
    intent,
    'You cannot cancel this PaymentIntent because it was captured in part. To release the rest, capture it with `amount_to_capture` 0 and `final_capture` true.',
  );
}

export function assertCancelable(asker: Asker, intent: PaymentIntentRow): void {
  const { status } = intent;
  if (paymentIntent.allows(status, 'cancel') || paymentIntent.allows(status, 'release')) return;
  throw refuse(
    asker,
    intent,
    `You cannot cancel this PaymentIntent because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be canceled: ${allowing('cancel', 'release')}.`,
  );
}

/** What determines the payment can be changed only before it is made; notes about it always. */
export function assertChangeable(asker: Asker, intent: PaymentIntentRow, param: string): void {
  if (paymentIntent.allows(intent.status, 'submit')) return;
  throw refuse(
    asker,
    intent,
    `This PaymentIntent's ${param} could not be updated because it has a status of ${intent.status}. You may only update the ${param} of a PaymentIntent with one of the following statuses: ${allowing('submit')}.`,
  );
}

/** The payment that an invoice made for itself goes with the invoice: both ask for the same. */
export async function expectNotOfInvoice(scope: Scope, intent: PaymentIntentRow): Promise<void> {
  if (!(await isOfInvoice(scope, intent))) return;
  throw refuse(
    scope,
    intent,
    `This PaymentIntent pays the invoice ${intent.payment_details?.order_reference}, so it cannot be changed or canceled by itself. Change or void the invoice instead.`,
  );
}
