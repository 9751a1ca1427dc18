import type Stripe from 'stripe';
import type { MandateRow } from './store';

export const toMandate = (row: MandateRow): Stripe.Mandate => ({
  id: row.id,
  object: 'mandate',
  customer_acceptance: row.customer_acceptance,
  livemode: row.livemode,
  multi_use: {},
  payment_method: row.payment_method,
  payment_method_details: { card: {}, type: 'card' },
  status: row.status,
  type: row.type,
});
