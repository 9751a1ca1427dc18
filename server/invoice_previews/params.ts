import type Stripe from 'stripe';
import { z } from 'zod';
import { customers } from '@/server/customers';
import { givenDiscounts } from '@/server/discounts';
import { invoice_items } from '@/server/invoices';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { AMOUNT_MAX } from '@/server/kernel/money';
import { clearable, currency } from '@/server/kernel/params';
import { UpdatePhase } from '@/server/subscription_schedules';
import { CreateSubscription, prorationBehavior, termsOfChange } from '@/server/subscriptions';
import { TaxIdValue } from '@/server/tax_ids';

/** What only Connect and automatic tax need. */
export const UNSUPPORTED = ['automatic_tax', 'customer_account', 'issuer', 'on_behalf_of'] as const;

/** Of the details of a subscription. */
export const DETAILS_UNSUPPORTED = ['billing_schedules', 'pause', 'resume_at'] as const;

const timestamp = z.int().min(0);

/** As the customer's own fields are. */
const { address, shipping, tax_exempt } = customers.operations.update.input.shape;

const CustomerDetails = z.strictObject({
  address,
  shipping,
  tax_exempt,
  tax_ids: z.array(TaxIdValue).max(20).optional(),
});
export type GivenCustomer = z.infer<typeof CustomerDetails>;

/** As those of an invoice item are: what is accepted here is accepted there. */
const item = invoice_items.operations.create.input.shape;

const PreviewItem = z.strictObject({
  amount: item.amount,
  currency: item.currency,
  description: item.description,
  discountable: item.discountable,
  discounts: item.discounts,
  invoiceitem: z.string().optional(),
  metadata: item.metadata,
  period: item.period,
  price: z.string().min(1).optional(),
  price_data: item.price_data,
  quantity: item.quantity,
  quantity_decimal: item.quantity_decimal,
  tax_rates: item.tax_rates,
  unit_amount: z.int().min(-AMOUNT_MAX).max(AMOUNT_MAX).optional(),
  unit_amount_decimal: item.unit_amount_decimal,
});
export type GivenPreviewItem = z.infer<typeof PreviewItem>;

const SubscriptionDetails = z.strictObject({
  billing_cycle_anchor: z.union([z.enum(['now', 'unchanged']), timestamp]).optional(),
  billing_mode: CreateSubscription.shape.billing_mode,
  cancel_at: termsOfChange.cancel_at,
  cancel_at_period_end: z.boolean().optional(),
  cancel_now: z.boolean().optional(),
  default_tax_rates: clearable(z.array(z.string()).max(5)).optional(),
  items: termsOfChange.items,
  metadata: metadata.optional(),
  proration_behavior: prorationBehavior.optional(),
  proration_date: timestamp.optional(),
  start_date: timestamp.optional(),
  trial_end: z.union([z.literal('now'), timestamp]).optional(),
});
export type GivenDetails = z.infer<typeof SubscriptionDetails>;

/** Of the details of a schedule. */
export const SCHEDULE_UNSUPPORTED = ['pause_schedules'] as const;

const ScheduleDetails = z.strictObject({
  billing_mode: CreateSubscription.shape.billing_mode,
  end_behavior: z.enum(['cancel', 'release']).optional(),
  phases: z.array(UpdatePhase).min(1).max(10).optional(),
  proration_behavior: prorationBehavior.optional(),
});

export type GivenSchedule = z.infer<typeof ScheduleDetails>;

export const CreatePreview = z.strictObject({
  currency: currency.optional(),
  customer: z.string().optional(),
  customer_details: CustomerDetails.optional(),
  discounts: givenDiscounts.optional(),
  invoice_items: z.array(PreviewItem).max(250).optional(),
  preview_mode: z.enum(['next', 'recurring']).optional(),
  schedule: z.string().optional(),
  schedule_details: ScheduleDetails.optional(),
  subscription: z.string().optional(),
  subscription_details: SubscriptionDetails.optional(),
});
export type CreatePreview = z.infer<typeof CreatePreview>;

export type Checked = [
  Complete<Uncovered<Stripe.InvoiceCreatePreviewParams, typeof CreatePreview, typeof UNSUPPORTED>>,
  Complete<
    Uncovered<
      Stripe.InvoiceCreatePreviewParams.SubscriptionDetails,
      typeof SubscriptionDetails,
      typeof DETAILS_UNSUPPORTED
    >
  >,
  Complete<
    Uncovered<
      Stripe.InvoiceCreatePreviewParams.ScheduleDetails,
      typeof ScheduleDetails,
      typeof SCHEDULE_UNSUPPORTED
    >
  >,
  Complete<
    Uncovered<
      Stripe.InvoiceCreatePreviewParams.InvoiceItem,
      typeof PreviewItem,
      ['tax_behavior', 'tax_code']
    >
  >,
  Complete<
    Uncovered<Stripe.InvoiceCreatePreviewParams.CustomerDetails, typeof CustomerDetails, ['tax']>
  >,
];
