/**
 * How discounts come to be on something, and how they leave it. A redemption is counted under the
 * lock of its coupon: of two who want the last one, one is refused.
 *
 * All functions take their time from `tx.now`, which is the customer's: see `onClock`.
 */
import { findCoupons, lockCoupons, toCoupon, updateCoupon } from '@/server/coupons';
import type { Scope, Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import {
  findPromotionCodes,
  lockPromotionCodes,
  toPromotionCode,
  updatePromotionCode,
} from '@/server/promotion_codes';
import { isAtWork, type ActiveDiscount } from './active';
import { byId, choose, type Given } from './choose';
import { toDiscount } from './object';
import type { GivenDiscount } from './params';
import { discountOf, type DiscountTarget, type Redeemed } from './redeem';
import * as store from './store';

export interface AttachTerms extends Given {
  /** Ids of the discounts that are on it so far. What is not given again is taken off. */
  readonly before: readonly string[];
}

/**
 * Puts discounts on something, in the order given, and takes off those it had and is not given
 * again. What it only inherited, as an invoice does from its customer, is left where it is.
 *
 * @returns the ids of all its discounts, in order.
 * @throws ApiError 400 for an id that does not exist (`resource_missing`), a discount of another
 *   customer, the same coupon twice, and as `assertRedeemable`.
 */
export async function attachDiscounts(
  tx: Tx,
  given: readonly GivenDiscount[],
  target: DiscountTarget,
  { before, ...terms }: AttachTerms,
): Promise<string[]> {
  const choices = await choose(tx, given, target, terms, {
    coupons: (ids) => lockCoupons(tx, ids),
    codes: (ids) => lockPromotionCodes(tx, ids),
  });
  const now = unix(tx.now);
  const added: store.DiscountRow[] = [];
  const ids: string[] = [];
  for (const choice of choices) {
    if ('kept' in choice) ids.push(choice.kept.id);
    else {
      await count(tx, choice);
      const row = store.insert(tx, discountOf(choice, target, now));
      added.push(row);
      ids.push(row.id);
    }
  }
  const gone = (
    await store.lockAll(
      tx,
      before.filter((id) => !ids.includes(id)),
    )
  ).filter((row) => row.status === 'active' && isOn(row, target));
  await announce(
    tx,
    added,
    gone.map((row) => takeOff(tx, row)),
  );
  return ids;
}

/** As `attachDiscounts`, but nothing is written: what would be there, for a preview. */
export async function previewDiscounts(
  scope: Scope,
  given: readonly GivenDiscount[],
  target: DiscountTarget,
  terms: Given,
): Promise<ActiveDiscount[]> {
  const choices = await choose(scope, given, target, terms, {
    coupons: (ids) => findCoupons(scope, ids),
    codes: (ids) => findPromotionCodes(scope, ids),
  });
  const { projectId, livemode } = scope;
  return choices.map((choice) => {
    const row =
      'kept' in choice
        ? choice.kept
        : { projectId, livemode, ...discountOf(choice, target, unix(scope.now)) };
    return { id: row.id, coupon: choice.coupon, row };
  });
}

/**
 * Takes discounts off what they are on. Those that were taken off before stay so.
 *
 * @param ids of the thing's own discounts, not of those that it inherited.
 */
export async function detachDiscounts(tx: Tx, ids: readonly string[]): Promise<void> {
  const rows = (await store.lockAll(tx, ids)).filter(({ status }) => status === 'active');
  await announce(
    tx,
    [],
    rows.map((row) => takeOff(tx, row)),
  );
}

/**
 * After an invoice was made with the discounts of a customer, a subscription or an item of one:
 * takes off those that were for one invoice only, and those that have ended by now.
 *
 * @returns what stays, in order.
 */
export async function spend(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = new Map((await store.findAll(tx, ids)).map((row) => [row.id, row]));
  const coupons = await byId(
    findCoupons(
      tx,
      [...rows.values()].map(({ coupon }) => coupon),
    ),
  );
  const now = unix(tx.now);
  const stays = (id: string): boolean => {
    const row = rows.get(id);
    if (row === undefined || !isAtWork(row, now)) return false;
    return coupons.get(row.coupon)?.duration !== 'once';
  };
  await detachDiscounts(
    tx,
    ids.filter((id) => !stays(id)),
  );
  return ids.filter(stays);
}

/** One more redemption, of a coupon and a code that are locked. */
async function count(tx: Tx, { coupon, code }: Redeemed): Promise<void> {
  const now = unix(tx.now);
  const counted = updateCoupon(tx, coupon, { times_redeemed: coupon.times_redeemed + 1 });
  await tx.announce('coupon.updated', toCoupon(counted, now), toCoupon(coupon, now));
  if (code === null) return;
  const used = updatePromotionCode(tx, code, { times_redeemed: code.times_redeemed + 1 });
  await tx.announce(
    'promotion_code.updated',
    toPromotionCode(used, counted, now),
    toPromotionCode(code, coupon, now),
  );
}

const takeOff = (tx: Tx, row: store.DiscountRow): store.DiscountRow =>
  store.update(tx, row, { status: 'deleted' });

/** Whether a discount is this thing's own. */
const isOn = (row: store.DiscountRow, target: DiscountTarget): boolean =>
  row.customer === target.customer &&
  row.subscription === (target.subscription ?? null) &&
  row.subscription_item === (target.subscription_item ?? null) &&
  row.invoice === (target.invoice ?? null) &&
  row.invoice_item === (target.invoice_item ?? null);

/**
 * Stripe tells of the discounts that last: on a customer, a subscription or an item of one. Where
 * one comes in the place of another, that is a change of discounts.
 */
async function announce(
  tx: Tx,
  added: readonly store.DiscountRow[],
  gone: readonly store.DiscountRow[],
): Promise<void> {
  const lasting = ({ invoice, invoice_item }: store.DiscountRow): boolean =>
    invoice === null && invoice_item === null;
  const left = gone.filter(lasting);
  for (const row of added.filter(lasting)) {
    const replaced = left.shift();
    if (replaced === undefined) await tx.announce('customer.discount.created', toDiscount(row));
    else await tx.announce('customer.discount.updated', toDiscount(row), toDiscount(replaced));
  }
  for (const row of left) await tx.announce('customer.discount.deleted', toDiscount(row));
}
