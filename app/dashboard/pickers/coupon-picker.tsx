'use client';

import { trpc } from '@/components/api/trpc';
import { couponText } from '@/components/money/coupon';
import { useViewer } from '@/components/time/viewer';
import { Combobox } from '@/components/ui/combobox';
import type { PickerProps } from './customer-picker';

const SHOWN = 100;

/** One of the newest coupons that can be redeemed. */
export function CouponPicker({ value, onChange, ...control }: PickerProps) {
  const { locale } = useViewer();
  const coupons = trpc.coupons.list.useQuery({ limit: SHOWN });
  const valid = (coupons.data?.data ?? []).filter((coupon) => coupon.valid);
  return (
    <Combobox
      {...control}
      value={value}
      onChange={onChange}
      placeholder="Choose a coupon"
      emptyText="No coupon that can be redeemed."
      options={valid.map((coupon) => ({
        value: coupon.id,
        label: coupon.name ?? coupon.id,
        note: couponText(coupon, locale),
      }))}
    />
  );
}
