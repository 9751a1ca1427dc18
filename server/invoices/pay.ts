/**
 * Paying an invoice because somebody asks for it, by a card, by a payment intent of the merchant's
 * own, or by what was taken elsewhere. https://docs.stripe.com/api/invoices/pay
 */
import type Stripe from 'stripe';
import { find as findCharge } from '@/server/charges';
import { lockOfIntent, request } from '@/server/invoice_payments';
import type { Tx } from '@/server/kernel/context';
import {
  ApiError,
  invalidState,
  invoiceActionRequired,
  parameterInvalid,
  parametersExclusive,
  requestInvalid,
  resourceMissing,
} from '@/server/kernel/errors';
import { Awaiting, command, exchange } from '@/server/kernel/operation';
import { lockPaymentIntent, referTo, type PaymentIntentRow } from '@/server/payment_intents';
import { collect, methodFor, methodMissing } from './collect';
import { creditPayment } from './credit';
import { openInvoice } from './edit';
import { finalize } from './finalize';
import { AttachPayment, PayInvoice, UNSUPPORTED_IN_ATTACH, UNSUPPORTED_IN_PAY } from './pay.params';
import { toInvoice } from './show';
import * as store from './store';
import type { InvoiceRow } from './store';

export const pay = exchange({
  route: 'POST /v1/invoices/:id/pay',
  summary: 'Pays an invoice now, out of the schedule; a draft is finalized first.',
  input: PayInvoice,
  unsupported: UNSUPPORTED_IN_PAY,
  async intend(
    tx,
    { id, off_session = true, payment_method, paid_out_of_band = false },
  ): Promise<Stripe.Invoice | Awaiting> {
    if (paid_out_of_band && payment_method !== undefined) {
      throw parametersExclusive(['paid_out_of_band', 'payment_method']);
    }
    const { tx: there, row: locked } = await openInvoice(tx, id);
    const isDraft = locked.status === 'draft';
    const invoice = isDraft ? await finalize(there, locked) : locked;
    if (isDraft && invoice.status === 'paid') return toInvoice(there, invoice);
    expectPayable(invoice);
    const isCharged = !paid_out_of_band && payment_method === undefined;
    if (isCharged && (await methodFor(there, invoice)) === null) throw methodMissing();
    const paid = await collect(there, invoice, { off_session, payment_method, paid_out_of_band });
    return paid instanceof Awaiting ? paid : toInvoice(there, paid);
  },
  async conclude(tx, { id }, told) {
    if (told instanceof ApiError) return told;
    if ((told as Stripe.PaymentIntent).status === 'requires_action') {
      return invoiceActionRequired(told);
    }
    const row = await store.find(tx, id);
    if (row === null) throw resourceMissing('invoice', id);
    return toInvoice(tx, row);
  },
});

export const attachPayment = command({
  route: 'POST /v1/invoices/:id/attach_payment',
  summary: 'Adds a payment intent to the payments of an invoice, which it pays when it succeeds.',
  input: AttachPayment,
  unsupported: UNSUPPORTED_IN_ATTACH,
  async run(tx, { id, payment_intent }) {
    const intent = await lockPaymentIntent(tx, payment_intent);
    if (intent === null) throw resourceMissing('payment_intent', payment_intent, 'payment_intent');
    const { tx: there, row: invoice } = await openInvoice(tx, id);
    await expectAttachable(there, intent, invoice);
    const payment = request(there, {
      amount_requested: intent.amount,
      currency: intent.currency,
      invoice: id,
      is_default: false,
      payment_intent,
    });
    referTo(there, intent, id);
    const row =
      intent.status === 'succeeded'
        ? await creditPayment(there, invoice, payment, intent.amount_received)
        : invoice;
    return toInvoice(there, row);
  },
});

function expectPayable({ status }: InvoiceRow): void {
  if (status === 'open' || status === 'uncollectible') return;
  throw requestInvalid(
    status === 'paid'
      ? 'Invoice is already paid'
      : 'This invoice is void and can no longer be paid.',
  );
}

async function expectAttachable(
  tx: Tx,
  intent: PaymentIntentRow,
  invoice: InvoiceRow,
): Promise<void> {
  const refuse = (why: string): ApiError => parameterInvalid(why, 'payment_intent');
  if (invoice.status !== 'open') {
    throw invalidState(
      `You can only attach payments to open invoices. The invoice ${invoice.id} is ${invoice.status}.`,
      'status_transition_invalid',
    );
  }
  if (intent.status === 'canceled') {
    throw refuse(`The PaymentIntent ${intent.id} is canceled and cannot pay an invoice.`);
  }
  if (intent.customer !== invoice.customer) {
    throw refuse('The PaymentIntent must have the same customer as the invoice.');
  }
  if (intent.currency !== invoice.currency) {
    throw refuse('The PaymentIntent must have the same currency as the invoice.');
  }
  if ((await lockOfIntent(tx, intent.id)) !== null) {
    throw refuse(`The PaymentIntent ${intent.id} is already attached to an invoice.`);
  }
  const charge = intent.latest_charge === null ? null : await findCharge(tx, intent.latest_charge);
  if (charge !== null && intent.status === 'succeeded' && charge.amount_refunded > 0) {
    throw refuse(`The PaymentIntent ${intent.id} was refunded and cannot pay an invoice.`);
  }
}
