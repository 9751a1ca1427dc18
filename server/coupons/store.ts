import { eq } from 'drizzle-orm';
import { rowsOf } from '@/db/rows';
import { coupons, discounts, promotion_codes } from '@/db/schema/coupons';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListCoupons } from './params';

export type CouponRow = typeof coupons.$inferSelect;

const rows = rowsOf(coupons);
export const { insert, find, findAll, lock, update, remove } = rows;

/** As `lock`, of several. In the order of their ids, so that two who want the same never cross. */
export async function lockAll(tx: Tx, ids: readonly string[]): Promise<CouponRow[]> {
  if (ids.length === 0) return [];
  const text = `select ${rows.columns} from coupons where id = any($1) order by id for no key update`;
  return (await tx.lookUp(text, [ids])).map(rows.toRow);
}

/** As `find`, locked. Whoever else wants to use the id waits until this transaction ends. */
export async function holdId(tx: Tx, id: string): Promise<CouponRow | null> {
  tx.write('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`coupons.id:${id}`]);
  return lock(tx, id);
}

/** Whether a discount or a promotion code goes by it. */
export async function isNamed(tx: Tx, id: string): Promise<boolean> {
  for (const table of [discounts, promotion_codes]) {
    const found = await tx.db
      .select({ id: table.id })
      .from(table)
      .where(eq(table.coupon, id))
      .limit(1);
    if (found.length > 0) return true;
  }
  return false;
}

/** In the order they were made: an id that the merchant chose says nothing of it. */
export const page = (scope: Scope, params: ListCoupons) =>
  pageOf<CouponRow>(
    scope,
    { table: coupons, rows, object: 'coupon', order: coupons.created },
    params,
    eq(coupons.status, 'active'),
    within(coupons.created, params.created),
  );
