/**
 * A customer's balance is what it owes beside its invoices (positive, pence) or is owed (negative);
 * the next invoice takes it up. Every change of it is a line in a ledger of customer balance
 * transactions, and only the functions here write either, so the two always agree.
 * https://docs.stripe.com/billing/customer/balance
 */
import type Stripe from 'stripe';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import type { Metadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { onClock } from '@/server/test_clocks';
import { toCustomer } from './object';
import { lockCustomer } from './require';
import * as store from './store';

export interface BalanceEntry {
  /** Added to the balance; pence. Negative to the customer's credit. */
  readonly amount: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
  readonly type: Stripe.CustomerBalanceTransaction.Type;
  readonly description?: string | null;
  readonly metadata?: Metadata;
  /** Which of them it is about. */
  readonly invoice?: string | null;
  readonly credit_note?: string | null;
}

/**
 * Changes a customer's balance and answers the ledger's line. The customer stays locked until the
 * transaction ends, so changes that arrive together are made one after the other.
 *
 * @throws ApiError `resource_missing` for a customer that does not exist or was deleted, naming
 *   `param`; 400 for a currency that is not the customer's.
 */
export async function adjustBalance(
  tx: Tx,
  id: string,
  entry: BalanceEntry,
  param = 'customer',
): Promise<store.BalanceTransactionRow> {
  const before = await lockCustomer(tx, id, param);
  const { currency } = before;
  if (currency !== null && currency !== entry.currency) {
    throw parameterInvalid(
      `The balance of customer ${id} is kept in ${currency}. It cannot be adjusted in ${entry.currency}.`,
      'currency',
    );
  }
  const line = enter(await onClock(tx, before.test_clock), before, entry);
  const row = store.update(tx, before, {
    balance: line.ending_balance,
    currency: entry.currency,
  });
  await tx.announce('customer.updated', await toCustomer(tx, row), await toCustomer(tx, before));
  return line;
}

/**
 * The ledger's line of a change, at the time of `tx`, which is on the customer's clock. The caller
 * writes its `ending_balance` to the customer.
 */
export const enter = (
  tx: Tx,
  customer: Pick<store.CustomerRow, 'id' | 'balance'>,
  {
    amount,
    currency,
    type,
    description = null,
    metadata = {},
    invoice = null,
    credit_note = null,
  }: BalanceEntry,
): store.BalanceTransactionRow =>
  store.insertBalanceTransaction(tx, {
    id: newId('customer_balance_transaction'),
    customer: customer.id,
    amount,
    credit_note,
    invoice,
    currency,
    description,
    ending_balance: customer.balance + amount,
    metadata,
    type,
    created: unix(tx.now),
  });
