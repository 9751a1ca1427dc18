import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { toPayout } from './object';
import { update, type PayoutRow, type Status } from './store';

export type Action = 'arrive' | 'cancel' | 'fail' | 'send';

/** A bank may send money back that it had taken: Stripe's payouts too fail after they were paid. */
export const payout = lifecycle<Status, Action>('payout', ['pending'], {
  pending: {
    send: ['in_transit', 'payout.updated'],
    arrive: ['paid', 'payout.paid'],
    fail: ['failed', 'payout.failed'],
    cancel: ['canceled', 'payout.canceled'],
  },
  in_transit: { arrive: ['paid', 'payout.paid'], fail: ['failed', 'payout.failed'] },
  paid: { fail: ['failed', 'payout.failed'] },
  failed: {},
  canceled: {},
});

/** The one door to `status`. The caller locked the row. */
export async function move(
  tx: Tx,
  before: PayoutRow,
  action: Action,
  changes: Partial<PayoutRow> = {},
): Promise<PayoutRow> {
  const step = payout.step(before.status, action);
  if (step === null) throw new RangeError(`Cannot ${action} ${before.id}: it is ${before.status}.`);
  const [status, event] = step;
  const row = update(tx, before, { ...changes, status });
  if (event !== null) await tx.announce(event, toPayout(row), toPayout(before));
  return row;
}
