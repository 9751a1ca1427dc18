import { and, eq, getTableColumns, gte, inArray, lt, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { rowsOf, whenGiven, type NewRow } from '@/db/rows';
import type { Pool } from '@/db/client';
import type { Writer } from '@/db/scope';
import { events } from '@/db/schema/events';
import { request_logs } from '@/db/schema/request_logs';
import { look, type Found } from '@/db/system';
import type { Scope, Tx } from '@/server/kernel/context';
import { firstIdBodyAt, PREFIX } from '@/server/kernel/ids';
import { pageOf, within } from '@/server/kernel/page';
import type { ListRequestLogs } from './params';

export type NewRequestLog = NewRow<typeof request_logs>;
export type RequestLogRow = typeof request_logs.$inferSelect;

const rows = rowsOf(request_logs);
export const { find } = rows;

export const page = (scope: Scope, params: ListRequestLogs) =>
  pageOf<RequestLogRow>(
    scope,
    { table: request_logs, rows, object: 'request' },
    params,
    whenGiven(request_logs.api_key, params.api_key),
    whenGiven(request_logs.method, params.method),
    within(request_logs.created, params.created),
    params.path === undefined ? undefined : sql`starts_with(${request_logs.path}, ${params.path})`,
    params.status === undefined ? undefined : ofStatus(params.status),
    params.related_object === undefined ? undefined : thatChanged(scope, params.related_object),
  );

/** `402`, or `4xx` for all of a class. */
function ofStatus(status: string): SQL | undefined {
  const { response_status } = request_logs;
  if (!status.endsWith('xx')) return eq(response_status, Number(status));
  const first = Number(status[0]) * 100;
  return and(gte(response_status, first), lt(response_status, first + 100));
}

const thatChanged = (scope: Scope, object: string): SQL =>
  inArray(
    request_logs.id,
    scope.db
      .select({ request: events.request })
      .from(events)
      .where(eq(events.related_object, object)),
  );

// Forgetting them

/** From one tenant to the next by the index, however many logs each has. */
const FIND_TENANTS = `
with recursive tenant(project_id, livemode) as (
  (select project_id, livemode from request_logs order by project_id, livemode limit 1)
  union all
  select next.project_id, next.livemode from tenant cross join lateral (
    select project_id, livemode from request_logs l
    where (l.project_id, l.livemode) > (tenant.project_id, tenant.livemode)
    order by project_id, livemode limit 1
  ) next
)
select project_id, livemode from tenant`;

/** Those that any requests are kept of. */
export const findTenants = (pool: Pool): Promise<Omit<Found, 'id'>[]> =>
  look(pool, FIND_TENANTS, []);

const REMOVE = `
with removed as (
  delete from request_logs where id in (
    select id from request_logs where id < $1 order by id limit $2
  ) returning id
)
select count(*)::int from removed`;

/** The oldest from before `before`: an id begins with the time of its request. */
export async function removeBefore(tx: Tx, before: Date, limit: number): Promise<number> {
  const bound = `${PREFIX.request}_${firstIdBodyAt(before)}`;
  const [[removed] = []] = await tx.lookUp(REMOVE, [bound, limit]);
  return Number(removed);
}

// Writing them

const columns = Object.entries<PgColumn>(getTableColumns(request_logs)).filter(
  ([key]) => key !== 'projectId' && key !== 'livemode',
);
const names = columns.map(([, column]) => `"${column.name}"`).join(', ');
const types = columns.map(([, column]) => `"${column.name}" ${column.getSQLType()}`).join(', ');

/** Any number of rows in one statement: a text that the database takes apart itself. */
const INSERT = `insert into request_logs (${names})
  select ${names} from json_to_recordset($1::json) as rows(${types})
  on conflict do nothing`;

export const insertAll = (writer: Writer, logs: readonly NewRequestLog[]): void =>
  writer.write(INSERT, [JSON.stringify(logs)]);
