import type Stripe from 'stripe';
import type { SetupAttemptRow } from './store';

export const toSetupAttempt = (row: SetupAttemptRow): Stripe.SetupAttempt => ({
  id: row.id,
  object: 'setup_attempt',
  application: null,
  attach_to_self: row.attach_to_self,
  created: row.created,
  customer: row.customer,
  customer_account: null,
  flow_directions: row.flow_directions,
  livemode: row.livemode,
  on_behalf_of: null,
  payment_method: row.payment_method,
  payment_method_details: { card: row.card, type: 'card' },
  setup_error: row.setup_error,
  setup_intent: row.setup_intent,
  status: row.status,
  usage: row.usage,
});
