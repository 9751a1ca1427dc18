/**
 * A card that was typed into a processor's own fields. What comes from the browser is the processor's
 * token, which tells nothing and can be used once: so the issuer is asked to verify the card, and the
 * transaction of that is by which it is known from then on.
 */
import type { KeptCard } from '@/db/schema/processor_attempts';
import type { Tx } from '@/server/kernel/context';
import type { Awaiting } from '@/server/kernel/operation';
import { hostedToken } from '@/server/processor/cardstream';
import { findCurrentAccount } from '@/server/processor_accounts';
import { billingOf, open } from '@/server/processor_attempts';
import { currentProject } from '@/server/projects';

/** What the card is to become. */
type Becoming = { readonly payment_method: string } | { readonly token: string };

interface Wanted {
  /** What came from the browser. */
  readonly token: string;
  readonly kept: KeptCard;
  readonly as: Becoming;
}

/**
 * Has the processor keep the card; null for a token that is none of a processor's, but this API's, and
 * where no processor is there to ask.
 */
export async function keep(tx: Tx, { token, kept, as }: Wanted): Promise<Awaiting | null> {
  if (isOurs(token)) return null;
  const account = await findCurrentAccount(tx);
  if (account === null) return null;
  const { default_currency } = await currentProject(tx);
  return open(tx, {
    kind: 'keep',
    ...as,
    processor_account: account.id,
    processor_token: hostedToken(token),
    amount: 0,
    // No money is asked for, but networks want a currency all the same.
    currency: default_currency,
    // The cardholder is there, and is authenticated once they pay: not for handing in a card.
    off_session: true,
    initiator: 'customer',
    agreement: 'card_on_file',
    billing: billingOf(kept.billing_details),
    kept,
  });
}

/** Tokens that this API made, and Stripe's names of test cards. */
const isOurs = (token: string): boolean => token.startsWith('tok_');
