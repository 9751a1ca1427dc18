import { and, eq, exists, inArray, not, sql, type SQL } from 'drizzle-orm';
import { rowsOf } from '@/db/rows';
import { customers } from '@/db/schema/customers';
import { invoices } from '@/db/schema/invoices';
import { subscriptions } from '@/db/schema/subscriptions';
import { figure_marks, subscription_values } from '@/db/schema/figures';
import type { Pool } from '@/db/client';
import type { Reader } from '@/db/scope';
import { look, type Found } from '@/db/system';
import type { Scope, Tx } from '@/server/kernel/context';
import type { CustomerFilters } from './customers';
import type { Movement } from './revenue';

export type MarkRow = typeof figure_marks.$inferSelect;
type SubscriptionStatus = (typeof subscriptions.$inferSelect)['status'];
export type ValueRow = typeof subscription_values.$inferSelect;

const marks = rowsOf(figure_marks);
const values = rowsOf(subscription_values);

export const { findAll: findValues } = values;
export const findValuesOf = values.findBy('customer');

/** There is one for each project and mode. */
const MARK = 'mark';

export const findMark = (scope: Reader): Promise<MarkRow | null> => marks.find(scope, MARK);

/** Null where another worker has it: it is doing what we would. */
export async function takeMark(tx: Tx, time_zone: string): Promise<MarkRow | null> {
  tx.write(
    `insert into figure_marks (id, until, time_zone) values ($1, '', $2) on conflict do nothing`,
    [MARK, time_zone],
  );
  const [mark = null] = await marks.claim(tx, [MARK]);
  return mark;
}

export const moveMark = (tx: Tx, mark: MarkRow, changes: Partial<MarkRow>): MarkRow =>
  marks.update(tx, mark, changes);

/** Everything that was added up, so that it is added up again from the beginning. */
export function forget(tx: Tx): void {
  tx.write('delete from figures', []);
  tx.write('delete from subscription_values', []);
}

/** What says that the revenue of a subscription may have changed. */
const SUBSCRIPTION_EVENTS = [
  'customer.subscription.created',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.pending_update_applied',
  'customer.subscription.resumed',
  'customer.subscription.updated',
];
const DISCOUNT_EVENTS = [
  'customer.discount.created',
  'customer.discount.deleted',
  'customer.discount.updated',
];

/** Bodies of ids, of which the first is in the range and the second is not. */
export interface Stretch {
  readonly from: string;
  readonly until: string;
}

/** A condition on the id of a table whose ids have this prefix. */
const inStretch = (prefix: string, id = 'id'): string =>
  `${id} >= '${prefix}_' || $1 and ${id} < '${prefix}_' || $2`;

/** Where a stretch has to end so that it holds no more than `rows` movements and `changes` of revenue. */
export async function endOf(
  tx: Tx,
  { from, until }: Stretch,
  most: { rows: number; changes: number },
): Promise<string> {
  const nth = (table: string, prefix: string, param: string, condition = 'true'): string =>
    `(select substr(id, ${prefix.length + 2}) from ${table}
      where ${inStretch(prefix)} and ${condition} order by id offset ${param} limit 1)`;
  const [[end] = []] = await tx.lookUp(
    `select least($2, ${nth('balance_transactions', 'txn', '$3')}, ${nth('customers', 'cus', '$3')},
       ${nth('subscriptions', 'sub', '$4')}, ${nth('events', 'evt', '$4', 'type = any($5)')})`,
    [from, until, most.rows, most.changes, [...SUBSCRIPTION_EVENTS, ...DISCOUNT_EVENTS]],
  );
  return String(end);
}

/** What is added up as it is: amounts by currency, and who is new. */
const MOVED = (from: string, until: string | null): string => {
  const stretch = (prefix: string): string =>
    `id >= '${prefix}_' || ${from}${until === null ? '' : ` and id < '${prefix}_' || ${until}`}`;
  return `
    select type as kind, currency, amount, net, 1 as occurrences, created
    from balance_transactions where ${stretch('txn')}
    union all
    select 'customer', '', 0, 0, 1, created
    from customers where ${stretch('cus')} and test_clock is null`;
};

/** Times as periods of every length. */
const PERIODS = (zone: string): string => `
  cross join lateral (select to_timestamp(created) at time zone ${zone} as time) local
  cross join lateral (values ('all', 'all'), ('day', to_char(time, 'YYYY-MM-DD')),
    ('hour', to_char(time, 'YYYY-MM-DD"T"HH24'))) periods(unit, period)`;

const ADD = (moved: string, zone: string): string => `
  insert into figures (id, period, kind, currency, amount, net, occurrences)
  select concat_ws('/', unit, period, kind, currency), period, kind, currency,
    sum(amount), sum(net), sum(occurrences)
  from (${moved}) moved ${PERIODS(zone)}
  group by unit, period, kind, currency
  on conflict (project_id, livemode, id) do update set
    amount = figures.amount + excluded.amount,
    net = figures.net + excluded.net,
    occurrences = figures.occurrences + excluded.occurrences`;

