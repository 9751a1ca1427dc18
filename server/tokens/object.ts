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

export const toToken = (row: TokenRow): Token => ({
  id: row.id,
  object: 'token',
  card: toCard(row),
  client_ip: row.client_ip,
  created: row.created,
  livemode: row.livemode,
  type: row.type,
  used: row.used,
});

function toCard({ id, card, billing_details: { address, name } }: TokenRow): Stripe.Card {
  return {
    // A card exists in its token only, so it needs no id of its own.
    id: id.replace(/^tok_/, 'card_'),
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
    metadata: {},
    name,
    networks: { preferred: card.networks.preferred },
    regulated_status: null,
    tokenization_method: null,
  };
}
