import type Stripe from 'stripe';
import { isUsedUp, isValid, type CouponRow } from '@/server/coupons';
import type { PromotionCodeRow } from './store';

/** Whether it can be redeemed at `now` (unix seconds): it, and the coupon it is for. */
export const isActive = (code: PromotionCodeRow, coupon: CouponRow, now: number): boolean =>
  code.status === 'active' && isRedeemable(code, coupon, now);

/** As `isActive`, would the code be switched on. */
export const isRedeemable = (code: PromotionCodeRow, coupon: CouponRow, now: number): boolean =>
  !hasEnded(code, now) && !isUsedUp(code) && isValid(coupon, now);

export const hasEnded = ({ expires_at }: PromotionCodeRow, now: number): boolean =>
  expires_at !== null && now >= expires_at;

export const toPromotionCode = (
  row: PromotionCodeRow,
  coupon: CouponRow,
  now: number,
): Stripe.PromotionCode => ({
  id: row.id,
  object: 'promotion_code',
  active: isActive(row, coupon, now),
  code: row.code,
  created: row.created,
  customer: row.customer,
  customer_account: null,
  expires_at: row.expires_at,
  livemode: row.livemode,
  max_redemptions: row.max_redemptions,
  metadata: row.metadata,
  promotion: { coupon: row.coupon, type: 'coupon' },
  restrictions: row.restrictions,
  times_redeemed: row.times_redeemed,
});
