/** What becomes of a dispute, whoever decided it: the issuer, the merchant, or time. */
import type { Announced } from '@/server/events';
import type { Tx } from '@/server/kernel/context';
import type { Timed } from '@/server/kernel/due';
import { unix, type EventName } from '@/server/kernel/object';
import { dispute, move, type Action } from './lifecycle';
import { showOne } from './object';
import { reinstate, respondBy, withdraw } from './open';
import { claimOfCharge, lock, update, type DisputeRow, type Status } from './store';

export type Decision = Exclude<Action, 'submit'>;

/** Applies a decision that the lifecycle allows. The row is locked. */
export async function decide(tx: Tx, before: DisputeRow, decision: Decision): Promise<DisputeRow> {
  const was = await showOne(tx, before);
  switch (decision) {
    case 'win': {
      const row = await reinstate(tx, move(tx, before, 'win', { due_at: null }));
      await announce(tx, before, 'win', was, row);
      await tx.announce('charge.dispute.funds_reinstated', await showOne(tx, row));
      return row;
    }
    case 'escalate': {
      // A chargeback is a case of its own, which is answered anew.
      const due_by = respondBy(tx);
      const changes = { due_by, due_at: due_by + 1, submission_count: 0 };
      const moved = move(tx, before, 'escalate', { ...changes, case_type: 'chargeback' });
      const row = await withdraw(tx, moved);
      await announce(tx, before, 'escalate', was, row);
      await tx.announce('charge.dispute.funds_withdrawn', await showOne(tx, row));
      return row;
    }
    case 'close':
    case 'lose': {
      const row = move(tx, before, decision, { due_at: null });
      await announce(tx, before, decision, was, row);
      return row;
    }
  }
}

async function announce(
  tx: Tx,
  { status }: DisputeRow,
  action: Action,
  was: Awaited<ReturnType<typeof showOne>>,
  row: DisputeRow,
): Promise<void> {
  const event: EventName | null = dispute.step(status, action)?.[1] ?? null;
  if (event !== null) await tx.announce(event, await showOne(tx, row), was);
}

/** TABLE. What the simulated issuer decides upon evidence: https://docs.stripe.com/testing#disputes. */
const BY_EVIDENCE: Readonly<Record<string, { inquiry: Decision; chargeback: Decision | null }>> = {
  winning_evidence: { inquiry: 'close', chargeback: 'win' },
  losing_evidence: { inquiry: 'escalate', chargeback: 'lose' },
  escalate_inquiry_evidence: { inquiry: 'escalate', chargeback: null },
};

/** In test mode, what the issuer will decide upon this evidence; null while nobody decides. */
export function simulatedDecision({ livemode, evidence, status }: DisputeRow): Decision | null {
  const said = evidence['uncategorized_text'];
  const decisions = livemode || said === undefined ? undefined : BY_EVIDENCE[said.trim()];
  return decisions?.[status.startsWith('warning') ? 'inquiry' : 'chargeback'] ?? null;
}

/** TABLE. What silence means when evidence is no longer taken. */
const LAPSE: Partial<Readonly<Record<Status, Decision>>> = {
  warning_needs_response: 'close',
  needs_response: 'lose',
};

/** Done when the time for evidence is over, and when a simulated issuer has decided. */
export const dueDisputes: Timed = {
  table: 'disputes',
  async run(tx, id) {
    const row = await lock(tx, id);
    if (row === null || row.due_at === null || row.due_at > unix(tx.now)) return null;
    const isReviewed = row.submission_count > 0;
    const decision = isReviewed ? simulatedDecision(row) : (LAPSE[row.status] ?? null);
    if (decision === null) update(tx, row, { due_at: null });
    else await decide(tx, row, decision);
    return null;
  },
};

/** Reaction: a payment that was refunded in full leaves an inquiry nothing to ask for. */
export async function closeInquiries(tx: Tx, { object }: Announced): Promise<void> {
  const charge = object as { id?: string; disputed?: boolean; refunded?: boolean };
  if (charge.disputed !== true || charge.refunded !== true) return;
  for (const row of await claimOfCharge(tx, charge.id ?? '')) {
    if (dispute.allows(row.status, 'close')) await decide(tx, row, 'close');
  }
}
