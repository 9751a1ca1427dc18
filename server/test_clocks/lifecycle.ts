import type { NewRow } from '@/db/rows';
import type { test_clocks } from '@/db/schema/test_clocks';
import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { toTestClock } from './object';
import { update, type TestClockRow } from './store';

type Action = 'advance' | 'arrive' | 'fail' | 'delete';

const ADVANCE = ['advancing', 'test_helpers.test_clock.advancing'] as const;
const ARRIVE = ['ready', 'test_helpers.test_clock.ready'] as const;
const FAIL = ['internal_failure', 'test_helpers.test_clock.internal_failure'] as const;
const DELETE = ['deleted', 'test_helpers.test_clock.deleted'] as const;

export const testClock = lifecycle<TestClockRow['status'], Action>(
  'test_helpers.test_clock',
  ['ready'],
  {
    ready: { advance: ADVANCE, delete: DELETE },
    advancing: { arrive: ARRIVE, fail: FAIL },
    internal_failure: { delete: DELETE },
    deleted: {},
  },
);

/**
 * The one door: nothing else writes `status`. The row must be locked, and whoever asks for it has
 * looked at its status: a step that is not in the table is a bug.
 */
export async function move(
  tx: Tx,
  before: TestClockRow,
  action: Action,
  changes: Partial<Omit<NewRow<typeof test_clocks>, 'id' | 'status'>> = {},
): Promise<TestClockRow> {
  const step = testClock.step(before.status, action);
  if (step === null) throw new Error(`A test clock that is ${before.status} cannot ${action}.`);
  const [status, event] = step;
  const row = update(tx, before, { ...changes, status });
  // What is gone has no status on the wire: it is announced as it was.
  if (event !== null) await tx.announce(event, toTestClock(status === 'deleted' ? before : row));
  return row;
}
