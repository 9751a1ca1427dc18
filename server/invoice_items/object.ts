import type Stripe from 'stripe';
import type { TaxRateRow } from '@/server/tax_rates';
import { toTaxRate } from '@/server/tax_rates';
import type { InvoiceItemRow } from './store';

/** @param rates those that the item names, in order. */
export const toInvoiceItem = (
  row: InvoiceItemRow,
  rates: readonly TaxRateRow[],
): Stripe.InvoiceItem => ({
  id: row.id,
  object: 'invoiceitem',
  amount: row.amount,
  currency: row.currency,
  customer: row.customer,
  customer_account: null,
  date: row.date,
  description: row.description,
  discountable: row.discountable,
  discounts: row.discounts,
  invoice: row.invoice,
  livemode: row.livemode,
  metadata: row.metadata,
  parent: toParent(row),
  period: { end: row.period_end, start: row.period_start },
  pricing: toPricing(row),
  proration: row.proration,
  ...(row.proration ? { proration_details: toProrationDetails(row) } : {}),
  quantity: row.quantity,
  quantity_decimal: toDecimal(row.quantity_decimal ?? String(row.quantity)),
  tax_rates: rates.map(toTaxRate),
  test_clock: row.test_clock,
});

export const toDeletedInvoiceItem = ({ id }: InvoiceItemRow): Stripe.DeletedInvoiceItem => ({
  id,
  object: 'invoiceitem',
  deleted: true,
});

const toParent = ({
  subscription,
  subscription_item,
}: InvoiceItemRow): Stripe.InvoiceItem.Parent | null =>
  subscription === null
    ? null
    : {
        subscription_details: {
          subscription,
          ...(subscription_item === null ? {} : { subscription_item }),
        },
        type: 'subscription_details',
      };

const toProrationDetails = ({
  proration_details,
  credited_lines,
}: InvoiceItemRow): Stripe.InvoiceItem.ProrationDetails => ({
  credited_items:
    credited_lines === null
      ? (proration_details?.credited_items ?? null)
      : {
          invoice_line_item_details: {
            invoice: credited_lines.invoice,
            invoice_line_items: credited_lines.lines,
          },
          type: 'invoice_line_items',
        },
  discount_amounts: proration_details?.discount_amounts ?? [],
});

interface Priced {
  readonly price: string | null;
  readonly product: string | null;
  readonly unit_amount_decimal: string | null;
}

/** What an item or a line costs a unit, and by which price; without one there is only the amount. */
export const toPricing = ({
  price,
  product,
  unit_amount_decimal,
}: Priced): Stripe.InvoiceItem.Pricing => ({
  ...(price === null || product === null ? {} : { price_details: { price, product } }),
  type: 'price_details',
  unit_amount_decimal: toDecimal(unit_amount_decimal),
});

/** The SDK's type is what it makes of the text; on the wire a decimal is text. */
export function toDecimal(text: string): Stripe.Decimal;
export function toDecimal(text: string | null): Stripe.Decimal | null;
export function toDecimal(text: string | null) {
  return text as unknown as Stripe.Decimal | null;
}
