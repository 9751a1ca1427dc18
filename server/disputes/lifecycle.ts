import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { update, type DisputeRow, type Status } from './store';

export type Action = 'close' | 'escalate' | 'lose' | 'submit' | 'win';

/**
 * Of an inquiry nothing is taken: it is answered, and closed, or becomes a dispute. Evidence is
 * taken once; a dispute that nobody answers is lost.
 */
export const dispute = lifecycle<Status, Action>(
  'dispute',
  ['warning_needs_response', 'needs_response'],
  {
    warning_needs_response: {
      submit: ['warning_under_review', 'charge.dispute.updated'],
      escalate: ['needs_response', 'charge.dispute.updated'],
      close: ['warning_closed', 'charge.dispute.closed'],
    },
    warning_under_review: {
      escalate: ['needs_response', 'charge.dispute.updated'],
      close: ['warning_closed', 'charge.dispute.closed'],
    },
    warning_closed: {},
    needs_response: {
      submit: ['under_review', 'charge.dispute.updated'],
      win: ['won', 'charge.dispute.closed'],
      lose: ['lost', 'charge.dispute.closed'],
    },
    under_review: {
      win: ['won', 'charge.dispute.closed'],
      lose: ['lost', 'charge.dispute.closed'],
    },
    won: {},
    lost: {},
  },
);

/** The one door to `status`. The caller locked the row, and announces the step's event. */
export function move(
  tx: Tx,
  before: DisputeRow,
  action: Action,
  changes: Partial<DisputeRow> = {},
): DisputeRow {
  const step = dispute.step(before.status, action);
  if (step === null) throw new RangeError(`Cannot ${action} ${before.id}: it is ${before.status}.`);
  return update(tx, before, { ...changes, status: step[0] });
}
