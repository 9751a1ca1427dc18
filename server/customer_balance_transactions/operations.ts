/**
 * Customer balance transactions are the ledger of a customer's balance: each says by how much it
 * changed, why, and what it was then. https://docs.stripe.com/api/customer_balance_transactions
 *
 * Lines are written with the balance, by `adjustBalance` of the customers; afterwards only their
 * description and metadata can change.
 */
import { adjustBalance, requireCustomer, type BalanceTransactionRow } from '@/server/customers';
import { resourceMissing } from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { toCustomerBalanceTransaction } from './object';
import {
  BalanceTransactionId,
  CreateBalanceTransaction,
  ListBalanceTransactions,
  unsupportedInList,
  UpdateBalanceTransaction,
} from './params';
import * as store from './store';

export const create = command({
  route: 'POST /v1/customers/:customer/balance_transactions',
  summary: "Changes a customer's balance by an amount.",
  input: CreateBalanceTransaction,
  async run(tx, { customer, metadata, ...entry }) {
    const row = await adjustBalance(
      tx,
      customer,
      { ...entry, metadata: mergeMetadata({}, metadata), type: 'adjustment' },
      'id',
    );
    return toCustomerBalanceTransaction(row);
  },
});

export const retrieve = query({
  route: 'GET /v1/customers/:customer/balance_transactions/:id',
  summary: "Retrieves one change of a customer's balance.",
  input: BalanceTransactionId,
  async run(scope, { customer, id }) {
    await requireCustomer(scope, customer, 'id');
    return toCustomerBalanceTransaction(expectOf(customer, await store.find(scope, id), id));
  },
});

export const update = command({
  route: 'POST /v1/customers/:customer/balance_transactions/:id',
  summary: "Updates what is said about a change of a customer's balance, never its amount.",
  input: UpdateBalanceTransaction,
  async run(tx, { customer, id, description, metadata }) {
    await requireCustomer(tx, customer, 'id');
    const before = expectOf(customer, await store.lock(tx, id), id);
    const row = store.update(tx, before, {
      description,
      metadata: mergeMetadata(before.metadata, metadata),
    });
    return toCustomerBalanceTransaction(row);
  },
});

export const list = query({
  route: 'GET /v1/customers/:customer/balance_transactions',
  summary: "Lists the changes of a customer's balance, the newest first.",
  input: ListBalanceTransactions,
  unsupported: unsupportedInList,
  async run(scope, params) {
    await requireCustomer(scope, params.customer, 'id');
    return toPage(await store.page(scope, params), toCustomerBalanceTransaction);
  },
});

function expectOf(
  customer: string,
  row: BalanceTransactionRow | null,
  id: string,
): BalanceTransactionRow {
  if (row === null || row.customer !== customer) {
    throw resourceMissing('customer_balance_transaction', id);
  }
  return row;
}
