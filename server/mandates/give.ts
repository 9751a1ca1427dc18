/** How a mandate comes to be, begins to hold, and ends. */
import type Stripe from 'stripe';
import type { Announced } from '@/server/events';
import type { Tx } from '@/server/kernel/context';
import { parameterMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { mandate, move, type Action } from './lifecycle';
import type { MandateData } from './params';
import { insert, lock, lockLiving, type MandateRow } from './store';

/**
 * A mandate that does not hold yet: its card is still to be saved.
 *
 * @throws ApiError 400 `parameter_missing` where a server does not say how it was accepted online.
 *   Of a browser it is known.
 */
export const give = (
  tx: Tx,
  { customer_acceptance }: NonNullable<MandateData>,
  to: Pick<MandateRow, 'payment_method' | 'setup_intent'>,
): MandateRow =>
  insert(tx, {
    ...to,
    id: newId('mandate'),
    status: 'pending',
    type: 'multi_use',
    customer_acceptance: acceptanceOf(tx, customer_acceptance),
    created: unix(tx.now),
  });

function acceptanceOf(
  tx: Tx,
  { accepted_at, online, type }: NonNullable<MandateData>['customer_acceptance'],
): Stripe.Mandate.CustomerAcceptance {
  const when = { accepted_at: accepted_at ?? unix(tx.now) };
  if (type === 'offline') return { ...when, offline: {}, type };
  if (!tx.publishable) {
    for (const name of ['ip_address', 'user_agent'] as const) {
      if (online?.[name] === undefined) {
        throw parameterMissing(`mandate_data[customer_acceptance][online][${name}]`);
      }
    }
  }
  return {
    ...when,
    online: {
      ip_address: online?.ip_address ?? tx.request?.ip ?? null,
      user_agent: online?.user_agent ?? null,
    },
    type,
  };
}

/** Moves the mandate of an id, where its status allows that: what has ended stays ended. */
export async function settleMandate(tx: Tx, id: string | null, action: Action): Promise<void> {
  const row = id === null ? null : await lock(tx, id);
  if (row !== null && mandate.allows(row.status, action)) await move(tx, row, action);
}

/** What was to give it has ended without: one that does not hold yet never will. */
export async function abandonMandate(tx: Tx, id: string | null): Promise<void> {
  const row = id === null ? null : await lock(tx, id);
  if (row?.status === 'pending') await move(tx, row, 'revoke');
}

/** A reaction: a card that was detached cannot be charged, so nothing permits it any more. */
export async function revokeMandates(tx: Tx, { object }: Announced): Promise<void> {
  if (object.id === undefined) return;
  for (const row of await lockLiving(tx, object.id)) await move(tx, row, 'revoke');
}
