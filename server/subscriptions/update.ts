/** `POST /v1/subscriptions/:id`: changes what is agreed on, and asks for what the change costs. */
import type Stripe from 'stripe';
import { pendingOf, type InvoiceItemRow } from '@/server/invoice_items';
import {
  collect,
  compose,
  draft,
  finalize,
  methodMissing,
  type InvoiceRow,
  type NewInvoice,
  lockUnfinishedOf,
} from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, requestInvalid, resourceMissing } from '@/server/kernel/errors';
import { Awaiting, exchange } from '@/server/kernel/operation';
import { onClock, requireStillClock } from '@/server/test_clocks';
import { amend, lockAgreement, requireAgreement, type Agreement } from './agreement';
import { asPaused, finalizesAt, hasMeans, nowOf, spendDiscounts, toNewInvoice } from './bill';
import { concluded } from './create';
import { move } from './lifecycle';
import { toSubscription } from './object';
import { UNSUPPORTED } from './params';
import { assertHoldable, discardPending, hold } from './pending_update';
import { actionOf, addItems, apply, revise, type Revision } from './revise';
import * as store from './store';
import { endingOf, endTrial } from './trial';
import { UpdateSubscription, type GivenUpdate } from './update.params';

export const update = exchange({
  route: 'POST /v1/subscriptions/:id',
  summary: 'Updates a subscription, with prorations where the change asks for them.',
  input: UpdateSubscription,
  unsupported: UNSUPPORTED,
  async intend(tx, { id, ...given }): Promise<Stripe.Subscription | Awaiting> {
    const awaiting = await change(tx, id, given);
    return awaiting ?? toSubscription(await requireAgreement(tx, id));
  },
  conclude: (tx, { payment_behavior }, told, attempt) =>
    concluded(tx, told, attempt, payment_behavior === 'error_if_incomplete'),
});

/**
 * Changes a subscription, however it was asked for. Null where the processor need not be asked.
 *
 * @param param names the id in errors.
 * @throws ApiError 400 for one that has ended or not begun, and for what cannot be agreed on.
 */
export async function change(
  tx: Tx,
  id: string,
  given: GivenUpdate,
  param = 'id',
): Promise<Awaiting | null> {
  const found = await store.find(tx, id);
  if (found === null) throw resourceMissing('subscription', id, param);
  if (found.test_clock !== null) await requireStillClock(tx, found.test_clock, param);
  const clocked = await onClock(tx, found.test_clock);
  const agreement = await requireChangeable(clocked, id, given);
  const revision = await decide(clocked, agreement, given);
  if (stopsAfterTrial(revision)) return stopTrial(clocked, revision, given);
  return isHeld(revision, given)
    ? holdAndAsk(clocked, revision, given)
    : applyAndAsk(clocked, revision, given);
}

/** A trial that is ended by hand with nothing to pay with ends as one does that runs out. */
const stopsAfterTrial = ({ plan, after, customer }: Revision): boolean =>
  actionOf(plan) === 'activate' && endingOf(after, customer) !== 'create_invoice';

/** Writes what else is asked for; no period begins that would be billed. */
async function stopTrial(tx: Tx, revision: Revision, given: GivenUpdate): Promise<null> {
  const { plan, after, row } = revision;
  await addItems(tx, revision, given.add_invoice_items ?? []);
  const now = nowOf(tx);
  const items = after.items.map((one) => ({
    ...one,
    row: { ...one.row, current_period_end: now },
  }));
  const changed = await apply(tx, plan.before, { items, row, action: null, rates: after.rates });
  await endTrial(tx, changed, now);
  return null;
}

/** What can be noted of a subscription whatever its status. */
const NOTES: readonly string[] = ['cancellation_details', 'metadata'];

/** Stripe documents that one that waits for its first payment can have these changed. */
const BEFORE_IT_BEGINS: readonly string[] = [...NOTES, 'default_payment_method', 'default_source'];

async function requireChangeable(tx: Tx, id: string, given: GivenUpdate): Promise<Agreement> {
  await lockUnfinishedOf(tx, id);
  const agreement = await lockAgreement(tx, id);
  if (agreement === null) throw resourceMissing('subscription', id);
  const { schedule, status } = agreement.row;
  const asked = Object.keys(given);
  if (schedule !== null && given.planned === undefined) assertLeavesEnd(schedule, given);
  if (status === 'canceled' || status === 'incomplete_expired') {
    if (asked.every((name) => NOTES.includes(name))) return agreement;
    throw requestInvalid(
      'A canceled subscription can only update its cancellation_details and metadata.',
    );
  }
  if (status !== 'incomplete') return agreement;
  const other = asked.find((name) => !BEFORE_IT_BEGINS.includes(name));
  if (other === undefined) return agreement;
  throw parameterInvalid(
    `You cannot update \`${other}\` of a subscription whose status is \`incomplete\`: its first invoice is not paid.`,
    other,
  );
}

