import type Stripe from 'stripe';
import { toDecimal } from '@/server/invoice_items';
import type { Scope } from '@/server/kernel/context';
import { findRates, toTaxRate, type TaxRateRow } from '@/server/tax_rates';
import { linesOf, type CreditNoteLineRow, type CreditNoteRow } from './store';

/** As many lines as stand in the note itself; the others are in its list. */
const LINES_SHOWN = 10;

export async function toCreditNote(scope: Scope, row: CreditNoteRow): Promise<Stripe.CreditNote> {
  const [note] = await toCreditNotes(scope, [row]);
  // One row in, one object out.
  return note!;
}

/** In the order of the rows, with one look for the lines of all of them. */
export async function toCreditNotes(
  scope: Scope,
  rows: readonly CreditNoteRow[],
): Promise<Stripe.CreditNote[]> {
  const found = await linesOf(
    scope,
    rows.map(({ id }) => id),
  );
  const lines = await toLines(scope, found);
  return rows.map((row) =>
    showCreditNote(
      row,
      lines.filter((_, index) => found[index]?.credit_note === row.id),
    ),
  );
}

/** A note with all of its lines. */
export const showCreditNote = (
  row: CreditNoteRow,
  lines: readonly Stripe.CreditNoteLineItem[],
): Stripe.CreditNote => ({
  id: row.id,
  object: 'credit_note',
  amount: row.amount,
  amount_shipping: 0,
  created: row.created,
  currency: row.currency,
  customer: row.customer,
  customer_account: null,
  customer_balance_transaction: row.customer_balance_transaction,
  discount_amount: row.discount_amount,
  discount_amounts: row.discount_amounts,
  effective_at: row.effective_at,
  invoice: row.invoice,
  lines: {
    object: 'list',
    data: lines.slice(0, LINES_SHOWN),
    has_more: lines.length > LINES_SHOWN,
    url: `/v1/credit_notes/${row.id}/lines`,
  },
  livemode: row.livemode,
  memo: row.memo,
  metadata: row.metadata,
  number: row.number,
  out_of_band_amount: row.out_of_band_amount,
  // Empty until there is a document to point to.
  pdf: '',
  post_payment_amount: row.post_payment_amount,
  pre_payment_amount: row.pre_payment_amount,
  pretax_credit_amounts: row.discount_amounts.map(toPretaxCredit),
  reason: row.reason,
  refunds: row.refunds.map(({ amount_refunded, refund }) => ({
    amount_refunded,
    payment_record_refund: null,
    refund,
    type: 'refund',
  })),
  shipping_cost: null,
  status: row.status,
  subtotal: row.subtotal,
  subtotal_excluding_tax: row.subtotal_excluding_tax,
  total: row.total,
  total_excluding_tax: row.total_excluding_tax,
  total_taxes: row.total_taxes,
  type: row.type,
  voided_at: row.voided_at,
});

/** In the order of the rows, with their tax rates as they are now. */
export async function toLines(
  scope: Scope,
  rows: readonly CreditNoteLineRow[],
): Promise<Stripe.CreditNoteLineItem[]> {
  const ids = [...new Set(rows.flatMap(({ tax_rates }) => tax_rates))];
  const rates = new Map((await findRates(scope, ids)).map((rate) => [rate.id, rate]));
  return rows.map((row) => toLine(row, rates));
}

const toLine = (
  row: CreditNoteLineRow,
  rates: ReadonlyMap<string, TaxRateRow>,
): Stripe.CreditNoteLineItem => ({
  id: row.id,
  object: 'credit_note_line_item',
  amount: row.amount,
  description: row.description,
  discount_amount: row.discount_amounts.reduce((added, { amount }) => added + amount, 0),
  discount_amounts: row.discount_amounts,
  ...(row.invoice_line_item === null ? {} : { invoice_line_item: row.invoice_line_item }),
  livemode: row.livemode,
  metadata: row.metadata,
  pretax_credit_amounts: row.discount_amounts.map(toPretaxCredit),
  quantity: row.quantity,
  tax_rates: row.tax_rates.flatMap((id) => {
    const rate = rates.get(id);
    return rate === undefined ? [] : [toTaxRate(rate)];
  }),
  taxes: row.taxes,
  type: row.type,
  unit_amount: row.unit_amount,
  unit_amount_decimal: toDecimal(row.unit_amount_decimal),
});

const toPretaxCredit = ({ amount, discount }: { amount: number; discount: string }) => ({
  amount,
  discount,
  type: 'discount' as const,
});
