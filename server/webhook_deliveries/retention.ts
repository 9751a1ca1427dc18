/** Finished deliveries and their attempts are kept for a month, to be read and sent again. */
import { byTenant } from '@/db/system';
import type { System } from '@/server/kernel/due';
import * as store from './store';

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** Small enough that no statement holds its locks for long. */
const BATCH_MAX = 1_000;

/** Removes some of those that are older, and answers how many. */
export async function removeOld(system: System): Promise<number> {
  const before = new Date(system.clock().getTime() - KEPT_MS);
  const found = await store.findOld(system.pool, before, BATCH_MAX);
  let removed = 0;
  for (const { tenant, ids } of byTenant(found)) {
    removed += await system.ctxOf(tenant).transaction((tx) => store.removeFinished(tx, ids));
  }
  return removed;
}
