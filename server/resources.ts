/**
 * TABLE 1. Everything that can be asked of the system, lowest domain first: a folder may import
 * only from those above it in this list. REST, tRPC, the OpenAPI document and the tests that range
 * over all endpoints read it.
 */
import { api_keys } from '@/server/api_keys';
import { balance, balance_transactions } from '@/server/balance_transactions';
import { charges } from '@/server/charges';
import { confirmation_tokens } from '@/server/confirmation_tokens';
import { coupons } from '@/server/coupons';
import { credit_notes } from '@/server/credit_notes';
import { customer_balance_transactions } from '@/server/customer_balance_transactions';
import { customer_sources, customers } from '@/server/customers';
import { discounts } from '@/server/discounts';
import { disputes } from '@/server/disputes';
import { early_fraud_warnings } from '@/server/early_fraud_warnings';
import { events } from '@/server/events';
import { invoice_payments } from '@/server/invoice_payments';
import { invoice_previews } from '@/server/invoice_previews';
import { invoice_items, invoices } from '@/server/invoices';
import { hosted_cards, hosted_tokens } from '@/server/hosted_cards';
import type { Expansions, Resource } from '@/server/kernel/resource';
import { mandates } from '@/server/mandates';
import { meter_events, meters } from '@/server/meters';
import { payment_intents } from '@/server/payment_intents';
import { payment_methods as made } from '@/server/payment_methods';
import { payouts } from '@/server/payouts';
import { plans, prices, products } from '@/server/prices';
import { account } from '@/server/projects';
import { promotion_codes } from '@/server/promotion_codes';
import { reconciliation_items } from '@/server/reconciliation_items';
import { includeRefunds, refunds } from '@/server/refunds';
import { settlement_files } from '@/server/settlement_files';
import { setup_attempts } from '@/server/setup_attempts';
import { setup_intents } from '@/server/setup_intents';
import { subscription_schedules } from '@/server/subscription_schedules';
import { includeSubscriptions, subscription_items, subscriptions } from '@/server/subscriptions';
import { tax_ids } from '@/server/tax_ids';
import { tax_rates } from '@/server/tax_rates';
import { test_clocks } from '@/server/test_clocks';
import { tokens as handedIn } from '@/server/tokens';
import { webhook_deliveries } from '@/server/webhook_deliveries';
import { webhook_endpoints } from '@/server/webhook_endpoints';

/** To make one may take a processor, which is a higher domain's to ask. */
const tokens = {
  ...handedIn,
  operations: { ...hosted_tokens.operations, ...handedIn.operations },
};

/** The same. */
const payment_methods = {
  ...made,
  operations: { ...hosted_cards.operations, ...made.operations },
};

export const resources = {
  account,
  api_keys,
  events,
  test_clocks,
  tokens,
  payment_methods,
  confirmation_tokens,
  mandates,
  tax_ids,
  tax_rates,
  products,
  prices,
  plans,
  coupons,
  promotion_codes,
  discounts,
  customers,
  customer_sources,
  customer_balance_transactions,
  balance_transactions,
  balance,
  charges,
  refunds,
  early_fraud_warnings,
  disputes,
  payouts,
  payment_intents,
  setup_attempts,
  setup_intents,
  reconciliation_items,
  settlement_files,
  meters,
  meter_events,
  invoice_items,
  invoice_payments,
  invoices,
  credit_notes,
  subscriptions,
  subscription_items,
  subscription_schedules,
  invoice_previews,
  webhook_endpoints,
  webhook_deliveries,
};

const all: readonly (readonly [name: string, face: Resource])[] = Object.entries(resources);

/**
 * TABLE: fields to include that a domain higher up knows. A customer's own face cannot name its
 * subscriptions, because customers know nothing of what is billed to them, nor charges their refunds.
 */
const OF_HIGHER: Readonly<Record<string, Resource['includes']>> = {
  charge: { refunds: includeRefunds },
  customer: { subscriptions: includeSubscriptions },
};

/** How `expand` gets what it was asked for: objects by the kind of their id, fields by their name. */
export const expansions: Expansions = {
  loaders: new Map(
    all.flatMap(([resource, { expands, load }]) =>
      expands === undefined || load === undefined ? [] : [[expands, { resource, load }] as const],
    ),
  ),
  includes: new Map(
    all.flatMap(([, { object, includes }]) => {
      const every = { ...includes, ...OF_HIGHER[object] };
      return Object.keys(every).length === 0 ? [] : [[object, every] as const];
    }),
  ),
};
