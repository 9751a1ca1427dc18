/** Clocks that nobody deletes are deleted when their `deletes_after` has come, as Stripe does. */
import { byTenant } from '@/db/system';
import type { System } from '@/server/kernel/due';
import { unix } from '@/server/kernel/object';
import { removeClock } from './operations';
import { claim, findOld } from './store';

/** Deletes some of those that are due, and answers how many. */
export async function removeOldClocks(system: System): Promise<number> {
  const now = unix(system.clock());
  let removed = 0;
  for (const { tenant, ids } of byTenant(await findOld(system.pool, now))) {
    // Each in a transaction of its own, since all that a clock has goes with it.
    for (const id of ids) {
      removed += await system.ctxOf(tenant).transaction(async (tx) => {
        const [clock] = await claim(tx, [id]);
        // Since it was found it may have been sent on, or deleted.
        if (clock?.status !== 'ready' && clock?.status !== 'internal_failure') return 0;
        await removeClock(tx, clock);
        return 1;
      });
    }
  }
  return removed;
}
