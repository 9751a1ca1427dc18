/**
 * A payment that is meant for an invoice, or has paid it. Each has a payment intent: the default
 * one is made by the invoice and kept in step with it, others were attached to it.
 * https://docs.stripe.com/api/invoice-payment
 */
import { resourceMissing } from '@/server/kernel/errors';
import { query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { toInvoicePayment } from './object';
import { InvoicePaymentId, ListInvoicePayments } from './params';
import * as store from './store';

export const retrieve = query({
  route: 'GET /v1/invoice_payments/:id',
  summary: 'Retrieves a payment of an invoice.',
  input: InvoicePaymentId,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('invoice_payment', id);
    return toInvoicePayment(row);
  },
});

export const list = query({
  route: 'GET /v1/invoice_payments',
  summary: 'Lists the payments of invoices, the newest first.',
  input: ListInvoicePayments,
  run: async (scope, params) => toPage(await store.page(scope, params), toInvoicePayment),
});
