import { and, eq, inArray, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { rowsOf } from '@/db/rows';
import { charges } from '@/db/schema/charges';
import { discounts } from '@/db/schema/coupons';
import { invoices } from '@/db/schema/invoices';
import type { Scope, Tx } from '@/server/kernel/context';

export type DiscountRow = typeof discounts.$inferSelect;

const rows = rowsOf(discounts);
export const { insert, findAll, lock, update } = rows;

/** As `lock`, of several, in the order of their ids. */
export async function lockAll(tx: Tx, ids: readonly string[]): Promise<DiscountRow[]> {
  if (ids.length === 0) return [];
  const text = `select ${rows.columns} from discounts where id = any($1) order by id for no key update`;
  return (await tx.lookUp(text, [ids])).map(rows.toRow);
}

/**
 * Whether a customer bought something before: a payment that succeeded, or an invoice that was
 * issued, be it free or not paid yet. Both come after discounts in the order of domains.
 */
export const hasPurchased = async (scope: Scope, customer: string): Promise<boolean> =>
  (await exists(
    scope,
    charges,
    and(eq(charges.customer, customer), eq(charges.status, 'succeeded')),
  )) ||
  (await exists(
    scope,
    invoices,
    and(
      eq(invoices.customer, customer),
      inArray(invoices.status, ['open', 'paid', 'uncollectible']),
    ),
  ));

async function exists(
  scope: Scope,
  table: typeof charges | typeof invoices,
  condition: SQL | undefined,
): Promise<boolean> {
  const source: PgTable = table;
  const found = await scope.db.select({ id: table.id }).from(source).where(condition).limit(1);
  return found.length > 0;
}
