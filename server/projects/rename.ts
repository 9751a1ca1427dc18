import { record } from '@/server/audit_log';
import type { Actor, Tx } from '@/server/kernel/context';
import { lockCurrent, updateCurrent } from './store';

/** Gives the scope's project another name. */
export async function renameProject(
  tx: Tx,
  actor: Actor,
  name: string,
): Promise<{ account: string; name: string }> {
  const before = await lockCurrent(tx);
  const { account } = await updateCurrent(tx, before, { name });
  record(
    tx,
    { actor, now: tx.now, request: tx.request },
    { action: 'projects.rename', object: account, before: { name: before.name }, after: { name } },
  );
  return { account, name };
}
