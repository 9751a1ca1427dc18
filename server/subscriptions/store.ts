import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gt,
  inArray,
  isNotNull,
  isNull,
  lte,
  ne,
  notInArray,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { invoice_items } from '@/db/schema/invoice_items';
import { invoice_lines, invoices } from '@/db/schema/invoices';
import { subscription_items, subscriptions } from '@/db/schema/subscriptions';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, searchOf, within, type TimeRange } from '@/server/kernel/page';
import { parseSearch, toCondition, type SearchFields } from '@/server/kernel/search';
import type { ListItems } from './items.params';
import type { ListSubscriptions, SearchSubscriptions } from './params';

export type SubscriptionRow = typeof subscriptions.$inferSelect;
export type Status = SubscriptionRow['status'];
export type ItemRow = typeof subscription_items.$inferSelect;

const rows = rowsOf(subscriptions);
/** Once there is an agreement, its row is written by `agreement.ts` alone. */
export const { insert, find, findAll, lock, update } = rows;

const items = rowsOf(subscription_items);
export const {
  insert: insertItem,
  find: findItem,
  findAll: findItemRows,
  update: updateItem,
  remove: removeItem,
} = items;

const itemsOfOne = items.findBy('subscription');

/** What the subscriptions bill for, oldest first. */
export const itemsOf = async (scope: Scope | Tx, ids: readonly string[]): Promise<ItemRow[]> =>
  (await Promise.all(ids.map((id) => itemsOfOne(scope, id)))).flat();

/** Statuses that nothing leads out of. */
export const ENDED = ['canceled', 'incomplete_expired'] as const satisfies readonly Status[];

/** The subscriptions of a customer that have not ended. */
export async function ongoingOf(scope: Scope | Tx, customer: string): Promise<string[]> {
  const found = await scope.db
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(and(eq(subscriptions.customer, customer), notInArray(subscriptions.status, [...ENDED])))
    .orderBy(subscriptions.id);
  return found.map(({ id }) => id);
}

/** Of each customer its newest subscriptions that are not canceled, at most `each`. */
export async function newestOf(
  scope: Scope,
  customers: readonly string[],
  each: number,
): Promise<SubscriptionRow[]> {
  if (customers.length === 0) return [];
  const place = sql`row_number() over (partition by ${subscriptions.customer} order by ${subscriptions.id} desc)`;
  const ranked = scope.db
    .select({ ...getTableColumns(subscriptions), place: place.mapWith(Number).as('place') })
    .from(subscriptions)
    .where(
      and(
        inArray(subscriptions.customer, [...customers]),
        notInArray(subscriptions.status, ['canceled']),
      ),
    )
    .as('ranked');
  const found = await scope.db
    .select()
    .from(ranked)
    .where(lte(ranked.place, each))
    .orderBy(desc(ranked.id));
  return found.map(({ place: _, ...row }) => row);
}

export const page = (scope: Scope, params: ListSubscriptions) =>
  pageOf<SubscriptionRow>(
    scope,
    { table: subscriptions, rows, object: 'subscription' },
    params,
    withStatus(params.status),
    whenGiven(subscriptions.collection_method, params.collection_method),
    whenGiven(subscriptions.customer, params.customer),
    withPrice(params.price ?? params.plan),
    onClocks(params),
    within(subscriptions.created, params.created),
    periodWithin('min', 'current_period_end', params.current_period_end),
    periodWithin('max', 'current_period_start', params.current_period_start),
    params.state === undefined
      ? undefined
      : inArray(subscriptions.status, [...STATES[params.state]]),
  );

/** TABLE: what each state is. */
const STATES: Readonly<Record<NonNullable<ListSubscriptions['state']>, readonly Status[]>> = {
  past_due: ['past_due', 'unpaid'],
};

/** Without a status, all but the canceled ones. */
function withStatus(status: ListSubscriptions['status']): SQL | undefined {
  switch (status) {
    case 'all':
      return undefined;
    case 'ended':
      return inArray(subscriptions.status, [...ENDED]);
    case undefined:
      return notInArray(subscriptions.status, ['canceled']);
    default:
      return eq(subscriptions.status, status);
  }
}

const mine = sql`i.project_id = ${subscriptions.projectId} and i.livemode = ${subscriptions.livemode} and i.subscription = ${subscriptions.id}`;

const withPrice = (price: string | undefined): SQL | undefined =>
  price === undefined
    ? undefined
    : sql`exists (select 1 from ${subscription_items} i where ${mine} and i.price = ${price})`;

/** Those on test clocks are listed only by their clock or their customer, as Stripe does. */
function onClocks({ customer, test_clock }: ListSubscriptions): SQL | undefined {
  if (test_clock !== undefined) return eq(subscriptions.test_clock, test_clock);
  return customer === undefined ? isNull(subscriptions.test_clock) : undefined;
}

