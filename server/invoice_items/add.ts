/** A new invoice item, however it came to be: asked for, or made by a subscription that changed. */
import type Stripe from 'stripe';
import type { Scope, Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import type { Metadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { findRates } from '@/server/tax_rates';
import { toInvoiceItem } from './object';
import * as store from './store';

export interface NewInvoiceItem {
  /** Where discounts were attached to it already. */
  readonly id?: string;
  readonly customer: string;
  readonly currency: string;
  /** Pence; negative to the customer's credit. */
  readonly amount: number;
  readonly description: string | null;
  /** Unix seconds. */
  readonly period_start: number;
  readonly period_end: number;
  readonly proration: boolean;
  readonly proration_details?: Stripe.InvoiceItem.ProrationDetails | null;
  /** What a credit gives back: the lines that charged it. */
  readonly credited_lines?: { invoice: string; lines: string[] } | null;
  readonly price?: string | null;
  readonly product?: string | null;
  readonly quantity: number;
  readonly quantity_decimal?: string | null;
  readonly unit_amount_decimal?: string | null;
  readonly subscription?: string | null;
  readonly subscription_item?: string | null;
  /** Not said, it is: unless it is a proration or a credit. */
  readonly discountable?: boolean;
  readonly discounts?: readonly string[];
  /** Null takes those of the invoice. */
  readonly tax_rates?: readonly string[] | null;
  readonly metadata?: Metadata;
  /** A draft, whose lines and totals follow; without it the item waits for an invoice. */
  readonly invoice?: string | null;
  readonly test_clock: string | null;
}

/** Adds the item and announces it. A draft that it names takes it up in the same transaction. */
export async function addItem(tx: Tx, item: NewInvoiceItem): Promise<store.InvoiceItemRow> {
  const row = insertItem(tx, item);
  await announceItem(tx, row);
  return row;
}

export const announceItem = async (tx: Tx, row: store.InvoiceItemRow): Promise<void> =>
  tx.announce('invoiceitem.created', await show(tx, row));

/** Writes the item only: the caller announces it. */
export function insertItem(tx: Tx, item: NewInvoiceItem): store.InvoiceItemRow {
  const now = unix(tx.now);
  return store.insert(tx, {
    id: item.id ?? newId('invoiceitem'),
    customer: item.customer,
    invoice: item.invoice ?? null,
    amount: item.amount,
    currency: item.currency,
    date: now,
    description: item.description,
    discountable: item.discountable ?? isDiscountable(item),
    discounts: [...(item.discounts ?? [])],
    metadata: item.metadata ?? {},
    period_end: item.period_end,
    period_start: item.period_start,
    price: item.price ?? null,
    product: item.product ?? null,
    proration: item.proration,
    proration_details: item.proration_details ?? null,
    credited_lines: item.credited_lines ?? null,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal ?? null,
    subscription: item.subscription ?? null,
    subscription_item: item.subscription_item ?? null,
    tax_rates: item.tax_rates === undefined || item.tax_rates === null ? null : [...item.tax_rates],
    test_clock: item.test_clock,
    unit_amount_decimal: item.unit_amount_decimal ?? null,
    created: now,
  });
}

/** What discounts take something off, where nobody says. */
export const isDiscountable = (item: { amount: number; proration: boolean }): boolean =>
  !item.proration && item.amount >= 0;

/** Those that still exist are removed and announced; a draft that one was on follows. */
export async function removeItems(tx: Tx, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const row = await store.lock(tx, id);
    if (row === null) continue;
    store.remove(tx, id);
    await tx.announce('invoiceitem.deleted', await show(tx, row));
  }
}

/** With the tax rates that it names. */
export const show = async (scope: Scope, row: store.InvoiceItemRow): Promise<Stripe.InvoiceItem> =>
  toInvoiceItem(row, await findRates(scope, row.tax_rates ?? []));

/** As `show`, with one look for the rates of all. */
export async function showAll(
  scope: Scope,
  rows: readonly store.InvoiceItemRow[],
): Promise<Stripe.InvoiceItem[]> {
  const ids = [...new Set(rows.flatMap(({ tax_rates }) => tax_rates ?? []))];
  const rates = new Map((await findRates(scope, ids)).map((rate) => [rate.id, rate]));
  return rows.map((row) =>
    toInvoiceItem(
      row,
      (row.tax_rates ?? []).flatMap((id) => rates.get(id) ?? []),
    ),
  );
}
