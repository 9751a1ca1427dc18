'use client';

import { useViewer } from '@/components/time/viewer';
import { formatMoney } from './format';

/** As much of a coupon as it takes to say what it is. */
export interface CouponTerms {
  readonly amount_off: number | null;
  readonly currency: string | null;
  /** `once`, `repeating`, `forever`. */
  readonly duration: string;
  readonly duration_in_months: number | null;
  readonly percent_off: number | null;
}

/** `25% off for 3 months`, `£5.00 off once`. */
export function couponText(coupon: CouponTerms, locale: string): string {
  const { amount_off, currency, duration, duration_in_months: months, percent_off } = coupon;
  const off =
    amount_off !== null && currency !== null
      ? formatMoney(amount_off, currency, locale)
      : `${percent_off ?? 0}%`;
  if (duration !== 'repeating') return `${off} off ${duration}`;
  return `${off} off for ${months === 1 ? 'a month' : `${months ?? 0} months`}`;
}

export function CouponText({ coupon }: { coupon: CouponTerms }) {
  const { locale } = useViewer();
  return <span>{couponText(coupon, locale)}</span>;
}
