/** How the payments of an invoice begin and end. The invoice is the caller's to lock and to change. */
import type { Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { move } from './lifecycle';
import * as store from './store';
import type { InvoicePaymentRow } from './store';

export type NewPayment = Pick<
  InvoicePaymentRow,
  'amount_requested' | 'currency' | 'invoice' | 'is_default'
> & { readonly payment_intent: string };

/** A payment that waits for its intent to succeed. */
export const request = (tx: Tx, payment: NewPayment): InvoicePaymentRow =>
  store.insert(tx, {
    ...payment,
    id: newId('invoice_payment'),
    status: 'open',
    amount_paid: null,
    charge: null,
    canceled_at: null,
    paid_at: null,
    created: unix(tx.now),
  });

/** The money is there: announces `invoice_payment.paid`. `amount_paid` in pence. */
export const settle = (
  tx: Tx,
  payment: InvoicePaymentRow,
  amount_paid: number,
): Promise<InvoicePaymentRow> => move(tx, payment, 'pay', { amount_paid, paid_at: unix(tx.now) });

/** There will be no money. */
export const giveUp = (tx: Tx, payment: InvoicePaymentRow): Promise<InvoicePaymentRow> =>
  move(tx, payment, 'cancel', { canceled_at: unix(tx.now) });

/** Asks for another amount, in pence. The caller keeps the intent in step. */
export const changeRequest = (
  tx: Tx,
  payment: InvoicePaymentRow,
  amount_requested: number,
): InvoicePaymentRow => store.update(tx, payment, { amount_requested });
