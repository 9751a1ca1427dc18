import type Stripe from 'stripe';
import type { TokenRow } from './store';

export type Token = Stripe.Token;

/** TABLE: brands as the older card object spells them. https://docs.stripe.com/api/cards/object */
const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'MasterCard',
  unionpay: 'UnionPay',
  visa: 'Visa',
};

/** The id of the card that is in a token, and of the source that it becomes. */
export const cardIdOf = (token: string): string => token.replace(/^tok_/, 'card_');

export const toToken = (row: TokenRow): Token => ({
  id: row.id,
  object: 'token',
  card: toCard({ ...row, id: cardIdOf(row.id), metadata: {} }),
  client_ip: row.client_ip,
  created: row.created,
  livemode: row.livemode,
  type: row.type,
  used: row.used,
});

/** What the older card object tells of a card, wherever it is kept. */
export interface ShownCard extends Pick<TokenRow, 'card' | 'billing_details'> {
  readonly id: string;
  readonly metadata: Stripe.Metadata;
}

/** A card as integrations from before payment methods know it: https://docs.stripe.com/api/cards */
export const toCard = ({
  id,
  card,
  billing_details: { address, name },
  metadata,
}: ShownCard): Stripe.Card => ({
  id,
  object: 'card',
  address_city: address?.city ?? null,
  address_country: address?.country ?? null,
  address_line1: address?.line1 ?? null,
  address_line1_check: card.checks.address_line1_check,
  address_line2: address?.line2 ?? null,
  address_state: address?.state ?? null,
  address_zip: address?.postal_code ?? null,
  address_zip_check: card.checks.address_postal_code_check,
  brand: BRANDS[card.brand] ?? 'Unknown',
  country: card.country,
  cvc_check: card.checks.cvc_check,
  dynamic_last4: null,
  exp_month: card.exp_month,
  exp_year: card.exp_year,
  fingerprint: card.fingerprint,
  funding: card.funding,
  last4: card.last4,
  metadata,
  name,
  networks: { preferred: card.networks.preferred },
  regulated_status: null,
  tokenization_method: null,
});
