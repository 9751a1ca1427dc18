import { and, count, eq, inArray, like, or, type SQL, sql } from 'drizzle-orm';
import { rowsOf } from '@/db/rows';
import { events } from '@/db/schema/events';
import { webhook_deliveries } from '@/db/schema/webhook_deliveries';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListEvents } from './params';

export type EventRow = typeof events.$inferSelect;

const rows = rowsOf(events);
export const { insert, find, findAll } = rows;

export const page = (scope: Scope, params: ListEvents) =>
  pageOf<EventRow>(
    scope,
    { table: events, rows, object: 'event' },
    params,
    params.type === undefined ? undefined : ofType(params.type),
    params.types === undefined ? undefined : or(...params.types.map(ofType)),
    within(events.created, params.created),
    params.related_object === undefined
      ? undefined
      : eq(events.related_object, params.related_object),
    params.delivery_success === undefined ? undefined : delivered(params.delivery_success),
  );

/** `charge.*` stands for all events of a kind, `*` for every one. */
function ofType(type: string): SQL | undefined {
  if (type === '*') return sql`true`;
  return type.endsWith('.*') ? like(events.type, `${type.slice(0, -1)}%`) : eq(events.type, type);
}

/** True selects events that every endpoint has received, false those that some endpoint has not. */
function delivered(success: boolean): SQL {
  const outstanding = sql`exists (select 1 from ${webhook_deliveries} d where d.project_id = ${events.projectId} and d.livemode = ${events.livemode} and d.event = ${events.id} and d.status <> 'succeeded')`;
  return success ? sql`not ${outstanding}` : outstanding;
}

/** How many endpoints have not received each event yet. */
export async function pendingWebhooks(
  scope: Scope | Tx,
  ids: readonly string[],
): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const counted = await scope.db
    .select({ event: webhook_deliveries.event, pending: count() })
    .from(webhook_deliveries)
    .where(
      and(inArray(webhook_deliveries.event, [...ids]), eq(webhook_deliveries.status, 'pending')),
    )
    .groupBy(webhook_deliveries.event);
  return new Map(counted.map(({ event, pending }) => [event, pending]));
}
