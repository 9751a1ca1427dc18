/** Requests are kept for as long as their project says, and then forgotten. */
import type { System } from '@/server/kernel/due';
import { currentProject, readSettings } from '@/server/projects';
import * as store from './store';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Small enough that no statement holds its locks for long. */
const BATCH_MAX = 1_000;

/** Removes some of those that are older, of each project and mode, and answers how many. */
export async function removeOldLogs(system: System): Promise<number> {
  let removed = 0;
  for (const { project_id, livemode } of await store.findTenants(system.pool)) {
    const ctx = system.ctxOf({ projectId: project_id, livemode });
    removed += await ctx.transaction(async (tx) => {
      const { logs } = readSettings((await currentProject(tx)).settings);
      const before = new Date(tx.wallClock.getTime() - logs.kept_days * DAY_MS);
      return store.removeBefore(tx, before, BATCH_MAX);
    });
  }
  return removed;
}