const ADD_MOVED = ADD(MOVED('$1', '$2'), '$3');

/** Adds what moved in the stretch to the figures. */
export const addMoved = (tx: Tx, { from, until }: Stretch, zone: string): void =>
  tx.write(ADD_MOVED, [from, until, zone]);

const ADD_MOVEMENTS = ADD(
  `select kind, currency, amount, 0::bigint as net, occurrences, "at" as created
   from json_to_recordset($1::json)
     as rows(kind text, currency text, amount bigint, occurrences bigint, "at" bigint)`,
  '$2',
);

export function addMovements(tx: Tx, movements: readonly Movement[], zone: string): void {
  if (movements.length > 0) tx.write(ADD_MOVEMENTS, [JSON.stringify(movements), zone]);
}

/** A subscription whose revenue may have changed; `at` (unix seconds) by its last event, if there is one. */
export interface Touched {
  readonly id: string;
  readonly at: number | null;
}

const TOUCHED = `
  select touched.id, max(touched.created) from (
    select related_object as id, created from events
    where ${inStretch('evt')} and type = any($3)
    union all
    select s.id, e.created from events e
    join subscriptions s on s.customer = e.data->'object'->>'customer'
    where ${inStretch('evt', 'e.id')} and e.type = any($4)
    union all
    select id, null from subscriptions where ${inStretch('sub')}
  ) touched group by touched.id`;

export async function touchedIn(tx: Tx, { from, until }: Stretch): Promise<Touched[]> {
  const rows = await tx.lookUp(TOUCHED, [from, until, SUBSCRIPTION_EVENTS, DISCOUNT_EVENTS]);
  return rows.map(([id, at]) => ({ id: String(id), at: at === null ? null : Number(at) }));
}

export function putValue(
  tx: Tx,
  before: ValueRow | undefined,
  value: Omit<ValueRow, 'projectId' | 'livemode'>,
): void {
  if (before === undefined) values.insert(tx, value);
  else values.update(tx, before, value);
}

// What there is to do, across tenants

/**
 * When the oldest transaction of ours began that is still under way, or the present. Milliseconds.
 * The database's own clock, because it is the one that all processes have in common.
 */
export async function oldestTransaction(pool: Pool): Promise<number> {
  const [row] = await pool.unsafe<{ began: string }[]>(
    `select (extract(epoch from least(clock_timestamp(), min(xact_start))) * 1000)::bigint::text as began
     from pg_stat_activity
     where datname = current_database() and application_name = current_setting('application_name')`,
  );
  return Number(row?.began);
}

/** Tenants of whom something is not in the figures yet, or in another zone than their project's. */
export const findBehind = (pool: Pool, until: string, limit: number): Promise<Found[]> =>
  look(
    pool,
    `select p.id as project_id, modes.livemode, '${MARK}' as id
     from projects p cross join (values (false), (true)) modes(livemode)
     left join figure_marks f on f.project_id = p.id and f.livemode = modes.livemode
     where f.id is null or f.time_zone <> coalesce(p.settings->>'timezone', 'Etc/UTC')
       or exists (select from events e where e.project_id = p.id and e.livemode = modes.livemode
         and e.id >= 'evt_' || f.until and e.id < 'evt_' || $1)
     order by f.until nulls first limit $2`,
    [until, limit],
  );

// What Home reads

export interface Sum {
  /** `2026-11-29`, `2026-11-29T13`; `after` for all that follows the range, `all` for all of time. */
  readonly period: string;
  readonly kind: string;
  readonly currency: string;
  readonly amount: number;
  readonly net: number;
  readonly occurrences: number;
}

export interface Range {
  readonly unit: 'hour' | 'day';
  /** A period, the first of the range. */
  readonly from: string;
  /** A period, the first that is not in it. */
  readonly until: string;
}

/** What is a level rather than a flow: one has to know all of it. */
const LEVELS = `('mrr', 'subscriber_gained', 'subscriber_lost')`;

const SUMS = (unit: Range['unit']): string => `
  with mark as (
    select coalesce((select until from figure_marks), '') as until,
      coalesce((select time_zone from figure_marks), $3) as zone
  )
  select period, kind, currency, amount, net, occurrences from figures
  where id >= '${unit}/' || $1 and id < '${unit}/' || $2
  union all
  select 'after', kind, currency, sum(amount)::bigint, 0, sum(occurrences)::bigint from figures
  where id >= 'day/' || substr($2, 1, 10) and id < 'day0' and kind in ${LEVELS} group by 2, 3
  union all
  select period, kind, currency, amount, net, occurrences from figures
  where id >= 'all/' and id < 'all0' and kind in ${LEVELS}
  union all
  select period, kind, currency, sum(amount)::bigint, sum(net)::bigint, sum(occurrences)::bigint
  from (${MOVED('(select until from mark)', null)}) moved
  ${PERIODS('(select zone from mark)')}
  where unit = '${unit}' and period collate "C" >= $1 and period collate "C" < $2
  group by 1, 2, 3`;