/** A schedule that ends a subscription, or does not, would not know of it. */
function assertLeavesEnd(schedule: string, { cancel_at, cancel_at_period_end }: GivenUpdate): void {
  if (cancel_at === undefined && cancel_at_period_end === undefined) return;
  throw requestInvalid(
    `The subscription is managed by the subscription schedule \`${schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
  );
}

/** What is asked for, decided; a pending update that it is instead of is given up. */
export async function decide(tx: Tx, agreement: Agreement, given: GivenUpdate): Promise<Revision> {
  if (given.payment_behavior === 'pending_if_incomplete') assertHoldable(agreement, given);
  const current = changesTerms(given) ? await discardPending(tx, agreement) : agreement;
  return revise(tx, current, given);
}

const TERMS: readonly (keyof GivenUpdate)[] = [
  'billing_cycle_anchor',
  'cancel_at',
  'cancel_at_period_end',
  'items',
  'trial_end',
  'trial_from_plan',
];

const changesTerms = (given: GivenUpdate): boolean =>
  TERMS.some((name) => given[name] !== undefined);

/** Whether the change is to be made only when it is paid. */
const isHeld = (
  { isInvoiced, after }: Revision,
  { payment_behavior: behavior }: GivenUpdate,
): boolean =>
  isInvoiced &&
  after.row.collection_method === 'charge_automatically' &&
  // Nothing is collected while that is paused, so there is nothing to wait for.
  after.row.pause_collection === null &&
  (behavior === 'pending_if_incomplete' || behavior === 'error_if_incomplete');

async function applyAndAsk(
  tx: Tx,
  revision: Revision,
  given: GivenUpdate,
): Promise<Awaiting | null> {
  await addItems(tx, revision, given.add_invoice_items ?? []);
  const asked = revision.isInvoiced ? await invoiceOf(tx, revision) : null;
  const { agreement, invoice } = await applyAndDraft(tx, revision, asked);
  return invoice === null ? null : settle(tx, agreement, invoice, given);
}

/** Writes a change, and makes the draft of what it asks for. */
export async function applyAndDraft(
  tx: Tx,
  revision: Revision,
  asked: NewInvoice | null,
): Promise<{ agreement: Agreement; invoice: InvoiceRow | null }> {
  const { plan, after } = revision;
  const written = {
    items: after.items,
    row: revision.row,
    action: actionOf(plan),
    rates: after.rates,
  };
  if (asked === null) return { agreement: await apply(tx, plan.before, written), invoice: null };
  const invoice = await draft(tx, asked);
  const changed = await apply(tx, plan.before, {
    ...written,
    row: { ...revision.row, latest_invoice: invoice.id },
  });
  return { agreement: await withoutSpent(tx, changed, revision), invoice };
}

/** Discounts for one invoice only are used up, but not by prorations: those have them in already. */
async function withoutSpent(
  tx: Tx,
  changed: Agreement,
  { customer, lines }: Revision,
): Promise<Agreement> {
  if (lines.length === 0) return changed;
  const { discounts, items } = await spendDiscounts(tx, changed, customer, lines);
  return amend(tx, changed, { row: { discounts }, items });
}

/** The invoice that is made at once; null where there is nothing to put on it. */
export async function invoiceOf(tx: Tx, revision: Revision): Promise<NewInvoice | null> {
  const { after } = revision;
  const items = await pendingOf(tx, {
    customer: after.row.customer,
    currency: after.row.currency,
    subscription: after.row.id,
  });
  return toInvoice(tx, revision, items, finalizesAt(after, nowOf(tx)) === null ? null : nowOf(tx));
}

function toInvoice(
  tx: Tx,
  { plan, after, customer, lines, proration_date }: Revision,
  items: readonly InvoiceItemRow[],
  finalizes_at: number | null,
): NewInvoice | null {
  if (lines.length + items.length === 0) return null;
  const starts = plan.before.items.map(({ row }) => row.current_period_start);
  return toNewInvoice(after, customer, {
    billing_reason: 'subscription_update',
    lines,
    items,
    period: { start: Math.min(nowOf(tx), ...starts), end: nowOf(tx) },
    cycle: null,
    finalizes_at,
    ...(proration_date === null ? {} : { proration_date }),
  });
}

async function settle(
  tx: Tx,
  agreement: Agreement,
  made: InvoiceRow,
  given: GivenUpdate,
): Promise<Awaiting | null> {
  const invoice = await asPaused(tx, agreement, made);
  if (invoice.status !== 'draft' || !invoice.auto_advance) return null;
  const final = await finalize(tx, invoice);
  if (final.status !== 'open' || final.collection_method === 'send_invoice') return null;
  const defer = given.payment_behavior === 'default_incomplete';
  const collected = await collect(tx, final, {
    off_session: given.off_session ?? agreement.row.off_session,
    defer,
  });
  if (collected instanceof Awaiting) return collected;
  const { status } = agreement.row;
  // Until the payer has confirmed it, it is owed.
  if (defer && (status === 'active' || status === 'trialing')) await move(tx, agreement, 'lapse');
  return null;
}

/**
 * Asks for the payment, and leaves the subscription as it is until it is there. Other items that
 * wait are left out: they are not to be lost if the invoice is voided.
 */
async function holdAndAsk(
  tx: Tx,
  revision: Revision,
  given: GivenUpdate,
): Promise<Awaiting | null> {
  const { plan } = revision;
  const items = await addItems(tx, revision, given.add_invoice_items ?? []);
  const asked = toInvoice(tx, revision, items, null);
  if (asked === null) return applyAndAsk(tx, revision, { ...given, add_invoice_items: [] });
  const { invoice: composed } = await compose(tx, asked);
  const isAllOrNothing = given.payment_behavior === 'error_if_incomplete';
  if (isAllOrNothing && composed.amount_due > 0 && !hasMeans(revision.after, revision.customer)) {
    throw methodMissing();
  }
  const invoice = await draft(tx, asked);
  const held = hold(tx, plan.before, revision, invoice, given);
  const final = await finalize(tx, invoice);
  if (final.status !== 'open') return null;
  const collected = await collect(tx, final, {
    off_session: given.off_session ?? held.row.off_session,
  });
  return collected instanceof Awaiting ? collected : null;
}
