/** `POST /v1/subscriptions/:id/resume`: https://docs.stripe.com/billing/subscriptions/pause */
import type Stripe from 'stripe';
import type { CustomerRow } from '@/server/customers';
import { pendingOf } from '@/server/invoice_items';
import { collect, finalize, type NewLine } from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import { invalidState } from '@/server/kernel/errors';
import { Awaiting, exchange } from '@/server/kernel/operation';
import { amend, requireAgreement, requireOngoing, type Agreement } from './agreement';
import { bill, nowOf } from './bill';
import { concluded } from './create';
import { AWAITED_SECONDS } from './due_at';
import { keepLines } from './fees';
import { isMetered, linesAhead, namesOf, recurringOf } from './lines';
import { move } from './lifecycle';
import { toSubscription } from './object';
import { ResumeSubscription } from './params';
import { isWhole, stretchFrom } from './periods';
import { requireFound } from './renew';
import { creditUnused } from './revise';
import * as store from './store';

export const resume = exchange({
  route: 'POST /v1/subscriptions/:id/resume',
  summary: 'Resumes a paused subscription, and asks for the payment of the period that begins.',
  input: ResumeSubscription,
  async intend(given, input): Promise<Stripe.Subscription | Awaiting> {
    const { tx, agreement } = await requireOngoing(given, input.id);
    if (agreement.row.status !== 'paused') {
      throw invalidState(
        `Only subscriptions with the status \`paused\` can be resumed. ${input.id} is ${agreement.row.status}.`,
        'resource_invalid_state',
      );
    }
    if (agreement.row.collection_method !== 'charge_automatically') {
      throw invalidState(
        'Only subscriptions with `collection_method=charge_automatically` can be resumed.',
        'resource_invalid_state',
      );
    }
    const awaiting = await begin(tx, agreement, input);
    return awaiting ?? toSubscription(await requireAgreement(tx, input.id));
  },
  conclude: (tx, _input, told, attempt) => concluded(tx, told, attempt, false),
});

async function begin(
  tx: Tx,
  paused: Agreement,
  input: ResumeSubscription,
): Promise<Awaiting | null> {
  const customer = await requireFound(tx, paused.row.customer);
  await giveBack(tx, paused, input);
  const { agreement, lines } = await restart(tx, paused, input);
  const row = { billing_cycle_anchor: agreement.row.billing_cycle_anchor, expires_at: null };
  const isInvoiced =
    input.billing_cycle_anchor?.type !== 'unchanged' ||
    input.proration_behavior === 'always_invoice';
  if (!isInvoiced) await keepLines(tx, agreement, lines);
  if (!isInvoiced || lines.length === 0) {
    await move(tx, paused, 'resume', { row, items: agreement.items });
    return null;
  }
  return invoice(tx, paused, agreement, customer, { lines, row, input });
}

/** What is left of the time that was paid ahead, where the time that begins is in the same period. */
async function giveBack(
  tx: Tx,
  paused: Agreement,
  { billing_cycle_anchor, proration_behavior, proration_date }: ResumeSubscription,
): Promise<void> {
  if (billing_cycle_anchor?.type !== 'unchanged' || proration_behavior === 'none') return;
  await creditUnused(tx, paused, proration_date ?? nowOf(tx));
}

/** Which periods begin, and what they cost. */
async function restart(
  tx: Tx,
  paused: Agreement,
  { billing_cycle_anchor, proration_behavior, proration_date }: ResumeSubscription,
): Promise<{ agreement: Agreement; lines: NewLine[] }> {
  const now = nowOf(tx);
  const isUnchanged = billing_cycle_anchor?.type === 'unchanged';
  const anchor = isUnchanged ? paused.row.billing_cycle_anchor : now;
  const from = isUnchanged ? (proration_date ?? now) : now;
  const names = await namesOf(tx, paused.items);
  const lines: NewLine[] = [];
  const items = paused.items.map((one) => {
    const stretch = stretchFrom(anchor, recurringOf(one), from, paused.row.cancel_at);
    const isFree = isMetered(one) || (proration_behavior === 'none' && !isWhole(stretch));
    if (!isFree) lines.push(...linesAhead(paused, one, stretch, names));
    const row = store.updateItem(tx, one.row, {
      current_period_start: now,
      current_period_end: stretch.end,
    });
    return { ...one, row };
  });
  const row = { ...paused.row, billing_cycle_anchor: anchor };
  return { agreement: { ...paused, row, items }, lines };
}

interface Asked {
  readonly lines: readonly NewLine[];
  readonly row: Partial<store.SubscriptionRow>;
  readonly input: ResumeSubscription;
}

/** By default it goes on whatever becomes of the payment; else it goes on with the payment. */
async function invoice(
  tx: Tx,
  paused: Agreement,
  agreement: Agreement,
  customer: CustomerRow,
  { lines, row, input }: Asked,
): Promise<Awaiting | null> {
  const now = nowOf(tx);
  const pending = await pendingOf(tx, {
    customer: customer.id,
    currency: agreement.row.currency,
    subscription: agreement.row.id,
  });
  const waits = input.payment_behavior === 'resume_on_payment_success';
  const billed = await bill(tx, agreement, customer, {
    billing_reason: 'subscription_update',
    lines,
    items: pending,
    period: { start: now, end: now },
    cycle: null,
    // One that is waited for is not tried again: it is voided when it is waited for in vain.
    finalizes_at: waits ? null : now,
  });
  const items = billed.items;
  const change = { ...row, latest_invoice: billed.invoice.id, discounts: billed.discounts };
  if (waits) {
    const waiting = { ...change, expires_at: now + AWAITED_SECONDS };
    await amend(tx, paused, { row: waiting, items });
  } else await move(tx, paused, 'resume', { row: change, items });
  const final = await finalize(tx, billed.invoice);
  if (final.status !== 'open') return null;
  const collected = await collect(tx, final, { off_session: agreement.row.off_session });
  return collected instanceof Awaiting ? collected : null;
}
