/**
 * Pages by key, in Stripe's order: newest first. The cursor is an id, and an id sorts by time, so
 * any page costs the same, however deep. https://docs.stripe.com/api/pagination
 */
import { and, asc, desc, gt, gte, lt, lte, sql, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { Scope } from './context';
import { parametersExclusive, resourceMissing } from './errors';
import type { ApiObject, Page, SearchPage } from './object';

const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 100;

const limit = z.int().min(1).max(LIMIT_MAX).optional();

/** The parameters of every list. */
export const pageParams = {
  limit,
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
};

/** `created` and its like: an instant, or a range of them, in unix seconds. */
export const timeRange = z.union([
  z.int(),
  z.strictObject({
    gt: z.int().optional(),
    gte: z.int().optional(),
    lt: z.int().optional(),
    lte: z.int().optional(),
  }),
]);

export type TimeRange = z.infer<typeof timeRange>;

export interface PageParams {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
}

interface Finder<Row> {
  readonly find: (scope: Scope, id: string) => Promise<Row | null>;
}

type Listed = PgTable & { projectId: PgColumn; id: PgColumn };

interface Pages<Row> {
  readonly table: Listed;
  readonly rows: Finder<Row>;
  readonly object: string;
  /** The time they were made, where merchants choose the ids, which then tell nothing of it. */
  readonly order?: PgColumn;
}

/**
 * The page after `starting_after`, or just before `ending_before`, of the rows that meet all
 * `conditions`. Throws resource_missing, naming the parameter, for a cursor that does not exist.
 */
export async function pageOf<Row extends { id: string }>(
  scope: Scope,
  { table, rows, object, order }: Pages<Row>,
  params: PageParams,
  ...conditions: (SQL | undefined)[]
): Promise<{ rows: Row[]; has_more: boolean }> {
  const { starting_after, ending_before } = params;
  if (starting_after !== undefined && ending_before !== undefined) {
    throw parametersExclusive(['starting_after', 'ending_before']);
  }
  const cursor = starting_after ?? ending_before;
  const at = cursor === undefined ? null : await rows.find(scope, cursor);
  if (cursor !== undefined && at === null) {
    const param = starting_after === undefined ? 'ending_before' : 'starting_after';
    throw resourceMissing(object, cursor, param);
  }
  const backwards = ending_before !== undefined;
  const size = params.limit ?? LIMIT_DEFAULT;
  const keys = order === undefined ? [table.id] : [order, table.id];
  const found = (await scope.db
    .select()
    .from(table)
    .where(and(at === null ? undefined : beyond(keys, at, backwards), ...conditions))
    .orderBy(...keys.map((key) => (backwards ? asc(key) : desc(key))))
    // One more than asked tells whether there are more, without counting.
    .limit(size + 1)) as unknown as Row[];
  const page = found.slice(0, size);
  return { rows: backwards ? page.toReversed() : page, has_more: found.length > size };
}

/** Rows whose keys, compared as a whole, come after those of `row` in the order of the page. */
function beyond(keys: readonly PgColumn[], row: object, backwards: boolean): SQL {
  const values = keys.map((key) => sql`${(row as Record<string, unknown>)[key.name]}`);
  const comparison = sql.raw(backwards ? '>' : '<');
  return sql`(${sql.join([...keys], sql`, `)}) ${comparison} (${sql.join(values, sql`, `)})`;
}

/** A page of rows as a page of objects. */
export const toPage = <Row, T extends ApiObject>(
  { rows, has_more }: { rows: readonly Row[]; has_more: boolean },
  toObject: (row: Row) => T,
): Page<T> => ({ object: 'page', data: rows.map(toObject), has_more });

/** The condition of a range over a column of unix seconds. */
export function within(column: PgColumn, range: TimeRange | undefined): SQL | undefined {
  if (range === undefined) return undefined;
  if (typeof range === 'number') return and(gte(column, range), lte(column, range));
  return and(
    range.gt === undefined ? undefined : gt(column, range.gt),
    range.gte === undefined ? undefined : gte(column, range.gte),
    range.lt === undefined ? undefined : lt(column, range.lt),
    range.lte === undefined ? undefined : lte(column, range.lte),
  );
}

/** The parameters of every search. `page` is the `next_page` of the answer before. */
export const searchParams = {
  query: z.string().min(1),
  limit,
  page: z.string().optional(),
};

export interface SearchParams {
  limit?: number | undefined;
  page?: string | undefined;
}

/** A page of search results, newest first. The cursor is the last id, which the client need not know. */
export async function searchOf<Row extends { id: string }, O extends ApiObject>(
  scope: Scope,
  table: Listed,
  params: SearchParams,
  condition: SQL | undefined,
  toObject: (row: Row) => O,
): Promise<SearchPage<O>> {
  const size = params.limit ?? LIMIT_DEFAULT;
  const after = params.page === undefined ? undefined : lt(table.id, params.page);
  const found = (await scope.db
    .select()
    .from(table)
    .where(and(after, condition))
    .orderBy(desc(table.id))
    .limit(size + 1)) as unknown as Row[];
  const page = found.slice(0, size);
  const has_more = found.length > size;
  return {
    object: 'search_page',
    data: page.map(toObject),
    has_more,
    next_page: has_more ? (page.at(-1)?.id ?? null) : null,
  };
}
