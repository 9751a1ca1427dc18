/** `POST /v1/subscriptions`: agrees, makes the first invoice, and asks for its payment. */
import type Stripe from 'stripe';
import { requireCustomer, settleCurrency, type CustomerRow } from '@/server/customers';
import { pendingOf } from '@/server/invoice_items';
import {
  collect,
  compose,
  draft,
  finalize,
  findInvoice,
  methodMissing,
  type Composed,
  type InvoiceRow,
  type NewInvoice,
} from '@/server/invoices';
import type { Scope, Tx } from '@/server/kernel/context';
import { ApiError, cardError, parameterInvalid } from '@/server/kernel/errors';
import type { ApiObject } from '@/server/kernel/object';
import { Awaiting, exchange, type AttemptRow } from '@/server/kernel/operation';
import { findPaymentIntent } from '@/server/payment_intents';
import { createForSubscription } from '@/server/setup_intents';
import { onClock, requireStillClock } from '@/server/test_clocks';
import { amend, requireAgreement, type Agreement } from './agreement';
import { finalizesAt, hasMeans, nowOf, spendDiscounts, toNewInvoice } from './bill';
import { AWAITED_SECONDS, dueAt } from './due_at';
import { addFees } from './fees';
import { toSubscription } from './object';
import { open, type Opening } from './opening';
import { openingLines } from './opening_lines';
import { CreateSubscription, UNSUPPORTED } from './params';
import * as store from './store';
import type { Status } from './store';

export const create = exchange({
  route: 'POST /v1/subscriptions',
  summary: 'Creates a subscription, and asks for the payment of its first invoice.',
  input: CreateSubscription,
  unsupported: UNSUPPORTED,
  async intend(tx, input): Promise<Stripe.Subscription | Awaiting> {
    if (input.payment_behavior === 'pending_if_incomplete') {
      throw parameterInvalid(
        '`pending_if_incomplete` can only be used when a subscription is updated.',
        'payment_behavior',
      );
    }
    const customer = await requireCustomer(tx, input.customer);
    if (customer.test_clock !== null) {
      await requireStillClock(tx, customer.test_clock, 'customer');
    }
    return begin(await onClock(tx, customer.test_clock), customer, input);
  },
  conclude: (tx, { payment_behavior }, told, attempt) =>
    concluded(tx, told, attempt, payment_behavior === 'error_if_incomplete'),
});

async function begin(
  tx: Tx,
  customer: CustomerRow,
  input: CreateSubscription,
): Promise<Stripe.Subscription | Awaiting> {
  const opening = await open(tx, customer, input);
  await addFees(tx, opening.agreement, input.add_invoice_items ?? []);
  const { agreement } = opening;
  const first = await composeFirst(tx, await firstInvoice(tx, opening, customer));
  const due = first?.composed.invoice.amount_due ?? 0;
  const isCharged = agreement.row.collection_method === 'charge_automatically';
  const isDeferred = input.payment_behavior === 'default_incomplete';
  if (isCharged && due > 0 && !isDeferred && !hasMeans(agreement, customer)) throw methodMissing();

  const status = statusAtFirst(agreement, isCharged ? due : 0);
  const { started, invoice } = await establish(tx, agreement, first, {
    status,
    expires_at: status === 'incomplete' ? nowOf(tx) + AWAITED_SECONDS : null,
    pending_setup_intent:
      isCharged && isDeferred && due === 0 ? await askForCard(tx, agreement, customer) : null,
  });
  // An invoice says it when it is finalized, which one that is sent is later.
  if (customer.currency === null && (invoice === null || !isCharged)) {
    await settleCurrency(tx, customer.id, started.row.currency);
  }
  if (invoice === null) return toSubscription(started);
  const awaiting = isCharged ? await pay(tx, started, invoice, isDeferred) : null;
  // The invoice, where it was paid at once, had its say about the subscription.
  return awaiting ?? toSubscription(await requireAgreement(tx, started.row.id));
}

/** A first invoice, asked for and computed; nothing of it is written. */
interface First {
  readonly asked: NewInvoice;
  readonly composed: Composed;
}

export const composeFirst = async (tx: Tx, asked: NewInvoice | null): Promise<First | null> =>
  asked === null ? null : { asked, composed: await compose(tx, asked) };

