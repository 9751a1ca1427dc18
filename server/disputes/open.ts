/**
 * A dispute begins when an issuer says so: the simulated bank, or a person who was told by the
 * acquirer. Its amount is taken back at once, except of an inquiry.
 */
import { post } from '@/server/balance_transactions';
import { requireLocked, updateCharge, type ChargeRow } from '@/server/charges';
import { findCustomer } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import type { Metadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { onClock } from '@/server/test_clocks';
import { showOne } from './object';
import { insert, update, type DisputeRow } from './store';

const DAY = 24 * 60 * 60;

/** How long evidence is taken where nobody says otherwise: to the end of that day (UTC). */
const RESPOND_WITHIN_DAYS = 9;

export interface Claim {
  /** At most what is left of the charge, and all of it where nobody says otherwise. */
  readonly amount?: number | undefined;
  readonly case_type: DisputeRow['case_type'];
  /** Unix seconds. */
  readonly due_by?: number | undefined;
  readonly metadata?: Metadata;
  readonly network_reason_code: string | null;
  readonly reason: string;
}

/** What of a charge could still be taken back. */
export const leftOf = ({ amount, amount_refunded, captured, withdrawn }: ChargeRow): number =>
  captured ? amount - amount_refunded - withdrawn : 0;

/** Opens a dispute on the charge, which is locked, and of which there must be something left. */
export async function open(given: Tx, charge: ChargeRow, claim: Claim): Promise<DisputeRow> {
  const customer = charge.customer === null ? null : await findCustomer(given, charge.customer);
  const test_clock = customer?.test_clock ?? null;
  const tx = await onClock(given, test_clock);
  const due_by = claim.due_by ?? respondBy(tx);
  const isInquiry = claim.case_type === 'inquiry';
  const row = insert(tx, {
    id: newId('dispute'),
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
    amount: claim.amount ?? leftOf(charge),
    brand: charge.card.brand,
    case_type: claim.case_type,
    charge: charge.id,
    currency: charge.currency,
    due_at: due_by + 1,
    due_by,
    evidence: {},
    metadata: claim.metadata ?? {},
    network_reason_code: claim.network_reason_code,
    payment_intent: charge.payment_intent,
    reason: claim.reason,
    reinstatement: null,
    submission_count: 0,
    test_clock,
    withdrawal: null,
    created: unix(tx.now),
  });
  updateCharge(tx, charge, { disputed: true });
  const opened = isInquiry ? row : await withdraw(tx, row);
  const shown = await showOne(tx, opened);
  await tx.announce('charge.dispute.created', shown);
  if (!isInquiry) await tx.announce('charge.dispute.funds_withdrawn', shown);
  return opened;
}

/** Takes the amount back for the cardholder. The caller announces it. */
export async function withdraw(tx: Tx, before: DisputeRow): Promise<DisputeRow> {
  const { amount, currency, id } = before;
  const charge = await requireLocked(tx, before.charge);
  updateCharge(tx, charge, { withdrawn: charge.withdrawn + amount });
  const description = `Chargeback withdrawal for ${before.charge}`;
  const posted = await post(tx, { kind: 'dispute', amount, currency, source: id, description });
  return update(tx, before, { withdrawal: posted.id });
}

/** Gives the amount back to the merchant. The caller announces it. */
export async function reinstate(tx: Tx, before: DisputeRow): Promise<DisputeRow> {
  const { amount, currency, id } = before;
  const charge = await requireLocked(tx, before.charge);
  updateCharge(tx, charge, { withdrawn: charge.withdrawn - amount });
  const description = `Chargeback reversal for ${before.charge}`;
  const kind = 'dispute_reversal';
  const posted = await post(tx, { kind, amount, currency, source: id, description });
  return update(tx, before, { reinstatement: posted.id });
}

/** Until when a dispute that begins now can be answered. */
export function respondBy({ now }: Tx): number {
  const time = unix(now) + RESPOND_WITHIN_DAYS * DAY;
  return time - (time % DAY) + DAY - 1;
}
