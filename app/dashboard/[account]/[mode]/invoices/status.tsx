'use client';

import { useSyncExternalStore } from 'react';
import { nowMs } from '@/components/time/clock';
import { Badge, StatusBadge } from '@/components/ui/badge';

interface Owed {
  readonly status: string | null;
  readonly due_date: number | null;
}

/** Nothing tells that time has passed: it is looked at whenever the page is drawn. */
const never = () => () => undefined;

/** An invoice's status; one that is open for too long says so. */
export function InvoiceStatus({ invoice: { status, due_date } }: { invoice: Owed }) {
  const isLate = useSyncExternalStore(
    never,
    () => due_date !== null && due_date * 1_000 < nowMs(),
    // The server has a now of its own.
    () => false,
  );
  if (status === 'open' && isLate) return <Badge look="bad">Past due</Badge>;
  return <StatusBadge status={status ?? 'draft'} />;
}
