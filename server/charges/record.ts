/** A charge is written when the processor has answered, with what it answered. */
import type Stripe from 'stripe';
import type { NewRow } from '@/db/rows';
import type { ChargedCard, charges } from '@/db/schema/charges';
import type { StoredCard } from '@/db/schema/payment_methods';
import type { Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { post } from '@/server/balance_transactions';
import type { AttemptOnPayment } from '@/server/processor_attempts';
import type { Approved, Declined } from '@/server/processor/processor';
import { currentProject, readSettings } from '@/server/projects';
import { statementDescriptorOf } from './descriptor';
import { isDirect } from './direct';
import { lastsOf, toCharge } from './object';
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
> & { mandate: string | null; shipping: Stripe.PaymentIntent.Shipping | null };

/** And from the method that is charged. */
export interface ChargedMethod {
  readonly id: string;
  readonly billing_details: Stripe.PaymentMethod.BillingDetails;
  readonly card: StoredCard;
}

type ChargingAttempt = Pick<
  AttemptOnPayment,
  'charge' | 'payment_intent' | 'amount' | 'currency' | 'processor_account'
>;

/** Writes the charge of an authorization, announces it, and posts the money if it was taken. */
export async function record(
  tx: Tx,
  attempt: AttemptOnPayment,
  intent: ChargedIntent,
  method: ChargedMethod,
  outcome: Approved | Declined,
): Promise<ChargeRow> {
  const charge = await write(tx, {
    ...(await newCharge(tx, attempt, intent, method)),
    ...(outcome.kind === 'approved'
      ? await approved(tx, attempt, intent, method, outcome)
      : declined(intent, method, outcome)),
  });
  const type = outcome.kind === 'approved' ? 'charge.succeeded' : 'charge.failed';
  await tx.announce(type, toCharge(charge));
  return charge;
}

/** A direct charge is there from the start, and tells where it is while its bank is asked. */
export const recordPending = async (
  tx: Tx,
  attempt: ChargingAttempt,
  intent: ChargedIntent,
  method: ChargedMethod,
): Promise<ChargeRow> => insert(tx, await newCharge(tx, attempt, intent, method));

const write = async (tx: Tx, charge: NewRow<typeof charges>): Promise<ChargeRow> =>
  isDirect(charge.payment_intent)
    ? update(tx, await requireLocked(tx, charge.id), charge)
    : insert(tx, charge);

/** Nothing is known yet of what the bank makes of it. */
const newCharge = async (
  tx: Tx,
  attempt: ChargingAttempt,
  intent: ChargedIntent,
  method: ChargedMethod,
): Promise<NewRow<typeof charges>> => ({
  id: attempt.charge,
  status: 'pending',
  amount: attempt.amount,
  amount_captured: 0,
  amount_maximum: null,
  amount_refunded: 0,
  authorization_code: null,
  balance_transaction: null,
  billing_details: method.billing_details,
  ...(await printedOf(tx, intent)),
  captured: false,
  capture_before: null,
  card: method.card,
  currency: attempt.currency,
  customer: intent.customer,
  description: intent.description,
  disputed: false,
  failure_code: null,
  failure_message: null,
  fraud_details: {},
  granted: null,
  metadata: intent.metadata,
  outcome: null,
  payment_intent: attempt.payment_intent,
  payment_method: method.id,
  processor_account: attempt.processor_account,
  processor_transaction: null,
  receipt_email: intent.receipt_email,
  released: false,
  settled: null,
  shipping: intent.shipping,
  transfer_group: intent.transfer_group,
  withdrawn: 0,
  created: unix(tx.now),
});

const approved = async (
  tx: Tx,
  attempt: AttemptOnPayment,
  intent: ChargedIntent,
  method: ChargedMethod,
  outcome: Approved,
): Promise<Partial<ChargeRow>> => ({
  status: 'succeeded',
  amount_captured: attempt.capture ? attempt.amount : 0,
  authorization_code: outcome.authorization_code,
  balance_transaction: attempt.capture
    ? await postCharge(tx, attempt, intent.description, outcome)
    : null,
  captured: attempt.capture,
  // Banks live in the world's time, whatever clock the customer is on.
  capture_before: attempt.capture ? null : unix(tx.wallClock) + lastsOf(outcome.granted),
  card: cardOf(intent, method, outcome),
  ...grantedBy(outcome),
  outcome: APPROVED,
  processor_transaction: outcome.transaction,
});

const declined = (
  intent: ChargedIntent,
  method: ChargedMethod,
  outcome: Declined,
): Partial<ChargeRow> => ({
  status: 'failed',
  card: cardOf(intent, method, outcome),
  failure_code: outcome.code,
  failure_message: outcome.message,
  outcome: refusal(outcome),
  processor_transaction: outcome.transaction,
});

type Described = Pick<ChargedIntent, 'statement_descriptor' | 'statement_descriptor_suffix'>;

/** What is on the payer's statement: a capture may still change it. */
async function printedOf(
  tx: Tx,
  { statement_descriptor, statement_descriptor_suffix }: Described,
): Promise<Described & Pick<ChargeRow, 'calculated_statement_descriptor'>> {
  const said = { statement_descriptor, statement_descriptor_suffix };
  const ofProject = readSettings((await currentProject(tx)).settings).statement_descriptor;
  return { ...said, calculated_statement_descriptor: statementDescriptorOf(ofProject, said) };
}

/** The card as it was, and what its bank and its network told of this charge. */
function cardOf(
  { mandate }: ChargedIntent,
  { card }: ChargedMethod,
  outcome: Approved | Declined,
): ChargedCard {
  const network_transaction_id =
    outcome.kind === 'approved' ? outcome.network_transaction_id : undefined;
  return {
    ...card,
    checks: outcome.checks,
    ...authenticated(outcome),
    ...(mandate === null ? {} : { mandate }),
    ...(network_transaction_id == null ? {} : { network_transaction_id }),
  };
}

/**
 * Takes what was authorized, or part of it. What a last capture leaves is released, which Stripe shows
 * as refunded. Each capture is a movement of its own; the charge names the latest.
 */
export async function recordCapture(
  tx: Tx,
  attempt: AttemptOnPayment,
  intent: Described,
  outcome: Approved,
): Promise<ChargeRow> {
  const before = await requireLocked(tx, attempt.charge);
  const amount_captured = before.amount_captured + attempt.amount;
  const charge = update(tx, before, {
    captured: attempt.final,
    amount_captured,
    ...(await printedOf(tx, intent)),
    ...(attempt.final ? { amount_refunded: Math.max(before.amount - amount_captured, 0) } : {}),
    // A last one may only let go of the rest.
    ...(attempt.amount === 0
      ? {}
      : { balance_transaction: await postCharge(tx, attempt, before.description, outcome) }),
  });
  await tx.announce('charge.captured', toCharge(charge), toCharge(before));
  return charge;
}

/** The bank reserves more than it did. */
export async function recordIncrement(
  tx: Tx,
  { charge: id, amount }: AttemptOnPayment,
  outcome: Approved,
): Promise<ChargeRow> {
  const before = await requireLocked(tx, id);
  const charge = update(tx, before, { amount, ...grantedBy(outcome, before.granted) });
  await tx.announce('charge.updated', toCharge(charge), toCharge(before));
  return charge;
}

/** The authorization was given up, by the merchant or because it has expired: nothing was taken. */
export async function recordRelease(
  tx: Tx,
  id: string,
  event: 'charge.expired' | 'charge.refunded' = 'charge.refunded',
): Promise<ChargeRow> {
  const before = await requireLocked(tx, id);
  const charge = update(tx, before, { released: true, amount_refunded: before.amount });
  await tx.announce(event, toCharge(charge), toCharge(before));
  return charge;
}

export async function requireLocked(tx: Tx, id: string): Promise<ChargeRow> {
  const row = await lock(tx, id);
  if (row === null) throw new Error(`Charge ${id} does not exist.`);
  return row;
}

const authenticated = ({
  three_d_secure,
}: Approved | Declined): Pick<ChargedCard, 'three_d_secure'> =>
  three_d_secure === undefined
    ? {}
    : {
        three_d_secure: {
          result: 'authenticated',
          result_reason: null,
          ...three_d_secure,
          exemption_indicator: three_d_secure.exemption_indicator ?? null,
          ...(three_d_secure.exemption_indicator === 'low_risk'
            ? { exemption_indicator_applied: true }
            : {}),
        },
      };

const grantedBy = (
  { granted }: Approved,
  before: ChargeRow['granted'] = null,
): Pick<ChargeRow, 'granted' | 'amount_maximum'> =>
  granted === undefined
    ? { granted: before, amount_maximum: null }
    : {
        granted: { latitudes: [...granted.latitudes], days: granted.days },
        amount_maximum: granted.maximum,
      };

async function postCharge(
  tx: Tx,
  { amount, currency, charge }: AttemptOnPayment,
  description: string | null,
  { available }: Approved,
): Promise<string> {
  const posted = await post(tx, {
    kind: 'charge',
    amount,
    currency,
    source: charge,
    description,
    immediate: available === true,
  });
  return posted.id;
}

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

const refusal = ({ code, decline_code, advice }: Declined): Stripe.Charge.Outcome => ({
  advice_code: advice ?? null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'declined_by_network',
  reason: decline_code ?? code,
  risk_level: 'normal',
  seller_message: 'The bank did not return any further details with this decline.',
  type: 'issuer_declined',
});
