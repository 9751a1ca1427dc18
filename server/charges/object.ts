import type Stripe from 'stripe';
import type { Latitude } from '@/server/processor/processor';
import { shownIntent, sourceOf } from './direct';
import type { ChargeRow } from './store';

/** An authorization that is not captured within a week is given up by the card networks. */
const DAY = 24 * 60 * 60;
const AUTHORIZATION_LASTS = 7 * DAY;

export const toCharge = (row: ChargeRow): Stripe.Charge => ({
  id: row.id,
  object: 'charge',
  amount: row.amount,
  amount_captured: row.amount_captured,
  amount_refunded: row.amount_refunded,
  application: null,
  application_fee: null,
  application_fee_amount: null,
  balance_transaction: row.balance_transaction,
  billing_details: { ...row.billing_details, tax_id: row.billing_details.tax_id ?? null },
  calculated_statement_descriptor: row.calculated_statement_descriptor,
  captured: row.captured,
  created: row.created,
  currency: row.currency,
  customer: row.customer,
  description: row.description,
  disputed: row.disputed,
  failure_balance_transaction: null,
  failure_code: row.failure_code,
  failure_message: row.failure_message,
  fraud_details: row.fraud_details,
  livemode: row.livemode,
  metadata: row.metadata,
  on_behalf_of: null,
  outcome: row.outcome,
  paid: row.status === 'succeeded',
  payment_intent: shownIntent(row.payment_intent),
  payment_method: row.payment_method,
  payment_method_details: { card: toCardDetails(row), type: 'card' },
  receipt_email: row.receipt_email,
  receipt_number: null,
  receipt_url: null,
  // Released in part counts as refunded at Stripe: what was authorized and never taken goes back.
  refunded: row.amount_refunded > 0 && row.amount_refunded === refundableOf(row),
  review: null,
  shipping: row.shipping,
  source: sourceOf(row),
  source_transfer: null,
  statement_descriptor: row.statement_descriptor,
  statement_descriptor_suffix: row.statement_descriptor_suffix,
  status: row.status,
  transfer_data: null,
  transfer_group: row.transfer_group,
});

function toCardDetails(row: ChargeRow): Stripe.Charge.PaymentMethodDetails.Card {
  const { card, amount, status, captured, created } = row;
  const isHeld = status === 'succeeded' && !captured;
  return {
    amount_authorized: status === 'succeeded' ? amount : null,
    authorization_code: row.authorization_code,
    brand: card.brand,
    ...(isHeld ? { capture_before: row.capture_before ?? created + lastsOf(row.granted) } : {}),
    checks: card.checks,
    country: card.country,
    electronic_commerce_indicator: card.three_d_secure?.electronic_commerce_indicator ?? null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    extended_authorization: { status: has(row, 'extended_authorization') ? 'enabled' : 'disabled' },
    fingerprint: card.fingerprint,
    funding: card.funding,
    incremental_authorization: { status: availabilityOf(row, 'incremental_authorization') },
    installments: null,
    last4: card.last4,
    mandate: card.mandate ?? null,
    multicapture: { status: availabilityOf(row, 'multicapture') },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: card.network_transaction_id ?? null,
    overcapture: {
      maximum_amount_capturable: row.amount_maximum ?? amount,
      status: availabilityOf(row, 'overcapture'),
    },
    regulated_status: 'unregulated',
    three_d_secure: card.three_d_secure ?? null,
    transaction_link_id: null,
    wallet: null,
  };
}

/** How much can be given back in all: more than was authorized where more was taken. */
export const refundableOf = ({ amount, amount_captured }: ChargeRow): number =>
  Math.max(amount, amount_captured);

/** How long an authorization can be captured, in seconds. */
export const lastsOf = (granted: { readonly days: number } | null | undefined): number =>
  granted === null || granted === undefined ? AUTHORIZATION_LASTS : granted.days * DAY;

const has = ({ granted }: ChargeRow, latitude: Latitude): boolean =>
  granted?.latitudes.includes(latitude) === true;

const availabilityOf = (row: ChargeRow, latitude: Latitude): 'available' | 'unavailable' =>
  has(row, latitude) ? 'available' : 'unavailable';
