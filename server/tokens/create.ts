/** New tokens: of a typed card, and of one that its processor keeps. */
import type Stripe from 'stripe';
import type { Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { acceptCard, NO_BILLING_DETAILS } from './card';
import type { Holder, TypedForToken } from './params';
import * as store from './store';
import type { TokenRow } from './store';
import { toStored, type VerifiedCard } from './verified';

/**
 * A token of a card that was typed.
 *
 * @throws ApiError as `acceptCard` does: 402 for a card that cannot be one, 400 in live mode.
 */
export const createFromCard = (tx: Tx, card: TypedForToken): TokenRow =>
  store.insert(tx, {
    id: newId('token'),
    type: 'card',
    ...acceptCard(tx, card),
    processor_account: null,
    agreements: null,
    billing_details: billingDetailsOf(card),
    client_ip: tx.request?.ip ?? null,
    used: false,
    created: unix(tx.now),
  });

interface VerifiedToken extends VerifiedCard {
  readonly id: string;
  readonly billing_details: Stripe.PaymentMethod.BillingDetails;
  readonly client_ip: string | null;
}

/** A token of a card that never was ours to see. */
export const createVerifiedToken = (tx: Tx, verified: VerifiedToken): TokenRow =>
  store.insert(tx, {
    id: verified.id,
    type: 'card',
    card: toStored(verified),
    processor_token: verified.processor_token,
    processor_account: verified.processor_account,
    agreements: verified.agreements,
    billing_details: verified.billing_details,
    client_ip: verified.client_ip,
    used: false,
    created: unix(tx.now),
  });

export const billingDetailsOf = (holder: Holder): Stripe.PaymentMethod.BillingDetails => ({
  ...NO_BILLING_DETAILS,
  address: {
    city: holder.address_city ?? null,
    country: holder.address_country ?? null,
    line1: holder.address_line1 ?? null,
    line2: holder.address_line2 ?? null,
    postal_code: holder.address_zip ?? null,
    state: holder.address_state ?? null,
  },
  name: holder.name ?? null,
});
