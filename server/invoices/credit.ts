/**
 * Money, and what counts as money, on an open invoice: payments that arrived, and credit notes. What
 * is more than the invoice asks for goes to the customer's balance.
 */
import { adjustBalance, findCustomer, markDelinquent } from '@/server/customers';
import { settle, type InvoicePaymentRow } from '@/server/invoice_payments';
import type { Tx } from '@/server/kernel/context';
import { change, markPaid } from './lifecycle';
import { askForRest, expectIdle, giveUpPayments } from './payment';
import type { InvoiceRow } from './store';

const isOwed = ({ status }: InvoiceRow): boolean => status === 'open' || status === 'uncollectible';

/**
 * A payment of a locked invoice has arrived. The invoice is paid when nothing is left of it; else it
 * asks for the rest.
 *
 * @param received pence.
 * @param tx on the customer's clock.
 */
export async function creditPayment(
  tx: Tx,
  invoice: InvoiceRow,
  payment: InvoicePaymentRow,
  received: number,
): Promise<InvoiceRow> {
  await settle(tx, payment, received);
  const applied = isOwed(invoice) ? Math.min(received, invoice.amount_remaining) : 0;
  const over = received - applied;
  const credited = applied === 0 ? invoice : await take(tx, invoice, applied);
  return over === 0 ? credited : creditOverpayment(tx, credited, over);
}

async function take(tx: Tx, invoice: InvoiceRow, amount: number): Promise<InvoiceRow> {
  const amount_paid = invoice.amount_paid + amount;
  const amount_remaining = invoice.amount_remaining - amount;
  if (amount_remaining > 0) {
    await askForRest(tx, { ...invoice, amount_remaining });
    return change(tx, invoice, { amount_paid, amount_remaining });
  }
  const paid = await markPaid(tx, invoice, {
    amount_paid,
    // A payer who confirms the payment makes the first try.
    attempt_count: Math.max(invoice.attempt_count, 1),
  });
  await giveUpPayments(tx, paid, 'automatic');
  await markDelinquent(tx, invoice.customer, false);
  return paid;
}

async function creditOverpayment(tx: Tx, invoice: InvoiceRow, over: number): Promise<InvoiceRow> {
  const { currency } = invoice;
  const customer = await findCustomer(tx, invoice.customer);
  // A customer who was deleted since has no balance; the invoice still says what is owed to them.
  if (customer?.status === 'active') {
    await adjustBalance(tx, invoice.customer, {
      amount: -over,
      currency,
      type: 'invoice_overpaid',
      invoice: invoice.id,
    });
  }
  return change(tx, invoice, { amount_overpaid: invoice.amount_overpaid + over }, [
    'invoice.overpaid',
  ]);
}

/**
 * Takes a credit note off a locked invoice, in pence: `pre_payment` off what it still asks for,
 * `post_payment` off what was paid. An open invoice of which nothing is left is paid.
 * https://docs.stripe.com/invoicing/dashboard/credit-notes
 *
 * @throws ApiError 400 while a payment is under way.
 */
export async function creditNote(
  tx: Tx,
  invoice: InvoiceRow,
  { pre_payment, post_payment }: { readonly pre_payment: number; readonly post_payment: number },
): Promise<InvoiceRow> {
  const credited = {
    amount_due: invoice.amount_due - pre_payment,
    amount_remaining: invoice.amount_remaining - pre_payment,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + pre_payment,
    post_payment_credit_notes_amount: invoice.post_payment_credit_notes_amount + post_payment,
  };
  if (pre_payment !== 0) {
    await expectIdle(tx, invoice);
    await askForRest(tx, { ...invoice, ...credited });
  }
  if (pre_payment === 0 || credited.amount_remaining > 0) return change(tx, invoice, credited);
  const paid = await markPaid(tx, invoice, credited, { outside: true });
  await markDelinquent(tx, invoice.customer, false);
  return paid;
}

/** Puts back on a locked invoice what a credit note took off it, because the note is void. */
export async function restoreNote(
  tx: Tx,
  invoice: InvoiceRow,
  { pre_payment, post_payment }: { readonly pre_payment: number; readonly post_payment: number },
): Promise<InvoiceRow> {
  return creditNote(tx, invoice, { pre_payment: -pre_payment, post_payment: -post_payment });
}
