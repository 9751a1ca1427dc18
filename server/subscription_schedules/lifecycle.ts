import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { amend, write } from './amend';
import { show } from './object';
import type { ScheduleRow, Status } from './store';

export type Action = 'start' | 'complete' | 'release' | 'cancel' | 'abort';

const CANCEL = ['canceled', 'subscription_schedule.canceled'] as const;
const RELEASE = ['released', 'subscription_schedule.released'] as const;

/**
 * One that comes to its end completes where the subscription ends with it, and is released where that
 * goes on. It is aborted when its subscription ends because nobody paid.
 */
export const subscriptionSchedule = lifecycle<Status, Action>(
  'subscription_schedule',
  ['not_started', 'active'],
  {
    not_started: {
      start: ['active', 'subscription_schedule.updated'],
      release: RELEASE,
      cancel: CANCEL,
    },
    active: {
      complete: ['completed', 'subscription_schedule.completed'],
      release: RELEASE,
      cancel: CANCEL,
      abort: ['canceled', 'subscription_schedule.aborted'],
    },
    completed: {},
    released: {},
    canceled: {},
  },
);

/** The one door: nothing else writes `status`, so no status changes without its event. */
export async function move(
  tx: Tx,
  before: ScheduleRow,
  action: Action,
  change: Partial<ScheduleRow> = {},
): Promise<ScheduleRow> {
  const step = subscriptionSchedule.step(before.status, action);
  if (step === null) throw new Error(`${before.id} is ${before.status}: it cannot ${action}.`);
  const [status, event] = step;
  if (event === 'subscription_schedule.updated') return amend(tx, before, { ...change, status });
  const moved = write(tx, before, { ...change, current_phase: null, status });
  if (event !== null) await tx.announce(event, await show(tx, moved));
  return moved;
}
