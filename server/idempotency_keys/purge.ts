/**
 * Keys are kept for a day, as Stripe promises at least:
 * https://docs.stripe.com/api/idempotent_requests
 */
import { byTenant } from '@/db/system';
import type { System } from '@/server/kernel/due';
import { findOld, removeOld } from './store';

const KEPT_MS = 24 * 60 * 60 * 1000;

/** Small enough that no statement holds its locks for long. */
const BATCH_MAX = 1_000;

/** Removes some of the keys that are older, and answers how many. */
export async function purge(system: System): Promise<number> {
  const before = new Date(system.clock().getTime() - KEPT_MS);
  const found = await findOld(system.pool, before, BATCH_MAX);
  let removed = 0;
  for (const { tenant, ids } of byTenant(found)) {
    removed += await system.ctxOf(tenant).transaction((tx) => removeOld(tx, ids, before));
  }
  return removed;
}
