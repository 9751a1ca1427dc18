/** What the news of invoices, customers and setup intents mean for their subscriptions. */
import type Stripe from 'stripe';
import type { Announced } from '@/server/events';
import { findInvoice } from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import { findPaymentIntent } from '@/server/payment_intents';
import { findPaymentMethod } from '@/server/payment_methods';
import { onClock } from '@/server/test_clocks';
import { amend, lockAgreement, type Agreement, type Amendment } from './agreement';
import { nowOf } from './bill';
import { end, stopCollecting, voidAwaited } from './end';
import { move, type Action } from './lifecycle';
import { applyPending, discardPending, tellPending } from './pending_update';
import * as store from './store';
import type { Status, SubscriptionRow } from './store';

interface News {
  /** On the clock of the subscription's customer. */
  readonly tx: Tx;
  readonly agreement: Agreement;
  readonly invoice: Stripe.Invoice;
  /** Whether it is about the invoice that the subscription's status goes by. */
  readonly isLatest: boolean;
}

/**
 * The subscription of an invoice, locked; null where it has none, or none that the news matter to.
 *
 * @param matters asked of the row before the rest is read: most news change nothing.
 */
async function newsOf(
  tx: Tx,
  { object }: Announced,
  matters: (row: SubscriptionRow, invoice: Stripe.Invoice) => boolean,
): Promise<News | null> {
  const invoice = object as Stripe.Invoice;
  const id = invoice.parent?.subscription_details?.subscription;
  if (typeof id !== 'string') return null;
  const row = await store.lock(tx, id);
  if (row === null || !matters(row, invoice)) return null;
  const agreement = await lockAgreement(tx, id);
  if (agreement === null) return null;
  return {
    tx: await onClock(tx, row.test_clock),
    agreement,
    invoice,
    isLatest: row.latest_invoice === invoice.id,
  };
}

const isPendingOn = ({ pending_update }: SubscriptionRow, { id }: Stripe.Invoice): boolean =>
  pending_update?.invoice === id;

const savesMethod = ({ payment_settings }: SubscriptionRow): boolean =>
  payment_settings.save_default_payment_method === 'on_subscription';

/** TABLE: what the payment of the latest invoice does, by the status before. */
const WHEN_PAID: { readonly [status in Status]?: Action } = {
  incomplete: 'activate',
  past_due: 'activate',
  unpaid: 'activate',
  paused: 'resume',
};

/** A paused one waits for a payment only where its resumption does. */
const isPayable = ({ status, expires_at }: SubscriptionRow): boolean =>
  WHEN_PAID[status] !== undefined && (status !== 'paused' || expires_at !== null);

/** `invoice.paid` */
export async function notePaid(tx: Tx, event: Announced): Promise<void> {
  const news = await newsOf(
    tx,
    event,
    (row, invoice) =>
      isPendingOn(row, invoice) ||
      savesMethod(row) ||
      (row.latest_invoice === invoice.id && isPayable(row)),
  );
  if (news === null) return;
  const { invoice, isLatest } = news;
  const agreement = isPendingOn(news.agreement.row, invoice)
    ? await applyPending(news.tx, news.agreement)
    : news.agreement;
  const method = savesMethod(agreement.row) ? await methodOf(news.tx, invoice, agreement) : {};
  const change: Amendment = { row: { ...method, expires_at: null } };
  if (isLatest && isPayable(agreement.row)) {
    await move(news.tx, agreement, actionWhenPaid(agreement, nowOf(news.tx)), change);
  } else await amend(news.tx, agreement, { row: method });
}

function actionWhenPaid({ row }: Agreement, now: number): Action {
  const isTried = row.status === 'incomplete' && row.trial_end !== null && row.trial_end > now;
  const action = isTried ? 'begin_trial' : WHEN_PAID[row.status];
  if (action === undefined) throw new Error(`${row.id} is ${row.status}: it waits for no payment.`);
  return action;
}

/** The payment method that an invoice was paid with, to be the subscription's own. */
async function methodOf(
  tx: Tx,
  { id }: Stripe.Invoice,
  { row }: Agreement,
): Promise<Pick<SubscriptionRow, 'default_payment_method'> | undefined> {
  const invoice = id === undefined ? null : await findInvoice(tx, id);
  const intent =
    invoice?.payment_intent == null ? null : await findPaymentIntent(tx, invoice.payment_intent);
  return ofCustomer(tx, intent?.status === 'succeeded' ? intent.payment_method : null, row);
}

async function ofCustomer(
  tx: Tx,
  id: string | null,
  { customer }: SubscriptionRow,
): Promise<Pick<SubscriptionRow, 'default_payment_method'> | undefined> {
  const method = id === null ? null : await findPaymentMethod(tx, id);
  return method?.customer === customer ? { default_payment_method: method.id } : undefined;
}

const MAY_LAPSE: readonly Status[] = ['active', 'trialing', 'past_due'];

/**
 * `invoice.payment_failed`, `invoice.payment_action_required`, `invoice.overdue`. What a pending
 * update asked for changes nothing where it is not paid.
 */
