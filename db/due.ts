/**
 * Finds rows by their `due_at`, in unix seconds: those that live by the wall clock across tenants,
 * those of a test clock within its tenant. Each look is along a partial index that holds nothing
 * but what will ever be due, so what is idle costs nothing.
 */
import type { Pool } from './client';
import type { Reader } from './scope';
import { look, type Found } from './system';

export type DueTable = 'invoices' | 'subscription_schedules' | 'subscriptions';

/** Rows due at `at` by the wall clock, of any tenant, the longest overdue first. */
export const findDue = (pool: Pool, table: DueTable, at: number, limit: number): Promise<Found[]> =>
  look(
    pool,
    `select project_id, livemode, id from ${table}
     where test_clock is null and due_at <= $1 order by due_at limit $2`,
    [at, limit],
  );

/** Those of the rows that are still due at `at` and in nobody's hands. They stay locked. */
export async function claimDue(
  tx: Reader,
  table: DueTable,
  ids: readonly string[],
  at: number,
): Promise<string[]> {
  const rows = await tx.lookUp(
    `select id from ${table} where id = any($1) and due_at <= $2 for no key update skip locked`,
    [ids, at],
  );
  const claimed = new Set(rows.map(([id]) => String(id)));
  return ids.filter((id) => claimed.has(id));
}

/** When the next row of the clock is due in any of the tables; null where nothing ever is. */
export async function earliestOn(
  scope: Reader,
  tables: readonly DueTable[],
  clock: string,
): Promise<number | null> {
  const earliest = tables.map(
    (table) => `(select min(due_at) from ${table} where test_clock = $1 and due_at is not null)`,
  );
  const [[time] = []] = await scope.lookUp(`select least(${earliest.join(', ')})`, [clock]);
  return time === null || time === undefined ? null : Number(time);
}

/** Rows of the clock that are due at `at`, in the order in which they became so. */
export async function dueOn(
  scope: Reader,
  table: DueTable,
  clock: string,
  at: number,
  limit: number,
): Promise<string[]> {
  const rows = await scope.lookUp(
    `select id from ${table} where test_clock = $1 and due_at <= $2 order by due_at, id limit $3`,
    [clock, at, limit],
  );
  return rows.map(([id]) => String(id));
}

/** Puts off what could not be done, so that it does not hold up what can. In seconds. */
export const putOff = (
  tx: { write(text: string, params: readonly unknown[]): void },
  table: DueTable,
  id: string,
  until: number,
): void => tx.write(`update ${table} set due_at = $2 where id = $1 and due_at < $2`, [id, until]);
