/** How the row of a schedule changes: never without its event, nor without a look at what is due next. */
import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '@/server/kernel/context';
import { dueAt } from './due_at';
import { show } from './object';
import { update, type ScheduleRow } from './store';

/** Writes the change, and when something is due next; announces it where it can be seen. */
export async function amend(
  tx: Tx,
  before: ScheduleRow,
  change: Partial<ScheduleRow>,
): Promise<ScheduleRow> {
  const after = write(tx, before, change);
  const [was, is] = [await show(tx, before), await show(tx, after)];
  if (!isDeepStrictEqual(was, is)) await tx.announce('subscription_schedule.updated', is, was);
  return after;
}

/** As `amend`, where what can be seen of it is announced by the caller. */
export const write = (tx: Tx, before: ScheduleRow, change: Partial<ScheduleRow>): ScheduleRow =>
  update(tx, before, { ...change, due_at: dueAt({ ...before, ...change }) });
