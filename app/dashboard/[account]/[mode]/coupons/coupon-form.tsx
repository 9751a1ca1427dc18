'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { FormSheet, FormSkeleton } from '@/components/object/form-sheet';

/** Loaded when the sheet is first opened. */
const NewCoupon = dynamic(() => import('./new-coupon').then((module) => module.NewCoupon), {
  loading: FormSkeleton,
});

interface CouponFormProps {
  readonly trigger: ReactNode;
  /** With the id of the new coupon. */
  readonly onSaved: (id: string) => void;
}

export const CouponForm = ({ trigger, onSaved }: CouponFormProps) => (
  <FormSheet trigger={trigger} title="Create coupon">
    {(close) => (
      <NewCoupon
        onSaved={(id) => {
          close();
          onSaved(id);
        }}
      />
    )}
  </FormSheet>
);
