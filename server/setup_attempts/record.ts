/** An attempt is written when the issuer is about to be asked, and then told what it answered. */
import type Stripe from 'stripe';
import type { StoredCard } from '@/db/schema/payment_methods';
import type { Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import type { Approved, Declined, ThreeDSecure } from '@/server/processor/processor';
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

/** The cardholder is asked who they are, or has answered. */
export const moveOn = async (
  tx: Tx,
  id: string,
  action: 'challenge' | 'submit',
): Promise<SetupAttemptRow> => move(tx, await requireLocked(tx, id), action);

/** They never will: it was begun anew, or given up. */
export async function abandon(
  tx: Tx,
  id: string,
  result_reason: 'abandoned' | 'canceled',
): Promise<SetupAttemptRow> {
  const before = await requireLocked(tx, id);
  const three_d_secure = {
    authentication_flow: 'challenge',
    electronic_commerce_indicator: null,
    result: 'failed',
    result_reason,
    transaction_id: null,
    version: null,
  } as const;
  return move(tx, before, 'abandon', { card: { ...before.card, three_d_secure } });
}

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
      three_d_secure: toShown(three_d_secure),
    },
  });
}

export async function fail(
  tx: Tx,
  id: string,
  { checks, three_d_secure }: Declined,
  setup_error: Stripe.SetupAttempt.SetupError,
): Promise<SetupAttemptRow> {
  const before = await requireLocked(tx, id);
  const card = { ...before.card, checks, three_d_secure: toShown(three_d_secure) };
  return move(tx, before, 'fail', { card, setup_error });
}

/** Setup attempts do not tell of exemptions: there is no payment to be exempted. */
const toShown = (told: ThreeDSecure | undefined): SetupAttemptRow['card']['three_d_secure'] =>
  told === undefined
    ? null
    : {
        authentication_flow: told.authentication_flow,
        electronic_commerce_indicator: told.electronic_commerce_indicator,
        result: told.result ?? 'authenticated',
        result_reason: told.result_reason ?? null,
        transaction_id: told.transaction_id,
        version: told.version,
      };

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
