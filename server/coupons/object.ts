import type Stripe from 'stripe';
import type { CouponRow } from './store';

/** What decides whether it can be redeemed; a promotion code has the same three limits. */
type Limits = Pick<CouponRow, 'max_redemptions' | 'redeem_by' | 'status' | 'times_redeemed'>;

/** Whether it can still be redeemed at `now` (unix seconds); `redeem_by` is the last such second. */
export const isValid = (coupon: Limits, now: number): boolean =>
  coupon.status === 'active' && !isExpired(coupon, now) && !isUsedUp(coupon);

export const isExpired = ({ redeem_by }: Pick<Limits, 'redeem_by'>, now: number): boolean =>
  redeem_by !== null && now > redeem_by;

export const isUsedUp = ({
  max_redemptions,
  times_redeemed,
}: Pick<Limits, 'max_redemptions' | 'times_redeemed'>): boolean =>
  max_redemptions !== null && times_redeemed >= max_redemptions;

/** Without `applies_to` and `currency_options`: Stripe leaves them out until they are expanded. */
export const toCoupon = (row: CouponRow, now: number): Stripe.Coupon => ({
  id: row.id,
  object: 'coupon',
  amount_off: row.amount_off,
  created: row.created,
  currency: row.currency,
  duration: row.duration,
  duration_in_months: row.duration_in_months,
  livemode: row.livemode,
  max_redemptions: row.max_redemptions,
  metadata: row.metadata,
  name: row.name,
  percent_off: row.percent_off === null ? null : row.percent_off / 100,
  redeem_by: row.redeem_by,
  times_redeemed: row.times_redeemed,
  valid: isValid(row, now),
});

/** What is taken off in every currency there is, the coupon's own among them. */
export const toCurrencyOptions = ({ amount_off, currency, currency_options }: CouponRow) =>
  amount_off === null || currency === null
    ? undefined
    : { [currency]: { amount_off }, ...currency_options };

export const toAppliesTo = ({ applies_to }: CouponRow): Stripe.Coupon.AppliesTo | undefined =>
  applies_to === null ? undefined : { products: applies_to };

export const toDeletedCoupon = ({ id }: CouponRow): Stripe.DeletedCoupon => ({
  id,
  object: 'coupon',
  deleted: true,
});
