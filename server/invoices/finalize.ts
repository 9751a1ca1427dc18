/**
 * A draft becomes an invoice: it gets its number, keeps its customer as it is at this moment, takes
 * up the customer's balance, and can no longer be edited. Where nothing is left to pay, it is paid.
 * https://docs.stripe.com/invoicing/integration/workflow-transitions
 */
import type Stripe from 'stripe';
import { billCustomer, lockCustomer, requireCustomer, type CustomerRow } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import { ApiError, requestInvalid } from '@/server/kernel/errors';
import { assertChargeable } from '@/server/kernel/money';
import { unix } from '@/server/kernel/object';
import { currentProject, readSettings } from '@/server/projects';
import { taxIdLists } from '@/server/tax_ids';
import { settleBalance } from './balance';
import { computeLines } from './compute';
import { change, markPaid, move } from './lifecycle';
import { nextNumber } from './number';
import { openPayment } from './payment';
import { dueAt, isRetried } from './retries';
import { replaceRevised } from './revision';
import { asOf } from './show';
import * as store from './store';
import type { InvoiceRow } from './store';

/**
 * Finalizes a draft, and answers it `open`, or `paid` where nothing is due. Announces
 * `invoice.finalized` and `invoice.updated`, and of one that is paid what follows on them.
 *
 * One that advances by itself is left due at once: to be collected, or to be sent. Whoever collects
 * it in the same transaction says when it is due again. The first invoice of a subscription is never
 * left so: whoever makes the subscription collects it.
 *
 * @param row locked in this transaction.
 * @param tx on the customer's clock.
 * @throws ApiError 400, before anything is written, for an amount that cannot be charged, when the
 *   customer was deleted, when it is owed in a currency that its balance
 *   is not kept in, and when the invoice that this one revises can no longer be replaced.
 */
export async function finalize(tx: Tx, row: InvoiceRow): Promise<InvoiceRow> {
  if (row.from_invoice !== null) {
    await requireCustomer(tx, row.customer);
    await replaceRevised(tx, row.from_invoice, row.id);
  }
  const [customer, project, taxIds] = await Promise.all([
    lockCustomer(tx, row.customer),
    currentProject(tx),
    taxIdLists(tx, [row.customer]),
  ]);
  const totals = await totalsFor(tx, row, customer);
  const current = { ...row, ...totals };
  const effect = settleBalance(current.total, customer, row.currency);
  if (current.total < 0 && effect.entries.length === 0) throw balanceElsewhere(customer, row);
  if (effect.amount_due > 0) assertChargeable(effect.amount_due, row.currency, 'amount_due');

  const { billing } = readSettings(project.settings);
  const { number, next_invoice_sequence } =
    row.number === null
      ? await nextNumber(tx, customer, billing.invoice_numbering)
      : { number: row.number, next_invoice_sequence: customer.next_invoice_sequence };
  await billCustomer(tx, customer, {
    currency: row.currency,
    next_invoice_sequence,
    entries: effect.entries.map((entry) => ({ ...entry, invoice: row.id })),
  });

  const now = unix(tx.now);
  const next_payment_attempt = isRetried(row) && effect.amount_due > 0 ? now : null;
  const isSent = row.auto_advance && row.collection_method === 'send_invoice';
  const open = await move(tx, row, 'finalize', {
    ...totals,
    ...asOf(customer, taxIds.get(customer.id)?.data ?? [], current),
    automatically_finalizes_at: null,
    due_at: isSent ? now : dueAt({ ...row, status: 'open', next_payment_attempt }, billing, now),
    effective_at: row.effective_at ?? now,
    ending_balance: effect.ending_balance,
    last_finalization_error: null,
    next_payment_attempt,
    number,
    status_transitions: { ...row.status_transitions, finalized_at: now },
  });
  return open.amount_due === 0 ? markPaid(tx, open) : openPayment(tx, open);
}

/**
 * As `finalize`, of a draft whose time has come. What stands against it is said on the draft and
 * announced, and the draft waits for somebody to put that right and finalize it.
 * https://docs.stripe.com/billing/invoices/overview#finalization-failures
 */
export async function finalizeDue(tx: Tx, row: InvoiceRow): Promise<InvoiceRow> {
  try {
    return await finalize(tx, row);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 400) throw error;
    const { code, param } = error.details;
    const last_finalization_error: Stripe.Invoice.LastFinalizationError = {
      message: error.message,
      type: error.type,
      ...(code === undefined ? {} : { code }),
      ...(param === undefined ? {} : { param }),
    };
    return change(
      tx,
      row,
      { automatically_finalizes_at: null, due_at: null, last_finalization_error },
      ['invoice.finalization_failed'],
    );
  }
}

/** Computed again where the customer's exemption from taxes is not what it was. */
async function totalsFor(tx: Tx, row: InvoiceRow, { tax_exempt }: CustomerRow) {
  if (tax_exempt === row.customer_tax_exempt) return {};
  const before = await store.linesOf(tx, row.id);
  const terms = { ...row, customer_tax_exempt: tax_exempt };
  const { lines, totals } = await computeLines(tx, terms, before, null);
  for (const [index, line] of before.entries()) {
    const computed = lines[index];
    if (computed !== undefined) store.lines.update(tx, line, { taxes: computed.taxes });
  }
  return totals;
}

const balanceElsewhere = (customer: CustomerRow, { currency }: InvoiceRow) =>
  requestInvalid(
    `The balance of customer ${customer.id} is kept in ${customer.currency}. It cannot take up the credit of an invoice in ${currency}.`,
  );
