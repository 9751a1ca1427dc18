/** What the page of an invoice shows, and how it is paid there. */
import type Stripe from 'stripe';
import { attachMethod } from '@/server/customers';
import type { Scope, Tx } from '@/server/kernel/context';
import { Awaiting } from '@/server/kernel/operation';
import { findPaymentIntent, type PaymentIntentRow } from '@/server/payment_intents';
import type { PaymentMethodRow } from '@/server/payment_methods';
import { hostedUrlOf, isAddressOf } from './address';
import { collect, findOf, methodFor } from './collect';
import { openInvoice } from './edit';
import { toLine } from './object';
import { expectIdle } from './payment';
import { toInvoice } from './show';
import * as store from './store';

/** An invoice as its payer sees it. */
export interface HostedInvoice {
  readonly invoice: Stripe.Invoice;
  /** All of them. */
  readonly lines: readonly Stripe.InvoiceLineItem[];
  readonly intent: PaymentIntentRow | null;
  /** On file with the shop, and tried first. */
  readonly method: PaymentMethodRow | null;
}

/** The invoice of an address; null where nobody was given that address. */
export async function findHosted(
  scope: Scope,
  id: string,
  signature: string,
): Promise<HostedInvoice | null> {
  if (!isAddressOf(scope, id, signature)) return null;
  const row = await store.find(scope, id);
  if (row === null || row.status === 'draft') return null;
  const [invoice, lines, intent] = await Promise.all([
    toInvoice(scope, row),
    store.linesOf(scope, id),
    row.payment_intent === null ? null : findPaymentIntent(scope, row.payment_intent),
  ]);
  // The card that the payment was left with, which may be waiting for its holder.
  const left = await findOf(scope, row, intent?.payment_method ?? null);
  const method = left ?? (await methodFor(scope, row));
  return { invoice, lines: lines.map(toLine), intent, method };
}

/** What a payer pays with. */
export interface Means {
  readonly payment_method: string;
  /** It was typed in, and is on file with the shop from now on. */
  readonly isNew: boolean;
}

/**
 * Charges a payment method of the invoice's customer, who is there and may be asked to authenticate.
 * Null where nothing is asked for any more. A new one is put on file with the payment that is asked for,
 * or not at all: whoever dies or is refused in between has left no card with the customer.
 *
 * @throws ApiError 400 while a payment is under way, and for a method that is not the customer's; 402
 *   for a new one that its issuer declines; 429 while its test clock advances.
 */
export async function payHosted(
  tx: Tx,
  id: string,
  { payment_method, isNew }: Means,
): Promise<Awaiting | null> {
  const { tx: there, row } = await openInvoice(tx, id);
  if (row.status !== 'open' && row.status !== 'uncollectible') return null;
  if (row.amount_remaining === 0) return null;
  if (isNew) {
    await expectIdle(there, row);
    await attachMethod(there, payment_method, row.customer);
  }
  const paid = await collect(there, row, {
    off_session: false,
    payment_method,
    return_url: hostedUrlOf(tx, id),
  });
  return paid instanceof Awaiting ? paid : null;
}
