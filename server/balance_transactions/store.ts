import { eq, sql } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { balance_transactions } from '@/db/schema/balance_transactions';
import { balance_deltas, ledger_entries } from '@/db/schema/ledger';
import type { Scope, Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { pageOf, within } from '@/server/kernel/page';
import type { ListBalanceTransactions } from './params';

export type BalanceTransactionRow = typeof balance_transactions.$inferSelect;

const rows = rowsOf(balance_transactions);
export const { insert, find, findAll } = rows;
export const { insert: insertEntry } = rowsOf(ledger_entries);
export const { insert: insertDelta } = rowsOf(balance_deltas);

export const page = (scope: Scope, params: ListBalanceTransactions) =>
  pageOf<BalanceTransactionRow>(
    scope,
    { table: balance_transactions, rows, object: 'balance_transaction' },
    params,
    whenGiven(balance_transactions.currency, params.currency),
    whenGiven(balance_transactions.source, params.source),
    // Payouts are made by hand: no payment is paid out with one, and only what it did itself is its.
    whenGiven(balance_transactions.source, params.payout),
    params.type === undefined
      ? undefined
      : eq(sql`${balance_transactions.type}::text`, params.type),
    within(balance_transactions.created, params.created),
  );

/** Sums of what is available and what is still pending, by currency, in one look at both tables. */
export async function sums(
  scope: Scope,
): Promise<{ currency: string; available: number; pending: number }[]> {
  const rows = await scope.lookUp(SUMS, [unix(scope.now)]);
  return rows.map(([currency, available, pending]) => ({
    currency: String(currency),
    available: Number(available),
    pending: Number(pending),
  }));
}

/** The same in one currency. */
export async function balanceIn(
  scope: Scope,
  currency: string,
): Promise<{ available: number; pending: number }> {
  const all = await sums(scope);
  return all.find((one) => one.currency === currency) ?? { available: 0, pending: 0 };
}

const SUMS = `
  select currency,
    coalesce(sum(amount) filter (where available_on <= $1), 0),
    coalesce(sum(amount) filter (where available_on > $1), 0)
  from (
    select currency, available_on, amount from balance_totals
    union all select currency, available_on, amount from balance_deltas
  ) balance
  group by currency order by currency`;

/** Projects and modes with at least `$1` deltas. */
export const DELTAS_DUE = `
  select project_id, livemode, min(id) as id from balance_deltas
  group by project_id, livemode having count(*) >= $1`;

/** Adds deltas to the totals, which then are without them: a statement, so that all see one or the other. */
export const fold = (tx: Tx, limit: number): void => tx.write(FOLD, [limit]);

const FOLD = `
  with taken as (
    delete from balance_deltas where id in (
      select id from balance_deltas order by id limit $1 for update skip locked
    )
    returning currency, available_on, amount
  )
  insert into balance_totals (id, currency, available_on, amount)
  select currency || '/' || available_on, currency, available_on, sum(amount) from taken
  group by currency, available_on order by currency, available_on
  on conflict (project_id, livemode, id)
    do update set amount = balance_totals.amount + excluded.amount`;
