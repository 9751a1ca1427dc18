/** Attempts whose answer was lost: who asks after one, when, and what was learned meanwhile. */
import type { Tx } from '@/server/kernel/context';
import type { Outcome } from '@/server/processor/processor';
import { claim, hastenOpen, update, type AttemptRow } from './store';

/**
 * How long whoever asks after an attempt has it to themselves. Longer than a processor is waited
 * for, so that two of us do not ask at once. News of a payment ends it; two who ask after one come to
 * the same answer.
 */
const LEASE_MS = 90_000;

/**
 * The attempt, for nobody else to ask after meanwhile; null where it is answered, or somebody does.
 *
 * Where the last word was to wait, whoever claims it is told so, and the row forgets it: they may send
 * something, and die before they hear of it.
 */
export async function claimLost(tx: Tx, id: string): Promise<AttemptRow | null> {
  const [row] = await claim(tx, [id]);
  if (row?.status !== 'pending' || row.inquire_at === null || row.inquire_at > tx.wallClock) {
    return null;
  }
  const inquire_at = new Date(tx.wallClock.getTime() + LEASE_MS);
  return { ...update(tx, row, { inquire_at, outcome: null }), outcome: row.outcome };
}

/** So young, an attempt's own request is likely to be waiting for the answer, and concludes it. */
const YOUNG_S = 5;

/** There is news of a reference, or of a transaction: whatever is open about it is due now. */
export const hasten = (
  tx: Tx,
  news: { readonly reference: string | null; readonly transaction: string },
): void => hastenOpen(tx, { ...news, now: tx.wallClock, young: YOUNG_S });

/** The processor has begun something; what became of it is not known. */
export const noteArrival = (tx: Tx, attempt: AttemptRow, transaction: string | null): AttemptRow =>
  transaction === null ? attempt : update(tx, attempt, { arrived_as: transaction });

/** A person has found out what became of it. It is due now, if whoever decided does not conclude it. */
export const decide = (tx: Tx, attempt: AttemptRow, outcome: Outcome): AttemptRow =>
  update(tx, attempt, { decision: outcome, inquire_at: tx.wallClock });

export const decisionOn = ({ decision }: AttemptRow): Outcome | null => decision as Outcome | null;
