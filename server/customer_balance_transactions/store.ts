import { eq } from 'drizzle-orm';
import { rowsOf } from '@/db/rows';
import { customer_balance_transactions } from '@/db/schema/customer_balance_transactions';
import type { BalanceTransactionRow } from '@/server/customers';
import type { Scope } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListBalanceTransactions } from './params';

const rows = rowsOf(customer_balance_transactions);
export const { find, findAll, lock, update } = rows;

export const page = (scope: Scope, params: ListBalanceTransactions) =>
  pageOf<BalanceTransactionRow>(
    scope,
    { table: customer_balance_transactions, rows, object: 'customer_balance_transaction' },
    params,
    eq(customer_balance_transactions.customer, params.customer),
    within(customer_balance_transactions.created, params.created),
  );
