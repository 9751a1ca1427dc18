/**
 * Deliveries and their attempts. What the sender does for many rows at once is written out here as
 * one statement each, because a delivery costs as little as its share of these.
 */
import { rowsOf, whenGiven } from '@/db/rows';
import type { Shape } from '@/db/changes';
import type { Pool } from '@/db/client';
import type { Writer } from '@/db/scope';
import { look, type Found } from '@/db/system';
import { webhook_deliveries, webhook_delivery_attempts } from '@/db/schema/webhook_deliveries';
import type { Scope, Tx } from '@/server/kernel/context';
import { firstIdBodyAt, PREFIX } from '@/server/kernel/ids';
import { pageOf } from '@/server/kernel/page';
import { desc, eq } from 'drizzle-orm';
import type { ListDeliveries } from './params';

export type DeliveryRow = typeof webhook_deliveries.$inferSelect;
export type AttemptRow = typeof webhook_delivery_attempts.$inferSelect;

const rows = rowsOf(webhook_deliveries);
export const { find, findAll, lock, update } = rows;

export const page = (scope: Scope, params: ListDeliveries) =>
  pageOf<DeliveryRow>(
    scope,
    { table: webhook_deliveries, rows, object: 'webhook_delivery' },
    params,
    whenGiven(webhook_deliveries.event, params.event),
    whenGiven(webhook_deliveries.endpoint, params.endpoint),
    whenGiven(webhook_deliveries.status, params.status),
  );

/** The newest first. */
export const attemptsOf = (scope: Scope, delivery: string): Promise<AttemptRow[]> =>
  scope.db
    .select()
    .from(webhook_delivery_attempts)
    .where(eq(webhook_delivery_attempts.delivery, delivery))
    .orderBy(desc(webhook_delivery_attempts.id));

// Making deliveries due

/**
 * The two bodies of 22 characters make the id, so a pair of event and endpoint can exist only once.
 *
 * An endpoint that is being deleted at this moment is passed over. Without the lock its foreign key
 * would refuse the delivery, and with it the payment that was to be told; and a lock that waited
 * would make payments wait for the deletion. Nothing else that happens to an endpoint conflicts.
 */
const enqueueWhere = (condition: string): string => `
insert into webhook_deliveries (id, status, event, endpoint, attempts, next_attempt_at, created_at)
select '${PREFIX.webhook_delivery}_' || substr($1, ${PREFIX.event.length + 2})
  || substr(id, ${PREFIX.webhook_endpoint.length + 2}), 'pending', $1, id, 0, $2, $2
from webhook_endpoints where status = 'enabled' and ${condition}
for key share skip locked`;

const LISTENS = `enabled_events && array[$3, '*']`;

/** As `enqueueWhere`, for any number of events in one statement. */
const ENQUEUE = `
insert into webhook_deliveries (id, status, event, endpoint, attempts, next_attempt_at, created_at)
select '${PREFIX.webhook_delivery}_' || substr(e.id, ${PREFIX.event.length + 2})
  || substr(w.id, ${PREFIX.webhook_endpoint.length + 2}), 'pending', e.id, w.id, 0, e.at, e.at
from unnest($1::text[], $2::timestamptz[], $3::text[]) as e(id, at, type)
join webhook_endpoints w on w.status = 'enabled' and w.enabled_events && array[e.type, '*']
for key share of w skip locked`;

const AGAIN = `
on conflict (project_id, livemode, id)
do update set status = 'pending', next_attempt_at = excluded.next_attempt_at`;
const ENQUEUE_AGAIN = enqueueWhere(LISTENS) + AGAIN;
const ENQUEUE_AT = enqueueWhere('id = $3') + AGAIN;

interface Happened {
  readonly id: string;
  readonly type: string;
}

const ENQUEUING: Shape = { table: 'webhook_deliveries', one: ENQUEUE, many: ENQUEUE };

/** Part of every change, and sent with it. */
export const enqueueForListeners = (tx: Tx, { id, type }: Happened): void =>
  tx.changes.put(id, {
    shape: ENQUEUING,
    columns: [],
    values: [id, tx.now.toISOString(), type],
    releases: false,
    claims: null,
    isHeld: false,
  });

/** As when it happened, whether or not it was delivered since. */
export const enqueueAgain = (tx: Tx, { id, type }: Happened): void =>
  tx.write(ENQUEUE_AGAIN, [id, tx.now.toISOString(), type]);

/** To one endpoint, whether or not it listens for the type. */
export const enqueueAt = (tx: Tx, { id }: Happened, endpoint: string): void =>
  tx.write(ENQUEUE_AT, [id, tx.now.toISOString(), endpoint]);

const RETRY_FAILED = `
update webhook_deliveries set status = 'pending', next_attempt_at = $2
where endpoint = $1 and status = 'failed' and created_at >= to_timestamp($3)
and ($4::bigint is null or created_at < to_timestamp($4::bigint))
returning id`;

/** Those that were given up, of the time from `since` on and before `until`, in unix seconds. */
export async function retryFailed(
  tx: Tx,
  endpoint: string,
  since: number,
  until: number | null,
): Promise<number> {
  const params = [endpoint, tx.now.toISOString(), since, until];
  return (await tx.lookUp(RETRY_FAILED, params, 'webhook_deliveries')).length;
}

// Sending them

export interface FoundDelivery extends Found {
  readonly endpoint: string;
}

/**
 * Hops from endpoint to endpoint along the index of pending deliveries and takes a few of each, so
 * that the cost depends on how many endpoints have something pending, and not on how much: a
 * receiver that has been dead for a day hides nobody behind its thousands.
 */