const SUMS_BY = { hour: SUMS('hour'), day: SUMS('day') };

/** What happened in the range, by period, with what has not been added up yet; and the levels after it. */
export async function sumsIn(scope: Reader, range: Range, zone: string): Promise<Sum[]> {
  const rows = await scope.lookUp(SUMS_BY[range.unit], [range.from, range.until, zone]);
  return rows.map(([period, kind, currency, amount, net, occurrences]) => ({
    period: String(period),
    kind: String(kind),
    currency: String(currency),
    amount: Number(amount),
    net: Number(net),
    occurrences: Number(occurrences),
  }));
}

const FAILED = `
  select to_char(to_timestamp(created) at time zone $3,
    case $4 when 'hour' then 'YYYY-MM-DD"T"HH24' else 'YYYY-MM-DD' end), currency, count(*)
  from payment_intents
  where status = 'requires_payment_method' and last_payment_error is not null
    and created >= $1 and created < $2
  group by 1, 2`;

/** Payments whose last try was refused, by when they were made, in unix seconds. */
export async function failedIn(
  scope: Reader,
  { gte, lt }: { gte: number; lt: number },
  unit: Range['unit'],
  zone: string,
): Promise<Sum[]> {
  const rows = await scope.lookUp(FAILED, [gte, lt, zone, unit]);
  return rows.map(([period, currency, occurrences]) => ({
    period: String(period),
    kind: 'failed',
    currency: String(currency),
    amount: 0,
    net: 0,
    occurrences: Number(occurrences),
  }));
}

// What a new project has done, and what wants somebody's eye

/** TABLE: the steps of a new project, and what is there once one is done. */
const STEPS = {
  call: 'api_keys where last_used_at is not null',
  customer: 'customers',
  payment: "payment_intents where status = 'succeeded'",
  subscription: "subscriptions where status <> 'incomplete'",
  endpoint: 'webhook_endpoints',
  delivery: "webhook_deliveries where status = 'succeeded'",
} as const;

export type ProjectStep = keyof typeof STEPS;

const names = Object.keys(STEPS) as ProjectStep[];

const STEPS_DONE = `select ${names.map((name) => `exists (select from ${STEPS[name]})`).join(', ')}`;

/** Which steps were done in this project and mode. */
export async function stepsDone(scope: Reader): Promise<Readonly<Record<ProjectStep, boolean>>> {
  const [row = []] = await scope.lookUp(STEPS_DONE, []);
  return Object.fromEntries(names.map((name, index) => [name, row[index] === true])) as Record<
    ProjectStep,
    boolean
  >;
}

const ATTENTION = `
  select disputed.count, disputed.first, retried.count, retried.next,
    (select count(*) from subscriptions
      where status in ('past_due', 'unpaid') and test_clock is null),
    (select count(*) from reconciliation_items where status = 'open')
  from
    (select count(*) as count, min(due_by) as first from disputes
      where status in ('needs_response', 'warning_needs_response')) disputed,
    (select count(*) as count, min(next_payment_attempt) as next from invoices
      where status = 'open' and attempt_count > 0 and next_payment_attempt is not null) retried`;

/** What waits for somebody, or for another try. Times are in unix seconds, and null where there is none. */
export interface Attention {
  /** Disputes and inquiries that can still be answered, and until when the first of them can. */
  readonly disputes: { readonly count: number; readonly due_by: number | null };
  /** Invoices whose payment failed and is tried again, and when the next one is. */
  readonly retries: { readonly count: number; readonly next_at: number | null };
  /** Subscriptions whose renewal failed, without those on test clocks, which no list shows. */
  readonly failed_renewals: number;
  /** Open differences with a processor's books. */
  readonly differences: number;
}

export async function attentionOf(scope: Reader): Promise<Attention> {
  const [row = []] = await scope.lookUp(ATTENTION, []);
  const [disputes, due_by, retries, next_at, failed_renewals, differences] = row;
  const timeOf = (value: unknown): number | null => (value == null ? null : Number(value));
  return {
    disputes: { count: Number(disputes), due_by: timeOf(due_by) },
    retries: { count: Number(retries), next_at: timeOf(next_at) },
    failed_renewals: Number(failed_renewals),
    differences: Number(differences),
  };
}

/** So many attempts in a row that fail are no accident. */
const FAILURES = 3;