/** Writes a subscription and announces it, and makes the draft of its first invoice. */
export async function establish(
  tx: Tx,
  agreement: Agreement,
  first: First | null,
  beginning: Beginning,
): Promise<{ started: Agreement; invoice: InvoiceRow | null }> {
  const latest_invoice = first?.composed.invoice.id ?? null;
  const started = start(tx, agreement, { ...beginning, latest_invoice });
  await tx.announce('customer.subscription.created', toSubscription(started));
  if (first === null) return { started, invoice: null };
  const { asked, composed } = first;
  const invoice = await draft(tx, asked, composed);
  const left = await spendDiscounts(tx, started, asked.customer, asked.lines);
  const { discounts } = left;
  return { started: await amend(tx, started, { row: { discounts }, items: left.items }), invoice };
}

/** Null where there is nothing to put on it: no invoice is made to say nothing. */
export async function firstInvoice(
  tx: Tx,
  opening: Opening,
  customer: CustomerRow,
): Promise<NewInvoice | null> {
  const { row } = opening.agreement;
  const [lines, items] = await Promise.all([
    openingLines(tx, opening),
    pendingOf(tx, { customer: customer.id, currency: row.currency, subscription: row.id }),
  ]);
  if (lines.length === 0 && items.length === 0) return null;
  const now = nowOf(tx);
  return toNewInvoice(opening.agreement, customer, {
    billing_reason: 'subscription_create',
    lines,
    items,
    period: { start: now, end: now },
    cycle: opening.agreement.items[0]?.row.current_period_start ?? null,
    // One that is charged is finalized here and now, and nobody tries again: it expires.
    finalizes_at:
      row.collection_method === 'send_invoice' ? finalizesAt(opening.agreement, now) : null,
  });
}

/** Until what is due is paid it is incomplete. One that is to be sent does not wait for it. */
export function statusAtFirst({ row }: Agreement, due: number): Status {
  if (due > 0) return 'incomplete';
  return row.trial_end === null ? 'active' : 'trialing';
}

type Beginning = Pick<store.SubscriptionRow, 'status'> & Partial<store.SubscriptionRow>;

function start(tx: Tx, agreement: Agreement, beginning: Beginning): Agreement {
  const row = { ...agreement.row, ...beginning };
  const due_at = dueAt({ ...agreement, row });
  return {
    ...agreement,
    row: store.insert(tx, { ...row, due_at }),
    items: agreement.items.map((one) => ({ ...one, row: store.insertItem(tx, one.row) })),
  };
}

/** Nothing is to be paid yet: the customer can be asked now for the card that will be charged. */
async function askForCard(tx: Tx, { row }: Agreement, customer: CustomerRow): Promise<string> {
  const { id } = await createForSubscription(tx, {
    customer: customer.id,
    metadata: {},
    payment_method: row.default_payment_method ?? customer.invoice_settings.default_payment_method,
  });
  return id;
}

/** Null where the processor need not be asked: nothing is due, or the payer is to confirm. */
async function pay(
  tx: Tx,
  { row }: Agreement,
  invoice: InvoiceRow,
  defer: boolean,
): Promise<Awaiting | null> {
  const final = await finalize(tx, invoice);
  if (final.status !== 'open') return null;
  const collected = await collect(tx, final, { off_session: row.off_session, defer });
  return collected instanceof Awaiting ? collected : null;
}

/**
 * What a payment of a subscription's invoice led to, told as the subscription.
 *
 * @param isAllOrNothing a payment that failed is told as the error that it is.
 */
export async function concluded(
  scope: Scope,
  told: ApiObject | ApiError,
  attempt: AttemptRow,
  isAllOrNothing: boolean,
): Promise<Stripe.Subscription | ApiError> {
  const intent = await findPaymentIntent(scope, attempt.payment_intent ?? '');
  const invoice = await findInvoice(scope, intent?.payment_details?.order_reference ?? '');
  if (invoice === null || invoice.subscription === null) {
    throw new Error(`${attempt.id} is not about a subscription.`);
  }
  // What is all or nothing came to nothing, and its invoice is void: the failure is all to tell.
  if (isAllOrNothing) {
    if (told instanceof ApiError) return told;
    if (invoice.status === 'void') return actionRequired(told);
  }
  return toSubscription(await requireAgreement(scope, invoice.subscription));
}

/** Whoever wants all or nothing does not wait for the customer. */
const actionRequired = (intent: ApiObject): ApiError =>
  cardError(
    'Payment for this subscription requires additional user action before it can be completed successfully. Create the subscription with `payment_behavior=default_incomplete` to have the customer take it.',
    { code: 'subscription_payment_intent_requires_action', payment_intent: intent },
  );
