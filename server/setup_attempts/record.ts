/** An attempt is written when the issuer is about to be asked, and then told what it answered. */
import type Stripe from 'stripe';
import type { StoredCard } from '@/db/schema/payment_methods';
import type { Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import type { Approved, Declined } from '@/server/processor/processor';
import { move } from './lifecycle';
import { insert, lock, type SetupAttemptRow } from './store';

/** What an attempt takes from its intent. */
export type AttemptedIntent = Pick<
  SetupAttemptRow,
  'id' | 'attach_to_self' | 'customer' | 'flow_directions' | 'usage'
>;

export const begin = (
  tx: Tx,
  { id: setup_intent, attach_to_self, customer, flow_directions, usage }: AttemptedIntent,
  method: { readonly id: string; readonly card: StoredCard },
): SetupAttemptRow =>
  insert(tx, {
    id: newId('setup_attempt'),
    status: 'processing',
    setup_intent,
    attach_to_self,
    card: toAttempted(method.card),
    customer,
    flow_directions,
    payment_method: method.id,
    setup_error: null,
    usage,
    created: unix(tx.now),
  });

/** The cardholder is asked who they are, has answered, or never will. */
export const moveOn = async (
  tx: Tx,
  id: string,
  action: 'abandon' | 'challenge' | 'submit',
): Promise<SetupAttemptRow> => move(tx, await requireLocked(tx, id), action);

export async function succeed(
  tx: Tx,
  id: string,
  { checks, three_d_secure }: Approved,
): Promise<SetupAttemptRow> {
  const before = await requireLocked(tx, id);
  return move(tx, before, 'succeed', {
    card: {
      ...before.card,
      checks,
      three_d_secure:
        three_d_secure === undefined
          ? null
          : { ...three_d_secure, result: 'authenticated', result_reason: null },
    },
  });
}

export async function fail(
  tx: Tx,
  id: string,
  { checks }: Declined,
  setup_error: Stripe.SetupAttempt.SetupError,
): Promise<SetupAttemptRow> {
  const before = await requireLocked(tx, id);
  return move(tx, before, 'fail', { card: { ...before.card, checks }, setup_error });
}

async function requireLocked(tx: Tx, id: string): Promise<SetupAttemptRow> {
  const row = await lock(tx, id);
  if (row === null) throw new Error(`${id} does not exist.`);
  return row;
}

const toAttempted = (card: StoredCard): SetupAttemptRow['card'] => ({
  brand: card.brand,
  checks: null,
  country: card.country,
  exp_month: card.exp_month,
  exp_year: card.exp_year,
  fingerprint: card.fingerprint,
  funding: card.funding,
  last4: card.last4,
  network: card.brand,
  three_d_secure: null,
  wallet: null,
});