const FAILING = `
  select e.id, e.url, max(a.created) from webhook_endpoints e
  cross join lateral (
    select created, response_status between 200 and 299 as is_taken from webhook_delivery_attempts
    where endpoint = e.id order by id desc limit ${FAILURES}
  ) a
  where e.status = 'enabled'
  group by e.id, e.url
  having count(*) = ${FAILURES} and not bool_or(coalesce(is_taken, false)) and max(a.created) >= $1
  order by e.id`;

export interface FailingEndpoint {
  readonly id: string;
  readonly url: string;
  /** Unix seconds. */
  readonly failed_at: number;
}

/** Endpoints whose last attempts all failed, the latest of them since `since` (unix seconds). */
export async function failingEndpoints(scope: Reader, since: number): Promise<FailingEndpoint[]> {
  const rows = await scope.lookUp(FAILING, [since]);
  return rows.map(([id, url, at]) => ({ id: String(id), url: String(url), failed_at: Number(at) }));
}

const EXPIRING = `
  select id, name, prefix, last4, extract(epoch from expires_at)::bigint from api_keys
  where status = 'active' and expires_at > to_timestamp($1) and expires_at <= to_timestamp($2)
  order by expires_at`;

export interface ExpiringKey {
  readonly id: string;
  readonly name: string | null;
  /** As far as it may be shown. */
  readonly redacted: string;
  /** Unix seconds. */
  readonly expires_at: number;
}

/** Keys that end after `from` and by `until`, in unix seconds; the first to end first. */
export async function expiringKeys(
  scope: Reader,
  from: number,
  until: number,
): Promise<ExpiringKey[]> {
  const rows = await scope.lookUp(EXPIRING, [from, until]);
  return rows.map(([id, name, prefix, last4, at]) => ({
    id: String(id),
    name: name === null ? null : String(name),
    redacted: `${String(prefix)}...${String(last4)}`,
    expires_at: Number(at),
  }));
}

// Which customers, and what they are worth

const STANDING_BY: Readonly<Record<'subscribed' | 'past_due', SubscriptionStatus[]>> = {
  subscribed: ['active', 'trialing'],
  past_due: ['past_due', 'unpaid'],
};

/** Conditions on customers, each of which uses an index of what it looks for, where there is one. */
export function customersThat(
  { db }: Scope,
  { standing, country, currency, metadata }: CustomerFilters,
): SQL[] {
  const subscribed = (statuses: SubscriptionStatus[]): SQL =>
    exists(
      db
        .select({ one: sql`1` })
        .from(subscriptions)
        .where(
          and(eq(subscriptions.customer, customers.id), inArray(subscriptions.status, statuses)),
        ),
    );
  const owing = (): SQL =>
    exists(
      db
        .select({ one: sql`1` })
        .from(invoices)
        .where(and(eq(invoices.customer, customers.id), eq(invoices.status, 'open'))),
    );
  const byStanding = {
    subscribed: () => subscribed(STANDING_BY.subscribed),
    past_due: () => subscribed(STANDING_BY.past_due),
    unsubscribed: () => not(subscribed(Object.values(STANDING_BY).flat())),
    owing,
  };
  return [
    standing === undefined ? undefined : byStanding[standing](),
    country === undefined
      ? undefined
      : sql`${customers.address} ->> 'country' = ${country.toUpperCase()}`,
    currency === undefined ? undefined : eq(customers.currency, currency),
    metadata === undefined
      ? undefined
      : sql`${customers.metadata} @> ${JSON.stringify(metadata)}::text::jsonb`,
  ].filter((condition) => condition !== undefined);
}

export interface WorthPart {
  readonly customer: string;
  readonly kind: 'spent' | 'open' | 'mrr' | 'subscriptions';
  readonly currency: string;
  /** Of subscriptions, how many. */
  readonly amount: number;
}

/** What was authorized and not captured counts as refunded: see `server/charges/record.ts`. */
const WORTH = `
  select customer, 'spent', currency, sum(amount - amount_refunded)::bigint from charges
  where customer = any($1) and status = 'succeeded' and captured group by 1, 3
  union all
  select customer, 'open', currency, sum(amount_remaining)::bigint from invoices
  where customer = any($1) and status = 'open' group by 1, 3
  union all
  select customer, 'mrr', currency, sum(mrr)::bigint from subscription_values
  where customer = any($1) group by 1, 3
  union all
  select customer, 'subscriptions', '', count(*) from subscriptions
  where customer = any($1) and status in ('active', 'past_due', 'trialing') group by 1`;

export async function worthOf(scope: Reader, customers: readonly string[]): Promise<WorthPart[]> {
  const rows = await scope.lookUp(WORTH, [customers]);
  return rows.map(([customer, kind, currency, amount]) => ({
    customer: String(customer),
    kind: String(kind) as WorthPart['kind'],
    currency: String(currency),
    amount: Number(amount),
  }));
}
