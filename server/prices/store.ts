import { eq, inArray, sql, type SQL } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { prices } from '@/db/schema/prices';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, searchOf, within } from '@/server/kernel/page';
import { parseSearch, toCondition, type SearchFields } from '@/server/kernel/search';
import { toPrice } from './object';
import type { ListPrices, SearchPrices } from './params';

export type PriceRow = typeof prices.$inferSelect;

const rows = rowsOf(prices);
export const { insert, find, findAll, lock, update } = rows;

export async function existsFor(tx: Tx, product: string): Promise<boolean> {
  const found = await tx.db
    .select({ id: prices.id })
    .from(prices)
    .where(eq(prices.product, product))
    .limit(1);
  return found.length > 0;
}

/**
 * The price that has the lookup key, locked. Whoever else wants the key, even while nobody has it,
 * waits until this transaction ends.
 */
export async function lockHolder(tx: Tx, lookupKey: string): Promise<PriceRow | null> {
  const lock = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';
  tx.write(lock, [`prices.lookup_key:${lookupKey}`]);
  const [row] = await tx.db
    .select()
    .from(prices)
    .where(eq(prices.lookup_key, lookupKey))
    .for('no key update');
  return row ?? null;
}

export const page = (scope: Scope, params: ListPrices) =>
  pageOf<PriceRow>(
    scope,
    { table: prices, rows, object: 'price' },
    params,
    whenGiven(prices.active, params.active),
    whenGiven(prices.currency, params.currency),
    whenGiven(prices.product, params.product),
    whenGiven(prices.type, params.type),
    recurs('interval', params.recurring?.interval),
    recurs('meter', params.recurring?.meter),
    recurs('usage_type', params.recurring?.usage_type),
    params.lookup_keys === undefined ? undefined : inArray(prices.lookup_key, params.lookup_keys),
    within(prices.created, params.created),
  );

const recurs = (field: string, value: string | undefined): SQL | undefined =>
  value === undefined ? undefined : sql`${prices.recurring} ->> ${field}::text = ${value}`;

/** https://docs.stripe.com/search#query-fields-for-prices */
const SEARCHABLE: SearchFields = {
  active: { type: 'token', column: prices.active },
  currency: { type: 'token', column: prices.currency },
  lookup_key: { type: 'string', column: prices.lookup_key },
  metadata: { type: 'metadata', column: prices.metadata },
  product: { type: 'token', column: prices.product },
  type: { type: 'token', column: prices.type },
};

export const search = (scope: Scope, params: SearchPrices) =>
  searchOf(
    scope,
    prices,
    params,
    toCondition(parseSearch(params.query), 'prices', SEARCHABLE),
    toPrice,
  );
