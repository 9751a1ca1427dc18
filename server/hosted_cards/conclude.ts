/** What the issuer's answer makes of a card that was handed in: a payment method or a token, or an error. */
import type Stripe from 'stripe';
import type { Scope, Tx } from '@/server/kernel/context';
import { cardError, type ApiError } from '@/server/kernel/errors';
import {
  createVerified,
  findPaymentMethod,
  mergeBillingDetails,
  toPaymentMethod,
} from '@/server/payment_methods';
import type { AttemptOnCard } from '@/server/processor_attempts';
import type { CardFacts, Outcome } from '@/server/processor/processor';
import {
  createVerifiedToken,
  findToken,
  NO_BILLING_DETAILS,
  toToken,
  type VerifiedCard,
} from '@/server/tokens';

type Answer = Stripe.PaymentMethod | Stripe.Token | ApiError;

/** After `keep`. */
export async function concludeCard(
  tx: Tx,
  attempt: AttemptOnCard,
  outcome: Outcome | null,
): Promise<Answer> {
  const known = knownBy(outcome);
  if (known === null) return refusalOf(outcome);
  const { transaction, card, checks } = known;
  const verified: VerifiedCard = {
    processor_account: attempt.processor_account,
    processor_token: transaction,
    agreements: { card_on_file: transaction },
    facts: card,
    checks,
  };
  const { kept } = attempt;
  if (attempt.token === null) {
    return toPaymentMethod(
      createVerified(tx, { ...kept, id: attempt.payment_method, ...verified }),
    );
  }
  const row = createVerifiedToken(tx, {
    id: attempt.token,
    billing_details: mergeBillingDetails(NO_BILLING_DETAILS, kept.billing_details),
    client_ip: kept.client_ip ?? null,
    ...verified,
  });
  return toToken(row);
}

/** What an attempt that was answered meanwhile led to. */
export async function answerOfCard(scope: Scope, attempt: AttemptOnCard): Promise<Answer> {
  if (attempt.token !== null) {
    const token = await findToken(scope, attempt.token);
    return token === null ? refusalOf(attempt.outcome as Outcome | null) : toToken(token);
  }
  const row = await findPaymentMethod(scope, attempt.payment_method);
  return row === null ? refusalOf(attempt.outcome as Outcome | null) : toPaymentMethod(row);
}

interface Known {
  readonly transaction: string;
  readonly card: CardFacts;
  readonly checks: Extract<Outcome, { kind: 'approved' }>['checks'];
}

/**
 * The card, where its issuer lets it be kept. One that the issuer declines because its holder must be
 * authenticated is kept, too: its first payment brings the challenge. A gateway that puts a challenge
 * instead, for which it was not asked, has not verified the card, and says none to keep.
 */
function knownBy(outcome: Outcome | null): Known | null {
  if (outcome?.kind !== 'approved' && outcome?.kind !== 'declined') return null;
  const isKept = outcome.kind === 'approved' || outcome.code === 'authentication_required';
  const { transaction, card, checks } = outcome;
  return isKept && card !== undefined && transaction !== null
    ? { transaction, card, checks }
    : null;
}

const refusalOf = (outcome: Outcome | null): ApiError =>
  outcome?.kind === 'declined'
    ? cardError(outcome.message, {
        code: outcome.code,
        ...(outcome.decline_code === null ? {} : { decline_code: outcome.decline_code }),
      })
    : cardError('The issuer of the card did not answer in time. Enter the card again.', {
        code: 'processing_error',
      });
