import type { Tx } from '@/server/kernel/context';

/**
 * Does the work and takes it back: what it wrote, it can read until it is done, and nobody else ever.
 * Nothing is announced, so nothing follows from it.
 */
export async function rehearse<T>(tx: Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  tx.write('savepoint rehearsal', []);
  const answer = await work({ ...tx, announce: () => Promise.resolve() });
  tx.write('rollback to savepoint rehearsal', []);
  return answer;
}
