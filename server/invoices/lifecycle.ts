import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { unix, type EventName } from '@/server/kernel/object';
import { showInvoice } from './object';
import { besidesOf, toInvoices } from './show';
import { update, type InvoiceRow, type Status } from './store';

export type Action = 'finalize' | 'pay' | 'void' | 'mark_uncollectible';

const PAY = ['paid', 'invoice.paid'] as const;
const VOID = ['void', 'invoice.voided'] as const;

/** https://docs.stripe.com/invoicing/overview#invoice-statuses */
export const invoice = lifecycle<Status, Action>('invoice', ['draft'], {
  draft: { finalize: ['open', 'invoice.finalized'] },
  open: {
    pay: PAY,
    void: VOID,
    mark_uncollectible: ['uncollectible', 'invoice.marked_uncollectible'],
  },
  uncollectible: { pay: PAY, void: VOID },
  paid: {},
  void: {},
});

/** The columns that a change may name: not the status, which only `move` writes. */
export type Changes = Partial<Omit<InvoiceRow, 'id' | 'projectId' | 'livemode' | 'status'>>;

/**
 * The one door: nothing else writes `status`, so no status changes without its event, and
 * `invoice.updated` behind it.
 *
 * @param row locked in this transaction.
 * @param also what Stripe sends between the two, such as `invoice.payment_succeeded`.
 */
export async function move(
  tx: Tx,
  row: InvoiceRow,
  action: Action,
  changes: Changes = {},
  also: readonly EventName[] = [],
): Promise<InvoiceRow> {
  const step = invoice.step(row.status, action);
  // Operations check first, in Stripe's words. Whoever gets here without is wrong, not the client.
  if (step === null) throw new Error(`${row.id} is ${row.status}: it cannot ${action}.`);
  const [status, event] = step;
  const moved = update(tx, row, { ...changes, status });
  await announce(tx, [...(event === null ? [] : [event]), ...also], moved, row);
  return moved;
}

/** Changes anything but the status, and announces `invoice.updated`, behind what else is named. */
export async function change(
  tx: Tx,
  row: InvoiceRow,
  changes: Changes,
  also: readonly EventName[] = [],
): Promise<InvoiceRow> {
  const changed = update(tx, row, changes);
  await announce(tx, also, changed, row);
  return changed;
}

async function announce(
  tx: Tx,
  events: readonly EventName[],
  row: InvoiceRow,
  before: InvoiceRow,
): Promise<void> {
  const [now, was] = await inEvents(tx, row, before);
  for (const event of events) await tx.announce(event, now);
  await tx.announce('invoice.updated', now, was);
}

/** A draft with its customer as it is; of what was just finalized, the draft as it was kept. */
async function inEvents(tx: Tx, row: InvoiceRow, before: InvoiceRow) {
  if (row.status === 'draft') {
    const [now, was] = await toInvoices(tx, [row, before]);
    return [now!, was!] as const;
  }
  const [beside] = await besidesOf(tx, [row]);
  return [showInvoice(row, beside!), showInvoice(before, beside!)] as const;
}

/**
 * The invoice is paid in full: by a payment, by nothing being due, or (`outside`) by what the
 * merchant took elsewhere, of which Stripe sends no `invoice.payment_succeeded`.
 */
export const markPaid = (
  tx: Tx,
  row: InvoiceRow,
  changes: Changes = {},
  { outside }: { outside: boolean } = { outside: false },
): Promise<InvoiceRow> =>
  move(
    tx,
    row,
    'pay',
    {
      amount_remaining: 0,
      attempted: true,
      auto_advance: false,
      due_at: null,
      next_payment_attempt: null,
      status_transitions: { ...row.status_transitions, paid_at: unix(tx.now) },
      ...changes,
    },
    outside ? [] : ['invoice.payment_succeeded'],
  );
