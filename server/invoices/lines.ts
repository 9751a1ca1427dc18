/**
 * The lines of an invoice, and how they are added, changed and removed while it is a draft. Behind a
 * line is an invoice item, which changes with it, or an item of a subscription, which does not.
 * https://docs.stripe.com/api/invoice-line-item
 */
import {
  announceItem,
  insertItem,
  isDiscountable,
  lockItem,
  pricingOf,
  removeItems,
  takeItems,
  updateItem,
  type InvoiceItemRow,
  type LineFields,
} from '@/server/invoice_items';
import { attachDiscounts } from '@/server/discounts';
import type { Tx } from '@/server/kernel/context';
import {
  lockTimeout,
  parameterInvalid,
  requestInvalid,
  resourceMissing,
} from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { requireRates } from '@/server/tax_rates';
import { amend } from './amend';
import { assertDraft, edit, openInvoice } from './edit';
import { appended, assertFits, withFields, withItem } from './items';
import { toLine } from './object';
import {
  AddLines,
  LINE_UNSUPPORTED,
  ListLines,
  RemoveLines,
  UpdateLine,
  UpdateLines,
  type GivenNewLine,
} from './params';
import { toInvoice } from './show';
import * as store from './store';
import type { InvoiceRow, LineRow } from './store';

export const listLines = query({
  route: 'GET /v1/invoices/:id/lines',
  summary: 'Lists the lines of an invoice, in their order.',
  answers: 'line_item',
  input: ListLines,
  async run(scope, { id, ...params }) {
    if ((await store.find(scope, id)) === null) throw resourceMissing('invoice', id);
    return toPage(await store.pageOfLines(scope, id, params), toLine);
  },
});

export const addLines = command({
  route: 'POST /v1/invoices/:id/add_lines',
  summary: 'Adds lines to a draft: new ones, or invoice items that wait for an invoice.',
  input: AddLines,
  async run(given, { id, lines, invoice_metadata }) {
    const { tx, row } = await openInvoice(given, id);
    assertDraft(row);
    const added: InvoiceItemRow[] = [];
    const taken: string[] = [];
    for (const [index, line] of lines.entries()) {
      const place = `lines[${index}]`;
      if (line.invoice_item === undefined) added.push(await addNew(tx, row, line, place));
      else {
        added.push(await addWaiting(tx, row, line, place));
        taken.push(line.invoice_item);
      }
    }
    const edited = await edit(
      tx,
      row,
      (before) => added.reduce((all, item) => [...all, appended(tx, row, all, item)], [...before]),
      { metadata: mergeMetadata(row.metadata, invoice_metadata) },
    );
    for (const item of added) if (!taken.includes(item.id)) await announceItem(tx, item);
    return toInvoice(tx, edited);
  },
});

async function addNew(
  tx: Tx,
  invoice: InvoiceRow,
  given: GivenNewLine,
  place: string,
): Promise<InvoiceItemRow> {
  const { currency } = invoice;
  const pricing = await pricingOf(tx, given, { currency, fallback: currency, place });
  const { tax_rates } = given;
  if (tax_rates) await requireRates(tx, tax_rates, `${place}[tax_rates]`);
  const id = newId('invoiceitem');
  const now = unix(tx.now);
  return insertItem(tx, {
    ...pricing,
    id,
    customer: invoice.customer,
    description: given.description ?? null,
    discountable: given.discountable ?? isDiscountable({ ...pricing, proration: false }),
    discounts: await attachDiscounts(
      tx,
      given.discounts ?? [],
      { customer: invoice.customer, invoice_item: id },
      { currency, before: [], param: `${place}[discounts]` },
    ),
    invoice: invoice.id,
    metadata: mergeMetadata({}, given.metadata),
    period_end: given.period?.end ?? now,
    period_start: given.period?.start ?? now,
    proration: false,
    tax_rates: tax_rates ?? null,
    test_clock: invoice.test_clock,
  });
}

/** An item that waits for an invoice, with what the line says differently. */
async function addWaiting(
  tx: Tx,
  invoice: InvoiceRow,
  { invoice_item: id = '', ...given }: GivenNewLine,
  place: string,
): Promise<InvoiceItemRow> {
  const param = `${place}[invoice_item]`;
  const item = await lockItem(tx, id);
  if (item === null) throw resourceMissing('invoiceitem', id, param);
  assertFits(item, invoice, param);
  if (item.invoice !== null) {
    throw parameterInvalid(`The invoice item ${id} is already on an invoice.`, param);
  }
  if ((await takeItems(tx, [id], invoice.id)).length === 0) throw lockTimeout();
  const target = { customer: item.customer, invoice_item: id };
  const changes = await amend(tx, item, given, target, place);
  return updateItem(tx, { ...item, invoice: invoice.id }, changes);
}

