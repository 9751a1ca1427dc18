/** Ours: Stripe shows deliveries in its dashboard, and has no route for them. */
import { unix } from '@/server/kernel/object';
import type { AttemptRow, DeliveryRow } from './store';

export interface Delivery {
  readonly id: string;
  readonly object: 'webhook_delivery';
  readonly attempt_count: number;
  /** The newest first; only where one delivery is retrieved. */
  readonly attempts?: readonly DeliveryAttempt[];
  readonly created: number;
  readonly endpoint: string;
  readonly event: string;
  readonly livemode: boolean;
  /** Null when there is nothing more to do. */
  readonly next_attempt_at: number | null;
  readonly status: DeliveryRow['status'];
}

export interface DeliveryAttempt {
  readonly id: string;
  readonly object: 'webhook_delivery_attempt';
  readonly created: number;
  readonly duration_ms: number;
  /** Why there was no answer; null when there was one. */
  readonly failure: string | null;
  /** The first 16 KiB of the answer. */
  readonly response_body: string | null;
  readonly response_status: number | null;
}

export const toDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  object: 'webhook_delivery',
  attempt_count: row.attempts,
  created: unix(row.created_at),
  endpoint: row.endpoint,
  event: row.event,
  livemode: row.livemode,
  next_attempt_at: row.next_attempt_at === null ? null : unix(row.next_attempt_at),
  status: row.status,
});

export const toAttempt = (row: AttemptRow): DeliveryAttempt => ({
  id: row.id,
  object: 'webhook_delivery_attempt',
  created: row.created,
  duration_ms: row.duration_ms,
  failure: row.failure,
  response_body: row.response_body,
  response_status: row.response_status,
});
