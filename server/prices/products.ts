/**
 * The verbs of a product that need to know of its prices. They are here because calls go down only,
 * and prices stand on products.
 */
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, requestInvalid, resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { command } from '@/server/kernel/operation';
import {
  addProduct,
  lockProduct,
  lockProductForRemoval,
  PRODUCT_UNSUPPORTED,
  ProductId,
  removeProduct,
  toDeletedProduct,
  toProduct,
  UpdateProduct,
  updateProduct,
} from '@/server/products';
import { addPrice } from './add';
import { CreateProduct } from './params';
import * as store from './store';

export const create = command({
  route: 'POST /v1/products',
  summary: 'Creates a product, and with `default_price_data` its default price.',
  input: CreateProduct,
  unsupported: PRODUCT_UNSUPPORTED,
  async run(tx, { default_price_data, ...fields }) {
    const price = default_price_data === undefined ? null : newId('price');
    const row = await addProduct(tx, fields, price);
    const product = toProduct(row);
    await tx.announce('product.created', product);
    if (default_price_data !== undefined && price !== null) {
      const owner = { product: row.id, id: price, place: 'default_price_data' };
      await addPrice(tx, default_price_data, owner);
    }
    return product;
  },
});

export const update = command({
  route: 'POST /v1/products/:id',
  summary: 'Updates a product.',
  input: UpdateProduct,
  unsupported: PRODUCT_UNSUPPORTED,
  async run(tx, { id, metadata, images, marketing_features, ...fields }) {
    const before = await lockProduct(tx, id);
    if (before === null) throw resourceMissing('product', id);
    if (typeof fields.default_price === 'string') {
      await assertOffers(tx, id, fields.default_price);
    }
    const row = updateProduct(tx, before, {
      ...fields,
      metadata: mergeMetadata(before.metadata, metadata),
      ...(images === undefined ? {} : { images: images ?? [] }),
      ...(marketing_features === undefined ? {} : { marketing_features: marketing_features ?? [] }),
      updated: unix(tx.now),
    });
    const product = toProduct(row);
    await tx.announce('product.updated', product, toProduct(before));
    return product;
  },
});

/** The price is locked too: it cannot be archived before it is the default one. */
async function assertOffers(tx: Tx, product: string, id: string): Promise<void> {
  const price = await store.lock(tx, id);
  if (price === null) throw resourceMissing('price', id, 'default_price');
  if (price.product !== product) {
    throw parameterInvalid(
      `The price \`${id}\` does not belong to the product \`${product}\`.`,
      'default_price',
    );
  }
  if (!price.active) {
    throw parameterInvalid(
      'The price specified is inactive. This field only accepts active prices.',
      'default_price',
    );
  }
}

export const remove = command({
  route: 'DELETE /v1/products/:id',
  summary: 'Deletes a product that has no prices.',
  input: ProductId,
  async run(tx, { id }) {
    const row = await lockProductForRemoval(tx, id);
    if (row === null) throw resourceMissing('product', id);
    if (await store.existsFor(tx, id)) {
      throw requestInvalid(
        'This product cannot be deleted because it has one or more user-created prices.',
      );
    }
    removeProduct(tx, id);
    await tx.announce('product.deleted', toProduct(row));
    return toDeletedProduct(row);
  },
});
