/**
 * Asks for the money of an open invoice: which payment method is charged, and what is stored before
 * the processor is asked. What it answers comes back as the news of a payment intent, to
 * `reactions.ts`, whoever asked.
 */
import { findCustomer, markDelinquent } from '@/server/customers';
import type { Scope, Tx } from '@/server/kernel/context';
import { invalidState, parameterInvalid } from '@/server/kernel/errors';
import { unix } from '@/server/kernel/object';
import type { Awaiting } from '@/server/kernel/operation';
import {
  findPaymentMethod,
  requirePaymentMethod,
  type PaymentMethodRow,
} from '@/server/payment_methods';
import { changeAmount, confirmForInvoice, isPayable } from '@/server/payment_intents';
import { currentProject, readSettings } from '@/server/projects';
import { change, markPaid } from './lifecycle';
import { expectIdle, giveUpPayments, lockIntentOf, openPayment, underWay } from './payment';
import { attempted, dueAt, isAutomatic, isRetried, nextAttempt } from './retries';
import * as store from './store';
import type { InvoiceRow } from './store';

export interface Collection {
  /** Whether the customer is away, and cannot answer a challenge. */
  readonly off_session: boolean;
  /** Of the customer, instead of the default. */
  readonly payment_method?: string | null | undefined;
  /** The merchant was paid elsewhere: no card is charged. */
  readonly paid_out_of_band?: boolean | undefined;
  /** Where the payer comes back to from a challenge. */
  readonly return_url?: string | undefined;
  /** Only makes the payment intent, for the payer to confirm. */
  readonly defer?: boolean;
  /** The try is one of the schedule's, and counts as such. */
  readonly isScheduled?: boolean;
}

/**
 * Collects a locked open invoice. Answers the invoice where the processor need not be asked, also
 * where there is no payment method to charge, which is a failed try.
 *
 * @param tx on the customer's clock.
 * @throws ApiError 400 while a payment is under way, and for a method that is not the customer's.
 */
export async function collect(
  tx: Tx,
  invoice: InvoiceRow,
  how: Collection,
): Promise<InvoiceRow | Awaiting> {
  if (invoice.amount_remaining === 0) return invoice;
  if (how.paid_out_of_band === true) return payOutOfBand(tx, invoice);
  const opened = await openPayment(tx, invoice);
  if (how.defer === true) return opened;
  const method =
    how.payment_method === undefined || how.payment_method === null
      ? await methodFor(tx, opened)
      : await requireOf(tx, how.payment_method, opened.customer);
  return method === null
    ? recordFailure(tx, opened, how.isScheduled)
    : charge(tx, opened, method, how);
}

/** Claims the invoice's payment intent for a charge of the method. */
export async function charge(
  tx: Tx,
  invoice: InvoiceRow,
  method: PaymentMethodRow,
  {
    off_session,
    return_url,
    isScheduled = false,
  }: Pick<Collection, 'off_session' | 'return_url' | 'isScheduled'>,
): Promise<Awaiting> {
  const intent = await lockIntentOf(tx, invoice);
  if (intent === null) throw new Error(`${invoice.id} has no payment intent.`);
  if (!isPayable(intent)) throw underWay(invoice);
  const asked = await changeAmount(tx, intent, invoice.amount_remaining);
  // Until the answer is there, nothing is due: it decides what is next.
  store.update(tx, invoice, { ...attempted(invoice, isScheduled), due_at: null });
  return confirmForInvoice(tx, asked, method, {
    off_session,
    return_url,
    recurring: invoice.subscription !== null,
  });
}

/**
 * The first that can be charged of what is set for the invoice, its subscription and its customer.
 * https://docs.stripe.com/billing/subscriptions/payment-methods-setting#payment-method-priority
 */
export async function methodFor(
  scope: Scope,
  invoice: InvoiceRow,
): Promise<PaymentMethodRow | null> {
  const [subscription, customer] = await Promise.all([
    invoice.subscription === null ? null : store.findSubscription(scope, invoice.subscription),
    findCustomer(scope, invoice.customer),
  ]);
  const named = new Set([
    invoice.default_payment_method,
    invoice.default_source,
    subscription?.default_payment_method,
    subscription?.default_source,
    customer?.invoice_settings.default_payment_method,
    customer?.default_source,
  ]);
  for (const id of named) {
    const method = await findOf(scope, invoice, id ?? null);
    if (method !== null) return method;
  }
  return null;
}

/** A payment method of the invoice's customer; null also for one that was detached since. */
export async function findOf(
  scope: Scope,
  { customer }: InvoiceRow,
  id: string | null,
): Promise<PaymentMethodRow | null> {
  const method = id === null ? null : await findPaymentMethod(scope, id);
  return method?.customer === customer ? method : null;
}

async function requireOf(tx: Tx, id: string, customer: string): Promise<PaymentMethodRow> {
  const method = await requirePaymentMethod(tx, id);
  if (method.customer === customer) return method;
  throw parameterInvalid(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    'payment_method',
    'resource_missing',
  );
}

/** As Stripe refuses to try where nothing could be charged. */
export const methodMissing = () =>
  invalidState(
    'This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
    'resource_missing',
  );

/** The merchant has the money by another way: nothing is charged, and no payment succeeded. */
async function payOutOfBand(tx: Tx, invoice: InvoiceRow): Promise<InvoiceRow> {
  await expectIdle(tx, invoice);
  await giveUpPayments(tx, invoice, 'automatic');
  const paid = await markPaid(
    tx,
    invoice,
    {
      amount_paid: invoice.amount_paid + invoice.amount_remaining,
      amount_paid_off_stripe: invoice.amount_paid_off_stripe + invoice.amount_remaining,
    },
    { outside: true },
  );
  await markDelinquent(tx, invoice.customer, false);
  return paid;
}

/**
 * A try has failed, or there was nothing to try with: announces `invoice.payment_failed` and says
 * when the next one is.
 *
 * @param isScheduled whether it is a try of the schedule that was not counted yet.
 * @param isDueNow whether something can be done about it at once.
 */
export async function recordFailure(
  tx: Tx,
  invoice: InvoiceRow,
  isScheduled = false,
  isDueNow = false,
): Promise<InvoiceRow> {
  const now = unix(tx.now);
  const { billing } = readSettings((await currentProject(tx)).settings);
  const tried = { ...invoice, ...attempted(invoice, isScheduled) };
  const isAhead = tried.next_payment_attempt !== null && tried.next_payment_attempt > now;
  const next_payment_attempt = !isRetried(tried)
    ? null
    : isAhead
      ? tried.next_payment_attempt
      : nextAttempt(tried.attempt_count, billing, now);
  const failed = await change(
    tx,
    invoice,
    {
      attempted: true,
      attempt_count: tried.attempt_count,
      next_payment_attempt,
      due_at: isDueNow ? now : dueAt({ ...tried, next_payment_attempt }, billing, now),
    },
    ['invoice.payment_failed'],
  );
  if (isAutomatic(invoice) && (await isStillOpen(tx, invoice))) {
    await markDelinquent(tx, invoice.customer, true);
  }
  return failed;
}

/** Of a subscription that is all or nothing, the first news of a failure voids the invoice. */
export const isStillOpen = async (tx: Tx, { id }: InvoiceRow): Promise<boolean> =>
  (await store.find(tx, id))?.status === 'open';
