'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { FormSheet, FormSkeleton } from '@/components/object/form-sheet';

/** Loaded when the sheet is first opened. */
const NewSubscription = dynamic(
  () => import('./new-subscription').then((module) => module.NewSubscription),
  {
    loading: FormSkeleton,
  },
);

interface SubscriptionFormProps {
  readonly trigger: ReactNode;
  /** Whose it is; without it one is chosen. */
  readonly customer?: string;
}

/** Begins a subscription, and goes to it. */
export const SubscriptionForm = ({ trigger, customer }: SubscriptionFormProps) => (
  <FormSheet trigger={trigger} title="Create subscription">
    {(close) => <NewSubscription customer={customer ?? ''} onSaved={close} />}
  </FormSheet>
);