const FIND_DUE = `
with recursive pending(endpoint) as (
  (select endpoint from webhook_deliveries where status = 'pending' order by endpoint limit 1)
  union all
  select (
    select next.endpoint from webhook_deliveries next
    where next.status = 'pending' and next.endpoint > pending.endpoint
    order by next.endpoint limit 1
  ) from pending where pending.endpoint is not null
)
select due.project_id, due.livemode, due.id, due.endpoint
from pending cross join lateral (
  select project_id, livemode, id, endpoint, next_attempt_at from webhook_deliveries
  where status = 'pending' and endpoint = pending.endpoint and next_attempt_at <= $1
  order by next_attempt_at limit $2
) due
where pending.endpoint <> all($3)
order by due.next_attempt_at limit $4`;

/**
 * Deliveries that are due at `now`, the longest due first, and of each endpoint at most `each`.
 * `except` are the endpoints to leave out.
 */
export const findDue = (
  pool: Pool,
  now: Date,
  limit: { each: number; all: number },
  except: readonly string[],
): Promise<FoundDelivery[]> =>
  look(pool, FIND_DUE, [now.toISOString(), limit.each, except, limit.all]);

const CLAIM = `
update webhook_deliveries set next_attempt_at = $3
where id in (
  select id from webhook_deliveries
  where id = any($1) and status = 'pending' and next_attempt_at <= $2
  for no key update skip locked
)
returning ${rows.columns}, (
  select min(created) from webhook_delivery_attempts made where made.delivery = webhook_deliveries.id
)`;

export interface ClaimedRow {
  readonly row: DeliveryRow;
  /** Unix seconds; null before the first. */
  readonly first_attempt: number | null;
}

/**
 * Takes those of the deliveries that are still due and in nobody's hands, until `lease`: a worker
 * that dies loses nothing, since they are then due again.
 */
export async function claim(
  tx: Tx,
  ids: readonly string[],
  lease: Date,
): Promise<readonly ClaimedRow[]> {
  const claimed = await tx.lookUp(CLAIM, [ids, tx.now.toISOString(), lease.toISOString()]);
  return claimed.map((values) => ({
    row: rows.toRow(values),
    first_attempt: values.at(-1) as number | null,
  }));
}

/** One sending of one claimed delivery, and what follows from it. */
export interface Result {
  readonly id: string;
  readonly delivery: string;
  readonly endpoint: string;
  readonly response_status: number | null;
  readonly response_body: string | null;
  readonly failure: string | null;
  readonly duration_ms: number;
  readonly created: number;
  /** Of the claim: while it stands, the outcome is this result's to decide. */
  readonly lease: Date;
  readonly status: DeliveryRow['status'];
  readonly next_attempt_at: Date | null;
}

/**
 * A result that comes late, after the delivery was claimed by another worker or asked for again, is
 * still an attempt, but decides nothing. Of a delivery that is deleted there is nothing to record.
 */
const RECORD = `
with result as (
  select * from json_to_recordset($1::json) as r(
    id text, delivery text, endpoint text, response_status integer, response_body text,
    failure text, duration_ms integer, created bigint, lease timestamptz, status text,
    next_attempt_at timestamptz)
), recorded as (
  update webhook_deliveries d set
    attempts = d.attempts + 1,
    status = case when d.next_attempt_at = r.lease then r.status else d.status end,
    next_attempt_at = case when d.next_attempt_at = r.lease then r.next_attempt_at
      else d.next_attempt_at end
  from result r where d.id = r.delivery
  returning r.id
)
insert into webhook_delivery_attempts
  (id, delivery, endpoint, response_status, response_body, failure, duration_ms, created)
select id, delivery, endpoint, response_status, response_body, failure, duration_ms, created
from result where id in (select id from recorded)`;

/** Records at most one result a delivery. */
export const record = (tx: Writer, results: readonly Result[]): void =>
  tx.write(RECORD, [JSON.stringify(results)]);

// Forgetting them

const FIND_OLD = `
with recursive tenant(project_id, livemode) as (
  (select project_id, livemode from webhook_deliveries order by project_id, livemode limit 1)
  union all
  select next.project_id, next.livemode from tenant cross join lateral (
    select project_id, livemode from webhook_deliveries d
    where (d.project_id, d.livemode) > (tenant.project_id, tenant.livemode)
    order by project_id, livemode limit 1
  ) next
)
select old.project_id, old.livemode, old.id from tenant cross join lateral (
  select project_id, livemode, id from webhook_deliveries d
  where d.project_id = tenant.project_id and d.livemode = tenant.livemode
    and d.id < $1 and d.status <> 'pending'
  order by id limit $2
) old limit $2`;

/** Finished deliveries of events from before `before`: an id begins with the time of its event. */
export const findOld = (pool: Pool, before: Date, limit: number): Promise<Found[]> =>
  look(pool, FIND_OLD, [`${PREFIX.webhook_delivery}_${firstIdBodyAt(before)}`, limit]);

const REMOVE = `
with removed as (
  delete from webhook_deliveries where id in (
    select id from webhook_deliveries
    where id = any($1) and status <> 'pending' for update skip locked
  ) returning id
), forgotten as (
  delete from webhook_delivery_attempts where delivery in (select id from removed)
)
select count(*)::int from removed`;

/** Those of them that are finished and in nobody's hands. Answers how many. */
export async function removeFinished(tx: Tx, ids: readonly string[]): Promise<number> {
  const [[removed] = []] = await tx.lookUp(REMOVE, [ids]);
  return Number(removed);
}
