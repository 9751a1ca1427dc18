import type Stripe from 'stripe';
import { unix } from '@/server/kernel/object';
import type { BalanceTransactionRow } from './store';

/** `status` is a matter of time: pending until `available_on`. */
export const toBalanceTransaction = (
  row: BalanceTransactionRow,
  now: Date,
): Stripe.BalanceTransaction => ({
  id: row.id,
  object: 'balance_transaction',
  amount: row.amount,
  available_on: row.available_on,
  balance_type: 'payments',
  created: row.created,
  currency: row.currency,
  description: row.description,
  exchange_rate: null,
  fee: row.fee,
  fee_details: row.fee_details,
  net: row.net,
  reporting_category: row.reporting_category,
  source: row.source,
  status: row.available_on <= unix(now) ? 'available' : 'pending',
  type: row.type,
});

interface Sum {
  currency: string;
  available: number;
  pending: number;
}

/** A project without any movement has nothing, in its own currency. */
export const toBalance = (
  sums: readonly Sum[],
  livemode: boolean,
  defaultCurrency: string,
): Stripe.Balance => {
  const all = sums.length > 0 ? sums : [{ currency: defaultCurrency, available: 0, pending: 0 }];
  const part = (which: 'available' | 'pending') =>
    all.map((sum) => ({
      amount: sum[which],
      currency: sum.currency,
      source_types: { card: sum[which] },
    }));
  return { object: 'balance', available: part('available'), livemode, pending: part('pending') };
};
