/**
 * Invoices as they are seen. Beside its row an invoice shows its first lines, its tax rates and
 * whose it is; and a draft shows its customer as it is now, because only finalizing fixes it.
 */
import type Stripe from 'stripe';
import { findCustomers, type CustomerRow } from '@/server/customers';
import type { Scope } from '@/server/kernel/context';
import { currentProject } from '@/server/projects';
import { findRates } from '@/server/tax_rates';
import { taxIdLists } from '@/server/tax_ids';
import { hostedUrlOf, pdfUrlOf } from './address';
import { LINES_SHOWN, showInvoice, type Beside } from './object';
import * as store from './store';
import { settleBalance } from './balance';

export async function toInvoice(scope: Scope, row: store.InvoiceRow): Promise<Stripe.Invoice> {
  const [invoice] = await toInvoices(scope, [row]);
  // One row in, one object out.
  return invoice!;
}

/** In the order of the rows, with one look for what all of them need. */
export async function toInvoices(
  scope: Scope,
  rows: readonly store.InvoiceRow[],
): Promise<Stripe.Invoice[]> {
  const [besides, current] = await Promise.all([
    besidesOf(scope, rows),
    withCustomers(scope, rows),
  ]);
  return current.map((row, index) => showInvoice(row, besides[index]!));
}

/** What the invoices show beside their rows, in the same order. */
export async function besidesOf(
  scope: Scope,
  rows: readonly store.InvoiceRow[],
): Promise<Beside[]> {
  if (rows.length === 0) return [];
  const rateIds = [...new Set(rows.flatMap(({ default_tax_rates }) => default_tax_rates))];
  const [{ country, name }, lines, found] = await Promise.all([
    currentProject(scope),
    store.firstLinesOf(
      scope,
      rows.map(({ id }) => id),
      LINES_SHOWN + 1,
    ),
    rateIds.length === 0 ? [] : findRates(scope, rateIds),
  ]);
  const rates = new Map(found.map((rate) => [rate.id, rate]));
  return rows.map((row) => ({
    account: { country, name },
    lines: lines.filter(({ invoice }) => invoice === row.id),
    rates: row.default_tax_rates.flatMap((id) => rates.get(id) ?? []),
    hosted_invoice_url: hostedUrlOf(scope, row.id),
    invoice_pdf: pdfUrlOf(scope, row.id),
  }));
}

/** Drafts with their customer as it is now. */
async function withCustomers(
  scope: Scope,
  rows: readonly store.InvoiceRow[],
): Promise<store.InvoiceRow[]> {
  const ids = [
    ...new Set(rows.filter(({ status }) => status === 'draft').map(({ customer }) => customer)),
  ];
  if (ids.length === 0) return [...rows];
  const [found, taxIds] = await Promise.all([findCustomers(scope, ids), taxIdLists(scope, ids)]);
  const customers = new Map(found.map((customer) => [customer.id, customer]));
  return rows.map((row) => {
    const customer = customers.get(row.customer);
    if (row.status !== 'draft' || customer === undefined) return row;
    return { ...row, ...asOf(customer, taxIds.get(customer.id)?.data ?? [], row) };
  });
}

/** What an invoice takes from its customer, and what the customer's balance does to it. */
export const asOf = (
  customer: CustomerRow,
  taxIds: readonly Stripe.TaxId[],
  { total, currency }: Pick<store.InvoiceRow, 'total' | 'currency'>,
) => {
  const { amount_due, starting_balance } = settleBalance(total, customer, currency);
  return {
    amount_due,
    amount_remaining: amount_due,
    customer_address: customer.address,
    customer_email: customer.email,
    customer_name: customer.name,
    customer_phone: customer.phone,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt,
    customer_tax_ids: taxIds.map(({ type, value }) => ({ type, value })),
    starting_balance,
  } satisfies Partial<store.InvoiceRow>;
};
