/**
 * How a subscription ends, whoever ends it. Its invoices are not collected any more without being
 * asked to, because a customer who left does not expect it.
 * https://docs.stripe.com/billing/subscriptions/cancel
 */
import { pendingOf } from '@/server/invoice_items';
import {
  changeInvoice,
  claimInvoiceIfThere,
  voidInvoice,
  type InvoiceRow,
  type NewLine,
} from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import type { Agreement, Amendment } from './agreement';
import { finalizesAt, nowOf } from './bill';
import { isMetered, linesBehind, namesOf } from './lines';
import { move } from './lifecycle';
import { asBilled, requireFound } from './renew';
import * as store from './store';
import type { SubscriptionRow } from './store';

type Details = SubscriptionRow['cancellation_details'];

export interface Ending {
  /** When it ends, in unix seconds. */
  readonly at: number;
  readonly details?: Partial<Details>;
  /** What else changes with it. */
  readonly change?: Amendment;
}

/**
 * Ends it: one that was never paid for expires, any other is canceled.
 *
 * @param tx on the customer's clock.
 */
export async function end(
  tx: Tx,
  before: Agreement,
  { at, details = {}, change = {} }: Ending,
): Promise<Agreement> {
  const { row } = before;
  return move(tx, before, row.status === 'incomplete' ? 'expire' : 'cancel', {
    ...change,
    row: {
      ...change.row,
      canceled_at: row.canceled_at ?? at,
      cancellation_details: { ...row.cancellation_details, ...details },
      ended_at: at,
      expires_at: null,
      pending_update: null,
    },
    pendingItems: [],
  });
}

/** Nobody tries any more to collect what is open, nor finalizes what is a draft. */
export async function stopCollecting(tx: Tx, { row }: Agreement): Promise<void> {
  for (const id of await store.advancingInvoicesOf(tx, row.id)) {
    const invoice = await claimInvoiceIfThere(tx, id);
    if (invoice === null || !invoice.auto_advance) continue;
    await changeInvoice(tx, invoice, {
      auto_advance: false,
      automatically_finalizes_at: null,
      due_at: null,
      next_payment_attempt: null,
    });
  }
}

/**
 * The last invoice: the usage that was not billed yet, and what waits for an invoice of this
 * subscription. Answers what it changes; nothing where there is nothing to ask for.
 *
 * @param at until when usage counts, in unix seconds.
 */
export async function lastBill(tx: Tx, agreement: Agreement, at: number): Promise<Amendment> {
  const { row, items } = agreement;
  const metered = row.status === 'trialing' ? [] : items.filter(isMetered);
  const [customer, names, pending] = await Promise.all([
    requireFound(tx, row.customer),
    namesOf(tx, metered),
    pendingOf(tx, { customer: row.customer, currency: row.currency, subscription: row.id }),
  ]);
  const lines: NewLine[] = [];
  for (const one of metered) {
    const period = { start: one.row.current_period_start, end: at };
    lines.push(...(await linesBehind(tx, agreement, one, period, names)));
  }
  const owed = lines.filter(({ amount }) => amount !== 0);
  const own = pending.filter(({ subscription }) => subscription === row.id);
  if (owed.length === 0 && own.length === 0) return {};
  return asBilled(tx, agreement, customer, {
    billing_reason: 'subscription_cycle',
    lines: owed,
    items: own,
    period: { start: Math.min(...items.map((one) => one.row.current_period_start)), end: at },
    cycle: null,
    finalizes_at: finalizesAt(agreement, nowOf(tx)),
  });
}

/** The invoice that it waits to be paid, voided; null where there is none that is open. */
export async function voidAwaited(tx: Tx, { row }: Agreement): Promise<InvoiceRow | null> {
  const invoice =
    row.latest_invoice === null ? null : await claimInvoiceIfThere(tx, row.latest_invoice);
  return invoice?.status === 'open' ? voidInvoice(tx, invoice) : null;
}
