/**
 * A card as somebody hands it in: a typed number, or one of Stripe's names for a test card. Of a
 * number remains what may be shown and the token by which the processor knows the card; number and
 * CVC are not stored, not logged and not answered.
 *
 * The one file of the domains that knows the test cards. https://docs.stripe.com/testing
 */
import type Stripe from 'stripe';
import { z } from 'zod';
import type { StoredCard } from '@/db/schema/payment_methods';
import type { Caller } from '@/server/kernel/context';
import { cardError, parameterInvalid, type ApiError } from '@/server/kernel/errors';
import {
  cardByNumber,
  cardByPaymentMethodId,
  cardByToken,
  DECLINES,
  isLuhnValid,
  vaulted,
  verify,
  type CardFacts,
  type Reason,
} from '@/server/processor/simulator';

/** Whole numbers that the SDKs send as text too, so JSON may have either. */
const whole = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,4}$/, 'Invalid integer')
    .transform(Number),
]);

export const expiry = { exp_month: whole, exp_year: whole };

export const preferredNetwork = z.enum(['cartes_bancaires', 'mastercard', 'visa']);

/** The fields of a typed card, for inputs that take one. */
export const typedCard = {
  number: z.string(),
  ...expiry,
  cvc: z.string().optional(),
  networks: z.strictObject({ preferred: preferredNetwork.optional() }).optional(),
};
export type TypedCard = z.infer<z.ZodObject<typeof typedCard>>;

/** A card that was accepted: what is kept of it. */
export interface AcceptedCard {
  readonly card: StoredCard;
  readonly processor_token: string;
}

