import { and, desc, eq, getTableColumns, inArray, isNull, lte, sql } from 'drizzle-orm';
import { rowsOf } from '@/db/rows';
import { customers } from '@/db/schema/customers';
import { tax_ids } from '@/db/schema/tax_ids';
import type { Scope } from '@/server/kernel/context';
import { pageOf } from '@/server/kernel/page';
import type { PageOfTaxIds } from './params';

export type TaxIdRow = typeof tax_ids.$inferSelect;

const rows = rowsOf(tax_ids);
export const { insert, find, findAll, lock, remove } = rows;

/** Those of a customer, or the project's own where there is none. */
export const page = (scope: Scope, params: PageOfTaxIds, customer: string | null) =>
  pageOf<TaxIdRow>(
    scope,
    { table: tax_ids, rows, object: 'tax_id' },
    params,
    customer === null ? isNull(tax_ids.customer) : eq(tax_ids.customer, customer),
  );

const ofCustomer = rows.findBy('customer', { descending: true });

/** Of each customer the newest, at most `each`, in list order. */
export async function newestOf(
  scope: Scope,
  ids: readonly string[],
  each: number,
): Promise<TaxIdRow[]> {
  const [only] = ids;
  // Of one customer all are read, together with those that others look at.
  if (only !== undefined && ids.length === 1) return (await ofCustomer(scope, only)).slice(0, each);
  const place = sql`row_number() over (partition by ${tax_ids.customer} order by ${tax_ids.id} desc)`;
  const ranked = scope.db
    .select({ ...getTableColumns(tax_ids), place: place.mapWith(Number).as('place') })
    .from(tax_ids)
    .where(inArray(tax_ids.customer, [...ids]))
    .as('ranked');
  return scope.db.select().from(ranked).where(lte(ranked.place, each)).orderBy(desc(ranked.id));
}

/**
 * Whether there is such a customer, and not deleted. Asked of the table, not of the customers'
 * folder: that one creates tax ids with its customers, so it stands above this one.
 */
export async function hasCustomer(scope: Scope, id: string): Promise<boolean> {
  const found = await scope.db
    .select({ id: customers.id })
    .from(customers)
    .where(and(eq(customers.id, id), eq(customers.status, 'active')));
  return found.length > 0;
}
