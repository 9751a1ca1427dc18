import type { Scope } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { resource } from '@/server/kernel/resource';
import { toAppliesTo, toCoupon, toCurrencyOptions } from './object';
import { create, list, remove, retrieve, update } from './operations';
import { findAll, type CouponRow } from './store';

export const coupons = resource({
  object: 'coupon',
  expands: 'coupon',
  // Deleted ones too: a discount shows what it goes by.
  load: async (scope, ids) =>
    (await findAll(scope, ids)).map((row) => toCoupon(row, unix(scope.now))),
  includes: {
    applies_to: (scope, ids) => include(scope, ids, toAppliesTo),
    currency_options: (scope, ids) => include(scope, ids, toCurrencyOptions),
  },
  operations: { create, retrieve, update, remove, list },
});

async function include<T>(
  scope: Scope,
  ids: readonly string[],
  valueOf: (row: CouponRow) => T | undefined,
): Promise<Map<string, T>> {
  const values = new Map<string, T>();
  for (const row of await findAll(scope, ids)) {
    const value = valueOf(row);
    if (value !== undefined) values.set(row.id, value);
  }
  return values;
}

export { isExpired, isUsedUp, isValid, toCoupon } from './object';
export {
  find as findCoupon,
  findAll as findCoupons,
  lock as lockCoupon,
  lockAll as lockCoupons,
  update as updateCoupon,
  type CouponRow,
} from './store';
