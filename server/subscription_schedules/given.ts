/** What a request gives for phases and settings, checked and as it is kept. */
import type {
  PhaseDiscount,
  PhaseFee,
  PhaseInvoiceSettings,
  PhaseItem,
  ScheduleSettings,
  StoredPhase,
} from '@/db/schema/subscription_schedules';
import type { CustomerRow } from '@/server/customers';
import { previewDiscounts, type GivenDiscount } from '@/server/discounts';
import { pricingOf } from '@/server/invoice_items';
import { assertAccountTaxIds } from '@/server/invoices';
import type { Interval } from '@/server/kernel/calendar';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, parameterMissing } from '@/server/kernel/errors';
import { mergeMetadata, type MetadataChange } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import {
  acceptItems,
  assertCollection,
  assertOfCustomer,
  type Accepted,
} from '@/server/subscriptions';
import { requireRates } from '@/server/tax_rates';
import { datesOf } from './dates';
import type { GivenFee, GivenInvoiceSettings, GivenPhase, GivenSettings } from './params';
import type { ScheduleRow } from './store';

export interface PhaseTerms {
  readonly customer: CustomerRow;
  readonly billing_mode: ScheduleRow['billing_mode'];
  /** Of the subscription that there is; null leaves it to the first phase. */
  readonly currency: string | null;
  readonly settings: ScheduleSettings;
  /** When the first of these phases begins. Unix seconds. */
  readonly start: number;
  /** The anchor of the billing cycle then. Unix seconds. */
  readonly anchor: number;
}

/**
 * Phases as they are kept. Prices that are brought along are made; nothing is redeemed yet.
 *
 * @param tx on the customer's clock.
 * @throws ApiError 400 for what could not be agreed on when a phase begins.
 */
export async function acceptPhases(
  tx: Tx,
  given: readonly GivenPhase[],
  { currency, start, anchor, ...terms }: PhaseTerms,
): Promise<StoredPhase[]> {
  const phases: StoredPhase[] = [];
  let next = { currency, start, anchor };
  for (const [index, one] of given.entries()) {
    const phase = await acceptPhase(tx, one, { ...terms, ...next }, `phases[${index}]`);
    phases.push(phase);
    next = {
      currency: phase.currency,
      start: phase.end_date,
      anchor:
        phase.trial_end ?? (isAnchored(phase, terms.settings) ? phase.start_date : next.anchor),
    };
  }
  return phases;
}

/** Whether the billing cycle begins with the phase. */
export const isAnchored = (
  { billing_cycle_anchor }: Pick<StoredPhase, 'billing_cycle_anchor'>,
  settings: ScheduleSettings,
): boolean => (billing_cycle_anchor ?? settings.billing_cycle_anchor) === 'phase_start';

async function acceptPhase(
  tx: Tx,
  given: GivenPhase,
  terms: PhaseTerms,
  place: string,
): Promise<StoredPhase> {
  const { customer, billing_mode } = terms;
  const settings = `${place}[invoice_settings]`;
  await assertAccountTaxIds(tx, given.invoice_settings?.account_tax_ids, settings);
  if (given.currency !== undefined && given.currency !== (terms.currency ?? given.currency)) {
    throw parameterInvalid(
      `All phases must have the same currency: \`${terms.currency}\`.`,
      `${place}[currency]`,
    );
  }
  const currency = given.currency ?? terms.currency ?? undefined;
  const list = `${place}[items]`;
  const accepted = await acceptItems(tx, given.items, { customer, billing_mode, currency, list });
  const recurring = accepted.items.flatMap(({ price }) => (price.recurring ?? []) as Interval[]);
  const dates = datesOf(given, { ...terms, recurring, now: unix(tx.now), place });
  // Discounts must be had when the phase begins.
  const then = { ...tx, now: new Date(Math.max(unix(tx.now), dates.start_date) * 1000) };
  const discounts = (entries: Given, param: string) =>
    acceptDiscounts(then, entries, customer, { currency: accepted.currency, param });
  const phase: StoredPhase = {
    ...dates,
    add_invoice_items: await acceptFees(tx, given, { accepted, place, discounts }),
    billing_cycle_anchor: given.billing_cycle_anchor ?? null,
    collection_method: given.collection_method ?? null,
    currency: accepted.currency,
    default_payment_method: given.default_payment_method ?? null,
    default_tax_rates: await ratesOf(tx, given.default_tax_rates, `${place}[default_tax_rates]`),
    description: given.description ?? null,
    discounts: await discounts(given.discounts, `${place}[discounts]`),
    invoice_settings:
      given.invoice_settings === undefined
        ? null
        : invoiceSettingsAfter(NO_INVOICE_SETTINGS, given.invoice_settings),
    items: await acceptPhaseItems(tx, given, { accepted, place, discounts }),
    metadata: changeOf(given.metadata),
    proration_behavior: given.proration_behavior ?? 'create_prorations',
  };
  await assertPhase(tx, phase, terms, place);
  return phase;
}

