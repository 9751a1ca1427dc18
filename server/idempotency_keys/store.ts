import type { Pool } from '@/db/client';
import { rowsOf } from '@/db/rows';
import { idempotency_keys } from '@/db/schema/idempotency_keys';
import { look, type Found } from '@/db/system';
import type { Tx } from '@/server/kernel/context';

export type IdempotencyKeyRow = typeof idempotency_keys.$inferSelect;

const { insert, find, update } = rowsOf(idempotency_keys);
export { find, insert };

/** Stores the answer of a key that was started. */
export const finish = (
  tx: Tx,
  id: string,
  answer: Pick<IdempotencyKeyRow, 'response_body' | 'response_status'>,
): void => void update(tx, { id }, { ...answer, status: 'finished' });

const FIND_OLD = `
select project_id, livemode, id from idempotency_keys where created_at < $1 limit $2`;

/** Keys first used before `before`, of any tenant. */
export const findOld = (pool: Pool, before: Date, limit: number): Promise<Found[]> =>
  look(pool, FIND_OLD, [before.toISOString(), limit]);

const REMOVE_OLD = `
with removed as (
  delete from idempotency_keys where id in (
    select id from idempotency_keys
    where id = any($1) and created_at < $2 for update skip locked
  ) returning id
)
select count(*)::int from removed`;

/** Those of them that are still old and that no request holds. Answers how many. */
export async function removeOld(tx: Tx, ids: readonly string[], before: Date): Promise<number> {
  const [[removed] = []] = await tx.lookUp(REMOVE_OLD, [ids, before.toISOString()]);
  return Number(removed);
}
