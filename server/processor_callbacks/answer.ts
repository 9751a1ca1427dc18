/** What callbacks say became of an attempt. */
import type { Tx } from '@/server/kernel/context';
import { find, findAttemptsOf, heed, type AttemptRow } from '@/server/processor_attempts';
import type { Outcome, Processor } from '@/server/processor/processor';
import type { Told } from './callback';
import type { CallbackRow } from './store';

/** A request that says what an earlier one said: the proof that the earlier one arrived, and no more. */
const DUPLICATE = '65554';

/** Of a request about a transaction, `CAPTURE:SALE`, and not of the one that made it. */
const isManagement = ({ action }: Pick<CallbackRow, 'action'>): boolean => action.includes(':');

/** What a callback names: our reference, and the processor's id. */
type Names = Pick<Told, 'reference' | 'transaction'>;

/** TABLE: how a callback names what it answers, by what the attempt asks. Looking tells of the rest. */
const NAMES: Partial<Record<AttemptRow['kind'], (attempt: AttemptRow, row: Names) => boolean>> = {
  authorize: ({ id }, { reference }) => reference === id,
  verify: ({ id }, { reference }) => reference === id,
  keep: ({ id }, { reference }) => reference === id,
  resume: isResumption,
  resume_verify: isResumption,
};

/**
 * What waited for the payer's browser is sent under a reference of its own; what goes on with a
 * challenge has the challenge's transaction, under the first reference.
 */
function isResumption({ id, transaction }: AttemptRow, row: Names): boolean {
  return row.reference === id || row.transaction === transaction;
}

const isNamed = (attempt: AttemptRow, names: Names): boolean =>
  NAMES[attempt.kind]?.(attempt, names) === true;

const isAnswerTo = (attempt: AttemptRow, row: CallbackRow): boolean =>
  row.response_code !== DUPLICATE && !isManagement(row) && isNamed(attempt, row);

/** The latest that says something certain; null where none does. */
export function answerIn(
  callbacks: readonly CallbackRow[],
  attempt: AttemptRow,
  processor: Processor,
): Outcome | null {
  for (const row of callbacks.toReversed()) {
    const outcome = isAnswerTo(attempt, row) ? heed(processor, attempt, row.fields) : null;
    if (outcome !== null) return outcome;
  }
  return null;
}

/**
 * The latest attempt at the account that a callback is about: after a challenge it has the first
 * one's reference, and is about the one that went on. Of a setup that is not looked for: no money moves.
 */
export async function latestNamed(
  tx: Tx,
  { account, ...names }: Names & Pick<Told, 'account'>,
): Promise<AttemptRow | null> {
  const first = names.reference === null ? null : await find(tx, names.reference);
  if (first?.processor_account !== account) return null;
  const isOver = (first.outcome as Outcome | null)?.kind === 'approved';
  if (first.payment_intent === null || isOver) return first;
  const all = await findAttemptsOf(tx, first.payment_intent);
  const later = all.filter(
    (one) => one.id > first.id && one.processor_account === account && isNamed(one, names),
  );
  return later.at(-1) ?? first;
}

/** The processor's id of what an attempt began, as callbacks tell it; null where none does. */
export const transactionIn = (
  callbacks: readonly CallbackRow[],
  { id }: AttemptRow,
): string | null =>
  callbacks.find(({ reference, response_code }) => reference === id && response_code !== DUPLICATE)
    ?.transaction ?? null;

const HELD: ReadonlySet<string> = new Set(['approved', 'captured', 'tendered', 'accepted']);

/** What a callback says of a transaction. */
export type Said = Pick<CallbackRow, 'action' | 'response_code' | 'state' | 'transaction'>;

/** Whether the processor says that money was taken, or is held. */
export const saysApproved = (said: Said): boolean =>
  said.response_code === '0' && HELD.has(said.state) && !isManagement(said);

/** The first that says so of an attempt; null where none does. */
export const approvalIn = (callbacks: readonly CallbackRow[], attempt: AttemptRow): Said | null =>
  callbacks.find((row) => isAnswerTo(attempt, row) && saysApproved(row)) ?? null;
