import { eq, inArray } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { products } from '@/db/schema/products';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, searchOf, within } from '@/server/kernel/page';
import { parseSearch, toCondition, type SearchFields } from '@/server/kernel/search';
import { toProduct } from './object';
import type { ListProducts, SearchProducts } from './params';

export type ProductRow = typeof products.$inferSelect;

const rows = rowsOf(products);
export const { insert, find, findAll, lock, update, remove } = rows;

/** As `lock`, and until the transaction ends nobody else can `hold` the product either. */
export const lockForRemoval = (tx: Tx, id: string) => locked(tx, id, 'update');

/** As `find`, and until the transaction ends the product is not removed. */
export const hold = (tx: Tx, id: string) => locked(tx, id, 'key share');

async function locked(
  tx: Tx,
  id: string,
  strength: 'update' | 'key share',
): Promise<ProductRow | null> {
  const [row] = await tx.db.select().from(products).where(eq(products.id, id)).for(strength);
  return row ?? null;
}

/** Whether the id is in use. Whoever else wants to use it waits until this transaction ends. */
export async function isTaken(tx: Tx, id: string): Promise<boolean> {
  tx.write('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`products.id:${id}`]);
  return (await find(tx, id)) !== null;
}

export const page = (scope: Scope, params: ListProducts) =>
  pageOf<ProductRow>(
    scope,
    { table: products, rows, object: 'product' },
    params,
    whenGiven(products.active, params.active),
    whenGiven(products.shippable, params.shippable),
    whenGiven(products.type, params.type),
    whenGiven(products.url, params.url),
    params.ids === undefined ? undefined : inArray(products.id, params.ids),
    within(products.created, params.created),
  );

/** https://docs.stripe.com/search#query-fields-for-products */
const SEARCHABLE: SearchFields = {
  active: { type: 'token', column: products.active },
  description: { type: 'string', column: products.description },
  metadata: { type: 'metadata', column: products.metadata },
  name: { type: 'string', column: products.name },
  shippable: { type: 'token', column: products.shippable },
  url: { type: 'string', column: products.url },
};

export const search = (scope: Scope, params: SearchProducts) =>
  searchOf(
    scope,
    products,
    params,
    toCondition(parseSearch(params.query), 'products', SEARCHABLE),
    toProduct,
  );
