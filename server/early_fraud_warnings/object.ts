import type Stripe from 'stripe';
import { isDirect } from '@/server/charges';
import type { EarlyFraudWarningRow } from './store';

export const toEarlyFraudWarning = (row: EarlyFraudWarningRow): Stripe.Radar.EarlyFraudWarning => ({
  id: row.id,
  object: 'radar.early_fraud_warning',
  actionable: row.actionable,
  charge: row.charge,
  created: row.created,
  fraud_type: row.fraud_type,
  livemode: row.livemode,
  ...(row.payment_intent === null || isDirect(row.payment_intent)
    ? {}
    : { payment_intent: row.payment_intent }),
});
