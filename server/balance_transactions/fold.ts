/**
 * What payments add to the balance is a row each, so that no two of them wait for one another. Here
 * those rows are added to the totals and go: the balance stays a sum of few rows.
 */
import { byTenant, look, type Found } from '@/db/system';
import type { System } from '@/server/kernel/due';
import { DELTAS_DUE, fold } from './store';

/** Fewer than this many are summed up with the totals as they are. */
const WORTHWHILE = 200;

/** Rows of one transaction. */
const BATCH = 5_000;

/** Folds where there is much to fold, and answers in how many projects and modes. */
export async function foldBalances(system: System): Promise<number> {
  const due = await look<Found>(system.pool, DELTAS_DUE, [WORTHWHILE]);
  for (const { tenant } of byTenant(due)) {
    await system.ctxOf(tenant).transaction(async (tx) => fold(tx, BATCH));
  }
  return due.length;
}
