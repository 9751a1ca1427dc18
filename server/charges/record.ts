/** A charge is written when the processor has answered, with what it answered. */
import type Stripe from 'stripe';
import type { ChargedCard } from '@/db/schema/charges';
import type { StoredCard } from '@/db/schema/payment_methods';
import type { Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { post } from '@/server/balance_transactions';
import type { AttemptOnPayment } from '@/server/processor_attempts';
import type { Approved, Declined } from '@/server/processor/processor';
import { toCharge } from './object';
import { insert, lock, update, type ChargeRow } from './store';

/** What a charge takes from the intent that it is made for. */
export type ChargedIntent = Pick<
  ChargeRow,
  | 'customer'
  | 'description'
  | 'metadata'
  | 'receipt_email'
  | 'statement_descriptor'
  | 'statement_descriptor_suffix'
  | 'transfer_group'
> & { shipping: Stripe.PaymentIntent.Shipping | null };

/** And from the method that is charged. */
export interface ChargedMethod {
  readonly id: string;
  readonly billing_details: Stripe.PaymentMethod.BillingDetails;
  readonly card: StoredCard;
}

/** Writes the charge of an authorization, announces it, and posts the money if it was taken. */
export async function record(
  tx: Tx,
  attempt: AttemptOnPayment,
  intent: ChargedIntent,
  method: ChargedMethod,
  outcome: Approved | Declined,
): Promise<ChargeRow> {
  const approved = outcome.kind === 'approved';
  const captured = approved && attempt.capture;
  const charge: ChargeRow = insert(tx, {
    id: attempt.charge,
    status: approved ? 'succeeded' : 'failed',
    amount: attempt.amount,
    amount_captured: captured ? attempt.amount : 0,
    amount_refunded: 0,
    authorization_code: approved ? outcome.authorization_code : null,
    balance_transaction: captured ? postCharge(tx, attempt, intent.description) : null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: intent.statement_descriptor,
    captured,
    card: {
      ...method.card,
      checks: outcome.checks,
      ...(approved ? authenticated(outcome) : {}),
    },
    currency: attempt.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_code: approved ? null : outcome.code,
    failure_message: approved ? null : outcome.message,
    fraud_details: {},
    metadata: intent.metadata,
    outcome: approved ? APPROVED : declined(outcome),
    payment_intent: attempt.payment_intent,
    payment_method: method.id,
    processor_transaction: outcome.transaction,
    receipt_email: intent.receipt_email,
    released: false,
    shipping: intent.shipping,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    transfer_group: intent.transfer_group,
    created: unix(tx.now),
  });
  await tx.announce(approved ? 'charge.succeeded' : 'charge.failed', toCharge(charge));
  return charge;
}

/** Takes what was authorized, or part of it: the rest is released, which Stripe shows as refunded. */
export async function recordCapture(tx: Tx, attempt: AttemptOnPayment): Promise<ChargeRow> {
  const before = await requireLocked(tx, attempt.charge);
  const charge = update(tx, before, {
    captured: true,
    amount_captured: attempt.amount,
    amount_refunded: before.amount - attempt.amount,
    balance_transaction: postCharge(tx, attempt, before.description),
  });
  await tx.announce('charge.captured', toCharge(charge), toCharge(before));
  return charge;
}

/** The authorization was given up: nothing was taken. */
export async function recordRelease(tx: Tx, id: string): Promise<ChargeRow> {
  const before = await requireLocked(tx, id);
  const charge = update(tx, before, { released: true, amount_refunded: before.amount });
  await tx.announce('charge.refunded', toCharge(charge), toCharge(before));
  return charge;
}

export async function requireLocked(tx: Tx, id: string): Promise<ChargeRow> {
  const row = await lock(tx, id);
  if (row === null) throw new Error(`Charge ${id} does not exist.`);
  return row;
}

const authenticated = ({ three_d_secure }: Approved): Pick<ChargedCard, 'three_d_secure'> =>
  three_d_secure === undefined
    ? {}
    : {
        three_d_secure: {
          ...three_d_secure,
          exemption_indicator: null,
          result: 'authenticated',
          result_reason: null,
        },
      };

const postCharge = (tx: Tx, attempt: AttemptOnPayment, description: string | null): string =>
  post(tx, {
    type: 'charge',
    amount: attempt.amount,
    currency: attempt.currency,
    source: attempt.charge,
    description,
  }).id;

const APPROVED: Stripe.Charge.Outcome = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  seller_message: 'Payment complete.',
  type: 'authorized',
};

const declined = ({ code, decline_code }: Declined): Stripe.Charge.Outcome => ({
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'declined_by_network',
  reason: decline_code ?? code,
  risk_level: 'normal',
  seller_message: 'The bank did not return any further details with this decline.',
  type: 'issuer_declined',
});
