import type Stripe from 'stripe';
import { toDecimal, toPricing } from '@/server/invoice_items';
import { toTaxRate, type TaxRateRow } from '@/server/tax_rates';
import type { InvoiceRow, LineRow } from './store';

/** As many lines as stand in the invoice itself; the others are in its list. */
export const LINES_SHOWN = 10;

/** What an invoice shows that its row does not hold. */
export interface Beside {
  readonly account: { readonly country: string; readonly name: string };
  /** From the first, in order: at least one more than is shown, where there are more. */
  readonly lines: readonly LineRow[];
  /** Its default tax rates, in order. */
  readonly rates: readonly TaxRateRow[];
  /** Where it is paid, once it is finalized. */
  readonly hosted_invoice_url: string | null;
  /** Where it is read on paper, once it is finalized. */
  readonly invoice_pdf: string | null;
}

export const showInvoice = (
  row: InvoiceRow,
  { account, lines, rates, hosted_invoice_url, invoice_pdf }: Beside,
): Stripe.Invoice => ({
  id: row.id,
  object: 'invoice',
  account_country: account.country,
  account_name: account.name,
  account_tax_ids: row.account_tax_ids,
  amount_due: row.amount_due,
  amount_overpaid: row.amount_overpaid,
  amount_paid: row.amount_paid,
  amount_paid_off_stripe: row.amount_paid_off_stripe,
  amount_remaining: row.amount_remaining,
  amount_shipping: 0,
  application: null,
  attempt_count: row.attempt_count,
  attempted: row.attempted,
  auto_advance: row.auto_advance,
  automatic_tax: {
    disabled_reason: null,
    enabled: false,
    liability: null,
    provider: null,
    status: null,
  },
  automatically_finalizes_at: row.automatically_finalizes_at,
  billing_reason: row.billing_reason,
  collection_method: row.collection_method,
  created: row.created,
  currency: row.currency,
  custom_fields: row.custom_fields,
  customer: row.customer,
  customer_account: null,
  customer_address: row.customer_address,
  customer_email: row.customer_email,
  customer_name: row.customer_name,
  customer_phone: row.customer_phone,
  customer_shipping: row.customer_shipping,
  customer_tax_exempt: row.customer_tax_exempt,
  customer_tax_ids: row.customer_tax_ids,
  default_payment_method: row.default_payment_method,
  default_source: row.default_source,
  default_tax_rates: rates.map(toTaxRate),
  description: row.description,
  discounts: row.discounts,
  due_date: row.due_date,
  effective_at: row.effective_at,
  ending_balance: row.ending_balance,
  footer: row.footer,
  from_invoice:
    row.from_invoice === null ? null : { action: 'revision', invoice: row.from_invoice },
  hosted_invoice_url: row.status === 'draft' ? null : hosted_invoice_url,
  invoice_pdf: row.status === 'draft' ? null : invoice_pdf,
  issuer: { type: 'self' },
  last_finalization_error: row.last_finalization_error,
  latest_revision: row.latest_revision,
  lines: {
    object: 'list',
    data: lines.slice(0, LINES_SHOWN).map(toLine),
    has_more: lines.length > LINES_SHOWN,
    url: `/v1/invoices/${row.id}/lines`,
  },
  livemode: row.livemode,
  metadata: row.metadata,
  next_payment_attempt: row.next_payment_attempt,
  number: row.number,
  on_behalf_of: null,
  parent: toParent(row),
  payment_settings: row.payment_settings,
  period_end: row.period_end,
  period_start: row.period_start,
  post_payment_credit_notes_amount: row.post_payment_credit_notes_amount,
  pre_payment_credit_notes_amount: row.pre_payment_credit_notes_amount,
  receipt_number: row.receipt_number,
  rendering: row.rendering,
  shipping_cost: null,
  shipping_details: row.shipping_details,
  starting_balance: row.starting_balance,
  statement_descriptor: row.statement_descriptor,
  status: row.status,
  status_transitions: row.status_transitions,
  subtotal: row.subtotal,
  subtotal_excluding_tax: row.subtotal_excluding_tax,
  test_clock: row.test_clock,
  total: row.total,
  total_discount_amounts: row.total_discount_amounts,
  total_excluding_tax: row.total_excluding_tax,
  total_pretax_credit_amounts: row.total_discount_amounts.map(toPretaxCredit),
  total_taxes: row.total_taxes,
  // Invoices advance by their own time here, whatever becomes of the webhooks.
  webhooks_delivered_at: row.created,
});

export const toDeletedInvoice = ({ id }: InvoiceRow): Stripe.DeletedInvoice => ({
  id,
  object: 'invoice',
  deleted: true,
});

const toParent = ({
  subscription,
  subscription_metadata,
  subscription_proration_date,
}: InvoiceRow): Stripe.Invoice.Parent | null =>
  subscription === null
    ? null
    : {
        quote_details: null,
        subscription_details: {
          metadata: subscription_metadata,
          subscription,
          ...(subscription_proration_date === null ? {} : { subscription_proration_date }),
        },
        type: 'subscription_details',
      };

export const toLine = (row: LineRow): Stripe.InvoiceLineItem => ({
  id: row.id,
  object: 'line_item',
  amount: row.amount,
  currency: row.currency,
  description: row.description,
  discount_amounts: row.discount_amounts,
  discountable: row.discountable,
  discounts: row.discounts,
  invoice: row.invoice,
  livemode: row.livemode,
  metadata: row.metadata,
  parent: toLineParent(row),
  period: { end: row.period_end, start: row.period_start },
  pretax_credit_amounts: row.discount_amounts.map(toPretaxCredit),
  pricing: toPricing(row),
  quantity: row.quantity,
  quantity_decimal: toDecimal(
    row.quantity_decimal ?? (row.quantity === null ? null : String(row.quantity)),
  ),
  subscription: row.subscription,
  subtotal: row.subtotal,
  taxes: row.taxes,
});

function toLineParent(row: LineRow): Stripe.InvoiceLineItem.Parent | null {
  const { invoice_item, proration, subscription, subscription_item } = row;
  const proration_details = proration
    ? { credited_items: row.proration_details?.credited_items ?? null }
    : null;
  if (subscription_item !== null) {
    return {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item,
        proration,
        proration_details,
        subscription,
        subscription_item,
      },
      type: 'subscription_item_details',
    };
  }
  if (invoice_item === null) return null;
  return {
    invoice_item_details: { invoice_item, proration, proration_details, subscription },
    subscription_item_details: null,
    type: 'invoice_item_details',
  };
}

const toPretaxCredit = ({ amount, discount }: { amount: number; discount: string }) => ({
  amount,
  discount,
  type: 'discount' as const,
});
