'use client';

import { useSyncExternalStore } from 'react';
import { nowMs } from '@/components/time/clock';
import { Badge, StatusBadge } from '@/components/ui/badge';

interface Owed {
  readonly status: string | null;
  readonly due_date: number | null;
}

/** `A1B2C3D4-0001`. Where there is little room its beginning gives way: that is the same in all of a customer's. */
export function InvoiceNumber({ number }: { number: string | null }) {
  if (number === null) return 'Draft';
  const at = number.lastIndexOf('-');
  if (at < 0) return number;
  return (
    <span className="flex">
      <span className="truncate">{number.slice(0, at)}</span>
      <span className="shrink-0">{number.slice(at)}</span>
    </span>
  );
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
