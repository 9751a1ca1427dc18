'use client';

import { trpc } from '@/components/api/trpc';

const FALLBACK = 30;

/** How many days a customer has to pay, where a form begins, as text: it is to be typed over. */
export function useDefaultDays(): string {
  const { data } = trpc.dashboard.projects.settings.useQuery();
  return String(data?.billing.days_until_due ?? FALLBACK);
}
