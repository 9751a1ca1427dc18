/**
 * An authorization that nobody captures in time is given up, at the processor too, so that the
 * cardholder has their money again: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
 */
import { requireLocked as requireLockedCharge } from '@/server/charges';
import type { Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import type { Awaiting } from '@/server/kernel/operation';
import { open } from '@/server/processor_attempts';
import { collect } from './collect';
import { move } from './lifecycle';
import { lock } from './store';

/** Stripe's reason for what nobody asked for. */
export const EXPIRED = 'automatic';

/** When it is tried again, where the processor does not let go of it. In seconds. */
const AGAIN_S = 24 * 60 * 60;

/** Asks the processor to let go. Null where there is nothing to expire, or not any more, or not yet. */
export async function expire(tx: Tx, id: string): Promise<Awaiting | null> {
  const intent = await lock(tx, id);
  if (intent?.status !== 'requires_capture' || intent.latest_charge === null) return null;
  const now = unix(tx.wallClock);
  if (intent.expires_at === null || intent.expires_at > now) return null;
  // What was captured in part stays so: only the rest is let go.
  if (intent.amount_received > 0) {
    return collect(tx, intent, { amount: 0, final: true }, { expires_at: now + AGAIN_S });
  }
  const charge = await requireLockedCharge(tx, intent.latest_charge);
  await move(tx, intent, 'release', { expires_at: now + AGAIN_S });
  return open(tx, {
    kind: 'cancel',
    payment_intent: intent.id,
    charge: charge.id,
    amount: charge.amount,
    currency: intent.currency,
    processor_account: charge.processor_account,
    transaction: charge.processor_transaction,
    reason: EXPIRED,
  });
}