type Given = readonly GivenDiscount[] | null | undefined;

interface Parts {
  readonly accepted: Accepted;
  readonly place: string;
  readonly discounts: (given: Given, param: string) => Promise<PhaseDiscount[]>;
}

async function acceptPhaseItems(
  tx: Tx,
  { items: given }: GivenPhase,
  { accepted, place, discounts }: Parts,
): Promise<PhaseItem[]> {
  const items: PhaseItem[] = [];
  for (const [index, { price, quantity }] of accepted.items.entries()) {
    const at = `${place}[items][${index}]`;
    items.push({
      discounts: await discounts(given[index]?.discounts, `${at}[discounts]`),
      metadata: changeOf(given[index]?.metadata),
      price: price.id,
      quantity,
      tax_rates: await ratesOf(tx, given[index]?.tax_rates, `${at}[tax_rates]`),
    });
  }
  return items;
}

async function acceptFees(
  tx: Tx,
  { add_invoice_items: given = [] }: GivenPhase,
  { accepted: { currency }, place: phase, discounts }: Parts,
): Promise<PhaseFee[]> {
  const fees: PhaseFee[] = [];
  for (const [index, fee] of given.entries()) {
    const place = `${phase}[add_invoice_items][${index}]`;
    const { price_data, quantity = 1 } = fee;
    const priced = await pricingOf(
      tx,
      {
        price_data,
        quantity,
        ...(fee.price === undefined ? {} : { pricing: { price: fee.price } }),
      },
      { currency, fallback: currency, place, priceParam: 'price' },
    );
    fees.push({
      discountable: fee.discountable ?? null,
      discounts: await discounts(fee.discounts, `${place}[discounts]`),
      metadata: mergeMetadata({}, fee.metadata),
      period: periodOf(fee, place),
      price: priced.price ?? '',
      quantity,
      tax_rates:
        fee.tax_rates === undefined || fee.tax_rates === null
          ? null
          : await ratesOf(tx, fee.tax_rates, `${place}[tax_rates]`),
    });
  }
  return fees;
}

function periodOf({ period }: GivenFee, place: string): PhaseFee['period'] {
  if (period === undefined) {
    return { end: { type: 'min_item_period_end' }, start: { type: 'max_item_period_start' } };
  }
  for (const edge of ['start', 'end'] as const) {
    const { timestamp, type } = period[edge];
    if (type === 'timestamp' && timestamp === undefined) {
      throw parameterMissing(`${place}[period][${edge}][timestamp]`);
    }
  }
  const { start, end } = period;
  return {
    end: { type: end.type, ...(end.timestamp === undefined ? {} : { timestamp: end.timestamp }) },
    start: {
      type: start.type,
      ...(start.timestamp === undefined ? {} : { timestamp: start.timestamp }),
    },
  };
}

const ratesOf = async (
  tx: Tx,
  ids: readonly string[] | null | undefined,
  param: string,
): Promise<string[]> => (await requireRates(tx, ids ?? [], param)).map(({ id }) => id);

