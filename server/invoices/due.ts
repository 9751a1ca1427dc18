/**
 * What is done with an invoice that nobody asks for: a draft is finalized when its time has come, an
 * open one is collected and tried again, and the due date of one that was sent is announced.
 */
import type { Tx } from '@/server/kernel/context';
import type { Timed } from '@/server/kernel/due';
import { markDelinquent } from '@/server/customers';
import { unix } from '@/server/kernel/object';
import { Awaiting } from '@/server/kernel/operation';
import { currentProject, readSettings } from '@/server/projects';
import { charge, collect, findOf, methodFor, recordFailure } from './collect';
import { finalizeDue } from './finalize';
import { lockIntentOf, lockIfThere, openPayment } from './payment';
import { dueAt, isRuledOut } from './retries';
import { sendInvoice } from './send';
import { toInvoice } from './show';
import * as store from './store';
import type { InvoiceRow } from './store';

export const dueInvoices: Timed = { table: 'invoices', run };

async function run(tx: Tx, id: string): Promise<Awaiting | null> {
  const invoice = await lockIfThere(tx, id);
  // It may have been dealt with, or deleted, since it was found.
  if (invoice?.due_at === null || invoice?.due_at === undefined) return null;
  if (invoice.due_at > unix(tx.now)) return null;
  switch (invoice.status) {
    case 'draft':
      return advance(tx, invoice);
    case 'open':
      return invoice.collection_method === 'send_invoice'
        ? remind(tx, invoice)
        : tryAgain(tx, invoice);
    default:
      store.update(tx, invoice, { due_at: null });
      return null;
  }
}

/** The hour in which a draft can be changed is over. */
async function advance(tx: Tx, draft: InvoiceRow): Promise<Awaiting | null> {
  const invoice = await finalizeDue(tx, draft);
  if (invoice.status !== 'open') return null;
  if (invoice.collection_method === 'send_invoice') return send(tx, invoice);
  const collected = await collect(tx, invoice, { off_session: true, isScheduled: true });
  return collected instanceof Awaiting ? collected : null;
}

/** What was just finalized is sent; of what was sent the due date comes near, or has passed. */
function remind(tx: Tx, invoice: InvoiceRow): Promise<null> {
  const { due_at, due_date, status_transitions } = invoice;
  if (due_at === status_transitions.finalized_at) return send(tx, invoice);
  return due_date !== null && due_date <= unix(tx.now)
    ? warn(tx, invoice, 'invoice.overdue')
    : warn(tx, invoice, 'invoice.will_be_due');
}

async function send(tx: Tx, invoice: InvoiceRow): Promise<null> {
  await sendInvoice(tx, invoice);
  return null;
}

async function warn(
  tx: Tx,
  invoice: InvoiceRow,
  event: 'invoice.overdue' | 'invoice.will_be_due',
): Promise<null> {
  const isOverdue = event === 'invoice.overdue';
  const row = store.update(tx, invoice, { due_at: isOverdue ? null : invoice.due_date });
  await tx.announce(event, await toInvoice(tx, row));
  if (isOverdue) await markDelinquent(tx, invoice.customer, true);
  return null;
}

/** A try of the schedule, or one between because there is something new to try with. */
async function tryAgain(tx: Tx, before: InvoiceRow): Promise<Awaiting | null> {
  const now = unix(tx.now);
  const intent = await lockIntentOf(tx, before);
  if (intent?.status === 'processing') {
    // Its answer says what is next.
    store.update(tx, before, { due_at: null });
    return null;
  }
  const isScheduled = before.next_payment_attempt !== null && before.next_payment_attempt <= now;
  const invoice = await openPayment(tx, before);
  const error = intent?.last_payment_error ?? null;
  const refused = error?.payment_method?.id ?? null;
  // A merchant may have asked for it by a card that is nobody's default.
  const method = (await methodFor(tx, invoice)) ?? (await findOf(tx, invoice, refused));
  if (method !== null) {
    // Declined for want of the customer's proof, and not put before them yet: now it is.
    const isToBeProved =
      error?.code === 'authentication_required' &&
      refused === method.id &&
      intent?.status === 'requires_payment_method';
    if (isToBeProved) return charge(tx, invoice, method, { off_session: false, isScheduled });
    if (!isRuledOut(error, method.id)) {
      return charge(tx, invoice, method, { off_session: true, isScheduled });
    }
  }
  if (isScheduled) await recordFailure(tx, invoice, true);
  else {
    const { billing } = readSettings((await currentProject(tx)).settings);
    store.update(tx, invoice, { due_at: dueAt(invoice, billing, now) });
  }
  return null;
}
