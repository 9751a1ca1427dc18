/** What may become of a price, whichever of its names it is called by. */
import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid } from '@/server/kernel/errors';
import { findProduct } from '@/server/products';
import { toPlan, toPrice } from './object';
import * as store from './store';

/** Updates a price that this transaction locked, and announces it: as a plan where that changed. */
export async function change(
  tx: Tx,
  before: store.PriceRow,
  changes: Parameters<typeof store.update>[2],
): Promise<store.PriceRow> {
  const row = store.update(tx, before, changes);
  if (before.recurring !== null && !isDeepStrictEqual(toPlan(row), toPlan(before))) {
    await tx.announce('plan.updated', toPlan(row), toPlan(before));
  }
  await tx.announce('price.updated', toPrice(row), toPrice(before));
  return row;
}

/**
 * A product's default price stays what it is until another takes its place.
 *
 * @param verb what is not to happen to it, and `param` what asked for that, for the error.
 * @throws ApiError 400.
 */
export async function assertNotDefault(
  tx: Tx,
  { id, product }: store.PriceRow,
  verb: 'archived' | 'deleted' | 'moved',
  param: string,
): Promise<void> {
  const owner = await findProduct(tx, product);
  if (owner?.default_price !== id) return;
  throw parameterInvalid(
    `This price cannot be ${verb} because it is the default price of its product.`,
    param,
  );
}
