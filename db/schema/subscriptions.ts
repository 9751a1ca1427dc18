import { and, isNotNull, isNull, sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
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
    billing_cycle_anchor: unixTime('billing_cycle_anchor').notNull(),
    billing_cycle_anchor_config: jsonb(
      'billing_cycle_anchor_config',
    ).$type<Stripe.Subscription.BillingCycleAnchorConfig>(),
    billing_mode: jsonb('billing_mode').$type<Stripe.Subscription.BillingMode>().notNull(),
    cancel_at: unixTime('cancel_at'),
    cancel_at_period_end: boolean('cancel_at_period_end').notNull(),
    canceled_at: unixTime('canceled_at'),
    cancellation_details: jsonb('cancellation_details')
      .$type<Stripe.Subscription.CancellationDetails>()
      .notNull(),
    collection_method: text('collection_method', {
      enum: ['charge_automatically', 'send_invoice'],
    }).notNull(),
    currency: text('currency').notNull(),
    customer: idText('customer').notNull(),
    days_until_due: integer('days_until_due'),
    default_payment_method: idText('default_payment_method'),
    default_source: idText('default_source'),
    default_tax_rates: jsonb('default_tax_rates').$type<string[]>().notNull(),
    description: text('description'),
    discounts: jsonb('discounts').$type<string[]>().notNull(),
    /** When something is due to be done with it: renew, end the trial, cancel. Unix seconds. */
    due_at: unixTime('due_at'),
    ended_at: unixTime('ended_at'),
    /** By when the payment that it begins or resumes with must be there. Null when none is awaited. */
    expires_at: unixTime('expires_at'),
    invoice_settings: jsonb('invoice_settings').$type<SubscriptionInvoiceSettings>().notNull(),
    latest_invoice: idText('latest_invoice'),
    metadata: metadataColumn(),
    next_pending_invoice_item_invoice: unixTime('next_pending_invoice_item_invoice'),
    /** Whether it is to be as if it never was when its first payment fails. */
    is_all_or_nothing: boolean('is_all_or_nothing').notNull(),
    /** Whether its payments are made while the customer is away; asked for at creation. */
    off_session: boolean('off_session').notNull(),
    pause_collection: jsonb('pause_collection').$type<Stripe.Subscription.PauseCollection>(),
    payment_settings: jsonb('payment_settings')
      .$type<Stripe.Subscription.PaymentSettings>()
      .notNull(),
    pending_invoice_item_interval: jsonb(
      'pending_invoice_item_interval',
    ).$type<Stripe.Subscription.PendingInvoiceItemInterval>(),
    pending_setup_intent: idText('pending_setup_intent'),
    /** What becomes of it when the invoice that was made for it is paid. */
    pending_update: jsonb('pending_update').$type<StoredPendingUpdate>(),
    /** When its schedule changes it next, which goes before all that is due then. Unix seconds. */
    phase_end: unixTime('phase_end'),
    schedule: idText('schedule'),
    start_date: unixTime('start_date').notNull(),
    test_clock: idText('test_clock'),
    trial_end: unixTime('trial_end'),
    trial_settings: jsonb('trial_settings').$type<Stripe.Subscription.TrialSettings>().notNull(),
    trial_start: unixTime('trial_start'),
    /** The end of the trial, or of the period, that was announced ahead. */
    announced_trial_end: unixTime('announced_trial_end'),
    announced_renewal: unixTime('announced_renewal'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('subscriptions', table),
    filterIndex('subscriptions', table, table.customer),
    filterIndex('subscriptions', table, table.created),
    index('subscriptions_due_idx')
      .on(table.due_at)
      .where(and(isNotNull(table.due_at), isNull(table.test_clock)) ?? sql``),
    index('subscriptions_due_on_clock_idx')
      .on(table.projectId, table.livemode, table.test_clock, table.due_at)
      .where(and(isNotNull(table.due_at), isNotNull(table.test_clock)) ?? sql``),
    reference('subscriptions', table, table.customer, () => customers),
    reference('subscriptions', table, table.default_payment_method, () => payment_methods),
  ],
);

/** As on the wire, with ids where an object can be expanded. */
export interface SubscriptionInvoiceSettings {
  account_tax_ids: string[] | null;
  custom_fields: { name: string; value: string }[] | null;
  description: string | null;
  footer: string | null;
}

/** A change that waits for its payment, with items as they would be stored. */
export interface StoredPendingUpdate {
  invoice: string;
  billing_cycle_anchor: number | null;
  discounts: string[] | null;
  expires_at: number;
  items: (typeof subscription_items.$inferSelect)[] | null;
  /** To be merged; an empty value removes its key. */
  metadata: Record<string, string> | null;
  proration_date: number | null;
  trial_end: number | null;
  /** Columns of the subscription as they are to be: everything of the above and what is not shown. */
  changes: Record<string, unknown>;
  /** What becomes of its status. */
  action: 'activate' | 'begin_trial' | null;
  /** Where the payment fails it is as if nothing had been asked, and nobody is told of it. */
  is_all_or_nothing: boolean;
  /** Whether it was announced: it is, once the payment has failed. */
  is_told: boolean;
}

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
    discounts: jsonb('discounts').$type<string[]>().notNull(),
    metadata: metadataColumn(),
    tax_rates: jsonb('tax_rates').$type<string[]>().notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('subscription_items', table),
    filterIndex('subscription_items', table, table.subscription),
    filterIndex('subscription_items', table, table.price),
    reference('subscription_items', table, table.subscription, () => subscriptions),
    reference('subscription_items', table, table.price, () => prices),
  ],
);
