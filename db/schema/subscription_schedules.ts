import { and, isNotNull, isNull, sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
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
import { subscriptions } from './subscriptions';

/** What a subscription is to become, phase by phase. */
export const subscription_schedules = pgTable(
  'subscription_schedules',
  {
    ...owned(),
    status: text('status', {
      enum: ['active', 'canceled', 'completed', 'not_started', 'released'],
    }).notNull(),
    /** The end that was announced ahead, so that it is once. Unix seconds. */
    announced_end: unixTime('announced_end'),
    billing_mode: jsonb('billing_mode').$type<Stripe.SubscriptionSchedule.BillingMode>().notNull(),
    canceled_at: unixTime('canceled_at'),
    completed_at: unixTime('completed_at'),
    customer: idText('customer').notNull(),
    /** Which of the phases it is in; null before the first and after the end. */
    current_phase: integer('current_phase'),
    default_settings: jsonb('default_settings').$type<ScheduleSettings>().notNull(),
    /** When the next phase begins, the end is announced, or the last phase ends. Unix seconds. */
    due_at: unixTime('due_at'),
    end_behavior: text('end_behavior', { enum: ['cancel', 'release'] }).notNull(),
    metadata: metadataColumn(),
    /** In their order, without gaps; those that are over stay. */
    phases: jsonb('phases').$type<StoredPhase[]>().notNull(),
    released_at: unixTime('released_at'),
    released_subscription: idText('released_subscription'),
    subscription: idText('subscription'),
    test_clock: idText('test_clock'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('subscription_schedules', table),
    filterIndex('subscription_schedules', table, table.customer),
    filterIndex('subscription_schedules', table, table.created),
    index('subscription_schedules_due_idx')
      .on(table.due_at)
      .where(and(isNotNull(table.due_at), isNull(table.test_clock)) ?? sql``),
    index('subscription_schedules_due_on_clock_idx')
      .on(table.projectId, table.livemode, table.test_clock, table.due_at)
      .where(and(isNotNull(table.due_at), isNotNull(table.test_clock)) ?? sql``),
    reference('subscription_schedules', table, table.customer, () => customers),
    reference('subscription_schedules', table, table.subscription, () => subscriptions),
  ],
);

/** As on the wire, with ids for objects, and without what only Connect and thresholds need. */
export interface ScheduleSettings {
  billing_cycle_anchor: 'automatic' | 'phase_start';
  collection_method: 'charge_automatically' | 'send_invoice' | null;
  default_payment_method: string | null;
  description: string | null;
  invoice_settings: PhaseInvoiceSettings;
}

export interface PhaseInvoiceSettings {
  account_tax_ids: string[] | null;
  custom_fields: { name: string; value: string }[] | null;
  days_until_due: number | null;
  description: string | null;
  footer: string | null;
}

/** One of the three is there. */
export interface PhaseDiscount {
  coupon: string | null;
  discount: string | null;
  promotion_code: string | null;
}

export interface PhaseItem {
  discounts: PhaseDiscount[];
  /** To be merged into that of the subscription's item; an empty value removes its key. */
  metadata: Record<string, string>;
  price: string;
  /** Null for what is metered. */
  quantity: number | null;
  tax_rates: string[];
}

export interface PhaseFee {
  discountable: boolean | null;
  discounts: PhaseDiscount[];
  metadata: Record<string, string>;
  period: {
    end: { timestamp?: number; type: 'min_item_period_end' | 'phase_end' | 'timestamp' };
    start: { timestamp?: number; type: 'max_item_period_start' | 'phase_start' | 'timestamp' };
  };
  price: string;
  quantity: number;
  /** Null takes those of the invoice. */
  tax_rates: string[] | null;
}

/** What the subscription is from `start_date` until just before `end_date`, in unix seconds. */
export interface StoredPhase {
  add_invoice_items: PhaseFee[];
  billing_cycle_anchor: 'automatic' | 'phase_start' | null;
  collection_method: 'charge_automatically' | 'send_invoice' | null;
  currency: string;
  default_payment_method: string | null;
  default_tax_rates: string[];
  description: string | null;
  discounts: PhaseDiscount[];
  end_date: number;
  invoice_settings: PhaseInvoiceSettings | null;
  items: PhaseItem[];
  /** To be merged into the subscription's; an empty value removes its key. */
  metadata: Record<string, string>;
  proration_behavior: 'always_invoice' | 'create_prorations' | 'none';
  start_date: number;
  trial_end: number | null;
}
