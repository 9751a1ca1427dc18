import { isNotNull } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
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
import { subscriptions } from './subscriptions';

/** Draft to paid. */
export const invoices = pgTable(
  'invoices',
  {
    ...owned(),
    status: text('status', { enum: ['draft', 'open', 'paid', 'uncollectible', 'void'] }).notNull(),
    customer: idText('customer').notNull(),
    subscription: idText('subscription'),
    number: text('number'),
    currency: text('currency').notNull(),
    amount_due: money('amount_due').notNull(),
    amount_paid: money('amount_paid').notNull(),
    amount_remaining: money('amount_remaining').notNull(),
    subtotal: money('subtotal').notNull(),
    total: money('total').notNull(),
    attempt_count: integer('attempt_count').notNull(),
    attempted: boolean('attempted').notNull(),
    auto_advance: boolean('auto_advance').notNull(),
    billing_reason: text('billing_reason'),
    collection_method: text('collection_method', {
      enum: ['charge_automatically', 'send_invoice'],
    }).notNull(),
    default_payment_method: idText('default_payment_method'),
    description: text('description'),
    due_date: unixTime('due_date'),
    ending_balance: money('ending_balance'),
    footer: text('footer'),
    metadata: metadataColumn(),
    next_payment_attempt: unixTime('next_payment_attempt'),
    period_end: unixTime('period_end').notNull(),
    period_start: unixTime('period_start').notNull(),
    starting_balance: money('starting_balance').notNull(),
    status_transitions: jsonb('status_transitions')
      .$type<Stripe.Invoice.StatusTransitions>()
      .notNull(),
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
    reference('invoices', table, table.customer, () => customers),
    reference('invoices', table, table.subscription, () => subscriptions),
  ],
);