async function acceptDiscounts(
  tx: Tx,
  given: Given,
  customer: CustomerRow,
  terms: { currency: string; param: string },
): Promise<PhaseDiscount[]> {
  const entries = given ?? [];
  await previewDiscounts(tx, entries, { customer: customer.id }, terms);
  return entries.map(({ coupon = null, discount = null, promotion_code = null }) => ({
    coupon,
    discount,
    promotion_code,
  }));
}

/** Empty values stay: they remove a key when the phase begins. */
function changeOf(given: MetadataChange | '' | undefined): Record<string, string> {
  mergeMetadata({}, given);
  if (given === undefined || given === '') return {};
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, value ?? '']));
}

async function assertPhase(
  tx: Tx,
  phase: StoredPhase,
  { customer, settings }: PhaseTerms,
  place: string,
): Promise<void> {
  if (phase.trial_end !== null && phase.billing_cycle_anchor === 'phase_start') {
    throw parameterInvalid(
      '`billing_cycle_anchor` cannot be `phase_start` where the phase specifies a trial.',
      `${place}[billing_cycle_anchor]`,
    );
  }
  const { collection_method, days_until_due } = collectionOf(phase, settings);
  assertCollection(collection_method, phase.invoice_settings?.days_until_due ?? days_until_due);
  const method = phase.default_payment_method;
  if (method !== null) {
    await assertOfCustomer(tx, method, customer.id, `${place}[default_payment_method]`);
  }
}

/** How the invoices of a phase are paid: its own word, else the schedule's. */
export function collectionOf(
  phase: Pick<StoredPhase, 'collection_method' | 'invoice_settings'>,
  settings: ScheduleSettings,
): {
  collection_method: 'charge_automatically' | 'send_invoice';
  days_until_due: number | null;
} {
  const collection_method =
    phase.collection_method ?? settings.collection_method ?? 'charge_automatically';
  if (collection_method === 'charge_automatically') {
    return { collection_method, days_until_due: null };
  }
  const days = phase.invoice_settings?.days_until_due ?? settings.invoice_settings.days_until_due;
  return { collection_method, days_until_due: days };
}

export const NO_INVOICE_SETTINGS: PhaseInvoiceSettings = {
  account_tax_ids: null,
  custom_fields: null,
  days_until_due: null,
  description: null,
  footer: null,
};

/** What is not said stays. */
const invoiceSettingsAfter = (
  before: PhaseInvoiceSettings,
  { issuer: _issuer, ...given }: GivenInvoiceSettings,
): PhaseInvoiceSettings => ({ ...before, ...defined(given) });

const NO_SETTINGS: ScheduleSettings = {
  billing_cycle_anchor: 'automatic',
  collection_method: 'charge_automatically',
  default_payment_method: null,
  description: null,
  invoice_settings: NO_INVOICE_SETTINGS,
};

/**
 * The default settings after a change; what is not said stays.
 *
 * @throws ApiError 400 for a payment method that is not the customer's, and tax ids that are not the
 *   account's.
 */
export async function settingsAfter(
  tx: Tx,
  before: ScheduleSettings | null,
  { invoice_settings, ...given }: GivenSettings,
  customer: string,
): Promise<ScheduleSettings> {
  const was = before ?? NO_SETTINGS;
  const method = given.default_payment_method;
  if (method !== undefined) {
    const param = 'default_settings[default_payment_method]';
    await assertOfCustomer(tx, method, customer, param);
  }
  const place = 'default_settings[invoice_settings]';
  await assertAccountTaxIds(tx, invoice_settings?.account_tax_ids, place);
  return {
    ...was,
    ...defined(given),
    invoice_settings: invoiceSettingsAfter(was.invoice_settings, invoice_settings ?? {}),
  };
}

function defined<T extends object>(given: T): { [key in keyof T]?: Exclude<T[key], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [key in keyof T]?: Exclude<T[key], undefined>;
  };
}
