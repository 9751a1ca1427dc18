/**
 * A refund reserves its amount on the charge before the processor is asked, under the charge's
 * lock: refunds that arrive together can never add up to more than was taken. If the processor
 * declines, the reservation is given back.
 */
import {
  refundableOf,
  updateCharge,
  requireCharge,
  requireLocked,
  toCharge,
  type ChargeRow,
} from '@/server/charges';
import { post, postEntry, type BalanceTransactionRow } from '@/server/balance_transactions';
import type { Tx } from '@/server/kernel/context';
import { invalidState, parameterInvalid } from '@/server/kernel/errors';
import { formatMoney } from '@/server/kernel/currencies';
import { newId, newIdAfter } from '@/server/kernel/ids';
import { mergeMetadata, type MetadataChange } from '@/server/kernel/metadata';
import { unix, type EventName } from '@/server/kernel/object';
import type { Awaiting } from '@/server/kernel/operation';
import { callUp, findAttemptsOf, open, type AttemptRow } from '@/server/processor_attempts';
import type { Approved, Outcome } from '@/server/processor/processor';
import { move } from './lifecycle';
import { toRefund } from './object';
import { insert, lock, ofCharge, type RefundRow } from './store';

export interface RefundWish {
  readonly charge: string;
  /** In the currency's minor unit (pence); what is left of the charge where not given. */
  readonly amount?: number | undefined;
  readonly reason?: RefundRow['reason'] | undefined;
  readonly metadata?: MetadataChange | '' | undefined;
}

/**
 * The first transaction: reserves the amount and stores the intention to give it back. `param`
 * names the charge in errors.
 */
export async function reserve(tx: Tx, wish: RefundWish, param = 'charge'): Promise<Awaiting> {
  await requireCharge(tx, wish.charge, param);
  const charge = await requireLocked(tx, wish.charge);
  const amount = refundable(charge, wish.amount);
  const id = await newIdIn(tx, charge);
  updateCharge(tx, charge, { amount_refunded: charge.amount_refunded + amount });
  const row = insert(tx, {
    id,
    status: 'pending',
    amount,
    balance_transaction: null,
    charge: charge.id,
    currency: charge.currency,
    customer: charge.customer,
    failure_balance_transaction: null,
    failure_reason: null,
    metadata: mergeMetadata({}, wish.metadata),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    pending_reason: 'processing',
    processor_transaction: null,
    reason: wish.reason ?? null,
    settled: null,
    created: unix(tx.now),
  });
  return open(tx, {
    kind: 'refund',
    payment_intent: charge.payment_intent,
    charge: charge.id,
    refund: row.id,
    refundable: refundableOf(charge) - charge.amount_refunded,
    amount,
    currency: charge.currency,
    processor_account: charge.processor_account,
    transaction: charge.processor_transaction,
  });
}

/** Refunds of a charge have ids in the order in which they are reserved, also by several processes. */
async function newIdIn(tx: Tx, charge: ChargeRow): Promise<string> {
  if (charge.amount_refunded === 0) return newId('refund');
  const last = (await ofCharge(tx, charge.id)).at(-1);
  return last === undefined ? newId('refund') : newIdAfter('refund', last.id);
}

/** What is to be given back. Throws where there is nothing, or not so much. */
function refundable(charge: ChargeRow, wished: number | undefined): number {
  if (charge.status !== 'succeeded') {
    throw invalidState(
      `Charge ${charge.id} did not succeed, so it cannot be refunded.`,
      'charge_not_refundable',
      'charge',
    );
  }
  if (!charge.captured) {
    throw invalidState(
      `Charge ${charge.id} has not been captured, so it cannot be refunded. Cancel its payment intent instead.`,
      'charge_not_captured',
      'charge',
    );
  }
  if (charge.withdrawn > 0) {
    throw invalidState(
      `Charge ${charge.id} has been charged back; cannot issue a refund.`,
      'charge_disputed',
      'charge',
    );
  }
  const left = refundableOf(charge) - charge.amount_refunded;
  if (left === 0) {
    throw invalidState(
      `Charge ${charge.id} has already been refunded.`,
      'charge_already_refunded',
      'charge',
    );
  }
  if (wished !== undefined && wished > left) {
    throw parameterInvalid(
      `Refund amount (${formatMoney(wished, charge.currency)}) is greater than unrefunded amount on charge (${formatMoney(left, charge.currency)})`,
      'amount',
    );
  }
  return wished ?? left;
}

/**
 * A refund that is asked after, with what is left before it by now: where one before it has failed
 * meanwhile, that is more than when it was reserved. Whoever waits for less would wait for ever.
 *
 * It is reckoned by the one that waits, and not stored by the one that fails: that would lock the
 * attempt after the charge, and whoever concludes an attempt locks the charge after the attempt.
 *
 * Refunds of a charge are made in their order: null while one before it is open.
 */
export async function reckon(tx: Tx, attempt: AttemptRow): Promise<AttemptRow | null> {
  const charge = await requireLocked(tx, attempt.charge ?? '');
  const others = await openRefundsOf(tx, charge);
  if (others.some((other) => isBefore(other, attempt))) return null;
  const all = await ofCharge(tx, charge.id);
  const isEarlier = ({ id }: RefundRow): boolean => id < (attempt.refund ?? '');
  if (!all.some((row) => isEarlier(row) && !isReserved(row))) return attempt;
  const notBefore = all.filter((row) => !isEarlier(row) && isReserved(row));
  const reserved = notBefore.reduce((sum, { amount }) => sum + amount, 0);
  return { ...attempt, refundable: refundableOf(charge) - charge.amount_refunded + reserved };
}

