/** An open invoice goes to the customer. This server sends no mail itself: it says that it is time. */
import type { Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { currentProject, readSettings } from '@/server/projects';
import { dueAt } from './retries';
import { toInvoice } from './show';
import * as store from './store';
import type { InvoiceRow } from './store';

/** Announces `invoice.sent`, and leaves due what is said about the due date later. `row` is locked. */
export async function sendInvoice(tx: Tx, row: InvoiceRow): Promise<InvoiceRow> {
  const { billing } = readSettings((await currentProject(tx)).settings);
  const sent =
    row.collection_method === 'send_invoice'
      ? store.update(tx, row, { due_at: dueAt(row, billing, unix(tx.now)) })
      : row;
  await tx.announce('invoice.sent', await toInvoice(tx, sent));
  return sent;
}
