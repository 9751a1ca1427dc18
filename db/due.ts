/**
 * Finds rows by their `due_at`, in unix seconds: those that live by the wall clock across tenants,
 * those of a test clock within its tenant. Each look is along a partial index that holds nothing
 * but what will ever be due, so what is idle costs nothing.
 */
import type { Pool } from './client';
import type { Reader } from './scope';
import { look, type Found } from './system';

/** TABLE. What becomes due, and whether it may live by a test clock. */
const ON_CLOCKS = {
  disputes: true,
  invoices: true,
  payouts: false,
  simulator_sequels: false,
  subscription_schedules: true,
  subscriptions: true,
} as const satisfies Readonly<Record<string, boolean>>;
export type DueTable = keyof typeof ON_CLOCKS;

export const isOnClocks = (table: DueTable): boolean => ON_CLOCKS[table];

/** Rows due at `at` by the wall clock, of any tenant, the longest overdue first. */
export const findDue = (pool: Pool, table: DueTable, at: number, limit: number): Promise<Found[]> =>
  look(
    pool,
    `select project_id, livemode, id from ${table}
     where ${isOnClocks(table) ? 'test_clock is null and' : ''} due_at <= $1
     order by due_at limit $2`,
    [at, limit],
  );

const CLAIM = 'for no key update skip locked';

/**
 * TABLE. What is locked before a row, everywhere, as the claim of the rows that are `due`. A claim
 * keeps that order too: to have the row and then to wait for what comes before it, while somebody who
 * has that waits for the row, would be a deadlock.
 */
const LOCKED_BEFORE: { readonly [table in DueTable]?: (due: string) => string } = {
  // The payment intent of an invoice.
  invoices: (due) => `with intents as materialized (
      select id from payment_intents where id in (select payment_intent ${due}) ${CLAIM}
    )
    select id ${due} and (payment_intent is null or payment_intent in (select id from intents))
    ${CLAIM}`,
  // The invoices of a subscription that are not done with, and their intents. What does nothing but
  // renew makes an invoice, and touches none that is there.
  subscriptions: (due) => `with before as materialized (
      select id, payment_intent, subscription from invoices
      where status in ('draft', 'open') and subscription in (
        select id ${due} and (status in ('trialing', 'incomplete', 'paused') or cancel_at_period_end
          or cancel_at is not null or pending_update is not null))
    ), intents as materialized (
      select id from payment_intents where id in (select payment_intent from before) ${CLAIM}
    ), held as materialized (
      select id from invoices where id in (select id from before)
        and (payment_intent is null or payment_intent in (select id from intents)) ${CLAIM}
    )
    select id ${due} and id not in (
      select subscription from before where id not in (select id from held))
    ${CLAIM}`,
};

/** Waits for nobody: what somebody else holds is left out. */
function claimOf(table: DueTable): string {
  const due = `from ${table} where id = any($1) and due_at <= $2`;
  return LOCKED_BEFORE[table]?.(due) ?? `select id ${due} ${CLAIM}`;
}

/**
 * Those of the rows that are still due at `at` and in nobody's hands. They stay locked, and so does
 * what is locked before them.
 */
export async function claimDue(
  tx: Reader,
  table: DueTable,
  ids: readonly string[],
  at: number,
): Promise<string[]> {
  const rows = await tx.lookUp(claimOf(table), [ids, at]);
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
