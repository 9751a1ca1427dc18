/**
 * A draft is edited line by line, and computed again after each edit: whoever edits says what the
 * lines are to be, and what is written is what became different.
 */
import { isDeepStrictEqual } from 'node:util';
import { findCustomer } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import { invalidState, requestInvalid } from '@/server/kernel/errors';
import { onClock, requireStillClock } from '@/server/test_clocks';
import { settleBalance } from './balance';
import { computeLines } from './compute';
import type { Changes } from './lifecycle';
import { lockInvoice } from './payment';
import { toInvoice } from './show';
import * as store from './store';
import type { InvoiceRow, LineRow } from './store';

/** A locked invoice, and the transaction on its customer's clock. */
export interface Opened {
  readonly tx: Tx;
  readonly row: InvoiceRow;
}

/**
 * The invoice that a request is about.
 *
 * @throws ApiError `resource_missing`; 429 while its test clock advances.
 */
export async function openInvoice(given: Tx, id: string, param = 'id'): Promise<Opened> {
  const row = await lockInvoice(given, id, param);
  if (row.test_clock !== null) await requireStillClock(given, row.test_clock);
  return { tx: await onClock(given, row.test_clock), row };
}

/** @throws ApiError 400 `invoice_not_editable` unless it is a draft. */
export function assertDraft({ status }: Pick<InvoiceRow, 'status'>): void {
  if (status === 'draft') return;
  throw invalidState("Finalized invoices can't be updated in this way.", 'invoice_not_editable');
}

const LINES_MAX = 250;

/**
 * Edits a locked draft, and announces `invoice.updated`.
 *
 * @param lines what they are to be, of what they are; the order is that of their positions.
 * @param changes of the invoice itself, such as its discounts.
 */
export async function edit(
  tx: Tx,
  row: InvoiceRow,
  lines: (before: LineRow[]) => readonly LineRow[],
  changes: Changes = {},
): Promise<InvoiceRow> {
  const was = await toInvoice(tx, row);
  const before = await store.linesOf(tx, row.id);
  const wanted = lines(before);
  if (wanted.length > LINES_MAX) {
    throw requestInvalid(`An invoice can have at most ${LINES_MAX} line items.`);
  }
  const computed = await computeLines(tx, { ...row, ...changes }, wanted, null);
  write(tx, before, computed.lines);
  const customer = await findCustomer(tx, row.customer);
  const { total } = computed.totals;
  const due = customer === null ? total : settleBalance(total, customer, row.currency).amount_due;
  const edited = store.update(tx, row, {
    ...changes,
    ...computed.totals,
    amount_due: due,
    amount_remaining: due,
  });
  await tx.announce('invoice.updated', await toInvoice(tx, edited), was);
  return edited;
}

function write(tx: Tx, before: readonly LineRow[], after: readonly LineRow[]): void {
  const kept = new Map(after.map((line) => [line.id, line]));
  const there = new Map(before.map((line) => [line.id, line]));
  for (const line of before) if (!kept.has(line.id)) store.lines.remove(tx, line.id);
  for (const line of after) {
    const old = there.get(line.id);
    if (old === undefined) store.lines.insert(tx, line);
    else if (!isDeepStrictEqual(old, line)) store.lines.update(tx, old, changed(line));
  }
}

/** All that an edit can change of a line. */
const changed = ({ id: _id, projectId: _project, livemode: _mode, ...rest }: LineRow) => rest;
