/** An invoice of a subscription: what all of them have in common, and how each is made. */
import type Stripe from 'stripe';
import { spendDiscount, type CustomerRow } from '@/server/customers';
import { spend } from '@/server/discounts';
import type { InvoiceItemRow } from '@/server/invoice_items';
import {
  draft,
  finalize,
  markUncollectible,
  voidInvoice,
  type InvoiceRow,
  type NewInvoice,
  type NewLine,
} from '@/server/invoices';
import type { Period } from '@/server/kernel/calendar';
import type { Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import type { Agreement, PricedItem } from './agreement';
import * as store from './store';

/** What is particular to one invoice. */
export interface Bill {
  readonly billing_reason: NewInvoice['billing_reason'];
  readonly lines: readonly NewLine[];
  /** Invoice items that waited for an invoice. */
  readonly items: readonly InvoiceItemRow[];
  /** The time that it looks back on. */
  readonly period: Period;
  /** The start of the period that it is the one invoice of; null where it is not such a one. */
  readonly cycle: number | null;
  /** When it is finalized, in unix seconds; null leaves that to the merchant. */
  readonly finalizes_at: number | null;
  readonly proration_date?: number;
}

/** The invoice that a bill asks for, with the settings of its subscription. */
export function toNewInvoice({ row }: Agreement, customer: CustomerRow, bill: Bill): NewInvoice {
  return {
    customer,
    currency: row.currency,
    billing_reason: bill.billing_reason,
    collection_method: row.collection_method,
    subscription: {
      id: row.id,
      metadata: row.metadata,
      ...(bill.proration_date === undefined ? {} : { proration_date: bill.proration_date }),
    },
    lines: bill.lines,
    items: bill.items,
    discounts: discountsOf(row, customer),
    default_tax_rates: row.default_tax_rates,
    default_payment_method: row.default_payment_method,
    default_source: row.default_source,
    days_until_due: row.days_until_due,
    cycle: bill.cycle,
    period_start: bill.period.start,
    period_end: bill.period.end,
    auto_advance: bill.finalizes_at !== null,
    automatically_finalizes_at: bill.finalizes_at,
    description: row.invoice_settings.description,
    footer: row.invoice_settings.footer,
    custom_fields: row.invoice_settings.custom_fields,
    account_tax_ids: row.invoice_settings.account_tax_ids,
    payment_settings: {
      default_mandate: null,
      payment_method_options: ofInvoices(row.payment_settings.payment_method_options),
      payment_method_types: row.payment_settings.payment_method_types,
    },
    statement_descriptor: null,
    metadata: {},
    rendering: null,
  };
}

/** Of all methods only cards have options here; the SDK's types differ in another. */
const ofInvoices = (
  options: Stripe.Subscription.PaymentSettings.PaymentMethodOptions | null,
): Stripe.Invoice.PaymentSettings.PaymentMethodOptions | null =>
  options === null ? null : { ...options, pix: null };

/** Its own, else the customer's: https://docs.stripe.com/api/subscriptions/create */
export const discountsOf = (
  { discounts }: Pick<store.SubscriptionRow, 'discounts'>,
  { discount }: Pick<CustomerRow, 'discount'>,
): readonly string[] => {
  if (discounts.length > 0) return discounts;
  return discount === null ? [] : [discount];
};

/** Whether there is anything that it could be paid with. */
export const hasMeans = ({ row }: Agreement, customer: CustomerRow): boolean =>
  row.default_payment_method !== null ||
  row.default_source !== null ||
  customer.invoice_settings.default_payment_method !== null ||
  customer.default_source !== null;

/** When the draft of a renewal is finalized: some time later, so that it can be added to. */
export function finalizesAt({ row, billing }: Agreement, at: number): number | null {
  const isHeld = row.status === 'unpaid' || row.pause_collection?.behavior === 'keep_as_draft';
  return isHeld ? null : at + billing.draft_seconds;
}

/** What an invoice came to, and what of the discounts is left after it. */
export interface Billed {
  readonly invoice: InvoiceRow;
  readonly discounts: string[];
  readonly items: readonly PricedItem[];
}

/**
 * Makes the draft, and spends the discounts that are for one invoice only. While the collection of
 * payments is paused, the invoice ends at once as the pause says.
 */
export async function bill(
  tx: Tx,
  agreement: Agreement,
  customer: CustomerRow,
  particulars: Bill,
): Promise<Billed> {
  const invoice = await draft(tx, toNewInvoice(agreement, customer, particulars));
  const spent = await spendDiscounts(tx, agreement, customer, particulars.lines);
  return { ...spent, invoice: await asPaused(tx, agreement, invoice) };
}

/** What is left of the discounts, of the subscription and of the items that were billed. */
export async function spendDiscounts(
  tx: Tx,
  { row, items }: Agreement,
  customer: CustomerRow,
  lines: readonly NewLine[],
): Promise<Omit<Billed, 'invoice'>> {
  const billed = new Set(lines.map(({ subscription_item }) => subscription_item));
  const left: PricedItem[] = [];
  for (const one of items) {
    const isSpent = billed.has(one.row.id) && one.row.discounts.length > 0;
    const discounts = isSpent ? await spend(tx, one.row.discounts) : one.row.discounts;
    const isSame = discounts.length === one.row.discounts.length;
    left.push(isSame ? one : { ...one, row: store.updateItem(tx, one.row, { discounts }) });
  }
  // Without its own it was the customer's, which is the customer's to lose.
  if (row.discounts.length === 0) {
    await spendDiscount(tx, customer);
    return { items: left, discounts: [] };
  }
  return { items: left, discounts: await spend(tx, row.discounts) };
}

/** https://docs.stripe.com/billing/subscriptions/pause-payment */
export async function asPaused(
  tx: Tx,
  { row }: Agreement,
  invoice: InvoiceRow,
): Promise<InvoiceRow> {
  const behavior = row.pause_collection?.behavior;
  if (behavior !== 'void' && behavior !== 'mark_uncollectible') return invoice;
  const final = await finalize(tx, invoice);
  // Nothing was due, so it is paid.
  if (final.status !== 'open') return final;
  return behavior === 'void' ? voidInvoice(tx, final) : markUncollectible(tx, final);
}

/** The instant of a scope, in unix seconds. */
export const nowOf = ({ now }: Pick<Tx, 'now'>): number => unix(now);
