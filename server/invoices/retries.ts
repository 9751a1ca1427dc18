/**
 * When an invoice is due for its next step, and which failed payments are tried again. Pure.
 * https://docs.stripe.com/billing/revenue-recovery/smart-retries
 */
import type Stripe from 'stripe';
import type { Settings } from '@/server/projects';
import type { InvoiceRow } from './store';

type Billing = Settings['billing'];

/**
 * TABLE: the declines after which the same card is not asked again. The tries stay scheduled and
 * are counted, but only another payment method is charged by them.
 */
const HARD_DECLINES: ReadonlySet<string> = new Set([
  'authentication_required',
  'highest_risk_level',
  'incorrect_number',
  'lost_card',
  'pickup_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'stolen_card',
  'transaction_not_allowed',
]);

type PaymentError = Pick<
  Stripe.PaymentIntent.LastPaymentError,
  'code' | 'decline_code' | 'payment_method'
>;

/** Whether the last payment was refused in a way that rules out the payment method for good. */
export const isRuledOut = (error: PaymentError | null, payment_method: string): boolean =>
  error?.payment_method?.id === payment_method &&
  HARD_DECLINES.has(error.decline_code ?? error.code ?? '');

const DAY = 24 * 60 * 60;

/**
 * When to try again after `attempts` tries, the last of them at `now` (unix seconds); null where
 * the schedule has no further one.
 */
export function nextAttempt(
  attempts: number,
  { retry_days }: Pick<Billing, 'retry_days'>,
  now: number,
): number | null {
  const days = retry_days[attempts - 1];
  return days === undefined ? null : now + days * DAY;
}

/**
 * What a try changes before its result is known. Any try counts as the first; after that only those
 * of the schedule count, so that a merchant who tries by hand leaves the schedule as it is.
 */
export const attempted = (
  {
    attempt_count,
    next_payment_attempt,
  }: Pick<InvoiceRow, 'attempt_count' | 'next_payment_attempt'>,
  isScheduled: boolean,
): Pick<InvoiceRow, 'attempted' | 'attempt_count' | 'next_payment_attempt'> => ({
  attempted: true,
  attempt_count: isScheduled || attempt_count === 0 ? attempt_count + 1 : attempt_count,
  next_payment_attempt: isScheduled ? null : next_payment_attempt,
});

/** Of an invoice that is paid for without anybody asking; the rest waits to be told. */
export const isAutomatic = ({
  auto_advance,
  collection_method,
}: Pick<InvoiceRow, 'auto_advance' | 'collection_method'>): boolean =>
  auto_advance && collection_method === 'charge_automatically';

/**
 * The first invoice of a subscription is not tried again: it expires with the subscription.
 * https://docs.stripe.com/billing/subscriptions/overview#subscription-lifecycle
 */
export const isRetried = (
  invoice: Pick<InvoiceRow, 'auto_advance' | 'billing_reason' | 'collection_method'>,
): boolean => isAutomatic(invoice) && invoice.billing_reason !== 'subscription_create';

type Dated = Pick<
  InvoiceRow,
  | 'auto_advance'
  | 'automatically_finalizes_at'
  | 'collection_method'
  | 'due_date'
  | 'next_payment_attempt'
  | 'status'
>;

/**
 * When something is to be done with the invoice that nobody asks for, in unix seconds; null for
 * never. A draft is finalized; an open invoice is collected, or its due date is announced, some days
 * ahead and then as missed.
 */
export function dueAt(invoice: Dated, billing: Billing, now: number): number | null {
  if (invoice.status === 'draft') {
    return invoice.auto_advance ? invoice.automatically_finalizes_at : null;
  }
  if (invoice.status !== 'open') return null;
  if (invoice.collection_method === 'charge_automatically') {
    return isAutomatic(invoice) ? invoice.next_payment_attempt : null;
  }
  if (invoice.due_date === null) return null;
  const reminder = invoice.due_date - billing.upcoming_days * DAY;
  // One that is due when it is sent is overdue the moment after.
  return invoice.auto_advance && now < reminder ? reminder : Math.max(invoice.due_date, now + 1);
}
