/**
 * The payment of an invoice is a payment intent as any other: the invoice is the order it refers
 * to. The invoice makes it, asks for it and gives it up; what the processor and the payer make of
 * it is the intent's own matter, and is announced.
 */
import type Stripe from 'stripe';
import type { Tx } from '@/server/kernel/context';
import { newId, randomBase62 } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import type { Awaiting } from '@/server/kernel/operation';
import type { PaymentMethodRow } from '@/server/payment_methods';
import { move, paymentIntent } from './lifecycle';
import { toPaymentIntent } from './object';
import * as store from './store';
import { changeMethod, submit, type Confirmation } from './submit';

export interface InvoicedPayment {
  /** The invoice's id: it becomes `payment_details.order_reference`. */
  readonly invoice: string;
  /** In the currency's minor unit (pence). */
  readonly amount: number;
  readonly currency: string;
  readonly customer: string;
  readonly description: string;
  /** Saves the card for the payments that follow. */
  readonly setup_future_usage: store.PaymentIntentRow['setup_future_usage'];
  readonly statement_descriptor: string | null;
  readonly payment_method_types: string[];
  readonly request_three_d_secure: Stripe.PaymentIntent.PaymentMethodOptions.Card.RequestThreeDSecure;
}

/** The intent by which an invoice is to be paid; it has no payment method yet. */
export async function createForInvoice(
  tx: Tx,
  { invoice, request_three_d_secure, ...payment }: InvoicedPayment,
): Promise<store.PaymentIntentRow> {
  const row = store.insert(tx, {
    ...payment,
    id: newId('payment_intent'),
    status: 'requires_payment_method',
    amount_capturable: 0,
    amount_received: 0,
    automatic_payment_methods: null,
    canceled_at: null,
    expires_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: randomBase62(25),
    confirmation_method: 'automatic',
    last_payment_error: null,
    latest_charge: null,
    mandate: null,
    metadata: {},
    next_action: null,
    off_session: false,
    payment_details: { customer_reference: null, order_reference: invoice },
    payment_method: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure },
    },
    receipt_email: null,
    return_url: null,
    shipping: null,
    statement_descriptor_suffix: null,
    transfer_group: null,
    created: unix(tx.now),
  });
  await tx.announce('payment_intent.created', toPaymentIntent(row));
  return row;
}

/** Whether it can be asked for, changed and given up: not while it is under way, nor afterwards. */
export const isPayable = ({ status }: store.PaymentIntentRow): boolean =>
  paymentIntent.allows(status, 'submit');

/**
 * Claims the locked intent for a charge of the method. Its answer comes from the attempt.
 *
 * @throws ApiError 400 `payment_intent_unexpected_state` where it is under way or done.
 */
export async function confirmForInvoice(
  tx: Tx,
  intent: store.PaymentIntentRow,
  method: PaymentMethodRow,
  how: Pick<Confirmation, 'return_url'> & {
    readonly off_session: boolean;
    readonly recurring: boolean;
  },
): Promise<Awaiting> {
  const attached = isPayable(intent) ? await changeMethod(tx, intent, method) : intent;
  return submit(tx, attached, method, how);
}

/**
 * Keeps the amount of the locked intent what the invoice still asks for. A challenge was put for
 * the amount before: it is void, and the payment is to be confirmed anew.
 */
export async function changeAmount(
  tx: Tx,
  intent: store.PaymentIntentRow,
  amount: number,
): Promise<store.PaymentIntentRow> {
  if (intent.amount === amount) return intent;
  const reopened =
    intent.status === 'requires_action'
      ? await move(tx, intent, 'attach', { next_action: null })
      : intent;
  return store.update(tx, reopened, { amount });
}

/** Gives up the locked intent: its invoice is void, or asks for nothing any more. */
export const cancelForInvoice = (
  tx: Tx,
  intent: store.PaymentIntentRow,
  cancellation_reason: 'automatic' | 'void_invoice',
): Promise<store.PaymentIntentRow> =>
  move(tx, intent, 'cancel', {
    canceled_at: unix(tx.now),
    cancellation_reason,
    next_action: null,
  });

/** Makes a locked intent of somebody's own refer to the invoice that it is to pay. */
export const referTo = (
  tx: Tx,
  intent: store.PaymentIntentRow,
  invoice: string,
): store.PaymentIntentRow =>
  store.update(tx, intent, {
    payment_details: { customer_reference: null, order_reference: invoice },
  });
