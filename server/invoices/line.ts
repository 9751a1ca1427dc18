/** A line as whoever makes an invoice gives it. What it is discounted and taxed is computed. */
import type { InvoiceItemRow } from '@/server/invoice_items';
import type { LineRow } from './store';

export interface NewLine extends Pick<
  LineRow,
  | 'amount'
  | 'description'
  | 'discountable'
  | 'invoice_item'
  | 'metadata'
  | 'period_end'
  | 'period_start'
  | 'price'
  | 'product'
  | 'proration'
  | 'quantity'
  | 'subscription'
  | 'subscription_item'
  | 'unit_amount_decimal'
> {
  readonly discounts: readonly string[];
  readonly proration_details?: LineRow['proration_details'];
  /** Where the quantity has decimals. */
  readonly quantity_decimal?: string | null;
  /** Null takes those of the invoice. */
  readonly tax_rates: readonly string[] | null;
}

/** The line that an invoice item becomes. */
export const lineOfItem = (item: InvoiceItemRow): NewLine => ({
  amount: item.amount,
  description: item.description,
  discountable: item.discountable,
  discounts: item.discounts,
  invoice_item: item.id,
  metadata: item.metadata,
  period_end: item.period_end,
  period_start: item.period_start,
  price: item.price,
  product: item.product,
  proration: item.proration,
  proration_details: item.proration ? { credited_items: creditedBy(item) } : null,
  quantity: item.quantity,
  quantity_decimal: item.quantity_decimal,
  subscription: item.subscription,
  subscription_item: item.subscription_item,
  tax_rates: item.tax_rates,
  unit_amount_decimal: item.unit_amount_decimal,
});

const creditedBy = ({ credited_lines }: InvoiceItemRow) =>
  credited_lines === null
    ? null
    : { invoice: credited_lines.invoice, invoice_line_items: credited_lines.lines };
