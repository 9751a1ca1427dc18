/**
 * A mandate is given with the request that saves a card, and holds once the card is saved. It ends
 * when the card is let go of.
 */
import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { toMandate } from './object';
import { update, type MandateRow, type Status } from './store';

export type Action = 'accept' | 'revoke';

const REVOKE = ['inactive', 'mandate.updated'] as const;

export const mandate = lifecycle<Status, Action>('mandate', ['pending'], {
  pending: { accept: ['active', 'mandate.updated'], revoke: REVOKE },
  active: { revoke: REVOKE },
  inactive: {},
});

/** The one door to `status`. The caller locked the row. */
export async function move(tx: Tx, before: MandateRow, action: Action): Promise<MandateRow> {
  const step = mandate.step(before.status, action);
  if (step === null) throw new RangeError(`Cannot ${action} ${before.id}: it is ${before.status}.`);
  const [status, event] = step;
  const row = update(tx, before, { status });
  if (event !== null) await tx.announce(event, toMandate(row), toMandate(before));
  return row;
}
