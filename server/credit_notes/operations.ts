/**
 * A credit note takes back a part of an invoice, or all of it. What the customer still owes is
 * reduced first; what was paid is refunded, put on the customer's balance, or given back elsewhere.
 * https://docs.stripe.com/api/credit_notes
 */
import type Stripe from 'stripe';
import { adjustBalance } from '@/server/customers';
import { creditNote as credit, findInvoice, openInvoice, restoreNote } from '@/server/invoices';
import type { Scope, Tx } from '@/server/kernel/context';
import { invalidState, parametersExclusive, resourceMissing } from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix, type Page } from '@/server/kernel/object';
import { command, exchange, query, type Awaiting } from '@/server/kernel/operation';
import type { PageParams } from '@/server/kernel/page';
import { reserveRefund } from '@/server/refunds';
import { onClock } from '@/server/test_clocks';
import { compose, type Composed } from './compose';
import { move } from './lifecycle';
import { showCreditNote, toCreditNote, toCreditNotes, toLines } from './object';
import {
  CreateCreditNote,
  CreditNoteId,
  ListCreditNoteLines,
  ListCreditNotes,
  PreviewCreditNote,
  PreviewCreditNoteLines,
  UNSUPPORTED,
  UNSUPPORTED_IN_LIST,
  UpdateCreditNote,
} from './params';
import * as store from './store';
import type { CreditNoteRow } from './store';

export const create = exchange({
  route: 'POST /v1/credit_notes',
  summary: 'Issues a credit note for a finalized invoice, and refunds what it says.',
  input: CreateCreditNote,
  unsupported: UNSUPPORTED,
  async intend(given, input): Promise<Stripe.CreditNote | Awaiting> {
    const { tx, row: invoice } = await openInvoice(given, input.invoice, 'invoice');
    const { note, lines, refund } = await compose(tx, invoice, input);
    const refunding = refund === null ? null : await reserveRefund(tx, refund, 'refund_amount');
    const row = store.insert(tx, {
      ...note,
      customer_balance_transaction: await creditBalance(tx, note, input.credit_amount ?? 0),
      refunds: [
        ...note.refunds,
        ...(refunding?.attempt.refund == null
          ? []
          : [{ amount_refunded: refunding.attempt.amount, refund: refunding.attempt.refund }]),
      ],
    });
    for (const line of lines) store.insertLine(tx, line);
    const object = showCreditNote(row, await toLines(tx, lines));
    await tx.announce('credit_note.created', object);
    await credit(tx, invoice, {
      pre_payment: row.pre_payment_amount,
      post_payment: row.post_payment_amount,
    });
    return refunding ?? object;
  },
  async conclude(tx, { invoice }, _told, { refund }) {
    // However its refund ends, the note stands.
    const notes = await store.ofInvoice(tx, invoice);
    const row = notes.find(({ refunds }) => refunds.some((one) => one.refund === refund));
    if (row === undefined) throw new Error(`No credit note has the refund ${refund}.`);
    return toCreditNote(tx, row);
  },
});

/** What goes to the customer's balance; answers the line of its ledger. */
async function creditBalance(
  tx: Tx,
  { id, customer, currency, invoice }: CreditNoteRow,
  amount: number,
): Promise<string | null> {
  if (amount === 0) return null;
  const line = await adjustBalance(tx, customer, {
    amount: -amount,
    currency,
    type: 'credit_note',
    credit_note: id,
    invoice,
  });
  return line.id;
}

export const preview = query({
  route: 'GET /v1/credit_notes/preview',
  summary: 'Shows what a credit note would be, without issuing it.',
  input: PreviewCreditNote,
  unsupported: UNSUPPORTED,
  async run(scope, input) {
    const { note, lines } = await composePreview(scope, input);
    return showCreditNote(note, await toLines(scope, lines));
  },
});

export const previewLines = query({
  route: 'GET /v1/credit_notes/preview/lines',
  summary: 'Lists the lines that a credit note would have.',
  answers: 'credit_note_line_item',
  input: PreviewCreditNoteLines,
  unsupported: UNSUPPORTED,
  async run(scope, { limit, starting_after, ending_before, ...input }) {
    const { lines } = await composePreview(scope, input);
    return pageOfLines(await toLines(scope, lines), { limit, starting_after, ending_before });
  },
});

