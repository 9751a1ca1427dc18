/** What the next invoice would be, as far as it can be said today. */
import type Stripe from 'stripe';
import { compose, LINES_SHOWN, showInvoice, type Composed } from '@/server/invoices';
import type { Scope, Tx } from '@/server/kernel/context';
import type { ApiObject } from '@/server/kernel/object';
import { currentProject } from '@/server/projects';
import { findRates } from '@/server/tax_rates';
import { amend, type Agreement } from './agreement';
import { toNewInvoice } from './bill';
import { renewalAt, requireFound } from './renew';

/** `invoice.upcoming`, once for each renewal. Nothing is announced where nothing would be asked for. */
export async function announceRenewal(tx: Tx, agreement: Agreement, at: number): Promise<void> {
  await amend(tx, agreement, { row: { announced_renewal: at } });
  const upcoming = await composeRenewal(tx, agreement, at);
  if (upcoming === null) return;
  // There is no such invoice yet, so it has no id.
  const { id: _, ...invoice } = showInvoice(upcoming.invoice, upcoming.beside);
  await tx.announce('invoice.upcoming', invoice satisfies ApiObject);
}

/** The invoice of the renewal at `at`, with the usage so far; null where there would be none. */
export async function composeRenewal(
  scope: Scope,
  agreement: Agreement,
  at: number,
): Promise<Composed | null> {
  // As of then: a discount that has ended by then takes nothing off.
  const then = { ...scope, now: new Date(at * 1000) };
  const [customer, { bill }] = await Promise.all([
    requireFound(scope, agreement.row.customer),
    renewalAt(then, agreement, at),
  ]);
  return bill === null ? null : compose(then, toNewInvoice(agreement, customer, bill));
}

/** An invoice that is not to be written, from all of its lines. */
export async function showComposed(
  scope: Scope,
  { invoice, lines }: Pick<Composed, 'invoice' | 'lines'>,
): Promise<Stripe.Invoice> {
  const [{ country, name }, rates] = await Promise.all([
    currentProject(scope),
    findRates(scope, invoice.default_tax_rates),
  ]);
  return showInvoice(invoice, {
    account: { country, name },
    lines: lines.slice(0, LINES_SHOWN + 1),
    rates,
    hosted_invoice_url: null,
    invoice_pdf: null,
  });
}
