/** The product that a new price is of: one that is there, or one that comes with it. */
import type { z } from 'zod';
import type { Tx } from '@/server/kernel/context';
import { resourceMissing } from '@/server/kernel/errors';
import { addProduct, holdProduct, toProduct, type InlineProduct } from '@/server/products';

/**
 * The id of a product, which is not removed before this transaction ends.
 *
 * @param param names it in the error.
 * @throws ApiError `resource_missing`.
 */
export async function existingProduct(tx: Tx, id: string, param = 'product'): Promise<string> {
  if ((await holdProduct(tx, id)) === null) throw resourceMissing('product', id, param);
  return id;
}

/** Adds the product, announces it and answers its id. */
export async function newProduct(tx: Tx, given: z.infer<typeof InlineProduct>): Promise<string> {
  const added = await addProduct(tx, given);
  await tx.announce('product.created', toProduct(added));
  return added.id;
}
