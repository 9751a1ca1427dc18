/** What an invoice does to its customer when it is finalized, in one change; and what a subscription. */
import type { Tx } from '@/server/kernel/context';
import { enter, type BalanceEntry } from './balance';
import { toCustomer } from './object';
import * as store from './store';

interface Bill {
  readonly currency: string;
  /** The number that the next invoice takes. */
  readonly next_invoice_sequence: number;
  readonly entries: readonly Omit<BalanceEntry, 'currency'>[];
}

/**
 * Takes the invoice's number out of the customer's sequence, writes what the invoice did to the
 * balance, and makes its currency the customer's, if there was none. A change of the sequence alone
 * is not announced: each invoice would bring one.
 *
 * @param before locked in this transaction.
 * @param tx on the customer's clock.
 */
export async function billCustomer(
  tx: Tx,
  before: store.CustomerRow,
  { currency, next_invoice_sequence, entries }: Bill,
): Promise<store.CustomerRow> {
  let { balance } = before;
  for (const entry of entries) {
    balance = enter(tx, { id: before.id, balance }, { ...entry, currency }).ending_balance;
  }
  const row = store.update(tx, before, {
    balance,
    currency: before.currency ?? currency,
    next_invoice_sequence,
  });
  if (balance !== before.balance || row.currency !== before.currency) {
    await tx.announce('customer.updated', await toCustomer(tx, row), await toCustomer(tx, before));
  }
  return row;
}

/**
 * A customer is billed in one currency, from the first thing on that is to be billed: a subscription
 * or an invoice item says it, if no invoice has.
 */
export async function settleCurrency(tx: Tx, id: string, currency: string): Promise<void> {
  const before = await store.lock(tx, id);
  if (before === null || before.currency !== null) return;
  const row = store.update(tx, before, { currency });
  await tx.announce('customer.updated', await toCustomer(tx, row), await toCustomer(tx, before));
}
