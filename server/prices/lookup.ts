import type { Tx } from '@/server/kernel/context';
import { parameterInvalid } from '@/server/kernel/errors';
import { toPrice } from './object';
import * as store from './store';

/**
 * Makes a lookup key free for the price `id`, which nobody else can claim in this transaction. It
 * may be its own already. Prices that are not active hold their keys too.
 *
 * @param transfer takes the key from the price that has it, which stays as it is otherwise.
 * @throws ApiError 400 when another price has it and it is not to be transferred.
 */
export async function claimLookupKey(
  tx: Tx,
  key: string,
  id: string,
  transfer = false,
): Promise<void> {
  const holder = await store.lockHolder(tx, key);
  if (holder === null || holder.id === id) return;
  if (!transfer) {
    throw parameterInvalid(
      `A price (\`${holder.id}\`) already uses that lookup key.`,
      'lookup_key',
    );
  }
  const row = store.update(tx, holder, { lookup_key: null });
  await tx.announce('price.updated', toPrice(row), toPrice(holder));
}