export const updateLines = command({
  route: 'POST /v1/invoices/:id/update_lines',
  summary: 'Changes lines of a draft.',
  input: UpdateLines,
  async run(given, { id, lines, invoice_metadata }) {
    const { tx, row } = await openInvoice(given, id);
    assertDraft(row);
    let after = await store.linesOf(tx, id);
    for (const [index, { id: line, ...fields }] of lines.entries()) {
      after = await changeLine(tx, after, line, fields, `lines[${index}]`);
    }
    const metadata = mergeMetadata(row.metadata, invoice_metadata);
    return toInvoice(tx, await edit(tx, row, () => after, { metadata }));
  },
});

export const updateLine = command({
  route: 'POST /v1/invoices/:id/lines/:line_item_id',
  summary: 'Changes a line of a draft.',
  answers: 'line_item',
  input: UpdateLine,
  unsupported: LINE_UNSUPPORTED,
  async run(given, { id, line_item_id, ...fields }) {
    const { tx, row } = await openInvoice(given, id);
    assertDraft(row);
    const after = await changeLine(tx, await store.linesOf(tx, id), line_item_id, fields);
    await edit(tx, row, () => after);
    return toLine(expectLine(await store.linesOf(tx, id), line_item_id));
  },
});

/** The lines with one of them changed; the invoice item behind it, if there is one, is written. */
async function changeLine(
  tx: Tx,
  lines: readonly LineRow[],
  id: string,
  fields: LineFields,
  place?: string,
): Promise<LineRow[]> {
  const line = expectLine(lines, id, place === undefined ? 'id' : `${place}[id]`);
  const item = line.invoice_item === null ? null : await lockItem(tx, line.invoice_item);
  if (item !== null) {
    const target = { customer: item.customer, invoice_item: item.id };
    return withItem(lines, updateItem(tx, item, await amend(tx, item, fields, target, place)));
  }
  const invoice = await store.find(tx, line.invoice);
  const target = { customer: invoice?.customer ?? null, invoice: line.invoice };
  const before = { ...line, quantity: line.quantity ?? 1 };
  const changed = withFields(line, await amend(tx, before, fields, target, place));
  return lines.map((one) => (one === line ? changed : one));
}

const expectLine = (lines: readonly LineRow[], id: string, param = 'id'): LineRow => {
  const line = lines.find((one) => one.id === id);
  if (line === undefined) throw resourceMissing('line_item', id, param);
  return line;
};

export const removeLines = command({
  route: 'POST /v1/invoices/:id/remove_lines',
  summary: 'Removes lines from a draft, for good or so that they wait for another invoice.',
  input: RemoveLines,
  async run(given, { id, lines, invoice_metadata }) {
    const { tx, row } = await openInvoice(given, id);
    assertDraft(row);
    const before = await store.linesOf(tx, id);
    const gone = lines.map(({ id: line, behavior }, index) => ({
      line: expectLine(before, line, `lines[${index}][id]`),
      behavior,
    }));
    for (const { line, behavior } of gone) {
      if (behavior === 'unassign') await unassign(tx, line);
    }
    const edited = await edit(
      tx,
      row,
      (all) => all.filter((line) => !gone.some((one) => one.line.id === line.id)),
      { metadata: mergeMetadata(row.metadata, invoice_metadata) },
    );
    await removeItems(
      tx,
      gone.flatMap(({ line, behavior }) =>
        behavior === 'delete' ? (line.invoice_item ?? []) : [],
      ),
    );
    return toInvoice(tx, edited);
  },
});

/** The item behind the line waits for an invoice again. */
async function unassign(tx: Tx, line: LineRow): Promise<void> {
  const item = line.invoice_item === null ? null : await lockItem(tx, line.invoice_item);
  if (item === null) {
    throw requestInvalid(
      `The line item ${line.id} has no invoice item behind it, so it cannot be unassigned.`,
    );
  }
  updateItem(tx, item, { invoice: null });
}