/** Those that a processor has yet to answer. */
const openRefundsOf = async (tx: Tx, charge: ChargeRow): Promise<AttemptRow[]> =>
  (await findAttemptsOf(tx, charge.payment_intent)).filter(
    ({ kind, status }) => kind === 'refund' && status === 'pending',
  );

const isBefore = (one: AttemptRow, other: AttemptRow): boolean =>
  (one.refund ?? '') < (other.refund ?? '');

/** The turn of the refund after this one, which is answered: it is asked after at once. */
async function passOn(tx: Tx, charge: ChargeRow, attempt: AttemptRow): Promise<void> {
  // What comes back long after it was answered held up nobody.
  if (attempt.status !== 'pending') return;
  const [next] = (await openRefundsOf(tx, charge))
    .filter((other) => isBefore(attempt, other))
    .sort((one, other) => (isBefore(one, other) ? -1 : 1));
  if (next !== undefined) callUp(tx, next.id, tx.wallClock);
}

/** Its amount is given back, or still may be. */
const isReserved = ({ status }: RefundRow): boolean => status !== 'failed' && status !== 'canceled';

/** The last transaction: what the processor answered. Null when it did not: the refund is pending. */
export async function conclude(
  tx: Tx,
  attempt: AttemptRow,
  outcome: Outcome | null,
): Promise<RefundRow> {
  // Whoever locks a charge and its refunds locks the charge first.
  const charge = await requireLocked(tx, attempt.charge ?? '');
  const before = await requireRefund(tx, attempt);
  // A second inquiry may still find nothing, and a refund may come back long after it was answered:
  // it was announced by the first one.
  const isNews = attempt.inquiries === 0 && attempt.status === 'pending';
  switch (outcome?.kind) {
    case undefined:
    case 'pending':
    case 'challenge':
      if (isNews) await tx.announce('refund.created', toRefund(before));
      return before;
    case 'approved': {
      const posted = await postRefund(tx, before, 'refund');
      if (isBeforeSettlement(charge, outcome)) {
        const kind = charge.settled === null ? 'before' : 'within';
        postEntry(tx, posted, `refund_${kind}_settlement`, before.amount);
      }
      const row = move(tx, before, 'succeed', {
        pending_reason: null,
        processor_transaction: outcome.transaction,
        balance_transaction: posted.id,
      });
      await announce(tx, isNews ? 'refund.created' : 'refund.updated', row, before);
      const unrefunded = { ...charge, amount_refunded: charge.amount_refunded - before.amount };
      await tx.announce('charge.refunded', toCharge(charge), toCharge(unrefunded));
      await passOn(tx, charge, attempt);
      return row;
    }
    case 'declined': {
      const reason = FAILURES.has(outcome.code) ? outcome.code : 'unknown';
      const row = await fail(tx, charge, before, reason, isNews);
      await passOn(tx, charge, attempt);
      return row;
    }
  }
}

/** The processor gave up a part of the sale, instead of giving money back: it has no refund. */
const isBeforeSettlement = (
  { processor_transaction }: ChargeRow,
  { transaction }: Approved,
): boolean => processor_transaction === transaction;

/** Codes that Stripe has for the failure of a refund: https://docs.stripe.com/api/refunds/object. */
const FAILURES: ReadonlySet<string> = new Set([
  'charge_for_pending_refund_disputed',
  'declined',
  'expired_or_canceled_card',
  'insufficient_funds',
  'lost_or_stolen_card',
  'merchant_request',
]);

async function fail(
  tx: Tx,
  charge: ChargeRow,
  before: RefundRow,
  reason: string,
  isNews: boolean,
): Promise<RefundRow> {
  updateCharge(tx, charge, { amount_refunded: charge.amount_refunded - before.amount });
  const returned =
    before.status === 'succeeded' ? (await postRefund(tx, before, 'refund_failure')).id : null;
  const row = move(tx, before, 'fail', {
    pending_reason: null,
    failure_reason: reason,
    failure_balance_transaction: returned,
  });
  if (isNews) await tx.announce('refund.created', toRefund(row));
  else await announce(tx, 'refund.updated', row, before);
  await tx.announce('refund.failed', toRefund(row));
  return row;
}

const postRefund = (
  tx: Tx,
  { id, amount, currency }: RefundRow,
  kind: 'refund' | 'refund_failure',
): Promise<BalanceTransactionRow> => post(tx, { kind, amount, currency, source: id });

async function announce(tx: Tx, type: EventName, row: RefundRow, before: RefundRow): Promise<void> {
  if (type === 'refund.created') return tx.announce(type, toRefund(row));
  await tx.announce('refund.updated', toRefund(row), toRefund(before));
  await tx.announce('charge.refund.updated', toRefund(row), toRefund(before));
}

async function requireRefund(tx: Tx, { refund }: AttemptRow): Promise<RefundRow> {
  const row = refund === null ? null : await lock(tx, refund);
  if (row === null) throw new Error(`Refund ${refund} does not exist.`);
  return row;
}
