import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { toInvoicePayment } from './object';
import { update, type InvoicePaymentRow, type Status } from './store';

export type Action = 'cancel' | 'pay';

export const invoicePayment = lifecycle<Status, Action>('invoice_payment', ['open'], {
  open: { pay: ['paid', 'invoice_payment.paid'], cancel: ['canceled', null] },
  paid: {},
  canceled: {},
});

/** The one door: nothing else writes `status`, so no status changes without its event. */
export async function move(
  tx: Tx,
  payment: InvoicePaymentRow,
  action: Action,
  changes: Partial<InvoicePaymentRow>,
): Promise<InvoicePaymentRow> {
  const step = invoicePayment.step(payment.status, action);
  if (step === null) throw new Error(`${payment.id} is ${payment.status}: it cannot ${action}.`);
  const [status, event] = step;
  const moved = update(tx, payment, { ...changes, status });
  if (event !== null) await tx.announce(event, toInvoicePayment(moved));
  return moved;
}
