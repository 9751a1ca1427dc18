import { rowsOf, whenGiven } from '@/db/rows';
import { payouts } from '@/db/schema/payouts';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListPayouts } from './params';

export type PayoutRow = typeof payouts.$inferSelect;
export type Status = PayoutRow['status'];

const rows = rowsOf(payouts);
export const { insert, find, findAll, lock, update } = rows;

export const page = (scope: Scope, params: ListPayouts) =>
  pageOf<PayoutRow>(
    scope,
    { table: payouts, rows, object: 'payout' },
    params,
    whenGiven(payouts.status, params.status),
    within(payouts.arrival_date, params.arrival_date),
    within(payouts.created, params.created),
  );

/** One payout of a project and mode is made at a time: each sees what the one before has left. */
export const inTurn = (tx: Tx): void =>
  tx.write('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `payouts:${tx.projectId}:${tx.livemode}`,
  ]);
