/**
 * A token stands for a card on its way from a browser to a server, which may use it once. What it
 * becomes, a payment method, is not this folder's business. https://docs.stripe.com/api/tokens
 */
import type Stripe from 'stripe';
import type { Tx } from '@/server/kernel/context';
import { invalidState, resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { acceptCard, NO_BILLING_DETAILS, testToken, type AcceptedCard } from './card';
import { toToken } from './object';
import { CreateToken, TokenId, UNSUPPORTED } from './params';
import * as store from './store';

export const create = command({
  route: 'POST /v1/tokens',
  summary: 'Creates a token that stands for a card, to be used once.',
  input: CreateToken,
  unsupported: UNSUPPORTED,
  publishable: true,
  async run(tx, { card }) {
    const row = store.insert(tx, {
      id: newId('token'),
      type: 'card',
      ...acceptCard(tx, card),
      billing_details: toBillingDetails(card),
      client_ip: tx.request?.ip ?? null,
      used: false,
      created: unix(tx.now),
    });
    return toToken(row);
  },
});

/** With a publishable key too: whoever knows the id of a token could use it up as well. */
export const retrieve = query({
  route: 'GET /v1/tokens/:id',
  summary: 'Retrieves a token.',
  input: TokenId,
  publishable: true,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('token', id);
    return toToken(row);
  },
});

/** A card and whom it belongs to, out of a token. */
export interface RedeemedCard extends AcceptedCard {
  readonly billing_details: Stripe.PaymentMethod.BillingDetails;
}

/**
 * Uses the token up. Stripe's test tokens, such as `tok_visa`, never are.
 *
 * @param param names the parameter the token came in, for errors.
 * @throws ApiError 400 `resource_missing`; `token_already_used`, also for all but one of those who
 *   use it at the same time.
 */
export async function redeem(tx: Tx, id: string, param: string): Promise<RedeemedCard> {
  const known = testToken(tx, id);
  if (known !== null) return { ...known, billing_details: NO_BILLING_DETAILS };
  const row = await store.lock(tx, id);
  if (row === null) throw resourceMissing('token', id, param);
  if (row.used) {
    throw invalidState(
      `You cannot use a token more than once: ${id}.`,
      'token_already_used',
      param,
    );
  }
  return store.update(tx, row, { used: true });
}

const toBillingDetails = (card: CreateToken['card']): Stripe.PaymentMethod.BillingDetails => ({
  ...NO_BILLING_DETAILS,
  address: {
    city: card.address_city ?? null,
    country: card.address_country ?? null,
    line1: card.address_line1 ?? null,
    line2: card.address_line2 ?? null,
    postal_code: card.address_zip ?? null,
    state: card.address_state ?? null,
  },
  name: card.name ?? null,
});
