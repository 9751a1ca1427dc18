/**
 * A payment method is used once by itself, or saved with a customer and used until it is detached.
 * There is no way back: https://docs.stripe.com/api/payment_methods/detach
 */
import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { toPaymentMethod } from './object';
import * as store from './store';
import type { PaymentMethodRow } from './store';

export type Status = PaymentMethodRow['status'];
export type Action = 'attach' | 'detach' | 'use_up';

export const paymentMethod = lifecycle<Status, Action>('payment_method', ['unattached'], {
  unattached: {
    attach: ['attached', 'payment_method.attached'],
    use_up: ['detached', null],
  },
  attached: { detach: ['detached', 'payment_method.detached'] },
  detached: {},
});

type Changes = Pick<PaymentMethodRow, 'customer'> & Partial<Pick<PaymentMethodRow, 'card'>>;

/** The one door to `status`. The caller locked the row, and refused what the table does not have. */
export async function move(
  tx: Tx,
  before: PaymentMethodRow,
  action: Action,
  changes: Changes,
): Promise<PaymentMethodRow> {
  const step = paymentMethod.step(before.status, action);
  if (step === null) throw new RangeError(`Cannot ${action} ${before.id}: it is ${before.status}.`);
  const [status, event] = step;
  const row = store.update(tx, before, { ...changes, status });
  if (event !== null) {
    // Whose it was is told when it is nobody's any more; a new owner replaces no old one.
    const previous = action === 'detach' ? toPaymentMethod(before) : undefined;
    await tx.announce(event, toPaymentMethod(row), previous);
  }
  return row;
}
