import { desc, inArray, isNotNull } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { invoice_payments } from '@/db/schema/invoices';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListInvoicePayments } from './params';

export type InvoicePaymentRow = typeof invoice_payments.$inferSelect;
export type Status = InvoicePaymentRow['status'];

const rows = rowsOf(invoice_payments);
export const { insert, find, findAll, update } = rows;

export const page = (scope: Scope, params: ListInvoicePayments) =>
  pageOf<InvoicePaymentRow>(
    scope,
    { table: invoice_payments, rows, object: 'invoice_payment' },
    params,
    whenGiven(invoice_payments.invoice, params.invoice),
    whenGiven(invoice_payments.status, params.status),
    within(invoice_payments.created, params.created),
    whenGiven(invoice_payments.payment_intent, params.payment?.payment_intent),
    params.payment === undefined ? undefined : isNotNull(invoice_payments.payment_intent),
  );

const byIntent = rows.findBy('payment_intent');
const lockByIntent = rows.findBy('payment_intent', { lock: true });

/** The one of a payment intent. An intent pays one invoice, and once. */
export const findOfIntent = async (
  scope: Scope,
  intent: string,
): Promise<InvoicePaymentRow | null> => (await byIntent(scope, intent))[0] ?? null;

/** As `findOfIntent`, locked. */
export const lockOfIntent = async (tx: Tx, intent: string): Promise<InvoicePaymentRow | null> =>
  (await lockByIntent(tx, intent))[0] ?? null;

/** Those of an invoice that wait for money, locked. */
export const lockOpenOf = rows.findBy('invoice', { only: { status: 'open' }, lock: true });

/** Those of the invoices, the newest first. */
export const ofInvoices = (
  scope: Scope,
  invoices: readonly string[],
): Promise<InvoicePaymentRow[]> =>
  scope.db
    .select()
    .from(invoice_payments)
    .where(inArray(invoice_payments.invoice, [...invoices]))
    .orderBy(desc(invoice_payments.id));