async function composePreview(given: Scope, input: CreateCreditNote): Promise<Composed> {
  const invoice = await findInvoice(given, input.invoice);
  if (invoice === null) throw resourceMissing('invoice', input.invoice, 'invoice');
  const composed = await compose(await onClock(given, invoice.test_clock), invoice, input);
  // Named by their places: the same preview, asked for again, has the same lines to page through.
  const lines = composed.lines.map((line) => ({ ...line, id: `cnli_preview${line.position + 1}` }));
  return { ...composed, lines };
}

export const retrieve = query({
  route: 'GET /v1/credit_notes/:id',
  summary: 'Retrieves a credit note, with its first lines.',
  input: CreditNoteId,
  run: async (scope, { id }) => toCreditNote(scope, await requireCreditNote(scope, id)),
});

export const list = query({
  route: 'GET /v1/credit_notes',
  summary: 'Lists credit notes, the newest first.',
  input: ListCreditNotes,
  unsupported: UNSUPPORTED_IN_LIST,
  async run(scope, params) {
    const { rows, has_more } = await store.page(scope, params);
    return { object: 'page' as const, data: await toCreditNotes(scope, rows), has_more };
  },
});

export const listLines = query({
  route: 'GET /v1/credit_notes/:id/lines',
  summary: 'Lists the lines of a credit note, in their order.',
  answers: 'credit_note_line_item',
  input: ListCreditNoteLines,
  async run(scope, { id, ...params }) {
    await requireCreditNote(scope, id);
    return pageOfLines(await toLines(scope, await store.linesOf(scope, [id])), params);
  },
});

/** A note has few lines, so a page of them is taken from all. */
function pageOfLines(
  lines: readonly Stripe.CreditNoteLineItem[],
  { limit = 10, starting_after, ending_before }: PageParams,
): Page<Stripe.CreditNoteLineItem> {
  if (starting_after !== undefined && ending_before !== undefined) {
    throw parametersExclusive(['starting_after', 'ending_before']);
  }
  const cursor = starting_after ?? ending_before;
  const at = lines.findIndex(({ id }) => id === cursor);
  if (cursor !== undefined && at === -1) {
    const param = starting_after === undefined ? 'ending_before' : 'starting_after';
    throw resourceMissing('credit_note_line_item', cursor, param);
  }
  if (ending_before !== undefined) {
    const start = Math.max(at - limit, 0);
    return { object: 'page', data: lines.slice(start, at), has_more: start > 0 };
  }
  const end = at + 1 + limit;
  return { object: 'page', data: lines.slice(at + 1, end), has_more: lines.length > end };
}

export const update = command({
  route: 'POST /v1/credit_notes/:id',
  summary: 'Changes what is noted about a credit note, never its amounts.',
  input: UpdateCreditNote,
  async run(tx, { id, memo, metadata }) {
    const before = await store.lock(tx, id);
    if (before === null) throw resourceMissing('credit_note', id);
    const row = store.update(tx, before, {
      memo,
      metadata: mergeMetadata(before.metadata, metadata),
    });
    const object = await toCreditNote(tx, row);
    await tx.announce('credit_note.updated', object, await toCreditNote(tx, before));
    return object;
  },
});

export const voidOne = command({
  route: 'POST /v1/credit_notes/:id/void',
  summary: 'Voids a credit note of an open invoice, which asks for the amount again.',
  input: CreditNoteId,
  async run(given, { id }) {
    const seen = await requireCreditNote(given, id);
    const { tx, row: invoice } = await openInvoice(given, seen.invoice);
    const before = await store.lock(tx, id);
    if (before === null) throw resourceMissing('credit_note', id);
    if (before.status === 'void') throw notVoidable('This credit note has already been voided.');
    if (invoice.status !== 'open' || before.type !== 'pre_payment') {
      throw notVoidable(
        'You can only void a credit note that reduces what is owed on an open invoice.',
      );
    }
    const row = await move(tx, before, 'void', { voided_at: unix(tx.now) });
    await restoreNote(tx, invoice, { pre_payment: row.pre_payment_amount, post_payment: 0 });
    return toCreditNote(tx, row);
  },
});

const notVoidable = (message: string) => invalidState(message, 'status_transition_invalid');

async function requireCreditNote(scope: Scope, id: string): Promise<CreditNoteRow> {
  const row = await store.find(scope, id);
  if (row === null) throw resourceMissing('credit_note', id);
  return row;
}
