/**
 * A direct charge is one that was asked for by itself, as before payment intents: `POST /v1/charges`.
 * Money moves in one way, so it is paid by an intent all the same, one that is shown to nobody and
 * has the id of its charge. https://docs.stripe.com/api/charges/create
 */
import type Stripe from 'stripe';
import { kindOf } from '@/server/kernel/ids';
import { toCard } from '@/server/tokens';
import type { ChargeRow } from './store';

/** Whether the intent of this id is there for a direct charge only. */
export const isDirect = (payment_intent: string): boolean => kindOf(payment_intent) === 'charge';

/** What is shown of the intent that a charge, or money back of it, belongs to. */
export const shownIntent = (payment_intent: string): string | null =>
  isDirect(payment_intent) ? null : payment_intent;

/** The card that a direct charge was taken from, as it was then. */
export const sourceOf = (row: ChargeRow): Stripe.Card | null =>
  isDirect(row.payment_intent)
    ? {
        ...toCard({ ...row, id: row.payment_method, metadata: {} }),
        customer: row.customer,
      }
    : null;
