/**
 * A token stands for a card on its way from a browser to a server, which may use it once. What it
 * becomes, a payment method, is not this folder's business; to make one is `hosted_cards`', since it may
 * take a processor. https://docs.stripe.com/api/tokens
 */
import type Stripe from 'stripe';
import type { Tx } from '@/server/kernel/context';
import { invalidState, resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { query } from '@/server/kernel/operation';
import { NO_BILLING_DETAILS, testToken, type AcceptedCard } from './card';
import { cardIdOf, toToken } from './object';
import { TokenId } from './params';
import * as store from './store';

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
export interface RedeemedCard
  extends AcceptedCard, Pick<store.TokenRow, 'processor_account' | 'agreements'> {
  readonly billing_details: Stripe.PaymentMethod.BillingDetails;
  /** The id that the card has where it is kept as a source: `card_…`. */
  readonly source: string;
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
  if (known !== null) {
    return {
      ...known,
      processor_account: null,
      agreements: null,
      billing_details: NO_BILLING_DETAILS,
      source: newId('card'),
    };
  }
  const row = await store.lock(tx, id);
  if (row === null) throw resourceMissing('token', id, param);
  if (row.used) {
    throw invalidState(
      `You cannot use a token more than once: ${id}.`,
      'token_already_used',
      param,
    );
  }
  return { ...store.update(tx, row, { used: true }), source: cardIdOf(id) };
}
