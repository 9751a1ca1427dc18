/**
 * Products are what is sold. What they cost is in `prices`, and so are the verbs that need to know
 * of it: a product is created with its default price, changed to another, and removed only while
 * it has none. https://docs.stripe.com/api/products
 */
import type { Tx } from '@/server/kernel/context';
import {
  parametersExclusive,
  resourceAlreadyExists,
  resourceMissing,
} from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { toProduct } from './object';
import { ListProducts, ProductId, SearchProducts, type ProductFields } from './params';
import * as store from './store';

export const retrieve = query({
  route: 'GET /v1/products/:id',
  summary: 'Retrieves a product.',
  input: ProductId,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('product', id);
    return toProduct(row);
  },
});

export const list = query({
  route: 'GET /v1/products',
  summary: 'Lists products, the newest first.',
  input: ListProducts,
  async run(scope, params) {
    const cursor = params.starting_after === undefined ? 'ending_before' : 'starting_after';
    if (params.ids !== undefined && params[cursor] !== undefined) {
      throw parametersExclusive(['ids', cursor]);
    }
    return toPage(await store.page(scope, params), toProduct);
  },
});

export const search = query({
  route: 'GET /v1/products/search',
  summary: 'Searches products by name, description, url, metadata and flags.',
  input: SearchProducts,
  run: store.search,
});

/**
 * A new product, under the given id or a new one. Announcing it is left to the caller.
 *
 * @param defaultPrice the id of a price that the caller adds in the same transaction.
 * @throws ApiError 400 `resource_already_exists` for an id in use.
 */
export async function addProduct(
  tx: Tx,
  fields: ProductFields,
  defaultPrice: string | null = null,
): Promise<store.ProductRow> {
  const { id } = fields;
  if (id !== undefined && (await store.isTaken(tx, id))) {
    throw resourceAlreadyExists('Product already exists.', 'id');
  }
  const now = unix(tx.now);
  return store.insert(tx, {
    id: id ?? newId('product'),
    active: fields.active ?? true,
    name: fields.name,
    default_price: defaultPrice,
    description: fields.description ?? null,
    images: fields.images ?? [],
    marketing_features: fields.marketing_features ?? [],
    metadata: mergeMetadata({}, fields.metadata),
    package_dimensions: fields.package_dimensions ?? null,
    shippable: fields.shippable ?? null,
    statement_descriptor: fields.statement_descriptor ?? null,
    tax_code: fields.tax_code ?? null,
    type: fields.type ?? 'service',
    unit_label: fields.unit_label ?? null,
    url: fields.url ?? null,
    created: now,
    updated: now,
  });
}
