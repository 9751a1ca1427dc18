/**
 * The next invoice of a subscription that is made, changed or canceled in rehearsal: by the very
 * functions that do it, up to the invoice, which is composed and not drafted. The caller takes back
 * what they wrote.
 */
import type Stripe from 'stripe';
import type { CustomerRow } from '@/server/customers';
import { compose, findInvoice, showInvoice, toInvoice, type NewInvoice } from '@/server/invoices';
import type { Scope, Tx } from '@/server/kernel/context';
import type { Agreement } from './agreement';
import { nowOf, toNewInvoice } from './bill';
import { firstInvoice } from './create';
import { renewalOf } from './due_at';
import { lastBill } from './end';
import { isMetered } from './lines';
import { open } from './opening';
import type { CreateSubscription } from './params';
import { renewalAt, requireFound } from './renew';
import { actionOf, addItems, apply, creditUnused } from './revise';
import { decide, invoiceOf } from './update';
import type { GivenUpdate } from './update.params';

export interface Tailored {
  /** Only what is asked for every time: no prorations, and nothing that is asked for once. */
  readonly isRecurring: boolean;
  /** Discounts instead of the subscription's; null leaves those. */
  readonly discounts: readonly string[] | null;
}

/** The first invoice of a new subscription; null where nothing would be asked for. */
export async function previewCreation(
  tx: Tx,
  customer: CustomerRow,
  given: CreateSubscription,
  how: Tailored,
): Promise<Stripe.Invoice | null> {
  const opening = await open(tx, customer, given);
  if (how.isRecurring) return recurring(tx, opening.agreement, how);
  return composed(tx, await firstInvoice(tx, opening, customer), how);
}

/** The next invoice after an update: the one that it makes, else that of the next renewal. */
export async function previewUpdate(
  tx: Tx,
  agreement: Agreement,
  given: GivenUpdate,
  how: Tailored,
): Promise<Stripe.Invoice | null> {
  const revision = await decide(tx, agreement, given);
  await addItems(tx, revision, given.add_invoice_items ?? []);
  const invoice = revision.isInvoiced ? await invoiceOf(tx, revision) : null;
  if (invoice !== null && !how.isRecurring) return composed(tx, invoice, how);
  const { after, row } = revision;
  const { items, rates } = after;
  const changed = await apply(tx, agreement, {
    items,
    rates,
    row,
    action: actionOf(revision.plan),
  });
  if (how.isRecurring) return recurring(tx, changed, how);
  return previewRenewal(tx, changed, how, revision.proration_date);
}

/** The last invoice of a subscription that is canceled now. */
export async function previewCancellation(
  tx: Tx,
  agreement: Agreement,
  isProrated: boolean,
): Promise<Stripe.Invoice | null> {
  if (isProrated) await creditUnused(tx, agreement, nowOf(tx));
  return drafted(tx, agreement, nowOf(tx));
}

/**
 * The invoice of the next renewal, with the usage so far; the last one where it ends before.
 *
 * @param proration_date when the prorations on it count from, in unix seconds.
 */
export async function previewRenewal(
  tx: Tx,
  agreement: Agreement,
  how: Tailored,
  proration_date: number | null = null,
): Promise<Stripe.Invoice | null> {
  const at = renewalOf(agreement);
  const { cancel_at, status } = agreement.row;
  if (at === null || status === 'paused') return null;
  // As of then: a discount that has ended by then takes nothing off.
  const then = { ...tx, now: new Date(at * 1000) };
  if (cancel_at !== null && cancel_at <= at) return drafted(then, agreement, cancel_at);
  const customer = await requireFound(tx, agreement.row.customer);
  const { bill } = await renewalAt(then, agreement, at);
  if (bill === null) return null;
  const dated = proration_date === null ? bill : { ...bill, proration_date };
  return composed(then, toNewInvoice(agreement, customer, dated), how);
}

/** What a whole period costs, with every item, as if all of them began one at the next renewal. */
async function recurring(
  tx: Tx,
  agreement: Agreement,
  how: Tailored,
): Promise<Stripe.Invoice | null> {
  const at = Math.max(...agreement.items.map(({ row }) => row.current_period_end));
  const then = { ...tx, now: new Date(at * 1000) };
  const ended = {
    ...agreement,
    row: { ...agreement.row, cancel_at: null },
    items: agreement.items
      .filter((one) => !isMetered(one))
      .map((one) => ({ ...one, row: { ...one.row, current_period_end: at } })),
  };
  const customer = await requireFound(tx, agreement.row.customer);
  const { bill } = await renewalAt(then, ended, at);
  if (bill === null || bill.lines.length === 0) return null;
  return composed(then, toNewInvoice(ended, customer, { ...bill, items: [] }), how);
}

/** As Stripe shows it: with what it would leave on the customer's balance. */
export async function composed(
  scope: Scope,
  invoice: NewInvoice | null,
  { discounts }: Pick<Tailored, 'discounts'>,
): Promise<Stripe.Invoice | null> {
  if (invoice === null) return null;
  const made = await compose(scope, discounts === null ? invoice : { ...invoice, discounts });
  return { ...showInvoice(made.invoice, made.beside), ending_balance: made.ending_balance };
}

/** The last bill is made as it is; nothing of it is finalized. */
async function drafted(tx: Tx, agreement: Agreement, at: number): Promise<Stripe.Invoice | null> {
  const { row = {} } = await lastBill(tx, agreement, at);
  const invoice = row.latest_invoice == null ? null : await findInvoice(tx, row.latest_invoice);
  return invoice === null ? null : toInvoice(tx, invoice);
}
