import type Stripe from 'stripe';
import type { StoredPendingUpdate } from '@/db/schema/subscriptions';
import { toPlan, toPrice } from '@/server/prices';
import { toTaxRate } from '@/server/tax_rates';
import type { Agreement, PricedItem, Rates } from './agreement';

export function toSubscription(agreement: Agreement): Stripe.Subscription {
  const { row, items, pendingItems, rates } = agreement;
  return {
    id: row.id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: row.billing_cycle_anchor,
    billing_cycle_anchor_config: row.billing_cycle_anchor_config,
    billing_mode: row.billing_mode,
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: row.cancel_at,
    cancel_at_period_end: row.cancel_at_period_end,
    canceled_at: row.canceled_at,
    cancellation_details: row.cancellation_details,
    collection_method: row.collection_method,
    created: row.created,
    currency: row.currency,
    customer: row.customer,
    customer_account: null,
    days_until_due: row.days_until_due,
    default_payment_method: row.default_payment_method,
    default_source: row.default_source,
    default_tax_rates: toRates(row.default_tax_rates, rates),
    description: row.description,
    discounts: row.discounts,
    ended_at: row.ended_at,
    invoice_settings: { ...row.invoice_settings, issuer: { type: 'self' } },
    items: {
      object: 'list',
      data: items.map((one) => toSubscriptionItem(one, rates)),
      has_more: false,
      url: `/v1/subscription_items?subscription=${row.id}`,
    },
    latest_invoice: row.latest_invoice,
    livemode: row.livemode,
    managed_payments: null,
    metadata: row.metadata,
    next_pending_invoice_item_invoice: row.next_pending_invoice_item_invoice,
    on_behalf_of: null,
    pause_collection: row.pause_collection,
    payment_settings: row.payment_settings,
    pending_invoice_item_interval: row.pending_invoice_item_interval,
    pending_setup_intent: row.pending_setup_intent,
    pending_update:
      row.pending_update === null ? null : toPendingUpdate(row.pending_update, pendingItems, rates),
    schedule: row.schedule,
    start_date: row.start_date,
    status: row.status,
    test_clock: row.test_clock,
    transfer_data: null,
    trial_end: row.trial_end,
    trial_settings: row.trial_settings,
    trial_start: row.trial_start,
  };
}

/** A metered one has no quantity: what was used is in the meter. */
export const toSubscriptionItem = (
  { row, price }: PricedItem,
  rates: Rates,
): Stripe.SubscriptionItem => ({
  id: row.id,
  object: 'subscription_item',
  billing_thresholds: null,
  created: row.created,
  current_period_end: row.current_period_end,
  current_period_start: row.current_period_start,
  current_trial: null,
  discounts: row.discounts,
  metadata: row.metadata,
  plan: toPlan(price),
  price: toPrice(price),
  ...(row.quantity === null ? {} : { quantity: row.quantity }),
  subscription: row.subscription,
  tax_rates: toRates(row.tax_rates, rates),
});

const toRates = (ids: readonly string[], rates: Rates): Stripe.TaxRate[] =>
  ids.flatMap((id) => {
    const rate = rates.get(id);
    return rate === undefined ? [] : [toTaxRate(rate)];
  });

/** Stripe documents only these of a pending update; the rest is not part of one. */
function toPendingUpdate(
  pending: StoredPendingUpdate,
  items: readonly PricedItem[],
  rates: Rates,
): Stripe.Subscription.PendingUpdate {
  return {
    billing_cycle_anchor: pending.billing_cycle_anchor,
    cancel_at_period_end: null,
    discount: null,
    discounts: pending.discounts,
    expires_at: pending.expires_at,
    metadata: pending.metadata,
    subscription_items:
      pending.items === null ? null : items.map((one) => toSubscriptionItem(one, rates)),
    trial_end: pending.trial_end,
    trial_from_plan: null,
  };
}
