/** What callbacks say became of an attempt. */
import { heed, type AttemptRow } from '@/server/processor_attempts';
import type { Outcome, Processor } from '@/server/processor/processor';
import type { Told } from './callback';
import type { CallbackRow } from './store';

/** A request that says what an earlier one said: the proof that the earlier one arrived, and no more. */
const DUPLICATE = '65554';

/** Of a request about a transaction, `CAPTURE:SALE`, and not of the one that made it. */
const isManagement = ({ action }: Pick<CallbackRow, 'action'>): boolean => action.includes(':');

/** TABLE: how a callback names what it answers, by what the attempt asks. Looking tells of the rest. */
const NAMES: Partial<
  Record<AttemptRow['kind'], (attempt: AttemptRow, row: CallbackRow) => boolean>
> = {
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
function isResumption({ id, transaction }: AttemptRow, row: CallbackRow): boolean {
  return row.reference === id || row.transaction === transaction;
}

const isAnswerTo = (attempt: AttemptRow, row: CallbackRow): boolean =>
  row.response_code !== DUPLICATE &&
  !isManagement(row) &&
  NAMES[attempt.kind]?.(attempt, row) === true;

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

/** The processor's id of what an attempt began, as callbacks tell it; null where none does. */
export const transactionIn = (
  callbacks: readonly CallbackRow[],
  { id }: AttemptRow,
): string | null =>
  callbacks.find(({ reference, response_code }) => reference === id && response_code !== DUPLICATE)
    ?.transaction ?? null;

const HELD: ReadonlySet<string> = new Set(['approved', 'captured', 'tendered', 'accepted']);

/** Whether the processor says that money was taken, or is held. */
export const saysApproved = (told: Told): boolean =>
  told.responseCode === '0' && HELD.has(told.state) && !isManagement(told);
