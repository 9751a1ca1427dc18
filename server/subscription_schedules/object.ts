import type Stripe from 'stripe';
import type {
  PhaseFee,
  PhaseInvoiceSettings,
  PhaseItem,
  StoredPhase,
} from '@/db/schema/subscription_schedules';
import type { Scope } from '@/server/kernel/context';
import { findRates, toTaxRate, type TaxRateRow } from '@/server/tax_rates';
import { currentPhase } from './due_at';
import type { ScheduleRow } from './store';

type Rates = ReadonlyMap<string, TaxRateRow>;

/** In their order, with one query for the tax rates of all. */
export async function toSchedules(
  scope: Scope,
  rows: readonly ScheduleRow[],
): Promise<Stripe.SubscriptionSchedule[]> {
  const ids = rows.flatMap(({ phases }) => phases.flatMap(ratesOf));
  const rates = await findRates(scope, [...new Set(ids)]);
  const byId = new Map(rates.map((rate) => [rate.id, rate]));
  return rows.map((row) => toSchedule(row, byId));
}

/** As `toSchedules`, of one. */
export async function show(scope: Scope, row: ScheduleRow): Promise<Stripe.SubscriptionSchedule> {
  const [schedule] = await toSchedules(scope, [row]);
  if (schedule === undefined) throw new Error(`${row.id} is shown as nothing.`);
  return schedule;
}

const ratesOf = ({ add_invoice_items, default_tax_rates, items }: StoredPhase): string[] => [
  ...default_tax_rates,
  ...items.flatMap(({ tax_rates }) => tax_rates),
  ...add_invoice_items.flatMap(({ tax_rates }) => tax_rates ?? []),
];

function toSchedule(row: ScheduleRow, rates: Rates): Stripe.SubscriptionSchedule {
  const current = currentPhase(row);
  return {
    id: row.id,
    object: 'subscription_schedule',
    application: null,
    billing_mode: row.billing_mode,
    canceled_at: row.canceled_at,
    completed_at: row.completed_at,
    created: row.created,
    current_phase:
      current === null ? null : { end_date: current.end_date, start_date: current.start_date },
    customer: row.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      automatic_tax: NO_AUTOMATIC_TAX,
      billing_cycle_anchor: row.default_settings.billing_cycle_anchor,
      billing_thresholds: null,
      collection_method: row.default_settings.collection_method,
      default_payment_method: row.default_settings.default_payment_method,
      description: row.default_settings.description,
      invoice_settings: toInvoiceSettings(row.default_settings.invoice_settings),
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: row.end_behavior,
    livemode: row.livemode,
    metadata: row.metadata,
    pause_schedules: [],
    phases: row.phases.map((phase) => toPhase(phase, rates)),
    released_at: row.released_at,
    released_subscription: row.released_subscription,
    status: row.status,
    subscription: row.subscription,
    test_clock: row.test_clock,
  };
}

const NO_AUTOMATIC_TAX = { disabled_reason: null, enabled: false, liability: null };

const toInvoiceSettings = (
  settings: PhaseInvoiceSettings,
): Stripe.SubscriptionSchedule.DefaultSettings.InvoiceSettings => ({
  ...settings,
  issuer: { type: 'self' },
});

const toPhase = (phase: StoredPhase, rates: Rates): Stripe.SubscriptionSchedule.Phase => ({
  add_invoice_items: phase.add_invoice_items.map((fee) => toFee(fee, rates)),
  application_fee_percent: null,
  automatic_tax: NO_AUTOMATIC_TAX,
  billing_cycle_anchor: phase.billing_cycle_anchor,
  billing_thresholds: null,
  collection_method: phase.collection_method,
  currency: phase.currency,
  default_payment_method: phase.default_payment_method,
  default_tax_rates: toRates(phase.default_tax_rates, rates),
  description: phase.description,
  discounts: phase.discounts,
  end_date: phase.end_date,
  invoice_settings:
    phase.invoice_settings === null ? null : toInvoiceSettings(phase.invoice_settings),
  items: phase.items.map((item) => toPhaseItem(item, rates)),
  metadata: phase.metadata,
  on_behalf_of: null,
  proration_behavior: phase.proration_behavior,
  start_date: phase.start_date,
  transfer_data: null,
  trial_end: phase.trial_end,
});

const toPhaseItem = (item: PhaseItem, rates: Rates): Stripe.SubscriptionSchedule.Phase.Item => ({
  billing_thresholds: null,
  discounts: item.discounts,
  metadata: item.metadata,
  plan: item.price,
  price: item.price,
  ...(item.quantity === null ? {} : { quantity: item.quantity }),
  tax_rates: toRates(item.tax_rates, rates),
});

const toFee = (fee: PhaseFee, rates: Rates): Stripe.SubscriptionSchedule.Phase.AddInvoiceItem => ({
  discountable: fee.discountable,
  discounts: fee.discounts,
  metadata: fee.metadata,
  period: fee.period,
  price: fee.price,
  quantity: fee.quantity,
  tax_rates: fee.tax_rates === null ? null : toRates(fee.tax_rates, rates),
});

const toRates = (ids: readonly string[], rates: Rates): Stripe.TaxRate[] =>
  ids.flatMap((id) => {
    const rate = rates.get(id);
    return rate === undefined ? [] : [toTaxRate(rate)];
  });
