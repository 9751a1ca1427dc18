/**
 * Invoices are what customers are asked to pay, from the draft to the money.
 * https://docs.stripe.com/api/invoices
 *
 * Creating and changing one have files of their own, and so have its lines and its payment.
 */
import { findItemsOn, lockItem, updateItem } from '@/server/invoice_items';
import type { Tx } from '@/server/kernel/context';
import { invalidState, requestInvalid, resourceMissing } from '@/server/kernel/errors';
import { command, query } from '@/server/kernel/operation';
import { markUncollectible as giveUp, voidInvoice } from './close';
import { openInvoice } from './edit';
import { finalize as finalizeDraft } from './finalize';
import { invoice, type Action } from './lifecycle';
import { toDeletedInvoice } from './object';
import { FinalizeInvoice, InvoiceId, ListInvoices, SearchInvoices } from './params';
import { sendInvoice } from './send';
import { toInvoice, toInvoices } from './show';
import * as store from './store';
import type { InvoiceRow } from './store';

export const retrieve = query({
  route: 'GET /v1/invoices/:id',
  summary: 'Retrieves an invoice, with its first lines.',
  input: InvoiceId,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('invoice', id);
    return toInvoice(scope, row);
  },
});

export const list = query({
  route: 'GET /v1/invoices',
  summary: 'Lists invoices, the newest first.',
  input: ListInvoices,
  unsupported: ['customer_account'],
  async run(scope, params) {
    const { rows, has_more } = await store.page(scope, params);
    return { object: 'page' as const, data: await toInvoices(scope, rows), has_more };
  },
});

export const search = query({
  route: 'GET /v1/invoices/search',
  summary: 'Searches invoices by customer, subscription, number, status, total and metadata.',
  input: SearchInvoices,
  async run(scope, params) {
    const { data, ...page } = await store.search(scope, params);
    return { ...page, data: await toInvoices(scope, data) };
  },
});

export const remove = command({
  route: 'DELETE /v1/invoices/:id',
  summary: 'Deletes a draft for good. Its invoice items wait for an invoice again.',
  input: InvoiceId,
  async run(given, { id }) {
    const { tx, row } = await openInvoice(given, id);
    if (row.status !== 'draft') {
      throw invalidState(
        'You can only delete draft invoices. To cancel a finalized invoice, void it.',
        'invoice_not_editable',
      );
    }
    if (row.billing_reason !== 'manual') {
      throw requestInvalid(
        'Invoices of subscriptions cannot be deleted. Finalize the invoice, and void it.',
      );
    }
    const deleted = await toInvoice(tx, row);
    for (const item of await findItemsOn(tx, id)) {
      const locked = await lockItem(tx, item.id);
      if (locked !== null) updateItem(tx, locked, { invoice: null });
    }
    for (const line of await store.linesOf(tx, id)) store.lines.remove(tx, line.id);
    store.remove(tx, id);
    await tx.announce('invoice.deleted', deleted);
    return toDeletedInvoice(row);
  },
});

export const finalize = command({
  route: 'POST /v1/invoices/:id/finalize',
  summary: 'Finalizes a draft: it gets its number, and can be paid.',
  input: FinalizeInvoice,
  async run(given, { id, auto_advance }) {
    const { tx, row } = await openInvoice(given, id);
    if (row.status !== 'draft') {
      throw invalidState(
        "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
        'invoice_not_editable',
      );
    }
    const draft = auto_advance === undefined ? row : store.update(tx, row, { auto_advance });
    return toInvoice(tx, await finalizeDraft(tx, draft));
  },
});

export const send = command({
  route: 'POST /v1/invoices/:id/send',
  summary: 'Sends an invoice to its customer, out of the schedule; a draft is finalized first.',
  input: InvoiceId,
  async run(given, { id }) {
    const { tx, row } = await openInvoice(given, id);
    if (row.collection_method !== 'send_invoice') {
      throw requestInvalid(
        'You can only manually send an invoice if its collection method is `send_invoice`.',
      );
    }
    if (row.status === 'void') throw requestInvalid('You cannot send a voided invoice.');
    const final = row.status === 'draft' ? await finalizeDraft(tx, row) : row;
    if (final.customer_email === null) {
      throw requestInvalid(
        'Missing email. In order to send invoices to the customer, the customer must have a valid email.',
      );
    }
    return toInvoice(tx, await sendInvoice(tx, final));
  },
});

export const voidOne = command({
  route: 'POST /v1/invoices/:id/void',
  summary: 'Voids an invoice that is open or uncollectible, for good.',
  input: InvoiceId,
  async run(given, { id }) {
    const { tx, row } = await openInvoice(given, id);
    assertAllows(row, 'void', 'open or uncollectible');
    if (row.amount_paid > 0) {
      throw requestInvalid(
        'You cannot void an invoice that was paid in part. Issue a credit note for the rest instead.',
      );
    }
    return shown(tx, voidInvoice(tx, row));
  },
});

export const markUncollectible = command({
  route: 'POST /v1/invoices/:id/mark_uncollectible',
  summary: 'Gives an open invoice up for lost. It can still be paid, or voided.',
  input: InvoiceId,
  async run(given, { id }) {
    const { tx, row } = await openInvoice(given, id);
    assertAllows(row, 'mark_uncollectible', 'open');
    return shown(tx, giveUp(tx, row));
  },
});

const shown = async (tx: Tx, row: Promise<InvoiceRow>) => toInvoice(tx, await row);

function assertAllows({ status }: InvoiceRow, action: Action, allowed: string): void {
  if (invoice.allows(status, action)) return;
  throw invalidState(
    `You can only pass in ${allowed} invoices. This invoice is ${status}.`,
    'status_transition_invalid',
  );
}
