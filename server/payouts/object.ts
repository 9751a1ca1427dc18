import type Stripe from 'stripe';
import type { PayoutRow } from './store';

/**
 * There are no bank accounts here to be the `destination`: the acquirer knows where it pays to. Each
 * payout is made by hand, so Stripe has no reconciliation of it.
 */
export const toPayout = (row: PayoutRow): Stripe.Payout => ({
  id: row.id,
  object: 'payout',
  amount: row.amount,
  application_fee: null,
  application_fee_amount: null,
  arrival_date: row.arrival_date,
  automatic: false,
  balance_transaction: row.balance_transaction,
  created: row.created,
  currency: row.currency,
  description: row.description,
  destination: null,
  failure_balance_transaction: row.failure_balance_transaction,
  failure_code: row.failure_code,
  failure_message: row.failure_message,
  livemode: row.livemode,
  metadata: row.metadata,
  method: 'standard',
  original_payout: row.original_payout,
  payout_method: null,
  reconciliation_status: 'not_applicable',
  reversed_by: row.reversed_by,
  source_type: 'card',
  statement_descriptor: row.statement_descriptor,
  status: row.status,
  trace_id: null,
  type: 'bank_account',
});
