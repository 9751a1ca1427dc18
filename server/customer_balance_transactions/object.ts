import type Stripe from 'stripe';
import type { BalanceTransactionRow } from '@/server/customers';

export const toCustomerBalanceTransaction = (
  row: BalanceTransactionRow,
): Stripe.CustomerBalanceTransaction => ({
  id: row.id,
  object: 'customer_balance_transaction',
  amount: row.amount,
  checkout_session: null,
  created: row.created,
  credit_note: row.credit_note,
  currency: row.currency,
  customer: row.customer,
  customer_account: null,
  description: row.description,
  ending_balance: row.ending_balance,
  invoice: row.invoice,
  livemode: row.livemode,
  metadata: row.metadata,
  type: row.type,
});
