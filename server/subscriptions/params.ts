import type Stripe from 'stripe';
import { z } from 'zod';
import { givenDiscounts } from '@/server/discounts';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { AMOUNT_MAX } from '@/server/kernel/money';
import { pageParams, searchParams, timeRange } from '@/server/kernel/page';
import { clearable, currency, id } from '@/server/kernel/params';

/** What only Connect, automatic tax and thresholds need. */
export const UNSUPPORTED = [
  'application_fee_percent',
  'automatic_tax',
  'billing_schedules',
  'billing_thresholds',
  'customer_account',
  'on_behalf_of',
  'transfer_data',
] as const;

const ITEMS_MAX = 20;

const timestamp = z.int().min(0);
const interval = z.enum(['day', 'week', 'month', 'year']);
const quantity = z.int().min(0).max(999_999_999);
const taxRates = clearable(z.array(z.string()).max(5));
const taxBehavior = z.enum(['exclusive', 'inclusive', 'unspecified']);
const decimal = z.string().regex(/^-?\d{1,12}(\.\d{1,12})?$/, 'Invalid decimal');

const priceData = z.strictObject({
  currency,
  product: z.string(),
  tax_behavior: taxBehavior.optional(),
  unit_amount: z.int().min(-AMOUNT_MAX).max(AMOUNT_MAX).optional(),
  unit_amount_decimal: decimal.optional(),
});

/** A price made for one item. Only what is asked for once may be a credit. */
export const recurringPriceData = priceData.extend({
  recurring: z.strictObject({ interval, interval_count: z.int().min(1).optional() }),
  unit_amount: z.int().min(0).max(AMOUNT_MAX).optional(),
  unit_amount_decimal: decimal.regex(/^\d/, 'Invalid decimal').optional(),
});

/** What is billed for, and how much of it. */
export const itemFields = {
  discounts: givenDiscounts.optional(),
  metadata: metadata.optional(),
  /** The price by its older name. */
  plan: z.string().optional(),
  price: z.string().optional(),
  price_data: recurringPriceData.optional(),
  quantity: quantity.optional(),
  tax_rates: taxRates.optional(),
};
const GivenItem = z.strictObject(itemFields);
export type GivenItem = z.infer<typeof GivenItem>;

const AddInvoiceItem = z.strictObject({
  discountable: z.boolean().optional(),
  discounts: givenDiscounts.optional(),
  metadata: metadata.optional(),
  period: z
    .strictObject({
      end: z.strictObject({
        timestamp: timestamp.optional(),
        type: z.enum(['min_item_period_end', 'timestamp']),
      }),
      start: z.strictObject({
        timestamp: timestamp.optional(),
        type: z.enum(['max_item_period_start', 'now', 'timestamp']),
      }),
    })
    .optional(),
  price: z.string().optional(),
  price_data: priceData.optional(),
  quantity: quantity.optional(),
  tax_rates: taxRates.optional(),
});
export type AddInvoiceItem = z.infer<typeof AddInvoiceItem>;

const PaymentSettings = z.strictObject({
  payment_method_options: z
    .strictObject({
      card: clearable(
        z.strictObject({
          mandate_options: z
            .strictObject({
              amount: z.int().min(0).optional(),
              amount_type: z.enum(['fixed', 'maximum']).optional(),
              description: z.string().max(200).optional(),
            })
            .optional(),
          network: z.string().optional(),
          request_three_d_secure: z.enum(['any', 'automatic', 'challenge']).optional(),
        }),
      ).optional(),
    })
    .optional(),
  payment_method_types: clearable(z.array(z.enum(['card'])).min(1)).optional(),
  save_default_payment_method: z.enum(['off', 'on_subscription']).optional(),
});
export type GivenPaymentSettings = z.infer<typeof PaymentSettings>;

const InvoiceSettings = z.strictObject({
  account_tax_ids: clearable(z.array(z.string())).optional(),
  custom_fields: clearable(
    z.array(z.strictObject({ name: z.string().max(40), value: z.string().max(140) })).max(4),
  ).optional(),
  description: z.string().max(500).optional(),
  footer: z.string().max(5_000).optional(),
  issuer: z.strictObject({ type: z.enum(['self']) }).optional(),
});
export type GivenInvoiceSettings = z.infer<typeof InvoiceSettings>;

