/** A meter counts, or does not; nothing is lost in between. https://docs.stripe.com/api/billing/meter */
import type { Tx } from '@/server/kernel/context';
import { requestInvalid } from '@/server/kernel/errors';
import { lifecycle } from '@/server/kernel/lifecycle';
import { unix } from '@/server/kernel/object';
import { toMeter } from './object';
import * as store from './store';

export type Action = 'deactivate' | 'reactivate';

export const meter = lifecycle<store.MeterRow['status'], Action>('billing.meter', ['active'], {
  active: { deactivate: ['inactive', 'billing.meter.deactivated'] },
  inactive: { reactivate: ['active', 'billing.meter.reactivated'] },
});

/**
 * The one door to `status`. The caller locked the row.
 *
 * @throws ApiError 400 for a meter that is so already.
 */
export async function move(
  tx: Tx,
  before: store.MeterRow,
  action: Action,
): Promise<store.MeterRow> {
  const step = meter.step(before.status, action);
  if (step === null) throw requestInvalid(`The meter ${before.id} is already ${before.status}.`);
  const [status, event] = step;
  const now = unix(tx.now);
  const deactivated_at = status === 'inactive' ? now : null;
  const row = store.update(tx, before, { status, deactivated_at, updated: now });
  if (event !== null) await tx.announce(event, toMeter(row), toMeter(before));
  return row;
}
