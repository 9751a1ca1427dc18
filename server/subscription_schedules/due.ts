/** What a schedule does by itself as time passes: one thing a run, the first that is due. */
import type { Tx } from '@/server/kernel/context';
import type { Timed } from '@/server/kernel/due';
import { unix } from '@/server/kernel/object';
import { advance } from './phases';
import { lock } from './store';

export const dueSchedules: Timed = { table: 'subscription_schedules', run };

/** Nothing is charged here, so no processor is awaited: see `subscriptions/scheduled.ts`. */
async function run(tx: Tx, id: string): Promise<null> {
  const row = await lock(tx, id);
  if (row?.due_at == null || row.due_at > unix(tx.now)) return null;
  // As of then, however late it is: a part of a period is counted from the instant that was planned.
  await advance({ ...tx, now: new Date(row.due_at * 1000) }, row);
  return null;
}
