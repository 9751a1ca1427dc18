import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { meters } from '@/db/schema/meters';
import { prices } from '@/db/schema/prices';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, searchOf, within } from '@/server/kernel/page';
import { parseSearch, toCondition, type SearchFields } from '@/server/kernel/search';
import { toPrice } from './object';
import type { ListPlans, ListPrices, SearchPrices } from './params';

export type PriceRow = typeof prices.$inferSelect;

const rows = rowsOf(prices);
/** `findAll` has deleted ones too: whoever subscribed to one goes on paying it. */
export const { insert, findAll, update, remove } = rows;

const unlessDeleted = (row: PriceRow | null): PriceRow | null =>
  row === null || row.deleted ? null : row;

export const find = async (scope: Scope, id: string) => unlessDeleted(await rows.find(scope, id));
export const lock = async (tx: Tx, id: string) => unlessDeleted(await rows.lock(tx, id));

/** As `lock`, and until the transaction ends nobody can subscribe to it. */
export async function lockForRemoval(tx: Tx, id: string): Promise<PriceRow | null> {
  const [row] = await tx.db.select().from(prices).where(eq(prices.id, id)).for('update');
  return unlessDeleted(row ?? null);
}

/** Whether the id is in use. Whoever else wants to use it waits until this transaction ends. */
export async function isTaken(tx: Tx, id: string): Promise<boolean> {
  tx.write('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`prices.id:${id}`]);
  return (await rows.find(tx, id)) !== null;
}

/** Whether a product has any, deleted ones that are still billed included. */
export async function existsFor(tx: Tx, product: string): Promise<boolean> {
  const found = await tx.db
    .select({ id: prices.id })
    .from(prices)
    .where(eq(prices.product, product))
    .limit(1);
  return found.length > 0;
}

const NAMES_PRICE = "'$.**.price ? (@ == $id)', jsonb_build_object('id', $1::text)";

const IS_BILLED = `select exists (select from subscription_items where price = $1)
  or exists (select from subscriptions where jsonb_path_exists(pending_update, ${NAMES_PRICE}))
  or exists (select from subscription_schedules
    where status in ('not_started', 'active') and jsonb_path_exists(phases, ${NAMES_PRICE}))`;

/**
 * Whether a subscription bills the price, or is to. Asked of the tables, because the folders that
 * know stand above this one; and so is the meter.
 */
export async function isBilled(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx.lookUp(IS_BILLED, [id]);
  return row?.[0] === true;
}

/** The meter's status, which stays so until the transaction ends; null where there is no meter. */
export async function holdMeter(tx: Tx, id: string): Promise<'active' | 'inactive' | null> {
  const [row] = await tx.db
    .select({ status: meters.status })
    .from(meters)
    .where(eq(meters.id, id))
    .for('share');
  return row?.status ?? null;
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
    { table: prices, rows: { find }, object: 'price' },
    params,
    eq(prices.deleted, false),
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

/** Plans are the prices that recur. */
export const pageOfPlans = (scope: Scope, params: ListPlans) =>
  pageOf<PriceRow>(
    scope,
    { table: prices, rows: { find }, object: 'plan' },
    params,
    eq(prices.deleted, false),
    eq(prices.type, 'recurring'),
    whenGiven(prices.active, params.active),
    whenGiven(prices.product, params.product),
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
    and(eq(prices.deleted, false), toCondition(parseSearch(params.query), 'prices', SEARCHABLE)),
    toPrice,
  );