function periodWithin(
  extreme: 'max' | 'min',
  column: 'current_period_end' | 'current_period_start',
  range: TimeRange | undefined,
): SQL | undefined {
  if (range === undefined) return undefined;
  const bounds = typeof range === 'number' ? { gte: range, lte: range } : range;
  const value = sql`(select ${sql.raw(`${extreme}(i.${column})`)} from ${subscription_items} i where ${mine})`;
  return and(
    ...(['gt', 'gte', 'lt', 'lte'] as const).map((operator) =>
      bounds[operator] === undefined
        ? undefined
        : sql`${value} ${sql.raw(OPERATORS[operator])} ${bounds[operator]}`,
    ),
  );
}

const OPERATORS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

export const pageOfItems = (scope: Scope, params: ListItems) =>
  pageOf<ItemRow>(
    scope,
    { table: subscription_items, rows: items, object: 'subscription_item' },
    params,
    eq(subscription_items.subscription, params.subscription),
  );

/** Of a subscription, what was asked for time after `after` (unix seconds). */
export interface Asked {
  readonly subscription: string;
  readonly customer: string;
  readonly items: readonly string[];
  readonly after: number;
}

/**
 * Lines that asked for items ahead. What is void was not asked for. Joined here, because an index
 * leads from a subscription to its invoices and from those to their lines.
 */
export const askedInLines = (scope: Scope, { subscription, items: ids, after }: Asked) =>
  scope.db
    .select({
      line: getTableColumns(invoice_lines),
      default_tax_rates: invoices.default_tax_rates,
    })
    .from(invoices)
    .innerJoin(invoice_lines, eq(invoice_lines.invoice, invoices.id))
    .where(
      and(
        eq(invoices.subscription, subscription),
        ne(invoices.status, 'void'),
        inArray(invoice_lines.subscription_item, [...ids]),
        isNull(invoice_lines.invoice_item),
        gt(invoice_lines.period_end, after),
      ),
    )
    .orderBy(asc(invoice_lines.id));

/** Prorations, credits among them, with the line that each became if it is on an invoice. */
export const askedInItems = (scope: Scope, { customer, items: ids, after }: Asked) =>
  scope.db
    .select({
      item: getTableColumns(invoice_items),
      line: invoice_lines.id,
      default_tax_rates: invoices.default_tax_rates,
    })
    .from(invoice_items)
    .leftJoin(invoices, eq(invoices.id, invoice_items.invoice))
    .leftJoin(
      invoice_lines,
      and(
        eq(invoice_lines.invoice, invoice_items.invoice),
        eq(invoice_lines.invoice_item, invoice_items.id),
      ),
    )
    .where(
      and(
        eq(invoice_items.customer, customer),
        inArray(invoice_items.subscription_item, [...ids]),
        eq(invoice_items.proration, true),
        gt(invoice_items.period_end, after),
        or(isNull(invoice_items.invoice), and(isNotNull(invoices.id), ne(invoices.status, 'void'))),
      ),
    )
    .orderBy(asc(invoice_items.id));

/** https://docs.stripe.com/search#query-fields-for-subscriptions */
const FIELDS: SearchFields = {
  canceled_at: { column: subscriptions.canceled_at, type: 'number' },
  created: { column: subscriptions.created, type: 'number' },
  metadata: { column: subscriptions.metadata, type: 'metadata' },
  status: { column: subscriptions.status, type: 'string' },
};

/** The rows found; their items are read for the whole page at once. */
export const search = (scope: Scope, params: SearchSubscriptions) =>
  searchOf(
    scope,
    subscriptions,
    params,
    toCondition(parseSearch(params.query), 'subscriptions', FIELDS),
    (row: SubscriptionRow) => ({ object: 'subscription', row }),
  );

/** Drafts and open invoices of the subscription that advance by themselves. */
export async function advancingInvoicesOf(tx: Tx, subscription: string): Promise<string[]> {
  const found = await tx.db
    .select({ id: invoices.id })
    .from(invoices)
    .where(
      and(
        eq(invoices.subscription, subscription),
        inArray(invoices.status, ['draft', 'open']),
        eq(invoices.auto_advance, true),
      ),
    )
    .orderBy(asc(invoices.id));
  return found.map(({ id }) => id);
}

/** The subscriptions of a customer for which this setup intent is pending. */
export async function awaitingSetup(tx: Tx, customer: string, intent: string): Promise<string[]> {
  const found = await tx.db
    .select({ id: subscriptions.id })
    .from(subscriptions)
    .where(
      and(eq(subscriptions.customer, customer), eq(subscriptions.pending_setup_intent, intent)),
    )
    .orderBy(asc(subscriptions.id));
  return found.map(({ id }) => id);
}
