import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { update, type RefundRow } from './store';

type Action = 'succeed' | 'fail';

export const refund = lifecycle<RefundRow['status'], Action>('refund', ['pending'], {
  pending: { succeed: ['succeeded', null], fail: ['failed', 'refund.failed'] },
  requires_action: {},
  // A bank may send back a refund that it had taken: the money is with the merchant again.
  succeeded: { fail: ['failed', 'refund.failed'] },
  failed: {},
  canceled: {},
});

/** The one door to `status`. What is announced besides, the caller knows: a refund tells more. */
export function move(
  tx: Tx,
  row: RefundRow,
  action: Action,
  changes: Partial<RefundRow>,
): RefundRow {
  const step = refund.step(row.status, action);
  if (step === null) throw new Error(`Refund ${row.id} is ${row.status}: it cannot ${action}.`);
  return update(tx, row, { ...changes, status: step[0] });
}
