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
  toStored,
  type AcceptedCard,
  type VerifiedCard,
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

/** The payment method that a card is to be, which its processor keeps. */
export interface VerifiedMethod extends VerifiedCard {
  readonly id: string;
  readonly allow_redisplay?: PaymentMethodRow['allow_redisplay'] | undefined;
  readonly billing_details?: BillingDetails | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** A new payment method of a card that never was ours to see. */
export const createVerified = (tx: Tx, verified: VerifiedMethod): PaymentMethodRow =>
  store.insert(tx, {
    id: verified.id,
    status: 'unattached',
    type: 'card',
    customer: null,
    allow_redisplay: verified.allow_redisplay ?? 'unspecified',
    billing_details: mergeBillingDetails(NO_BILLING_DETAILS, verified.billing_details),
    card: toStored(verified),
    processor_token: verified.processor_token,
    processor_account: verified.processor_account,
    agreements: verified.agreements,
    metadata: { ...verified.metadata },
    created: unix(tx.now),
  });

/**
 * A new source out of a token, which is used up: a payment method with the id of a card, as
 * integrations from before payment methods know them. `param` names the token in errors.
 */
export async function fromToken(
  tx: Tx,
  token: string,
  param = 'card[token]',
  metadata: PaymentMethodRow['metadata'] = {},
): Promise<PaymentMethodRow> {
  const redeemed = await redeem(tx, token, param);
  return store.insert(tx, {
    ...toNew(tx, redeemed.source, redeemed),
    billing_details: redeemed.billing_details,
    metadata,
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

/** Where the card is kept, and what was agreed there; nothing of a card that only the simulator knows. */
type Kept = Partial<Pick<NewPaymentMethod, 'processor_account' | 'agreements'>>;

const toNew = (caller: Caller, id: string, accepted: AcceptedCard & Kept): NewPaymentMethod => ({
  id,
  status: 'unattached',
  type: 'card',
  customer: null,
  allow_redisplay: 'unspecified',
  billing_details: NO_BILLING_DETAILS,
  card: accepted.card,
  processor_token: tokenOf(caller, accepted, id),
  processor_account: accepted.processor_account ?? null,
  agreements: accepted.agreements ?? null,
  metadata: {},
  created: unix(caller.now),
});
