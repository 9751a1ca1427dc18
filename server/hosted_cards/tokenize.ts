/**
 * A card on its way to become a token, which a server may use once. https://docs.stripe.com/api/tokens/create
 *
 * The processor's token is used up here and the card kept, so that ours is good for whatever takes one,
 * in one transaction and as late as anybody likes.
 */
import { resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { exchange, type Awaiting } from '@/server/kernel/operation';
import {
  billingDetailsOf,
  createFromCard,
  CreateToken,
  toToken,
  UNSUPPORTED_ON_CREATE,
  type Token,
} from '@/server/tokens';
import { keep } from './keep';

export const tokenize = exchange({
  route: 'POST /v1/tokens',
  answers: 'token',
  summary: 'Creates a token that stands for a card, to be used once.',
  input: CreateToken,
  unsupported: UNSUPPORTED_ON_CREATE,
  publishable: true,
  async intend(tx, { card }): Promise<Token | Awaiting> {
    if (!('token' in card)) return toToken(createFromCard(tx, card));
    const kept = await keep(tx, {
      token: card.token,
      kept: { billing_details: billingDetailsOf(card), client_ip: tx.request?.ip ?? null },
      as: { token: newId('token') },
    });
    // Of our own tokens none is made anew: whoever has one uses it.
    if (kept === null) throw resourceMissing('token', card.token, 'card[token]');
    return kept;
  },
});
