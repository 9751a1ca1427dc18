import type Stripe from 'stripe';
import type { InvoicePaymentRow } from './store';

export const toInvoicePayment = (row: InvoicePaymentRow): Stripe.InvoicePayment => ({
  id: row.id,
  object: 'invoice_payment',
  amount_paid: row.amount_paid,
  amount_requested: row.amount_requested,
  created: row.created,
  currency: row.currency,
  invoice: row.invoice,
  is_default: row.is_default,
  livemode: row.livemode,
  payment: {
    ...(row.payment_intent === null ? {} : { payment_intent: row.payment_intent }),
    type: 'payment_intent',
  },
  status: row.status,
  status_transitions: { canceled_at: row.canceled_at, paid_at: row.paid_at },
});
