/** New payment methods: from a typed card, from a token, from one of Stripe's test ids. */
import type Stripe from 'stripe';
import type { Caller, Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import {
  acceptCard,
  NO_BILLING_DETAILS,
  redeem,
  testPaymentMethod,
  tokenOf,
  type AcceptedCard,
} from '@/server/tokens';
import type { BillingDetails, PaymentMethodData } from './params';
import * as store from './store';
import type { PaymentMethodRow } from './store';

type NewPaymentMethod = Parameters<typeof store.insert>[1];

/**
 * A new payment method, which no customer has yet.
 *
 * @param param names the parameter `card` for errors, such as `payment_method_data[card]`.
 * @throws ApiError 402 for a card that cannot be one, 400 for a token that is missing or used, and
 *   in live mode for any card number.
 */
export async function createFromData(
  tx: Tx,
  { card, billing_details, allow_redisplay, metadata }: PaymentMethodData,
  param = 'card',
): Promise<PaymentMethodRow> {
  const accepted =
    'token' in card
      ? await redeem(tx, card.token, `${param}[token]`)
      : { ...acceptCard(tx, card), billing_details: NO_BILLING_DETAILS };
  return store.insert(tx, {
    ...toNew(tx, newId('payment_method'), accepted),
    allow_redisplay: allow_redisplay ?? 'unspecified',
    billing_details: mergeBillingDetails(accepted.billing_details, billing_details),
    metadata: mergeMetadata({}, metadata),
  });
}

/** A new payment method out of a token, which is used up. `param` names it in errors. */
export async function fromToken(
  tx: Tx,
  token: string,
  param = 'card[token]',
): Promise<PaymentMethodRow> {
  const redeemed = await redeem(tx, token, param);
  return store.insert(tx, {
    ...toNew(tx, newId('payment_method'), redeemed),
    billing_details: redeemed.billing_details,
  });
}

/** A new payment method for each use of an id such as `pm_card_visa`; null for any other id. */
export function fromTestId(tx: Tx, testId: string): PaymentMethodRow | null {
  const accepted = testPaymentMethod(tx, testId);
  return accepted === null ? null : store.insert(tx, toNew(tx, newId('payment_method'), accepted));
}

/** What an id such as `pm_card_visa` would become, without making it; null for any other id. */
export function peekAtTestId(caller: Caller, testId: string): PaymentMethodRow | null {
  const { projectId, livemode } = caller;
  const accepted = testPaymentMethod(caller, testId);
  return accepted === null ? null : { projectId, livemode, ...toNew(caller, testId, accepted) };
}

/** What is not given stays; the address changes as a whole. */
export const mergeBillingDetails = (
  before: Stripe.PaymentMethod.BillingDetails,
  change: BillingDetails = {},
): Stripe.PaymentMethod.BillingDetails => ({
  address: change.address === undefined ? before.address : (change.address ?? NO_ADDRESS),
  email: change.email === undefined ? before.email : change.email,
  name: change.name === undefined ? before.name : change.name,
  phone: change.phone === undefined ? before.phone : change.phone,
  tax_id: change.tax_id === undefined ? before.tax_id : change.tax_id,
});

const NO_ADDRESS = NO_BILLING_DETAILS.address;

const toNew = (caller: Caller, id: string, accepted: AcceptedCard): NewPaymentMethod => ({
  id,
  status: 'unattached',
  type: 'card',
  customer: null,
  allow_redisplay: 'unspecified',
  billing_details: NO_BILLING_DETAILS,
  card: accepted.card,
  processor_token: tokenOf(caller, accepted, id),
  metadata: {},
  created: unix(caller.now),
});
