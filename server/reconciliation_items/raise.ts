/** Differences as they are met: by the ladder, by a callback that comes too late, by a file. */
import type { Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { decisionOn, type AttemptRow } from '@/server/processor_attempts';
import { move } from './lifecycle';
import * as store from './store';
import type { NewReconciliationItem, ReconciliationItemRow } from './store';

export type Difference = Pick<NewReconciliationItem, 'kind' | 'subject'> &
  Partial<
    Pick<
      NewReconciliationItem,
      | 'processor_account'
      | 'processor_attempt'
      | 'payment_intent'
      | 'setup_intent'
      | 'charge'
      | 'refund'
      | 'transaction'
      | 'amount'
      | 'processor_amount'
      | 'currency'
      | 'state'
      | 'processor_state'
      | 'settlement_file'
      | 'line'
    >
  >;

/**
 * Puts a difference before a person, unless it was put before one already. The caller holds what it
 * is about, so that two do not raise it at once; the database refuses the second all the same.
 */
export async function raise(tx: Tx, difference: Difference): Promise<ReconciliationItemRow> {
  const known = await store.findRaised(tx, difference.kind, difference.subject);
  if (known !== null) return known;
  return store.insert(tx, {
    processor_account: null,
    processor_attempt: null,
    payment_intent: null,
    setup_intent: null,
    charge: null,
    refund: null,
    transaction: null,
    amount: null,
    processor_amount: null,
    currency: null,
    state: null,
    processor_state: null,
    settlement_file: null,
    line: null,
    ...difference,
    id: newId('reconciliation_item'),
    status: 'open',
    resolution: null,
    resolved_by: null,
    note: null,
    resolved_at: null,
    created: unix(tx.wallClock),
  });
}

/** Nobody can find out what became of an attempt; with everything by which a person can. */
export const raiseUnresolved = (
  tx: Tx,
  attempt: AttemptRow,
  transaction: string | null,
): Promise<ReconciliationItemRow> =>
  raise(tx, {
    kind: 'unresolved_attempt',
    subject: attempt.id,
    processor_account: attempt.processor_account,
    processor_attempt: attempt.id,
    payment_intent: attempt.payment_intent,
    setup_intent: attempt.setup_intent,
    // An authorization makes its charge when it is concluded: until then it names one to come.
    charge: MAKES_ITS_CHARGE.has(attempt.kind) ? null : attempt.charge,
    refund: attempt.refund,
    transaction,
    amount: attempt.amount,
    currency: attempt.currency,
    state: attempt.kind,
  });

const MAKES_ITS_CHARGE: ReadonlySet<AttemptRow['kind']> = new Set(['authorize', 'resume']);

/** What was missing has been found after all. */
export async function closeDifference(
  tx: Tx,
  kind: Difference['kind'],
  subject: string,
): Promise<void> {
  const row = await store.findRaised(tx, kind, subject);
  if (row?.status === 'open') move(tx, row, 'resolve', { resolution: 'found' });
}

/** The attempt is concluded: by a person's decision, or because it was found out after all. */
export async function closeItemOf(tx: Tx, attempt: AttemptRow): Promise<void> {
  const row = await store.lockOpenOf(tx, attempt.id);
  if (row === null || row.kind !== 'unresolved_attempt') return;
  const decision = decisionOn(attempt);
  const resolution =
    decision === null ? 'found' : decision.kind === 'approved' ? 'succeeded' : 'failed';
  move(tx, row, 'resolve', { resolution });
}
