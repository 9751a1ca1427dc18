import type Stripe from 'stripe';
import { kindOf } from '@/server/kernel/ids';
import { toCard as toCardObject } from '@/server/tokens';
import type { PaymentMethodRow } from './store';

export type PaymentMethod = Stripe.PaymentMethod;

export const toPaymentMethod = (row: PaymentMethodRow): PaymentMethod => ({
  id: row.id,
  object: 'payment_method',
  allow_redisplay: row.allow_redisplay,
  billing_details: row.billing_details,
  card: toCard(row),
  created: row.created,
  customer: row.customer,
  customer_account: null,
  livemode: row.livemode,
  metadata: row.metadata,
  type: row.type,
});

const toCard = ({ card }: PaymentMethodRow): Stripe.PaymentMethod.Card => ({
  brand: card.brand,
  checks: card.checks,
  country: card.country,
  // The holder of a co-branded card wants to see the brand they chose.
  display_brand: card.networks.preferred ?? card.display_brand,
  exp_month: card.exp_month,
  exp_year: card.exp_year,
  fingerprint: card.fingerprint,
  funding: card.funding,
  generated_from: null,
  last4: card.last4,
  networks: card.networks,
  regulated_status: null,
  three_d_secure_usage: { supported: true },
  wallet: null,
});

/** Kept as a source, by integrations from before payment methods: its id says so. */
export const isSource = ({ id }: Pick<PaymentMethodRow, 'id'>): boolean => kindOf(id) === 'card';

/** A source as such integrations know it. */
export const toSource = (row: PaymentMethodRow): Stripe.Card => ({
  ...toCardObject(row),
  allow_redisplay: row.allow_redisplay,
  customer: row.customer,
});
