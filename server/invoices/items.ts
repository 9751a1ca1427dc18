/**
 * What becomes of a draft when an invoice item is put on it, changed or removed. Putting and removing
 * are told by events; changing has none at Stripe, so that verb of an invoice item is here.
 */
import type Stripe from 'stripe';
import type { Announced } from '@/server/events';
import {
  findItem,
  ITEM_UNSUPPORTED,
  lockItem,
  showItem,
  UpdateInvoiceItem,
  updateItem,
  type InvoiceItemRow,
} from '@/server/invoice_items';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { command } from '@/server/kernel/operation';
import { onClock, requireStillClock } from '@/server/test_clocks';
import { amend } from './amend';
import { lineRow } from './compose';
import { assertDraft, edit } from './edit';
import { lineOfItem } from './line';
import { lockInvoice } from './payment';
import * as store from './store';
import type { InvoiceRow, LineRow } from './store';

export const updateInvoiceItem = command({
  route: 'POST /v1/invoiceitems/:id',
  summary: 'Updates an invoice item that waits for an invoice, or is on a draft.',
  input: UpdateInvoiceItem,
  unsupported: ITEM_UNSUPPORTED,
  async run(given, { id, ...fields }) {
    const seen = await findItem(given, id);
    if (seen === null) throw resourceMissing('invoiceitem', id);
    if (seen.test_clock !== null) await requireStillClock(given, seen.test_clock);
    const tx = await onClock(given, seen.test_clock);
    const invoice = seen.invoice === null ? null : await lockInvoice(tx, seen.invoice);
    if (invoice !== null) assertDraft(invoice);
    const before = await lockItem(tx, id);
    if (before === null) throw resourceMissing('invoiceitem', id);
    const target = { customer: before.customer, invoice_item: id };
    const row = updateItem(tx, before, await amend(tx, before, fields, target));
    if (invoice !== null) await edit(tx, invoice, (lines) => withItem(lines, row));
    return showItem(tx, row);
  },
});

/** The lines, with that of an item as the item now is. */
export const withItem = (lines: readonly LineRow[], item: InvoiceItemRow): LineRow[] =>
  lines.map((line) => (line.invoice_item === item.id ? withFields(line, lineOfItem(item)) : line));

/** A line that asks for something else than before. */
export const withFields = (
  line: LineRow,
  { discounts, tax_rates, ...asked }: Partial<ReturnType<typeof lineOfItem>>,
): LineRow => {
  const amount = asked.amount ?? line.amount;
  return {
    ...line,
    ...asked,
    amount,
    subtotal: amount,
    proration_details: asked.proration_details ?? line.proration_details,
    quantity_decimal:
      asked.quantity_decimal === undefined ? line.quantity_decimal : asked.quantity_decimal,
    discounts: discounts === undefined ? line.discounts : [...discounts],
    tax_rates:
      tax_rates === undefined ? line.tax_rates : tax_rates === null ? null : [...tax_rates],
  };
};

/** A new line for an item, behind the others. */
export const appended = (
  tx: Tx,
  invoice: InvoiceRow,
  lines: readonly LineRow[],
  item: InvoiceItemRow,
): LineRow =>
  lineRow(
    tx,
    invoice.id,
    invoice.currency,
    lineOfItem(item),
    Math.max(-1, ...lines.map(({ position }) => position)) + 1,
  );

/** The draft that an announced item is on, locked, on its customer's clock; null where none is. */
async function draftOf(given: Tx, { object }: Announced) {
  const { invoice: id } = object as Stripe.InvoiceItem;
  if (typeof id !== 'string') return null;
  const row = await lockInvoice(given, id, 'invoice');
  assertDraft(row);
  return { row, tx: await onClock(given, row.test_clock) };
}

/** `invoiceitem.created`: one that names a draft becomes a line of it, unless it is one already. */
export async function addToDraft(given: Tx, event: Announced): Promise<void> {
  const draft = await draftOf(given, event);
  if (draft === null) return;
  const { tx, row } = draft;
  const item = await findItem(tx, event.object.id ?? '');
  if (item === null) throw new Error(`${event.object.id} does not exist.`);
  assertFits(item, row);
  const before = await store.linesOf(tx, row.id);
  if (before.some(({ invoice_item }) => invoice_item === item.id)) return;
  await edit(tx, row, (lines) => [...lines, appended(tx, row, lines, item)]);
}

/** `invoiceitem.deleted`: its line goes with it. */
export async function removeFromDraft(given: Tx, event: Announced): Promise<void> {
  const draft = await draftOf(given, event);
  if (draft === null) return;
  const isOf = ({ invoice_item }: LineRow) => invoice_item === event.object.id;
  const before = await store.linesOf(draft.tx, draft.row.id);
  if (!before.some(isOf)) return;
  await edit(draft.tx, draft.row, (lines) => lines.filter((line) => !isOf(line)));
}

/** @throws ApiError 400 for an item of another customer or currency than the invoice's. */
export function assertFits(item: InvoiceItemRow, invoice: InvoiceRow, param = 'invoice'): void {
  if (item.customer !== invoice.customer) {
    throw parameterInvalid(
      `The invoice ${invoice.id} does not belong to the customer ${item.customer}.`,
      param,
    );
  }
  if (item.currency !== invoice.currency) {
    throw parameterInvalid(
      `The currency of an invoice item must match the currency of the invoice, \`${invoice.currency}\`.`,
      param === 'invoice' ? 'currency' : param,
    );
  }
}
