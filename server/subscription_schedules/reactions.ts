/** What the ends of customers and subscriptions mean for their schedules. */
import type Stripe from 'stripe';
import type { Announced } from '@/server/events';
import type { Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { onClock } from '@/server/test_clocks';
import { move, type Action } from './lifecycle';
import * as store from './store';

/**
 * `customer.subscription.deleted`: there is nothing left to change. A schedule whose subscription was
 * to end was over before it.
 */
export async function cancelWith(tx: Tx, { object }: Announced): Promise<void> {
  const { cancellation_details, schedule } = object as Stripe.Subscription;
  if (typeof schedule !== 'string') return;
  await stop(tx, schedule, cancellation_details?.reason === 'payment_failed' ? 'abort' : 'cancel');
}

/** `customer.deleted`: nobody is left to begin anything for. */
export async function cancelSchedulesOf(tx: Tx, { object }: Announced): Promise<void> {
  if (object.id === undefined) return;
  for (const id of await store.ongoingOf(tx, object.id)) await stop(tx, id, 'cancel');
}

async function stop(tx: Tx, id: string, action: Action): Promise<void> {
  const row = await store.lock(tx, id);
  if (row?.status !== 'active' && row?.status !== 'not_started') return;
  const { now } = await onClock(tx, row.test_clock);
  await move(tx, row, action, { canceled_at: unix(now) });
}