const TrialSettings = z.strictObject({
  end_behavior: z.strictObject({
    billing_cycle_anchor: z.enum(['now', 'unchanged']).optional(),
    missing_payment_method: z.enum(['cancel', 'create_invoice', 'pause']),
  }),
});
export type GivenTrialSettings = z.infer<typeof TrialSettings>;

const PendingInvoiceItemInterval = clearable(
  z.strictObject({ interval, interval_count: z.int().min(1).optional() }),
);

export const cancelAt = z.union([timestamp, z.enum(['max_period_end', 'min_period_end'])]);
export const prorationBehavior = z.enum(['always_invoice', 'create_prorations', 'none']);
export const paymentBehavior = z.enum([
  'allow_incomplete',
  'default_incomplete',
  'error_if_incomplete',
  'pending_if_incomplete',
]);

/** What can be set when a subscription is made and afterwards. */
export const fields = {
  add_invoice_items: z.array(AddInvoiceItem).max(ITEMS_MAX).optional(),
  cancel_at_period_end: z.boolean().optional(),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  days_until_due: z.int().min(0).max(3_650).optional(),
  default_payment_method: z.string().optional(),
  default_tax_rates: taxRates.optional(),
  description: clearable(z.string().max(500)).optional(),
  discounts: givenDiscounts.optional(),
  invoice_settings: InvoiceSettings.optional(),
  metadata: metadata.optional(),
  off_session: z.boolean().optional(),
  payment_behavior: paymentBehavior.optional(),
  payment_settings: PaymentSettings.optional(),
  pending_invoice_item_interval: PendingInvoiceItemInterval.optional(),
  proration_behavior: prorationBehavior.optional(),
  trial_end: z.union([z.literal('now'), timestamp]).optional(),
  trial_from_plan: z.boolean().optional(),
  trial_settings: TrialSettings.optional(),
};

const AnchorConfig = z.strictObject({
  day_of_month: z.int().min(1).max(31),
  hour: z.int().min(0).max(23).optional(),
  minute: z.int().min(0).max(59).optional(),
  month: z.int().min(1).max(12).optional(),
  second: z.int().min(0).max(59).optional(),
});
export type GivenAnchorConfig = z.infer<typeof AnchorConfig>;

const flexible = z.strictObject({
  /** A proration is shown net of its discounts; `itemized`, which shows both, is refused. */
  proration_discounts: z.enum(['included']).optional(),
});

export const CreateSubscription = z.strictObject({
  ...fields,
  backdate_start_date: timestamp.optional(),
  billing_cycle_anchor: timestamp.optional(),
  billing_cycle_anchor_config: AnchorConfig.optional(),
  billing_mode: z
    .strictObject({
      flexible: flexible.optional(),
      type: z.enum(['classic', 'flexible']),
    })
    .optional(),
  cancel_at: cancelAt.optional(),
  currency: currency.optional(),
  customer: z.string(),
  default_source: z.string().optional(),
  items: z.array(GivenItem).min(1).max(ITEMS_MAX),
  trial_period_days: z.int().min(0).max(730).optional(),
});
export type CreateSubscription = z.infer<typeof CreateSubscription>;

/** What only a schedule says when it asks for something. */
export interface Planned {
  /** Prices and taxes were accepted when it was planned: they may be archived since. */
  readonly planned?:
    | {
        /** Of the billing cycle of a new subscription, also in the past. Unix seconds. */
        readonly anchor: number | null;
      }
    | undefined;
}

export const SubscriptionId = z.strictObject(id);

const status = z.enum([
  'active',
  'all',
  'canceled',
  'ended',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
]);

