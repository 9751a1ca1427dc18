/**
 * What the news of a payment intent means for the invoice that it pays. It is the same whoever asked
 * for the payment: the schedule, the merchant, or the payer in the browser.
 */
import type Stripe from 'stripe';
import type { Announced } from '@/server/events';
import {
  findOfIntent,
  giveUp,
  lockOfIntent,
  type InvoicePaymentRow,
} from '@/server/invoice_payments';
import type { Tx } from '@/server/kernel/context';
import { lockTimeout } from '@/server/kernel/errors';
import { kindOf } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { lockPaymentIntent } from '@/server/payment_intents';
import { currentProject, readSettings } from '@/server/projects';
import { onClock } from '@/server/test_clocks';
import { isStillOpen, recordFailure } from './collect';
import { creditPayment } from './credit';
import { change } from './lifecycle';
import { askForRest, giveUpPayments, lockIfThere } from './payment';
import { dueAt } from './retries';
import * as store from './store';
import type { InvoiceRow } from './store';

interface Paying {
  /** On the clock of the invoice's customer. */
  readonly tx: Tx;
  readonly intent: Stripe.PaymentIntent;
  readonly payment: InvoicePaymentRow;
  readonly invoice: InvoiceRow;
}

/** The invoice that waits for the intent, locked, with its payment; null where none does. */
async function awaiting(tx: Tx, { object }: Announced): Promise<Paying | null> {
  const intent = object as Stripe.PaymentIntent;
  // Most intents have nothing to do with an invoice, and are told by what they refer to.
  if (kindOf(intent.payment_details?.order_reference ?? '') !== 'invoice') return null;
  const seen = await findOfIntent(tx, intent.id);
  if (seen?.status !== 'open') return null;
  const id = seen.invoice;
  // The invoice's own intent comes before it; this is it, or was attached and came before both.
  const locking = seen.is_default ? store.lock(tx, id) : await lockIfThere(tx, id);
  const [invoice, payment] = await Promise.all([locking, lockOfIntent(tx, intent.id)]);
  if (invoice === null) throw new Error(`${id} does not exist.`);
  if (payment?.status !== 'open') return null;
  return { tx: await onClock(tx, invoice.test_clock), intent, payment, invoice };
}

/** `payment_intent.succeeded` */
export async function takePayment(tx: Tx, event: Announced): Promise<void> {
  const paying = await awaiting(tx, event);
  if (paying === null) return;
  const { invoice, payment, intent } = paying;
  await creditPayment(paying.tx, invoice, payment, intent.amount_received);
}

/** `payment_intent.payment_failed` */
export async function noteFailure(tx: Tx, event: Announced): Promise<void> {
  const paying = await awaiting(tx, event);
  if (paying === null || !paying.payment.is_default) return;
  const { invoice, intent } = paying;
  // It was under way while another payment, or the merchant, settled the matter.
  if (invoice.status === 'paid') return giveUpPayments(paying.tx, invoice, 'automatic');
  if (intent.amount !== invoice.amount_remaining) await askForRest(paying.tx, invoice);
  if (invoice.status !== 'open') return;
  await recordFailure(paying.tx, invoice, false, await canAskTheCustomer(paying));
}

/**
 * The issuer wants the customer, who was away, to prove who they are: the payment is put before
 * them, as a challenge that waits for an answer, without waiting for the next try.
 */
async function canAskTheCustomer({ tx, invoice, intent }: Paying): Promise<boolean> {
  if (intent.last_payment_error?.code !== 'authentication_required') return false;
  const row = await lockPaymentIntent(tx, intent.id);
  return row?.off_session === true && invoice.collection_method === 'charge_automatically';
}

/** `payment_intent.requires_action` */
export async function noteAction(tx: Tx, event: Announced): Promise<void> {
  const paying = await awaiting(tx, event);
  if (paying === null || paying.invoice.status !== 'open' || !paying.payment.is_default) return;
  const { invoice, intent } = paying;
  const { billing } = readSettings((await currentProject(tx)).settings);
  const asked = await change(
    paying.tx,
    invoice,
    {
      attempted: true,
      attempt_count: Math.max(invoice.attempt_count, 1),
      due_at: dueAt(invoice, billing, unix(paying.tx.now)),
    },
    ['invoice.payment_action_required'],
  );
  // That the customer was away and had to be asked was told as a failure already.
  if (intent.last_payment_error !== null || !(await isStillOpen(tx, invoice))) return;
  await recordFailure(paying.tx, asked);
}

/** `payment_intent.canceled`: the merchant gave up an intent of theirs that was attached. */
export async function dropPayment(tx: Tx, event: Announced): Promise<void> {
  const paying = await awaiting(tx, event);
  if (paying !== null) await giveUp(paying.tx, paying.payment);
}

/** `customer.updated`: a new default payment method is tried at once. */
export async function retryForCustomer(tx: Tx, { object, previous }: Announced): Promise<void> {
  const settings = previous?.invoice_settings;
  const isNew =
    (isFields(settings) && 'default_payment_method' in settings) ||
    (previous !== undefined && 'default_source' in previous);
  const { id, default_source, invoice_settings, test_clock } = object as Stripe.Customer;
  const isThere = invoice_settings.default_payment_method !== null || default_source !== null;
  if (!isNew || !isThere) return;
  const { now } = await onClock(tx, idOf(test_clock));
  store.makeDue(tx, 'customer', id, unix(now));
}

/** `customer.subscription.updated`: as for a customer. Its invoices go with the subscription. */
export async function retryForSubscription(tx: Tx, { object, previous }: Announced): Promise<void> {
  if (previous === undefined || !('default_payment_method' in previous)) return;
  const { id, default_payment_method, test_clock } = object as Stripe.Subscription;
  const old = previous.default_payment_method;
  // The subscription is locked by now, and comes after its invoices: nobody is waited for.
  const unfinished = await store.unfinishedOf(tx, id);
  if ((await store.claim(tx, unfinished)).length < unfinished.length) throw lockTimeout();
  if (typeof old === 'string') store.replaceMethod(tx, id, old, idOf(default_payment_method));
  if (default_payment_method === null) return;
  const { now } = await onClock(tx, idOf(test_clock));
  store.makeDue(tx, 'subscription', id, unix(now));
}

const isFields = (value: unknown): value is object => typeof value === 'object' && value !== null;

const idOf = (named: string | { id: string } | null | undefined): string | null =>
  typeof named === 'object' && named !== null ? named.id : (named ?? null);
