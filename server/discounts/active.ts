import { findCoupons, type CouponRow } from '@/server/coupons';
import type { Scope } from '@/server/kernel/context';
import { findAll, type DiscountRow } from './store';

/** A discount that takes something off, with the coupon whose terms it goes by. */
export interface ActiveDiscount {
  readonly id: string;
  readonly coupon: CouponRow;
  readonly row: DiscountRow;
}

/** The discounts that are at work at `at` (unix seconds), in the order of `ids`. */
export async function findActive(
  scope: Scope,
  ids: readonly string[],
  at: number,
): Promise<ActiveDiscount[]> {
  const rows = new Map((await findAll(scope, ids)).map((row) => [row.id, row]));
  const named = [...new Set([...rows.values()].map(({ coupon }) => coupon))];
  const coupons = new Map((await findCoupons(scope, named)).map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = rows.get(id);
    const coupon = coupons.get(row?.coupon ?? '');
    if (row === undefined || coupon === undefined || !isAtWork(row, at)) return [];
    return [{ id, coupon, row }];
  });
}

/** Whether it takes something off at `at` (unix seconds). */
export const isAtWork = ({ status, end }: DiscountRow, at: number): boolean =>
  status === 'active' && (end === null || end > at);
