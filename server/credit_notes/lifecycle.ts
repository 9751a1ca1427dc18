import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { toCreditNote } from './object';
import { update, type CreditNoteRow, type Status } from './store';

export type Action = 'void';

export const creditNote = lifecycle<Status, Action>('credit_note', ['issued'], {
  issued: { void: ['void', 'credit_note.voided'] },
  void: {},
});

/** The one door: nothing else writes `status`, so no status changes without its event. */
export async function move(
  tx: Tx,
  row: CreditNoteRow,
  action: Action,
  changes: Partial<CreditNoteRow>,
): Promise<CreditNoteRow> {
  const step = creditNote.step(row.status, action);
  if (step === null) throw new Error(`${row.id} is ${row.status}: it cannot ${action}.`);
  const [status, event] = step;
  const moved = update(tx, row, { ...changes, status });
  if (event !== null) await tx.announce(event, await toCreditNote(tx, moved));
  return moved;
}
