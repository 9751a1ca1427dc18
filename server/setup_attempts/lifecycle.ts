import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { update, type SetupAttemptRow, type Status } from './store';

export type Action = 'abandon' | 'challenge' | 'fail' | 'submit' | 'succeed';

/** While the issuer is asked, an attempt is `processing`. Stripe sends no events about attempts. */
export const setupAttempt = lifecycle<Status, Action>('setup_attempt', ['processing'], {
  processing: {
    challenge: ['requires_action', null],
    succeed: ['succeeded', null],
    fail: ['failed', null],
  },
  requires_action: { submit: ['processing', null], abandon: ['abandoned', null] },
  requires_confirmation: {},
  succeeded: {},
  failed: {},
  abandoned: {},
});

/** The one door to `status`. The caller locked the row; `changes` are what the issuer told. */
export function move(
  tx: Tx,
  before: SetupAttemptRow,
  action: Action,
  changes: Partial<Pick<SetupAttemptRow, 'card' | 'setup_error'>> = {},
): SetupAttemptRow {
  const step = setupAttempt.step(before.status, action);
  if (step === null) throw new RangeError(`Cannot ${action} ${before.id}: it is ${before.status}.`);
  return update(tx, before, { ...changes, status: step[0] });
}
