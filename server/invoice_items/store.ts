import { asc, eq, isNotNull, isNull, type SQL } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { invoice_items } from '@/db/schema/invoice_items';
import { subscriptions } from '@/db/schema/subscriptions';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListInvoiceItems } from './params';

export type InvoiceItemRow = typeof invoice_items.$inferSelect;

const rows = rowsOf(invoice_items);
export const { insert, find, findAll, lock, update, remove } = rows;

export const page = (scope: Scope, params: ListInvoiceItems) =>
  pageOf<InvoiceItemRow>(
    scope,
    { table: invoice_items, rows, object: 'invoiceitem' },
    params,
    whenGiven(invoice_items.customer, params.customer),
    whenGiven(invoice_items.invoice, params.invoice),
    isPending(params.pending),
    within(invoice_items.created, params.created),
  );

function isPending(pending: boolean | undefined): SQL | undefined {
  if (pending === undefined) return undefined;
  return pending ? isNull(invoice_items.invoice) : isNotNull(invoice_items.invoice);
}

export interface Pending {
  readonly customer: string;
  readonly currency: string;
  /** An id: those of that subscription and of none. Null: those of none. Undefined: all. */
  readonly subscription?: string | null;
}

const waitingFor = rows.findBy('customer', { only: { invoice: null } });

/** Items that wait for an invoice, the oldest first. */
export const findPending = async (
  scope: Scope,
  { customer, currency, subscription }: Pending,
): Promise<InvoiceItemRow[]> =>
  (await waitingFor(scope, customer)).filter(
    (item) =>
      item.currency === currency &&
      (subscription === undefined ||
        item.subscription === null ||
        item.subscription === subscription),
  );

/**
 * Puts items that wait on an invoice. Answers the ids of those that it took: what another invoice
 * was faster to take is not among them.
 */
export async function take(tx: Tx, ids: readonly string[], invoice: string): Promise<string[]> {
  const text =
    'update "invoice_items" set "invoice" = $1 where "id" = any($2) and "invoice" is null returning "id"';
  return (await tx.lookUp(text, [invoice, ids])).map(([id]) => String(id));
}

/** Those on an invoice, the oldest first. */
export const findOn = (scope: Scope, invoice: string): Promise<InvoiceItemRow[]> =>
  scope.db
    .select()
    .from(invoice_items)
    .where(eq(invoice_items.invoice, invoice))
    .orderBy(asc(invoice_items.id));

/**
 * The subscription that an item or a one-off invoice is for. Asked of the table, not of the
 * subscriptions' folder: that one makes both, so it stands above this one.
 */
export const { find: findSubscription } = rowsOf(subscriptions);
