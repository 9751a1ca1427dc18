/**
 * The payment intent that an open invoice is to be paid by. It is made when the invoice is
 * finalized, serves every try to collect, and always asks for what is left of the invoice.
 *
 * Whoever changes an invoice that may have one takes it with `lockInvoice`: the intent is locked
 * before the invoice everywhere, because the processor's answer comes to the intent first. The
 * schedule does so too, where it claims what is due.
 */
import type { Tx } from '@/server/kernel/context';
import { invalidState, lockTimeout, resourceMissing, type ApiError } from '@/server/kernel/errors';
import { changeRequest, giveUp, lockOpenOf, request } from '@/server/invoice_payments';
import {
  cancelForInvoice,
  changeAmount,
  claimPaymentIntents,
  createForInvoice,
  isPayable,
  lockPaymentIntent,
  type PaymentIntentRow,
} from '@/server/payment_intents';
import * as store from './store';
import type { InvoiceRow } from './store';

/**
 * The invoice, locked, and before it its payment intent; null where there is no such invoice.
 *
 * @throws ApiError 429 where somebody made the intent while this waited for the invoice: to lock it
 *   now would be the wrong way round.
 */
export async function lockIfThere(tx: Tx, id: string): Promise<InvoiceRow | null> {
  const seen = await store.find(tx, id);
  if (seen === null) return null;
  if (seen.payment_intent !== null) await lockPaymentIntent(tx, seen.payment_intent);
  const invoice = await store.lock(tx, id);
  if (invoice !== null && invoice.payment_intent !== seen.payment_intent) throw lockTimeout();
  return invoice;
}

/** Those of a subscription that are not done with: whoever changes it and them locks them before it. */
export async function lockUnfinishedOf(tx: Tx, subscription: string): Promise<void> {
  for (const id of await store.unfinishedOf(tx, subscription)) await lockIfThere(tx, id);
}

/**
 * As `lockIfThere`, for whoever has locked what comes after invoices, such as a subscription: to wait for
 * the invoice would be the wrong way round.
 *
 * @throws ApiError 429 where somebody else has it.
 */
export async function claimIfThere(tx: Tx, id: string): Promise<InvoiceRow | null> {
  const seen = await store.find(tx, id);
  if (seen === null) return null;
  const { payment_intent } = seen;
  const intents = payment_intent === null ? [] : [payment_intent];
  if ((await claimPaymentIntents(tx, intents)).length < intents.length) throw lockTimeout();
  if ((await store.claim(tx, [id])).length === 0) throw lockTimeout();
  return lockIfThere(tx, id);
}

/**
 * As `lockIfThere`, of an invoice that was asked for.
 *
 * @throws ApiError `resource_missing` naming `param`: 404 where that is `id`, else 400.
 */
export async function lockInvoice(tx: Tx, id: string, param = 'id'): Promise<InvoiceRow> {
  const invoice = await lockIfThere(tx, id);
  if (invoice === null) throw resourceMissing('invoice', id, param);
  return invoice;
}

/** TABLE: what the payer's side is told the payment is for, by why the invoice was made. */
const DESCRIPTIONS: Readonly<Record<InvoiceRow['billing_reason'], string>> = {
  manual: 'Payment for Invoice',
  subscription_create: 'Subscription creation',
  subscription_cycle: 'Subscription update',
  subscription_threshold: 'Subscription update',
  subscription_update: 'Subscription update',
};

/** Makes the payment of a locked invoice that asks for money, unless it has one. */
export async function openPayment(tx: Tx, invoice: InvoiceRow): Promise<InvoiceRow> {
  if (invoice.payment_intent !== null || invoice.amount_remaining === 0) return invoice;
  const { payment_method_options, payment_method_types } = invoice.payment_settings;
  const intent = await createForInvoice(tx, {
    invoice: invoice.id,
    amount: invoice.amount_remaining,
    currency: invoice.currency,
    customer: invoice.customer,
    description: DESCRIPTIONS[invoice.billing_reason],
    payment_method_types: payment_method_types ?? ['card'],
    request_three_d_secure: payment_method_options?.card?.request_three_d_secure ?? 'automatic',
    // The card of a subscription's first payment is charged again without its holder.
    setup_future_usage: invoice.billing_reason === 'subscription_create' ? 'off_session' : null,
    statement_descriptor: invoice.statement_descriptor,
  });
  request(tx, {
    amount_requested: invoice.amount_remaining,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    payment_intent: intent.id,
  });
  return store.update(tx, invoice, { payment_intent: intent.id });
}

/** The intent of a locked invoice; `lockInvoice` locked it already. */
export async function lockIntentOf(
  tx: Tx,
  { payment_intent }: InvoiceRow,
): Promise<PaymentIntentRow | null> {
  return payment_intent === null ? null : lockPaymentIntent(tx, payment_intent);
}

/**
 * Refuses to change what an invoice asks for while its payment is under way: that money may come.
 *
 * @throws ApiError 400 `payment_intent_unexpected_state`.
 */
export async function expectIdle(tx: Tx, invoice: InvoiceRow): Promise<void> {
  const intent = await lockIntentOf(tx, invoice);
  if (intent?.status === 'processing') throw underWay(invoice);
}

/** A payment was asked for, and the processor has not answered. */
export const underWay = ({ id }: InvoiceRow): ApiError =>
  invalidState(
    `A payment of invoice ${id} is being processed. Wait for its result before you pay or change the invoice.`,
    'payment_intent_unexpected_state',
  );

/**
 * Asks for what is left of a locked invoice after something was taken off it, and for nothing where
 * nothing is left. What is under way is left alone, and looked at again when its result is known.
 */
export async function askForRest(tx: Tx, invoice: InvoiceRow): Promise<void> {
  if (invoice.amount_remaining === 0) return giveUpPayments(tx, invoice, 'automatic');
  const intent = await lockIntentOf(tx, invoice);
  if (intent === null || !isPayable(intent)) return;
  await changeAmount(tx, intent, invoice.amount_remaining);
  for (const payment of await lockOpenOf(tx, invoice.id)) {
    if (payment.is_default) changeRequest(tx, payment, invoice.amount_remaining);
  }
}

/**
 * There is nothing more to be paid for a locked invoice: its own intent is canceled, those that
 * were attached to it are let go. What is under way is left alone: should the money come, it is
 * the customer's.
 */
export async function giveUpPayments(
  tx: Tx,
  invoice: InvoiceRow,
  reason: 'automatic' | 'void_invoice',
): Promise<void> {
  const intent = await lockIntentOf(tx, invoice);
  for (const payment of await lockOpenOf(tx, invoice.id)) {
    if (!payment.is_default) await giveUp(tx, payment);
    else if (intent !== null && isPayable(intent)) {
      // First the payment: the news of its intent is then no news to the invoice.
      await giveUp(tx, payment);
      await cancelForInvoice(tx, intent, reason);
    }
  }
}
