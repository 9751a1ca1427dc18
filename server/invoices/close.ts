/** How an invoice ends without being paid. */
import { adjustBalance, findCustomer } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { move } from './lifecycle';
import { expectIdle, giveUpPayments } from './payment';
import type { InvoiceRow } from './store';

/** It stays as it was, and nothing is due to be done with it. */
const STOPPED = {
  auto_advance: false,
  due_at: null,
  next_payment_attempt: null,
} as const;

/**
 * Voids an open or uncollectible invoice. What it took of the customer's balance goes back:
 * https://docs.stripe.com/changelog/2019-12-03/customer-balances-returned-voided-invoices
 *
 * @param row locked in this transaction.
 * @param tx on the customer's clock.
 * @throws ApiError 400 while a payment is under way.
 */
export async function voidInvoice(tx: Tx, row: InvoiceRow): Promise<InvoiceRow> {
  await expectIdle(tx, row);
  await giveUpPayments(tx, row, 'void_invoice');
  const amount = row.starting_balance - (row.ending_balance ?? row.starting_balance);
  const customer = amount === 0 ? null : await findCustomer(tx, row.customer);
  if (customer?.status === 'active') {
    await adjustBalance(tx, row.customer, {
      amount,
      currency: row.currency,
      type: 'unapplied_from_invoice',
      invoice: row.id,
    });
  }
  return move(tx, row, 'void', {
    ...STOPPED,
    status_transitions: { ...row.status_transitions, voided_at: unix(tx.now) },
  });
}

/** Gives an open invoice up for lost. It can still be paid, or voided. `row` is locked. */
export const markUncollectible = (tx: Tx, row: InvoiceRow): Promise<InvoiceRow> =>
  move(tx, row, 'mark_uncollectible', {
    ...STOPPED,
    status_transitions: { ...row.status_transitions, marked_uncollectible_at: unix(tx.now) },
  });
