/** How a request comes by a schedule. */
import type { Scope, Tx } from '@/server/kernel/context';
import { invalidState, resourceMissing } from '@/server/kernel/errors';
import { onClock, requireStillClock } from '@/server/test_clocks';
import * as store from './store';
import type { ScheduleRow } from './store';

/** A schedule that a request is about to change, on the clock of its customer. */
export interface Ongoing {
  readonly tx: Tx;
  readonly row: ScheduleRow;
}

/**
 * The schedule, locked, if it is not over and its time is not being moved.
 *
 * @throws ApiError `resource_missing`, and 400 for one that is over.
 */
export async function requireOngoing(
  given: Tx,
  id: string,
  done: 'canceled' | 'released' | 'updated',
): Promise<Ongoing> {
  const row = expectFound(await store.lock(given, id), id);
  if (row.status !== 'active' && row.status !== 'not_started') {
    throw invalidState(
      `A subscription schedule that is in the \`${row.status}\` status cannot be ${done}. It must be \`not_started\` or \`active\`.`,
      'resource_invalid_state',
    );
  }
  if (row.test_clock !== null) await requireStillClock(given, row.test_clock);
  return { tx: await onClock(given, row.test_clock), row };
}

/** @param param names the id in the error. */
export function expectFound(row: ScheduleRow | null, id: string, param = 'id'): ScheduleRow {
  if (row === null) throw resourceMissing('subscription_schedule', id, param);
  return row;
}

/** @throws ApiError `resource_missing`, naming `param`. */
export const requireSchedule = async (
  scope: Scope,
  id: string,
  param = 'id',
): Promise<ScheduleRow> => expectFound(await store.find(scope, id), id, param);