/** Nothing is known of whom the card belongs to. */
export const NO_BILLING_DETAILS: Stripe.PaymentMethod.BillingDetails = {
  address: {
    city: null,
    country: null,
    line1: null,
    line2: null,
    postal_code: null,
    state: null,
  },
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

/** Test cards are for test mode, and expire by its clock. */
type Where = Pick<Caller, 'livemode' | 'now'>;

type Expiry = Pick<StoredCard, 'exp_month' | 'exp_year'>;

/**
 * A typed card, in test mode and from Stripe's table only.
 *
 * @throws ApiError 400 for any number in live mode; a card error (402) for a number that is wrong
 *   (`incorrect_number`) or real (`test_mode_live_card`), for a date in the past or out of range
 *   (`invalid_expiry_month`, `invalid_expiry_year`) and for an impossible CVC (`invalid_cvc`).
 */
export function acceptCard({ livemode, now }: Where, typed: TypedCard): AcceptedCard {
  if (livemode) throw rawNumberRefused();
  const number = typed.number.replaceAll(/[ -]/g, '');
  const hasCvc = typed.cvc !== undefined;
  if (!isLuhnValid(number)) throw refused(DECLINES.incorrect_number, 'number');
  const expires = acceptExpiry(typed, now);
  if (hasCvc && !isCvcOf(number, typed.cvc)) throw refused(INVALID_CVC, 'cvc');
  const facts = cardByNumber(number, { cvc: hasCvc });
  if (facts === null) throw refused(DECLINES.test_mode_live_card, 'number');
  const accepted = toAccepted(facts, expires, hasCvc);
  return { ...accepted, card: preferNetwork(accepted.card, typed.networks?.preferred) };
}

/** The card behind an id such as `pm_card_visa`. Null for any other id, and in live mode. */
export const testPaymentMethod = (where: Where, id: string): AcceptedCard | null =>
  namedCard(where, cardByPaymentMethodId(id));

/** The card behind an id such as `tok_visa`. Null for any other id, and in live mode. */
export const testToken = (where: Where, id: string): AcceptedCard | null =>
  namedCard(where, cardByToken(id));

/**
 * By which the processor knows the card as this payment method: the simulator tells it from the same
 * card handed in again, a gateway knows a card that it keeps by its own token.
 */
export const tokenOf = (
  { livemode }: Pick<Where, 'livemode'>,
  {
    processor_token,
    processor_account = null,
  }: AcceptedCard & { readonly processor_account?: string | null },
  id: string,
): string =>
  livemode || processor_account !== null ? processor_token : vaulted(processor_token, id);

/**
 * The month in which a card expires is the last in which it is good. Years may have two digits.
 *
 * @throws ApiError 402 for a month that is none or is over, a year that is over or is absurd.
 */
export function acceptExpiry(given: Expiry, now: Date): Expiry {
  const { exp_month } = given;
  const exp_year = given.exp_year < 100 ? 2000 + given.exp_year : given.exp_year;
  const year = now.getUTCFullYear();
  if (exp_month < 1 || exp_month > 12) throw refused(INVALID_MONTH, 'exp_month');
  if (exp_year < year || exp_year > year + YEARS_AHEAD) throw refused(INVALID_YEAR, 'exp_year');
  if (exp_year === year && exp_month <= now.getUTCMonth()) {
    throw refused(INVALID_MONTH, 'exp_month');
  }
  return { exp_month, exp_year };
}

/**
 * The holder of a co-branded card chooses the network to be used; null takes the choice back.
 *
 * @throws ApiError 400 for a network that the card is not of.
 */
export function preferNetwork(card: StoredCard, preferred: string | null | undefined): StoredCard {
  if (preferred === undefined) return card;
  if (preferred !== null && !card.networks.available.includes(preferred)) {
    throw parameterInvalid(
      `The network ${preferred} is not available for this card. Available networks: ${card.networks.available.join(', ')}.`,
      'card[networks][preferred]',
    );
  }
  return { ...card, networks: { ...card.networks, preferred } };
}

/**
 * The card as it is once saved without a payment: its issuer was asked, as Stripe does when a
 * card is attached to a customer. Live cards are verified where they are collected.
 *
 * @throws ApiError 402 when the issuer declines. A card whose holder must be challenged is saved:
 *   its first payment brings the challenge.
 */
export function verifiedCard(
  { livemode }: Pick<Where, 'livemode'>,
  {
    card,
    processor_token,
    processor_account = null,
  }: AcceptedCard & { readonly processor_account?: string | null },
) {
  // What a gateway keeps was verified when it was handed in.
  if (livemode || processor_account !== null) return card;
  const outcome = verify(processor_token);
  if (outcome.kind !== 'approved' && outcome.kind !== 'declined') return card;
  if (outcome.kind === 'declined' && outcome.code !== 'authentication_required') {
    throw refused(outcome);
  }
  return withChecks(card, outcome.checks);
}

/** What the issuer checked replaces what was known; what it did not check stays. */
export function withChecks(card: StoredCard, checks: StoredCard['checks']): StoredCard {
  const { address_line1_check, address_postal_code_check, cvc_check } = card.checks;
  return {
    ...card,
    checks: {
      address_line1_check: checks.address_line1_check ?? address_line1_check,
      address_postal_code_check: checks.address_postal_code_check ?? address_postal_code_check,
      cvc_check: checks.cvc_check ?? cvc_check,
    },
  };
}

const YEARS_AHEAD = 50;

const plain = (code: string, message: string): Reason => ({ code, decline_code: null, message });
const INVALID_MONTH = plain('invalid_expiry_month', "Your card's expiration month is invalid.");
const INVALID_YEAR = plain('invalid_expiry_year', "Your card's expiration year is invalid.");
const INVALID_CVC = plain('invalid_cvc', "Your card's security code is invalid.");

const refused = ({ code, decline_code, message }: Reason, param?: string): ApiError =>
  cardError(message, { code, decline_code: decline_code ?? undefined, param });

const rawNumberRefused = (): ApiError =>
  parameterInvalid(
    'Card numbers are not accepted by this API in live mode: a server that sees them is bound by all of PCI DSS. Collect the card on a hosted page and send the token that comes from it.',
    'card[number]',
  );

/** American Express prints four digits on the front, and has three on the back as others do. */
const isCvcOf = (number: string, cvc = ''): boolean =>
  (/^3[47]/.test(number) ? /^\d{3,4}$/ : /^\d{3}$/).test(cvc);

function namedCard({ livemode, now }: Where, facts: CardFacts | null): AcceptedCard | null {
  if (livemode || facts === null) return null;
  const expires = { exp_month: now.getUTCMonth() + 1, exp_year: now.getUTCFullYear() + 1 };
  return toAccepted(facts, expires, true);
}

/** A check is `unchecked` until the issuer is asked, and null where there is nothing to ask. */
const toAccepted = (facts: CardFacts, expires: Expiry, hasCvc: boolean): AcceptedCard => ({
  processor_token: facts.token,
  card: {
    brand: facts.brand,
    display_brand: facts.display_brand,
    country: facts.country,
    ...expires,
    fingerprint: facts.fingerprint,
    funding: facts.funding,
    last4: facts.last4,
    networks: { available: [...facts.networks.available], preferred: null },
    checks: {
      address_line1_check: null,
      address_postal_code_check: null,
      cvc_check: hasCvc ? 'unchecked' : null,
    },
  },
});
