import { eq, gt, lte, sql } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { balance_transactions } from '@/db/schema/balance_transactions';
import type { Scope } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { pageOf, within } from '@/server/kernel/page';
import type { ListBalanceTransactions } from './params';

export type BalanceTransactionRow = typeof balance_transactions.$inferSelect;

const rows = rowsOf(balance_transactions);
export const { insert, find, findAll } = rows;

export const page = (scope: Scope, params: ListBalanceTransactions) =>
  pageOf<BalanceTransactionRow>(
    scope,
    { table: balance_transactions, rows, object: 'balance_transaction' },
    params,
    whenGiven(balance_transactions.currency, params.currency),
    whenGiven(balance_transactions.source, params.source),
    params.type === undefined
      ? undefined
      : eq(sql`${balance_transactions.type}::text`, params.type),
    within(balance_transactions.created, params.created),
  );

/** Sums of what is available and what is still pending, by currency. */
export async function sums(
  scope: Scope,
): Promise<{ currency: string; available: number; pending: number }[]> {
  const now = unix(scope.now);
  const net = (condition: ReturnType<typeof lte>) =>
    sql<string>`coalesce(sum(${balance_transactions.net}) filter (where ${condition}), 0)`;
  const found = await scope.db
    .select({
      currency: balance_transactions.currency,
      available: net(lte(balance_transactions.available_on, now)),
      pending: net(gt(balance_transactions.available_on, now)),
    })
    .from(balance_transactions)
    .groupBy(balance_transactions.currency)
    .orderBy(balance_transactions.currency);
  return found.map(({ currency, available, pending }) => ({
    currency,
    available: Number(available),
    pending: Number(pending),
  }));
}
