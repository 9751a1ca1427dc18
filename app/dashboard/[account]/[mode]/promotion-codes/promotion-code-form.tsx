'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { FormSheet, FormSkeleton } from '@/components/object/form-sheet';

/** Loaded when the sheet is first opened. */
const NewCode = dynamic(() => import('./new-code').then((module) => module.NewCode), {
  loading: FormSkeleton,
});

interface PromotionCodeFormProps {
  readonly trigger: ReactNode;
  /** The coupon it is for; without it one is chosen. */
  readonly coupon?: string;
  /** With the id of the new code. */
  readonly onSaved?: (id: string) => void;
}

export const PromotionCodeForm = ({ trigger, coupon, onSaved }: PromotionCodeFormProps) => (
  <FormSheet trigger={trigger} title="Create promotion code">
    {(close) => (
      <NewCode
        coupon={coupon}
        onSaved={(id) => {
          close();
          onSaved?.(id);
        }}
      />
    )}
  </FormSheet>
);
