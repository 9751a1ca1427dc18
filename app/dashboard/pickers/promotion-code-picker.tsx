'use client';

import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { objectIn } from '@/components/api/expandable';
import { trpc } from '@/components/api/trpc';
import { couponText } from '@/components/money/coupon';
import { useViewer } from '@/components/time/viewer';
import { Combobox } from '@/components/ui/combobox';
import type { PickerProps } from './customer-picker';

const SHOWN = 20;

/** One of the codes in use: the newest, or the one that is typed. */
export function PromotionCodePicker({ value, onChange, ...control }: PickerProps) {
  const [text, setText] = useState('');
  const { locale } = useViewer();
  const code = text.trim();
  const codes = trpc.promotionCodes.list.useQuery(
    {
      active: true,
      limit: SHOWN,
      expand: ['data.promotion.coupon'],
      ...(code === '' ? {} : { code }),
    },
    { placeholderData: keepPreviousData },
  );
  const chosen = trpc.promotionCodes.retrieve.useQuery({ id: value }, { enabled: value !== '' });
  return (
    <Combobox
      {...control}
      value={value}
      onChange={onChange}
      onSearch={setText}
      placeholder="No promotion code"
      searchPlaceholder="The whole code"
      emptyText="No such code in use."
      {...(chosen.data === undefined ? {} : { valueLabel: chosen.data.code })}
      options={(codes.data?.data ?? []).map(({ id, code, promotion }) => {
        const coupon = objectIn(promotion.coupon);
        return {
          value: id,
          label: code,
          ...(coupon === null ? {} : { note: couponText(coupon, locale) }),
        };
      })}
    />
  );
}
