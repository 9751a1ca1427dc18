import {
  and,
  asc,
  eq,
  getTableColumns,
  gt,
  inArray,
  isNotNull,
  lt,
  lte,
  sql,
  type SQL,
} from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { invoice_lines, invoices } from '@/db/schema/invoices';
import type { Scope, Tx } from '@/server/kernel/context';
import { parametersExclusive, resourceMissing } from '@/server/kernel/errors';
import { pageOf, searchOf, within, type PageParams } from '@/server/kernel/page';
import { parseSearch, toCondition, type SearchFields } from '@/server/kernel/search';
export { findSubscription } from '@/server/invoice_items';
import type { ListInvoices, SearchInvoices } from './params';

export type InvoiceRow = typeof invoices.$inferSelect;
export type LineRow = typeof invoice_lines.$inferSelect;
export type Status = InvoiceRow['status'];

const rows = rowsOf(invoices);
export const { claim, insert, find, findAll, lock, update, remove } = rows;

export const lines = rowsOf(invoice_lines);

export const page = (scope: Scope, params: ListInvoices) =>
  pageOf<InvoiceRow>(
    scope,
    { table: invoices, rows, object: 'invoice' },
    params,
    whenGiven(invoices.collection_method, params.collection_method),
    whenGiven(invoices.customer, params.customer),
    whenGiven(invoices.status, params.status),
    whenGiven(invoices.subscription, params.subscription),
    within(invoices.created, params.created),
    within(invoices.due_date, params.due_date),
    params.state === undefined ? undefined : STATES[params.state],
  );

/** TABLE: what each state is, in the columns. */
const STATES: Readonly<Record<NonNullable<ListInvoices['state']>, SQL | undefined>> = {
  retrying: and(
    eq(invoices.status, 'open'),
    gt(invoices.attempt_count, 0),
    isNotNull(invoices.next_payment_attempt),
  ),
};

/** https://docs.stripe.com/search#query-fields-for-invoices */
const FIELDS: SearchFields = {
  created: { column: invoices.created, type: 'number' },
  currency: { column: invoices.currency, type: 'token' },
  customer: { column: invoices.customer, type: 'token' },
  last_finalization_error_code: {
    expression: sql`${invoices.last_finalization_error} ->> 'code'`,
    type: 'token',
  },
  last_finalization_error_type: {
    expression: sql`${invoices.last_finalization_error} ->> 'type'`,
    type: 'token',
  },
  metadata: { column: invoices.metadata, type: 'metadata' },
  number: { column: invoices.number, type: 'string' },
  receipt_number: { column: invoices.receipt_number, type: 'string' },
  status: { column: invoices.status, type: 'string' },
  subscription: { column: invoices.subscription, type: 'token' },
  total: { column: invoices.total, type: 'number' },
};

/** The rows found, as a page whose objects the caller makes: they take more than the row. */
export const search = (scope: Scope, params: SearchInvoices) =>
  searchOf(
    scope,
    invoices,
    params,
    toCondition(parseSearch(params.query), 'invoices', FIELDS),
    (row: InvoiceRow) => ({ ...row, object: 'invoice' }),
  );

/** All lines of an invoice, in its order. */
export const linesOf = lines.findBy('invoice', { by: 'position' });

/** Of each invoice its first lines, at most `each`, in its order. */
export async function firstLinesOf(
  scope: Scope,
  ids: readonly string[],
  each: number,
): Promise<LineRow[]> {
  // Of one or two invoices all are read, together with those that others look at.
  if (ids.length <= 2) {
    const found = await Promise.all(ids.map((id) => linesOf(scope, id)));
    return found.flatMap((all) => all.slice(0, each));
  }
  const place = sql`row_number() over (partition by ${invoice_lines.invoice} order by ${invoice_lines.position})`;
  const ranked = scope.db
    .select({ ...getTableColumns(invoice_lines), place: place.mapWith(Number).as('place') })
    .from(invoice_lines)
    .where(inArray(invoice_lines.invoice, [...ids]))
    .as('ranked');
  return scope.db.select().from(ranked).where(lte(ranked.place, each)).orderBy(ranked.position);
}

/** A page of an invoice's lines. Their order is the invoice's, so the cursor stands for a place. */
export async function pageOfLines(
  scope: Scope,
  invoice: string,
  { limit = 10, starting_after, ending_before }: PageParams,
): Promise<{ rows: LineRow[]; has_more: boolean }> {
  if (starting_after !== undefined && ending_before !== undefined) {
    throw parametersExclusive(['starting_after', 'ending_before']);
  }
  const backwards = ending_before !== undefined;
  const id = starting_after ?? ending_before;
  const cursor = id === undefined ? null : await lines.find(scope, id);
  if (id !== undefined && cursor?.invoice !== invoice) {
    throw resourceMissing('line_item', id, backwards ? 'ending_before' : 'starting_after');
  }
  const { position } = invoice_lines;
  const beyond = backwards ? lt : gt;
  const found = await scope.db
    .select()
    .from(invoice_lines)
    .where(
      and(
        eq(invoice_lines.invoice, invoice),
        cursor === null ? undefined : beyond(position, cursor.position),
      ),
    )
    .orderBy(backwards ? sql`${position} desc` : asc(position))
    .limit(limit + 1);
  const rows = found.slice(0, limit);
  return { rows: backwards ? rows.toReversed() : rows, has_more: found.length > limit };
}

const numbered = rows.findBy('number');

/** Whether an invoice has the number already. */
export const isNumberTaken = async (scope: Scope, number: string): Promise<boolean> =>
  (await numbered(scope, number)).length > 0;

/** The next of the project's own sequence. Whoever wants one too waits for this transaction. */
export async function nextOfProject(tx: Tx): Promise<number> {
  const [row] = await tx.lookUp(
    `insert into "invoice_sequences" ("id", "next") values ('invoices', 2)
     on conflict ("project_id", "livemode", "id")
     do update set "next" = "invoice_sequences"."next" + 1 returning "next"`,
    [],
  );
  return Number(row?.[0]) - 1;
}

/** Those of a subscription that are not done with, oldest first. */
export const unfinishedOf = async (tx: Tx, subscription: string): Promise<string[]> =>
  (
    await tx.lookUp(
      `select "id" from "invoices"
       where "subscription" = $1 and "status" in ('draft', 'open') order by "id"`,
      [subscription],
      'invoices',
    )
  ).map(([id]) => String(id));

/**
 * Makes the open invoices due that were tried in vain, in unix seconds: there is a new payment
 * method for them. The first of a subscription is not collected without its customer.
 */
export const makeDue = (tx: Tx, of: 'customer' | 'subscription', id: string, at: number): void =>
  tx.write(
    `update "invoices" set "due_at" = $2
     where "${of}" = $1 and "status" = 'open' and "attempted" and "auto_advance"
       and "collection_method" = 'charge_automatically'
       and "billing_reason" <> 'subscription_create'`,
    [id, at],
  );

/** Gives the unpaid invoices of a subscription the payment method that it now has. */
export const replaceMethod = (tx: Tx, subscription: string, old: string, by: string | null): void =>
  tx.write(
    `update "invoices" set "default_payment_method" = $3
     where "subscription" = $1 and "status" in ('draft', 'open') and "default_payment_method" = $2`,
    [subscription, old, by],
  );