export const ListSubscriptions = z.strictObject({
  ...pageParams,
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  created: timeRange.optional(),
  current_period_end: timeRange.optional(),
  current_period_start: timeRange.optional(),
  customer: z.string().optional(),
  plan: z.string().optional(),
  price: z.string().optional(),
  /** Ours: how it stands, as merchants sort them. Past due is also what is unpaid: its renewal failed. */
  state: z.enum(['past_due']).optional(),
  status: status.optional(),
  test_clock: z.string().optional(),
});
export type ListSubscriptions = z.infer<typeof ListSubscriptions>;

export const LIST_UNSUPPORTED = ['automatic_tax', 'customer_account'] as const;

export const SearchSubscriptions = z.strictObject(searchParams);
export type SearchSubscriptions = z.infer<typeof SearchSubscriptions>;

/** Why it was canceled, by the customer's word. */
export const cancellationDetails = z.strictObject({
  comment: clearable(z.string().max(5_000)).optional(),
  feedback: clearable(
    z.enum([
      'customer_service',
      'low_quality',
      'missing_features',
      'other',
      'switched_service',
      'too_complex',
      'too_expensive',
      'unused',
    ]),
  ).optional(),
});
export type CancellationDetails = z.infer<typeof cancellationDetails>;

export const CancelSubscription = z.strictObject({
  ...id,
  cancellation_details: cancellationDetails.optional(),
  invoice_now: z.boolean().optional(),
  prorate: z.boolean().optional(),
});

export const ResumeSubscription = z.strictObject({
  ...id,
  billing_cycle_anchor: z.strictObject({ type: z.enum(['now', 'unchanged']) }).optional(),
  payment_behavior: z.enum(['resume_on_payment_attempt', 'resume_on_payment_success']).optional(),
  proration_behavior: prorationBehavior.optional(),
  proration_date: timestamp.optional(),
});
export type ResumeSubscription = z.infer<typeof ResumeSubscription>;

export const PauseSubscription = z.strictObject({
  ...id,
  bill_for: z
    .strictObject({
      outstanding_usage_through: z.strictObject({ type: z.enum(['none', 'now']) }).optional(),
      unused_time_from: z
        .strictObject({ type: z.enum(['item_current_period_start', 'none', 'now']) })
        .optional(),
    })
    .optional(),
  invoicing_behavior: z.enum(['invoice', 'pending_invoice_item']).optional(),
  type: z.enum(['subscription']).optional(),
});
export type PauseSubscription = z.infer<typeof PauseSubscription>;

export const MigrateSubscription = z.strictObject({
  ...id,
  billing_mode: z.strictObject({ flexible: flexible.optional(), type: z.enum(['flexible']) }),
});

export type Checked = [
  Complete<
    Uncovered<Stripe.SubscriptionCreateParams, typeof CreateSubscription, typeof UNSUPPORTED>
  >,
  Complete<
    Uncovered<Stripe.SubscriptionListParams, typeof ListSubscriptions, typeof LIST_UNSUPPORTED>
  >,
  Complete<Uncovered<Stripe.SubscriptionSearchParams, typeof SearchSubscriptions>>,
  Complete<Uncovered<Stripe.SubscriptionCancelParams, typeof CancelSubscription>>,
  Complete<Uncovered<Stripe.SubscriptionResumeParams, typeof ResumeSubscription>>,
  Complete<Uncovered<Stripe.SubscriptionPauseParams, typeof PauseSubscription>>,
  Complete<Uncovered<Stripe.SubscriptionMigrateParams, typeof MigrateSubscription>>,
  Complete<
    Uncovered<
      Stripe.SubscriptionCreateParams.Item,
      typeof GivenItem,
      ['billing_thresholds', 'current_trial']
    >
  >,
  Complete<Uncovered<Stripe.SubscriptionCreateParams.AddInvoiceItem, typeof AddInvoiceItem>>,
  Complete<Uncovered<Stripe.SubscriptionCreateParams.TrialSettings, typeof TrialSettings>>,
  Complete<Uncovered<Stripe.SubscriptionCreateParams.InvoiceSettings, typeof InvoiceSettings>>,
  Complete<Uncovered<Stripe.SubscriptionCreateParams.PaymentSettings, typeof PaymentSettings>>,
];
