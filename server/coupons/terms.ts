/** What a coupon takes off, and for how long: the part that never changes, except to grow. Pure. */
import {
  invalidState,
  parameterInvalid,
  parameterMissing,
  parametersExclusive,
} from '@/server/kernel/errors';
import type { CreateCoupon } from './params';
import type { CouponRow } from './store';

export type Terms = Pick<
  CouponRow,
  | 'amount_off'
  | 'applies_to'
  | 'currency'
  | 'currency_options'
  | 'duration'
  | 'duration_in_months'
  | 'percent_off'
>;

/** In seconds, leap days included. */
const FIVE_YEARS = (5 * 365 + 2) * 86_400;

/**
 * The terms of a new coupon.
 *
 * @param now unix seconds, which `redeem_by` must lie after.
 * @throws ApiError 400 for neither or both of a percentage and an amount, an amount without a
 *   currency, months without `repeating` or the reverse, and a `redeem_by` out of range.
 */
export function toTerms(given: CreateCoupon, now: number): Terms {
  const { amount_off, currency, percent_off, currency_options } = given;
  if (amount_off !== undefined && percent_off !== undefined) {
    throw parametersExclusive(['percent_off', 'amount_off']);
  }
  if (amount_off === undefined && percent_off === undefined) {
    throw invalidState(
      'You must pass either `percent_off` or `amount_off` to create a coupon.',
      'parameter_missing',
    );
  }
  if (amount_off !== undefined && currency === undefined) throw parameterMissing('currency');
  assertRedeemable(given.redeem_by, now);
  const terms = {
    amount_off: amount_off ?? null,
    applies_to: given.applies_to?.products ?? null,
    currency: currency ?? null,
    currency_options: null,
    percent_off: percent_off === undefined ? null : Math.round(percent_off * 100),
    ...toDuration(given),
  };
  return { ...terms, currency_options: optionsAfter(terms, currency_options) };
}

function toDuration(given: CreateCoupon): Pick<Terms, 'duration' | 'duration_in_months'> {
  const { duration = 'once', duration_in_months } = given;
  if (duration === 'repeating' && duration_in_months === undefined) {
    throw parameterMissing('duration_in_months');
  }
  if (duration !== 'repeating' && duration_in_months !== undefined) {
    throw parameterInvalid(
      '`duration_in_months` can only be set with `duration=repeating`.',
      'duration_in_months',
    );
  }
  return { duration, duration_in_months: duration_in_months ?? null };
}

function assertRedeemable(redeemBy: number | undefined, now: number): void {
  if (redeemBy === undefined) return;
  if (redeemBy <= now) {
    throw parameterInvalid('`redeem_by` must be in the future.', 'redeem_by');
  }
  if (redeemBy > now + FIVE_YEARS) {
    throw parameterInvalid(
      '`redeem_by` cannot be more than five years in the future.',
      'redeem_by',
    );
  }
}

/**
 * The further currencies after a change: those that are given come to those that were there.
 *
 * @throws ApiError 400 for a coupon without an amount, and for the coupon's own currency.
 */
export function optionsAfter(
  coupon: Pick<Terms, 'amount_off' | 'currency' | 'currency_options'>,
  given: CreateCoupon['currency_options'],
): Terms['currency_options'] {
  if (given === undefined) return coupon.currency_options;
  if (coupon.amount_off === null) {
    throw parameterInvalid(
      '`currency_options` can only be set on coupons with an `amount_off`.',
      'currency_options',
    );
  }
  if (coupon.currency !== null && Object.hasOwn(given, coupon.currency)) {
    throw parameterInvalid(
      'You are specifying a currency option that matches the currency of this coupon. Please remove it and use `amount_off` instead.',
      `currency_options[${coupon.currency}]`,
    );
  }
  return { ...coupon.currency_options, ...given };
}
