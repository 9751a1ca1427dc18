import { and, isNotNull, isNull, sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
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
import { payment_intents } from './payment_intents';
import { subscriptions } from './subscriptions';

/** What a customer is asked to pay, from the draft to the money. */
export const invoices = pgTable(
  'invoices',
  {
    ...owned(),
    status: text('status', { enum: ['draft', 'open', 'paid', 'uncollectible', 'void'] }).notNull(),
    account_tax_ids: jsonb('account_tax_ids').$type<string[]>(),
    amount_due: money('amount_due').notNull(),
    amount_overpaid: money('amount_overpaid').notNull(),
    amount_paid: money('amount_paid').notNull(),
    amount_paid_off_stripe: money('amount_paid_off_stripe').notNull(),
    amount_remaining: money('amount_remaining').notNull(),
    attempt_count: integer('attempt_count').notNull(),
    attempted: boolean('attempted').notNull(),
    auto_advance: boolean('auto_advance').notNull(),
    /** When a draft that advances by itself is finalized. */
    automatically_finalizes_at: unixTime('automatically_finalizes_at'),
    billing_reason: text('billing_reason', {
      enum: [
        'manual',
        'subscription_create',
        'subscription_cycle',
        'subscription_threshold',
        'subscription_update',
      ],
    }).notNull(),
    collection_method: text('collection_method', {
      enum: ['charge_automatically', 'send_invoice'],
    }).notNull(),
    currency: text('currency').notNull(),
    custom_fields: jsonb('custom_fields').$type<Stripe.Invoice.CustomField[]>(),
    customer: idText('customer').notNull(),
    /** The customer as it was when the invoice was finalized; until then as it is. */
    customer_address: jsonb('customer_address').$type<Stripe.Address>(),
    customer_email: text('customer_email'),
    customer_name: text('customer_name'),
    customer_phone: text('customer_phone'),
    customer_shipping: jsonb('customer_shipping').$type<Stripe.Invoice.CustomerShipping>(),
    customer_tax_exempt: text('customer_tax_exempt', {
      enum: ['exempt', 'none', 'reverse'],
    }).notNull(),
    customer_tax_ids: jsonb('customer_tax_ids').$type<Stripe.Invoice.CustomerTaxId[]>().notNull(),
    /** The start of the subscription's period that this invoice is the one of. */
    cycle: unixTime('cycle'),
    days_until_due: integer('days_until_due'),
    default_payment_method: idText('default_payment_method'),
    default_source: idText('default_source'),
    default_tax_rates: jsonb('default_tax_rates').$type<string[]>().notNull(),
    description: text('description'),
    discounts: jsonb('discounts').$type<string[]>().notNull(),
    /** When something is due to be done with it: finalize, collect, remind. Unix seconds. */
    due_at: unixTime('due_at'),
    due_date: unixTime('due_date'),
    effective_at: unixTime('effective_at'),
    ending_balance: money('ending_balance'),
    footer: text('footer'),
    from_invoice: idText('from_invoice'),
    last_finalization_error:
      jsonb('last_finalization_error').$type<Stripe.Invoice.LastFinalizationError>(),
    latest_revision: idText('latest_revision'),
    metadata: metadataColumn(),
    next_payment_attempt: unixTime('next_payment_attempt'),
    number: text('number'),
    /** Of the subscription, as it was when the invoice was made. */
    subscription_metadata: jsonb('subscription_metadata').$type<Record<string, string>>(),
    subscription_proration_date: unixTime('subscription_proration_date'),
    payment_intent: idText('payment_intent'),
    payment_settings: jsonb('payment_settings').$type<Stripe.Invoice.PaymentSettings>().notNull(),
    period_end: unixTime('period_end').notNull(),
    period_start: unixTime('period_start').notNull(),
    post_payment_credit_notes_amount: money('post_payment_credit_notes_amount').notNull(),
    pre_payment_credit_notes_amount: money('pre_payment_credit_notes_amount').notNull(),
    receipt_number: text('receipt_number'),
    rendering: jsonb('rendering').$type<Stripe.Invoice.Rendering>(),
    shipping_details: jsonb('shipping_details').$type<Stripe.Invoice.ShippingDetails>(),
    starting_balance: money('starting_balance').notNull(),
    statement_descriptor: text('statement_descriptor'),
    status_transitions: jsonb('status_transitions')
      .$type<Stripe.Invoice.StatusTransitions>()
      .notNull(),
    subscription: idText('subscription'),
    subtotal: money('subtotal').notNull(),
    subtotal_excluding_tax: money('subtotal_excluding_tax').notNull(),
    test_clock: idText('test_clock'),
    total: money('total').notNull(),
    total_discount_amounts: jsonb('total_discount_amounts')
      .$type<{ amount: number; discount: string }[]>()
      .notNull(),
    total_excluding_tax: money('total_excluding_tax').notNull(),
    total_taxes: jsonb('total_taxes').$type<Stripe.Invoice.TotalTax[]>().notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('invoices', table),
    filterIndex('invoices', table, table.customer),
    filterIndex('invoices', table, table.subscription),
    filterIndex('invoices', table, table.due_date),
    filterIndex('invoices', table, table.created),
    uniqueIndex('invoices_number_key')
      .on(table.projectId, table.livemode, table.number)
      .where(isNotNull(table.number)),
    // Each period is billed exactly once, whoever gets to it.
    uniqueIndex('invoices_one_a_cycle')
      .on(table.projectId, table.livemode, table.subscription, table.cycle)
      .where(isNotNull(table.cycle)),
    index('invoices_due_idx')
      .on(table.due_at)
      .where(and(isNotNull(table.due_at), isNull(table.test_clock)) ?? sql``),
    index('invoices_due_on_clock_idx')
      .on(table.projectId, table.livemode, table.test_clock, table.due_at)
      .where(and(isNotNull(table.due_at), isNotNull(table.test_clock)) ?? sql``),
    reference('invoices', table, table.customer, () => customers),
    reference('invoices', table, table.subscription, () => subscriptions),
    reference('invoices', table, table.payment_intent, () => payment_intents),
  ],
);

/** What an invoice asks for, line by line. */
export const invoice_lines = pgTable(
  'invoice_lines',
  {
    ...owned(),
    invoice: idText('invoice').notNull(),
    /** The order on the invoice. */
    position: integer('position').notNull(),
    /** Before discounts and exclusive taxes. */
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    description: text('description'),
    discount_amounts: jsonb('discount_amounts')
      .$type<{ amount: number; discount: string }[]>()
      .notNull(),
    discountable: boolean('discountable').notNull(),
    /** Its own; those of the invoice come on top. */
    discounts: jsonb('discounts').$type<string[]>().notNull(),
    invoice_item: idText('invoice_item'),
    metadata: metadataColumn(),
    period_end: unixTime('period_end').notNull(),
    period_start: unixTime('period_start').notNull(),
    price: idText('price'),
    product: idText('product'),
    proration: boolean('proration').notNull(),
    /** What a credit gives back, in part: the lines that charged it. */
    proration_details:
      jsonb(
        'proration_details',
      ).$type<Stripe.InvoiceLineItem.Parent.SubscriptionItemDetails.ProrationDetails>(),
    quantity: integer('quantity'),
    /** With its decimals, where it has any: usage is counted in fractions. */
    quantity_decimal: text('quantity_decimal'),
    subscription: idText('subscription'),
    subscription_item: idText('subscription_item'),
    subtotal: money('subtotal').notNull(),
    /** Its own tax rates; null takes those of the invoice. */
    tax_rates: jsonb('tax_rates').$type<string[]>(),
    taxes: jsonb('taxes').$type<Stripe.InvoiceLineItem.Tax[]>().notNull(),
    unit_amount_decimal: text('unit_amount_decimal'),
  },
  (table) => [
    ...tenancy('invoice_lines', table),
    index('invoice_lines_invoice_idx').on(
      table.projectId,
      table.livemode,
      table.invoice,
      table.position,
    ),
    reference('invoice_lines', table, table.invoice, () => invoices),
  ],
);

/** A payment that is meant for an invoice, or was taken outside. */
export const invoice_payments = pgTable(
  'invoice_payments',
  {
    ...owned(),
    status: text('status', { enum: ['canceled', 'open', 'paid'] }).notNull(),
    invoice: idText('invoice').notNull(),
    amount_paid: money('amount_paid'),
    amount_requested: money('amount_requested').notNull(),
    currency: text('currency').notNull(),
    is_default: boolean('is_default').notNull(),
    payment_intent: idText('payment_intent'),
    charge: idText('charge'),
    canceled_at: unixTime('canceled_at'),
    paid_at: unixTime('paid_at'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('invoice_payments', table),
    filterIndex('invoice_payments', table, table.invoice),
    uniqueIndex('invoice_payments_payment_intent_key')
      .on(table.projectId, table.livemode, table.payment_intent)
      .where(isNotNull(table.payment_intent)),
    reference('invoice_payments', table, table.invoice, () => invoices),
    reference('invoice_payments', table, table.payment_intent, () => payment_intents),
  ],
);

/** The next number of each sequence, taken under its lock: no number is left out. */
export const invoice_sequences = pgTable(
  'invoice_sequences',
  {
    ...owned(),
    next: integer('next').notNull(),
  },
  (table) => [...tenancy('invoice_sequences', table)],
);
