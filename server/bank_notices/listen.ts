/**
 * What a bank tells without being asked: that a refund came back, or that a cardholder disputes a
 * payment. The simulated bank leaves a notice for each of Stripe's test cards that have a sequel, in
 * its own books; it is due at once. Whoever stores the answer that came with a notice listens in the
 * same transaction; else the schedule does. Banks live by the wall clock.
 */
import { lockCharge, type ChargeRow } from '@/server/charges';
import { leftOf, openDispute, type Claim } from '@/server/disputes';
import { warn } from '@/server/early_fraud_warnings';
import type { Tx } from '@/server/kernel/context';
import type { Timed } from '@/server/kernel/due';
import { split } from '@/server/kernel/money';
import { unix } from '@/server/kernel/object';
import { close, find, lockOpen, type AttemptRow } from '@/server/processor_attempts';
import { concludeRefundIn, type Sequel } from '@/server/processor/simulator';
import { concludeRefund } from '@/server/refunds';
import { lock, update } from './store';

type Tell = (tx: Tx, attempt: AttemptRow) => Promise<void>;

const onCharge =
  (tell: (tx: Tx, charge: ChargeRow) => Promise<unknown>): Tell =>
  async (tx, { charge: id }) => {
    const charge = id === null ? null : await lockCharge(tx, id);
    if (charge !== null && leftOf(charge) > 0) await tell(tx, charge);
  };

const disputing = (claim: Claim): Tell => onCharge((tx, charge) => openDispute(tx, charge, claim));

const FRAUD: Claim = { case_type: 'chargeback', reason: 'fraudulent', network_reason_code: '10.4' };

/** The refund gets its last word at the bank, and here what it means. */
const concluding: Tell = async (tx, attempt) => {
  const outcome = await concludeRefundIn(tx.lookUp, attempt.id);
  const open = await lockOpen(tx, attempt.id);
  if (outcome === null) return;
  await concludeRefund(tx, open ?? attempt, outcome);
  if (open !== null) close(tx, open, outcome);
};

/** TABLE. What each notice leads to. https://docs.stripe.com/testing#disputes */
const NOTICES: Readonly<Record<Exclude<Sequel, 'funds_available'>, Tell>> = {
  dispute_compliance: disputing({
    case_type: 'compliance',
    reason: 'noncompliant',
    network_reason_code: null,
  }),
  dispute_fraudulent: disputing(FRAUD),
  dispute_inquiry: disputing({ ...FRAUD, case_type: 'inquiry' }),
  // Twice for one payment: half of it each time.
  dispute_multiple: onCharge(async (tx, charge) => {
    for (const amount of split(leftOf(charge), [1, 1])) {
      const now = await lockCharge(tx, charge.id);
      if (now !== null && amount > 0) await openDispute(tx, now, { ...FRAUD, amount });
    }
  }),
  dispute_product_not_received: disputing({
    case_type: 'chargeback',
    reason: 'product_not_received',
    network_reason_code: '13.1',
  }),
  dispute_visa_ce3: disputing(FRAUD),
  early_fraud_warning: onCharge(warn),
  refund_fails: concluding,
  refund_succeeds: concluding,
};

/** Hears what the bank has to say about the request of a reference. Once: then nothing is due. */
export async function listen(tx: Tx, reference: string): Promise<void> {
  const notice = await lock(tx, reference);
  // Also what the schedule has put off: it may have come before the answer did.
  if (notice === null || notice.due_at === null) return;
  const attempt = await find(tx, reference);
  if (attempt === null || !isHeard(attempt) || notice.kind === 'funds_available') {
    // Its answer is still on the way to us, or was lost: what follows it can wait.
    update(tx, notice, { due_at: unix(tx.wallClock) + 1 });
    return;
  }
  update(tx, notice, { due_at: null });
  await NOTICES[notice.kind](tx, attempt);
}

/** A charge is written with the answer; a refund is there before, and may wait for its last word. */
const isHeard = ({ kind, status, inquiries }: AttemptRow): boolean =>
  status === 'answered' || (kind === 'refund' && inquiries > 0);

export const dueNotices: Timed = {
  table: 'simulator_sequels',
  async run(tx, id) {
    await listen(tx, id);
    return null;
  },
};
