import type { RefundRow } from './store';
import { lifecycle } from '@/server/kernel/lifecycle';

type Action = 'succeed' | 'fail';

export const refund = lifecycle<RefundRow['status'], Action>('refund', ['pending'], {
  pending: { succeed: ['succeeded', null], fail: ['failed', 'refund.failed'] },
  requires_action: {},
  // A bank may send back a refund that it had taken: the money is with the merchant again.
  succeeded: { fail: ['failed', 'refund.failed'] },
  failed: {},
  canceled: {},
});
