/**
 * A delivery is pending until the receiver has taken it or it is given up, and can be sent again
 * after either. Only what is pending is ever due.
 */
import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { update, type DeliveryRow } from './store';

export type DeliveryStatus = DeliveryRow['status'];
export type DeliveryAction = 'succeed' | 'give_up' | 'retry';

/** Stripe announces nothing about deliveries: there is no event to send. */
const SUCCEED = ['succeeded', null] as const;
const GIVE_UP = ['failed', null] as const;
const RETRY = ['pending', null] as const;

export const webhookDelivery = lifecycle<DeliveryStatus, DeliveryAction>(
  'webhook_delivery',
  ['pending'],
  {
    pending: { succeed: SUCCEED, give_up: GIVE_UP, retry: RETRY },
    succeeded: { retry: RETRY },
    failed: { retry: RETRY },
  },
);

/** Where an action leads. The callers know the status; one that has no such step is a bug. */
export function statusAfter(status: DeliveryStatus, action: DeliveryAction): DeliveryStatus {
  const step = webhookDelivery.step(status, action);
  if (step === null) throw new Error(`A ${status} delivery cannot ${action}.`);
  return step[0];
}

/** Of a row that this transaction locked: pending rows are due at once. */
export function move(tx: Tx, row: DeliveryRow, action: DeliveryAction): DeliveryRow {
  const status = statusAfter(row.status, action);
  return update(tx, row, { status, next_attempt_at: status === 'pending' ? tx.now : null });
}
