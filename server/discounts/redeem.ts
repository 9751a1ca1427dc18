/**
 * Whether a coupon, by itself or through a promotion code, can be redeemed on something, and what
 * discount it becomes there.
 */
import { isExpired, isUsedUp, type CouponRow } from '@/server/coupons';
import { boundary } from '@/server/kernel/calendar';
import type { Scope } from '@/server/kernel/context';
import { invalidState, parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { hasEnded, minimumIn, type PromotionCodeRow } from '@/server/promotion_codes';
import { amountIn } from './amounts';
import * as store from './store';

/** What a discount is on. Nothing beside the customer: all that is billed to it. */
export interface DiscountTarget {
  readonly customer: string | null;
  readonly subscription?: string;
  readonly subscription_item?: string;
  readonly invoice?: string;
  readonly invoice_item?: string;
}

export interface Purchase {
  /** What it is billed in, lower case; null where that is open, as on a customer. */
  readonly currency: string | null;
  /** Pence, before discounts. Without it no minimum is met. */
  readonly subtotal?: number;
}

/** What is about to be redeemed. */
export interface Redeemed {
  readonly coupon: CouponRow;
  /** The promotion code that it was asked for by. */
  readonly code: PromotionCodeRow | null;
  /** Where the request named it, for errors. */
  readonly param: string;
}

/**
 * @throws ApiError 400 `coupon_expired` for a coupon past its `redeem_by` or its last redemption;
 *   400 for an amount in another currency, and for what restricts the promotion code.
 */
export async function assertRedeemable(
  scope: Scope,
  { coupon, code, param }: Redeemed,
  target: DiscountTarget,
  purchase: Purchase,
): Promise<void> {
  const now = unix(scope.now);
  const { currency } = purchase;
  if (coupon.status === 'deleted') throw resourceMissing('coupon', coupon.id, param);
  if (isExpired(coupon, now)) {
    throw invalidState(`Coupon expired: ${coupon.id}`, 'coupon_expired', param);
  }
  if (isUsedUp(coupon)) {
    const message = `Coupon ${coupon.id} is used up and cannot be applied.`;
    throw invalidState(message, 'coupon_expired', param);
  }
  if (coupon.amount_off !== null && currency !== null && amountIn(coupon, currency) === null) {
    throw parameterInvalid(
      `Coupon ${coupon.id} takes off an amount in ${coupon.currency} and cannot be applied to something that is billed in ${currency}.`,
      param,
    );
  }
  if (code === null) return;
  const reason = await obstacle(scope, code, target, purchase);
  if (reason !== null) {
    throw parameterInvalid(`This promotion code cannot be redeemed because ${reason}.`, param);
  }
}

/** Why a promotion code cannot be redeemed, in Stripe's words where they are known. */
async function obstacle(
  scope: Scope,
  code: PromotionCodeRow,
  { customer }: DiscountTarget,
  { currency, subtotal = 0 }: Purchase,
): Promise<string | null> {
  const { first_time_transaction, minimum_amount } = code.restrictions;
  if (code.status === 'inactive') return 'it is not active';
  if (hasEnded(code, unix(scope.now))) return 'it has expired';
  if (isUsedUp(code)) return 'it has been used the maximum number of times';
  if (code.customer !== null && code.customer !== customer) {
    return 'it is restricted to another customer';
  }
  if (minimum_amount !== null) {
    const minimum = minimumIn(code.restrictions, currency);
    if (minimum === null) return 'it has no minimum amount in the currency of the purchase';
    if (subtotal < minimum) {
      return 'the associated purchase does not meet the minimum amount requirement';
    }
  }
  if (first_time_transaction && customer !== null && (await store.hasPurchased(scope, customer))) {
    return 'the associated customer has prior transactions';
  }
  return null;
}

/** The discount that a redemption at `now` (unix seconds) makes. */
export function discountOf(
  { coupon, code }: Redeemed,
  target: DiscountTarget,
  now: number,
): Parameters<typeof store.insert>[1] {
  const months = coupon.duration_in_months;
  return {
    id: newId('discount'),
    status: 'active',
    coupon: coupon.id,
    promotion_code: code?.id ?? null,
    customer: target.customer,
    subscription: target.subscription ?? null,
    subscription_item: target.subscription_item ?? null,
    invoice: target.invoice ?? null,
    invoice_item: target.invoice_item ?? null,
    start: now,
    end: months === null ? null : boundary(now, { interval: 'month', interval_count: months }, 1),
    created: now,
  };
}
