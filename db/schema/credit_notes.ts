import { integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import {
  filterIndex,
  idText,
  metadataColumn,
  money,
  owned,
  reference,
  tenancy,
  unixTime,
} from './_columns';
import { customers } from './customers';
import { invoices } from './invoices';

/** What is taken back of an invoice that was finalized. */
export const credit_notes = pgTable(
  'credit_notes',
  {
    ...owned(),
    status: text('status', { enum: ['issued', 'void'] }).notNull(),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    customer: idText('customer').notNull(),
    customer_balance_transaction: idText('customer_balance_transaction'),
    discount_amount: money('discount_amount').notNull(),
    discount_amounts: jsonb('discount_amounts')
      .$type<{ amount: number; discount: string }[]>()
      .notNull(),
    effective_at: unixTime('effective_at'),
    invoice: idText('invoice').notNull(),
    memo: text('memo'),
    metadata: metadataColumn(),
    number: text('number').notNull(),
    out_of_band_amount: money('out_of_band_amount'),
    post_payment_amount: money('post_payment_amount').notNull(),
    pre_payment_amount: money('pre_payment_amount').notNull(),
    reason: text('reason', {
      enum: ['duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory'],
    }),
    refunds: jsonb('refunds').$type<{ amount_refunded: number; refund: string }[]>().notNull(),
    subtotal: money('subtotal').notNull(),
    subtotal_excluding_tax: money('subtotal_excluding_tax').notNull(),
    total: money('total').notNull(),
    total_excluding_tax: money('total_excluding_tax').notNull(),
    total_taxes: jsonb('total_taxes').$type<Stripe.CreditNote.TotalTax[]>().notNull(),
    type: text('type', { enum: ['mixed', 'post_payment', 'pre_payment'] }).notNull(),
    voided_at: unixTime('voided_at'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('credit_notes', table),
    filterIndex('credit_notes', table, table.customer),
    filterIndex('credit_notes', table, table.invoice),
    filterIndex('credit_notes', table, table.created),
    uniqueIndex('credit_notes_number_key').on(table.projectId, table.livemode, table.number),
    reference('credit_notes', table, table.customer, () => customers),
    reference('credit_notes', table, table.invoice, () => invoices),
  ],
);

export const credit_note_lines = pgTable(
  'credit_note_lines',
  {
    ...owned(),
    credit_note: idText('credit_note').notNull(),
    position: integer('position').notNull(),
    amount: money('amount').notNull(),
    description: text('description'),
    discount_amount: money('discount_amount').notNull(),
    discount_amounts: jsonb('discount_amounts')
      .$type<{ amount: number; discount: string }[]>()
      .notNull(),
    invoice_line_item: idText('invoice_line_item'),
    metadata: metadataColumn(),
    quantity: integer('quantity'),
    tax_rates: jsonb('tax_rates').$type<string[]>().notNull(),
    taxes: jsonb('taxes').$type<Stripe.CreditNoteLineItem.Tax[]>().notNull(),
    type: text('type', { enum: ['custom_line_item', 'invoice_line_item'] }).notNull(),
    unit_amount: money('unit_amount'),
    unit_amount_decimal: text('unit_amount_decimal'),
  },
  (table) => [
    ...tenancy('credit_note_lines', table),
    filterIndex('credit_note_lines', table, table.credit_note),
    reference('credit_note_lines', table, table.credit_note, () => credit_notes),
  ],
);