export async function noteUnpaid(tx: Tx, event: Announced): Promise<void> {
  const news = await newsOf(
    tx,
    event,
    (row, invoice) =>
      row.latest_invoice === invoice.id &&
      MAY_LAPSE.includes(row.status) &&
      !isPendingOn(row, invoice),
  );
  if (news === null) return;
  const { invoice, agreement } = news;
  const lapsed =
    agreement.row.status === 'past_due' ? agreement : await move(news.tx, agreement, 'lapse');
  if (event.type === 'invoice.payment_failed' && isGivenUp(invoice)) await giveUp(news.tx, lapsed);
}

/** Whether nobody will try again. */
const isGivenUp = (invoice: Stripe.Invoice): boolean =>
  invoice.collection_method === 'charge_automatically' &&
  invoice.auto_advance === true &&
  invoice.next_payment_attempt === null;

/** All tries have failed: what becomes of the subscription is the project's setting. */
async function giveUp(tx: Tx, agreement: Agreement): Promise<void> {
  switch (agreement.billing.after_retries) {
    case 'past_due':
      return;
    case 'unpaid':
      await move(tx, agreement, 'give_up');
      return;
    case 'cancel':
      await stopCollecting(tx, agreement);
      await end(tx, agreement, { at: nowOf(tx), details: { reason: 'payment_failed' } });
  }
}

/**
 * `invoice.updated`, the last that is told of a try that failed: a subscription that is to be paid at
 * once, or not to be at all, is given up with its first invoice; an update that waits for its
 * payment is seen to wait.
 */
export async function noteFirstTry(tx: Tx, event: Announced): Promise<void> {
  const { billing_reason, status, attempted } = event.object as Stripe.Invoice;
  const isOfChange =
    billing_reason === 'subscription_create' || billing_reason === 'subscription_update';
  if (!isOfChange || status !== 'open' || !attempted) return;
  const news = await newsOf(
    tx,
    event,
    (row, invoice) => isInVain(row) || isPendingOn(row, invoice),
  );
  if (news === null) return;
  if (isInVain(news.agreement.row)) await voidAwaited(news.tx, news.agreement);
  else await tellPending(news.tx, news.agreement);
}

const isInVain = ({ status, is_all_or_nothing }: SubscriptionRow): boolean =>
  status === 'incomplete' && is_all_or_nothing;

/** `invoice.voided`: one that waits for it does so in vain, one that owed it does not any more. */
export async function noteVoided(tx: Tx, event: Announced): Promise<void> {
  const news = await newsOf(
    tx,
    event,
    (row, invoice) =>
      isPendingOn(row, invoice) || (row.latest_invoice === invoice.id && isPayable(row)),
  );
  if (news === null) return;
  const agreement = isPendingOn(news.agreement.row, news.invoice)
    ? await discardPending(news.tx, news.agreement)
    : news.agreement;
  if (!news.isLatest) return;
  switch (agreement.row.status) {
    case 'incomplete':
      await end(news.tx, agreement, { at: nowOf(news.tx) });
      return;
    case 'paused':
      await amend(news.tx, agreement, { row: { expires_at: null } });
      return;
    case 'past_due':
    case 'unpaid':
      await move(news.tx, agreement, 'activate');
      return;
    default:
  }
}

/** TABLE: what it does, by the status before, that nobody asks for the latest invoice any more. */
const WHEN_UNCOLLECTIBLE: { readonly [status in Status]?: Action } = {
  past_due: 'activate',
  unpaid: 'activate',
  paused: 'resume',
};

/** `invoice.marked_uncollectible` */
export async function noteUncollectible(tx: Tx, event: Announced): Promise<void> {
  const news = await newsOf(
    tx,
    event,
    (row, invoice) =>
      row.latest_invoice === invoice.id &&
      isPayable(row) &&
      WHEN_UNCOLLECTIBLE[row.status] !== undefined,
  );
  const action = news === null ? undefined : WHEN_UNCOLLECTIBLE[news.agreement.row.status];
  if (news === null || action === undefined) return;
  await move(news.tx, news.agreement, action, { row: { expires_at: null } });
}

/** `customer.deleted`: what it subscribed to ends with it. */
export async function cancelAllOf(tx: Tx, { object }: Announced): Promise<void> {
  if (object.id === undefined) return;
  for (const id of await store.ongoingOf(tx, object.id)) {
    const agreement = await lockAgreement(tx, id);
    if (agreement === null) continue;
    const there = await onClock(tx, agreement.row.test_clock);
    await stopCollecting(there, agreement);
    await end(there, agreement, { at: nowOf(there) });
  }
}

/** `setup_intent.succeeded`: the customer has answered, and what was asked for is not pending. */
export async function noteSetUp(tx: Tx, { object }: Announced): Promise<void> {
  const { id, customer, payment_method } = object as Stripe.SetupIntent;
  if (typeof customer !== 'string') return;
  for (const subscription of await store.awaitingSetup(tx, customer, id)) {
    const agreement = await lockAgreement(tx, subscription);
    if (agreement === null) continue;
    const method =
      savesMethod(agreement.row) && typeof payment_method === 'string'
        ? await ofCustomer(tx, payment_method, agreement.row)
        : {};
    await amend(tx, agreement, { row: { ...method, pending_setup_intent: null } });
  }
}
