/**
 * An invoice that was finalized is not edited but revised: a new draft with the same lines, which
 * takes its place when it is finalized itself. https://docs.stripe.com/invoicing/invoice-edits
 */
import type { Tx } from '@/server/kernel/context';
import { invalidState, requestInvalid } from '@/server/kernel/errors';
import { voidInvoice } from './close';
import { change, invoice } from './lifecycle';
import { lockInvoice } from './payment';
import type { InvoiceRow } from './store';

/**
 * The invoice that is to be revised, locked.
 *
 * @throws ApiError 400 for one that does not exist, is a subscription's, or is neither open nor
 *   uncollectible.
 */
export async function requireRevisable(tx: Tx, id: string): Promise<InvoiceRow> {
  const row = await lockInvoice(tx, id, 'from_invoice[invoice]');
  if (row.subscription !== null) {
    throw requestInvalid('Invoices of subscriptions cannot be revised after finalization.');
  }
  assertReplaceable(row);
  return row;
}

/** Voids the invoice that was revised, in favor of its revision, which is being finalized. */
export async function replaceRevised(tx: Tx, id: string, revision: string): Promise<void> {
  const row = await lockInvoice(tx, id);
  assertReplaceable(row);
  await change(tx, await voidInvoice(tx, row), { latest_revision: revision });
}

function assertReplaceable(row: InvoiceRow): void {
  if (invoice.allows(row.status, 'void')) return;
  throw invalidState(
    `You can only revise invoices that are open or uncollectible. The invoice ${row.id} is ${row.status}.`,
    'status_transition_invalid',
  );
}
