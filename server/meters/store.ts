import { and, asc, eq } from 'drizzle-orm';
import { rowsOf, whenGiven, type NewRow } from '@/db/rows';
import { meter_events, meters } from '@/db/schema/meters';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf } from '@/server/kernel/page';
import type { ListMeters } from './params';

export type MeterRow = typeof meters.$inferSelect;
export type MeterEventRow = typeof meter_events.$inferSelect;

const rows = rowsOf(meters);
export const { insert, find, lock, update } = rows;
export const { update: updateEvent } = rowsOf(meter_events);

export const page = (scope: Scope, params: ListMeters) =>
  pageOf<MeterRow>(
    scope,
    { table: meters, rows, object: 'billing_meter' },
    params,
    whenGiven(meters.status, params.status),
  );

/** The active meter of the event name, or any inactive one; null where there is none. */
export async function findByEventName(scope: Scope, name: string): Promise<MeterRow | null> {
  const [row] = await scope.db
    .select()
    .from(meters)
    .where(eq(meters.event_name, name))
    .orderBy(asc(meters.status))
    .limit(1);
  return row ?? null;
}

/**
 * Whether an active meter counts events of the name. Whoever else wants to count them waits until
 * this transaction ends.
 */
export async function isCounted(tx: Tx, name: string): Promise<boolean> {
  tx.write('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`meters.event_name:${name}`]);
  return (await findByEventName(tx, name))?.status === 'active';
}

/** The event, or null where its identifier was used before: of two at once, one is first. */
export async function insertEvent(
  tx: Tx,
  event: NewRow<typeof meter_events>,
): Promise<MeterEventRow | null> {
  const [row] = await tx.db.insert(meter_events).values(event).onConflictDoNothing().returning();
  return row ?? null;
}

/** The event that was reported under the identifier, for a meter's event name; locked. */
export async function lockEvent(
  tx: Tx,
  event_name: string,
  identifier: string,
): Promise<MeterEventRow | null> {
  const [row] = await tx.db
    .select()
    .from(meter_events)
    .where(and(eq(meter_events.identifier, identifier), eq(meter_events.event_name, event_name)))
    .for('no key update');
  return row ?? null;
}

const FORMULAS: Readonly<Record<MeterRow['aggregation'], string>> = {
  count: 'count(*)',
  last: '(array_agg(value order by "timestamp" desc, id desc))[1]',
  sum: 'sum(value)',
};

/** Seconds. */
export const WINDOWS = { hour: 3_600, day: 86_400 } as const;

export interface Span {
  readonly customer: string;
  /** Unix seconds; `from` belongs to it, `to` does not. */
  readonly from: number;
  readonly to: number;
}

/** What was used in a part of a span. */
export interface Part {
  /** Which part, from 0. */
  readonly index: number;
  /** A decimal: negative where more was taken back than used. */
  readonly value: string;
}

/**
 * What a customer used, part by part of `size` seconds. Parts in which nothing was reported are left
 * out. Of a meter whose events are aggregated already, only the last one of an hour or a day counts.
 *
 * @param options the order, and how many parts at most.
 */
export async function usage(
  scope: Scope,
  meter: Pick<MeterRow, 'aggregation' | 'event_time_window' | 'id'>,
  { customer, from, to }: Span,
  size: number,
  { order, limit }: { order: 'asc' | 'desc'; limit: number },
): Promise<Part[]> {
  const { aggregation, event_time_window: window } = meter;
  const slot = window === null ? null : `"timestamp" / ${WINDOWS[window]}`;
  const [distinct, last] =
    slot === null
      ? ['', '']
      : [`distinct on (${slot})`, `order by ${slot}, "timestamp" desc, id desc`];
  const text = `with counted as (
      select ${distinct} id, "timestamp", value from meter_events
      where meter = $1 and customer = $2 and "timestamp" >= $3 and "timestamp" < $4
        and canceled_at is null ${last})
    select ("timestamp" - $3) / $5::bigint as part,
      trim_scale((${FORMULAS[aggregation]})::numeric)::text
    from counted group by part order by part ${order} limit $6`;
  const found = await scope.lookUp(text, [meter.id, customer, from, to, size, limit]);
  return found.map(([index, value]) => ({ index: Number(index), value: String(value) }));
}
