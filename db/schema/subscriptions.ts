import { boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import {
  filterIndex,
  idText,
  metadataColumn,
  owned,
  reference,
  tenancy,
  unixTime,
} from './_columns';
import { customers } from './customers';
import { payment_methods } from './payment_methods';
import { prices } from './prices';

/** Money that repeats. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    ...owned(),
    status: text('status', {
      enum: [
        'incomplete',
        'incomplete_expired',
        'trialing',
        'active',
        'past_due',
        'unpaid',
        'canceled',
        'paused',
      ],
    }).notNull(),
    customer: idText('customer').notNull(),
    currency: text('currency').notNull(),
    billing_cycle_anchor: unixTime('billing_cycle_anchor').notNull(),
    cancel_at: unixTime('cancel_at'),
    cancel_at_period_end: boolean('cancel_at_period_end').notNull(),
    canceled_at: unixTime('canceled_at'),
    cancellation_details:
      jsonb('cancellation_details').$type<Stripe.Subscription.CancellationDetails>(),
    collection_method: text('collection_method', {
      enum: ['charge_automatically', 'send_invoice'],
    }).notNull(),
    days_until_due: integer('days_until_due'),
    default_payment_method: idText('default_payment_method'),
    description: text('description'),
    ended_at: unixTime('ended_at'),
    latest_invoice: idText('latest_invoice'),
    metadata: metadataColumn(),
    pause_collection: jsonb('pause_collection').$type<Stripe.Subscription.PauseCollection>(),
    start_date: unixTime('start_date').notNull(),
    trial_end: unixTime('trial_end'),
    trial_start: unixTime('trial_start'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('subscriptions', table),
    filterIndex('subscriptions', table, table.customer),
    filterIndex('subscriptions', table, table.created),
    reference('subscriptions', table, table.customer, () => customers),
    reference('subscriptions', table, table.default_payment_method, () => payment_methods),
  ],
);

/** What a subscription bills for, and the period it is paid up to. */
export const subscription_items = pgTable(
  'subscription_items',
  {
    ...owned(),
    subscription: idText('subscription').notNull(),
    price: idText('price').notNull(),
    quantity: integer('quantity'),
    current_period_start: unixTime('current_period_start').notNull(),
    current_period_end: unixTime('current_period_end').notNull(),
    metadata: metadataColumn(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('subscription_items', table),
    filterIndex('subscription_items', table, table.subscription),
    reference('subscription_items', table, table.subscription, () => subscriptions),
    reference('subscription_items', table, table.price, () => prices),
  ],
);
