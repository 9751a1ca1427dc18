import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, timeRange } from '@/server/kernel/page';
import { clearable, currency, id } from '@/server/kernel/params';
import { CreateSubscription, prorationBehavior } from '@/server/subscriptions';

/** What only Connect and the pauses of the preview need. */
export const UNSUPPORTED = ['customer_account', 'pause_schedules'] as const;
export const UPDATE_UNSUPPORTED = ['pause_schedules'] as const;
export const LIST_UNSUPPORTED = ['customer_account'] as const;

/** Of settings and phases: what only Connect, automatic tax and thresholds need. */
export type SettingsUnsupported = readonly [
  'application_fee_percent',
  'automatic_tax',
  'billing_thresholds',
  'on_behalf_of',
  'transfer_data',
];

/** Stripe's limit on current and future phases. */
const PHASES_MAX = 10;

const timestamp = z.int().min(0);
const anchor = z.enum(['automatic', 'phase_start']);
const collectionMethod = z.enum(['charge_automatically', 'send_invoice']);
const description = clearable(z.string().max(500));
const endBehavior = z.enum(['cancel', 'release']);

const InvoiceSettings = z.strictObject({
  account_tax_ids: clearable(z.array(z.string())).optional(),
  custom_fields: clearable(
    z.array(z.strictObject({ name: z.string().max(40), value: z.string().max(140) })).max(4),
  ).optional(),
  days_until_due: z.int().min(0).max(3_650).optional(),
  description: description.optional(),
  footer: clearable(z.string().max(5_000)).optional(),
  issuer: z.strictObject({ type: z.enum(['self']) }).optional(),
});
export type GivenInvoiceSettings = z.infer<typeof InvoiceSettings>;

const DefaultSettings = z.strictObject({
  billing_cycle_anchor: anchor.optional(),
  collection_method: collectionMethod.optional(),
  default_payment_method: z.string().optional(),
  description: description.optional(),
  invoice_settings: InvoiceSettings.optional(),
});
export type GivenSettings = z.infer<typeof DefaultSettings>;

/** As of a subscription, but for the ways to say its period. */
const AddInvoiceItem = CreateSubscription.shape.add_invoice_items.unwrap().element.extend({
  period: z
    .strictObject({
      end: z.strictObject({
        timestamp: timestamp.optional(),
        type: z.enum(['min_item_period_end', 'phase_end', 'timestamp']),
      }),
      start: z.strictObject({
        timestamp: timestamp.optional(),
        type: z.enum(['max_item_period_start', 'phase_start', 'timestamp']),
      }),
    })
    .optional(),
});
export type GivenFee = z.infer<typeof AddInvoiceItem>;

const phase = {
  add_invoice_items: z.array(AddInvoiceItem).max(20).optional(),
  billing_cycle_anchor: anchor.optional(),
  collection_method: collectionMethod.optional(),
  currency: currency.optional(),
  default_payment_method: z.string().optional(),
  default_tax_rates: CreateSubscription.shape.default_tax_rates,
  description: description.optional(),
  discounts: CreateSubscription.shape.discounts,
  duration: z
    .strictObject({
      interval: z.enum(['day', 'week', 'month', 'year']),
      interval_count: z.int().min(1).max(1_000).optional(),
    })
    .optional(),
  invoice_settings: InvoiceSettings.optional(),
  items: CreateSubscription.shape.items,
  metadata: metadata.optional(),
  proration_behavior: prorationBehavior.optional(),
  trial: z.boolean().optional(),
};

const now = z.literal('now');

const CreatePhase = z.strictObject({
  ...phase,
  end_date: timestamp.optional(),
  trial_end: timestamp.optional(),
});

/** One of those that there are, or a new one. */
export const UpdatePhase = z.strictObject({
  ...phase,
  end_date: z.union([now, timestamp]).optional(),
  start_date: z.union([now, timestamp]).optional(),
  trial_end: z.union([now, timestamp]).optional(),
});
export type GivenPhase = z.infer<typeof UpdatePhase>;

export const CreateSchedule = z.strictObject({
  billing_mode: CreateSubscription.shape.billing_mode,
  customer: z.string().optional(),
  default_settings: DefaultSettings.optional(),
  end_behavior: endBehavior.optional(),
  from_subscription: z.string().optional(),
  metadata: metadata.optional(),
  phases: z.array(CreatePhase).min(1).max(PHASES_MAX).optional(),
  start_date: z.union([now, timestamp]).optional(),
});
export type CreateSchedule = z.infer<typeof CreateSchedule>;

export const UpdateSchedule = z.strictObject({
  ...id,
  default_settings: DefaultSettings.optional(),
  end_behavior: endBehavior.optional(),
  metadata: metadata.optional(),
  phases: z.array(UpdatePhase).min(1).optional(),
  proration_behavior: prorationBehavior.optional(),
});
export type UpdateSchedule = z.infer<typeof UpdateSchedule>;

export const ScheduleId = z.strictObject(id);

export const CancelSchedule = z.strictObject({
  ...id,
  invoice_now: z.boolean().optional(),
  prorate: z.boolean().optional(),
});

export const ReleaseSchedule = z.strictObject({
  ...id,
  preserve_cancel_date: z.boolean().optional(),
});

export const ListSchedules = z.strictObject({
  ...pageParams,
  canceled_at: timeRange.optional(),
  completed_at: timeRange.optional(),
  created: timeRange.optional(),
  customer: z.string().optional(),
  released_at: timeRange.optional(),
  scheduled: z.boolean().optional(),
});
export type ListSchedules = z.infer<typeof ListSchedules>;

export type Checked = [
  Complete<
    Uncovered<Stripe.SubscriptionScheduleCreateParams, typeof CreateSchedule, typeof UNSUPPORTED>
  >,
  Complete<
    Uncovered<
      Stripe.SubscriptionScheduleUpdateParams,
      typeof UpdateSchedule,
      typeof UPDATE_UNSUPPORTED
    >
  >,
  Complete<Uncovered<Stripe.SubscriptionScheduleCancelParams, typeof CancelSchedule>>,
  Complete<Uncovered<Stripe.SubscriptionScheduleReleaseParams, typeof ReleaseSchedule>>,
  Complete<
    Uncovered<Stripe.SubscriptionScheduleListParams, typeof ListSchedules, typeof LIST_UNSUPPORTED>
  >,
  Complete<
    Uncovered<
      Stripe.SubscriptionScheduleCreateParams.DefaultSettings,
      typeof DefaultSettings,
      SettingsUnsupported
    >
  >,
  Complete<
    Uncovered<
      Stripe.SubscriptionScheduleCreateParams.Phase,
      typeof CreatePhase,
      SettingsUnsupported
    >
  >,
  Complete<
    Uncovered<
      Stripe.SubscriptionScheduleUpdateParams.Phase,
      typeof UpdatePhase,
      SettingsUnsupported
    >
  >,
  Complete<
    Uncovered<Stripe.SubscriptionScheduleUpdateParams.Phase.AddInvoiceItem, typeof AddInvoiceItem>
  >,
  Complete<
    Uncovered<Stripe.SubscriptionScheduleUpdateParams.Phase.InvoiceSettings, typeof InvoiceSettings>
  >,
];
