/** What a phase makes of its subscription, as the subscription's own requests would ask for it. */
import { isDeepStrictEqual } from 'node:util';
import type {
  PhaseDiscount,
  PhaseFee,
  PhaseItem,
  StoredPhase,
} from '@/db/schema/subscription_schedules';
import { previewDiscounts, type GivenDiscount } from '@/server/discounts';
import type { Scope } from '@/server/kernel/context';
import { ApiError } from '@/server/kernel/errors';
import { unix } from '@/server/kernel/object';
import { findPaymentMethod } from '@/server/payment_methods';
import type {
  Agreement,
  CreateSubscription,
  GivenUpdate,
  Planned,
  PricedItem,
  SubscriptionRow,
} from '@/server/subscriptions';
import { endOf } from './due_at';
import { collectionOf, isAnchored } from './given';
import type { ScheduleRow } from './store';

/** As `POST /v1/subscriptions` has it. */
export async function toCreation(
  scope: Scope,
  row: ScheduleRow,
  phase: StoredPhase,
): Promise<CreateSubscription & Planned> {
  const now = unix(scope.now);
  const { flexible, type } = row.billing_mode;
  const cancel_at = cancelAtOf(row, phase);
  const trial_end = phase.trial_end !== null && phase.trial_end > now ? phase.trial_end : null;
  const { collection_method, days_until_due } = collectionOf(phase, row.default_settings);
  const anchor =
    phase.trial_end === null && isAnchored(phase, row.default_settings) ? phase.start_date : null;
  return {
    add_invoice_items: phase.add_invoice_items.map((fee) => toFee(fee, phase)),
    ...(phase.start_date < now ? { backdate_start_date: phase.start_date } : {}),
    billing_mode: { type, ...(flexible === null ? {} : { flexible }) } as BillingMode,
    ...(cancel_at === null ? {} : { cancel_at }),
    collection_method,
    currency: phase.currency,
    customer: row.customer,
    ...(days_until_due === null ? {} : { days_until_due }),
    default_tax_rates: phase.default_tax_rates,
    discounts: await available(scope, phase.discounts, row.customer, phase.currency),
    items: await Promise.all(
      phase.items.map(async (one) => ({
        discounts: await available(scope, one.discounts, row.customer, phase.currency),
        metadata: one.metadata,
        price: one.price,
        ...(one.quantity === null ? {} : { quantity: one.quantity }),
        tax_rates: one.tax_rates,
      })),
    ),
    metadata: phase.metadata,
    planned: { anchor },
    proration_behavior: phase.proration_behavior,
    ...(trial_end === null ? {} : { trial_end }),
    ...(await settingsOf(scope, row, phase)),
  };
}

/** Inputs take no other. */
type BillingMode = CreateSubscription['billing_mode'];

export interface Change {
  /** The phase that the subscription is as now. */
  readonly before: StoredPhase;
  readonly phase: StoredPhase;
  /** Whether the phase begins; else it is the current one, which was changed. */
  readonly isEntered: boolean;
}

/**
 * As `POST /v1/subscriptions/:id` has it: what is to be different, and nothing else. What a phase does
 * not say stays as it is.
 */
export async function toUpdate(
  scope: Scope,
  schedule: ScheduleRow,
  agreement: Agreement,
  { before, phase, isEntered }: Change,
): Promise<GivenUpdate> {
  const { row } = agreement;
  const now = unix(scope.now);
  const cancel_at = cancelAtOf(schedule, phase);
  const trial_end = trialEndAfter(row, phase, now);
  const isSet = isEntered || !isDeepStrictEqual(before.metadata, phase.metadata);
  const items = await itemsAfter(scope, agreement, { before, phase, isEntered });
  const isAnchor =
    isEntered &&
    phase.trial_end === null &&
    isAnchored(phase, schedule.default_settings) &&
    row.status !== 'paused' &&
    // A trial that ends at this instant ends at its anchor.
    (row.status !== 'trialing' || trial_end === 'now');
  return {
    ...(isEntered && phase.add_invoice_items.length > 0
      ? { add_invoice_items: phase.add_invoice_items.map((fee) => toFee(fee, phase)) }
      : {}),
    ...(isAnchor ? { billing_cycle_anchor: { type: 'now' } } : {}),
    ...(row.cancel_at === cancel_at && !row.cancel_at_period_end ? {} : { cancel_at }),
    ...(isDeepStrictEqual(row.default_tax_rates, phase.default_tax_rates)
      ? {}
      : { default_tax_rates: phase.default_tax_rates }),
    ...(isDeepStrictEqual(before.discounts, phase.discounts)
      ? {}
      : { discounts: await available(scope, phase.discounts, row.customer, row.currency) }),
    ...(items.length === 0 ? {} : { items }),
    ...(isSet && Object.keys(phase.metadata).length > 0 ? { metadata: phase.metadata } : {}),
    ...(trial_end === null ? {} : { trial_end }),
    ...(await differentSettings(scope, schedule, phase, row)),
  };
}

/** The subscription ends with its last phase, once that has begun, where the schedule says so. */
const cancelAtOf = (row: ScheduleRow, { end_date }: StoredPhase): number | null =>
  row.end_behavior === 'cancel' && end_date === endOf(row) ? end_date : null;

/** Null where the trial is as it is to be. */
function trialEndAfter(
  { status, trial_end: was }: SubscriptionRow,
  { trial_end }: StoredPhase,
  now: number,
): number | 'now' | null {
  if (status === 'paused') return null;
  const isTrialing = status === 'trialing' && was !== null;
  if (trial_end !== null && trial_end > now) {
    return isTrialing && was === trial_end ? null : trial_end;
  }
  return isTrialing && was > now ? 'now' : null;
}

type GivenItem = NonNullable<GivenUpdate['items']>[number];

/** An item with the price stays the item that it is; of the others, each takes the place of one. */
async function itemsAfter(
  scope: Scope,
  { items, row }: Agreement,
  { before, phase, isEntered }: Change,
): Promise<GivenItem[]> {
  const { pairs, left } = pairUp(items, phase.items);
  const changes = await Promise.all(
    pairs.map(async ({ item, wanted }) => {
      const planned = before.items.find(({ price }) => price === item?.price.id);
      const isSame = item !== null && item.price.id === wanted.price;
      const isCounted = !isSame || item.row.quantity !== wanted.quantity;
      const isSet = isEntered || !isDeepStrictEqual(planned?.metadata, wanted.metadata);
      const discounts =
        item !== null && isDeepStrictEqual(planned?.discounts, wanted.discounts)
          ? null
          : await available(scope, wanted.discounts, row.customer, row.currency);
      return {
        ...(isSame ? {} : { price: wanted.price }),
        ...(isCounted && wanted.quantity !== null ? { quantity: wanted.quantity } : {}),
        ...(isDeepStrictEqual(item?.row.tax_rates ?? [], wanted.tax_rates)
          ? {}
          : { tax_rates: wanted.tax_rates }),
        ...(discounts === null ? {} : { discounts }),
        ...(isSet && Object.keys(wanted.metadata).length > 0 ? { metadata: wanted.metadata } : {}),
        ...(item === null ? {} : { id: item.row.id }),
      };
    }),
  );
  return [
    ...changes.filter(({ id, ...change }) => id === undefined || Object.keys(change).length > 0),
    ...left.map(({ row: { id } }) => ({ id, deleted: true })),
  ];
}

interface Pair {
  /** Null for what is to be a new item. */
  readonly item: PricedItem | null;
  readonly wanted: PhaseItem;
}

function pairUp(
  items: readonly PricedItem[],
  wanted: readonly PhaseItem[],
): { pairs: Pair[]; left: PricedItem[] } {
  const same = new Map(items.map((one) => [one.price.id, one]));
  const prices = new Set(wanted.map(({ price }) => price));
  const left = items.filter(({ price }) => !prices.has(price.id));
  const pairs = wanted.map((one) => ({
    item: same.get(one.price) ?? left.shift() ?? null,
    wanted: one,
  }));
  return { pairs, left };
}

/** A phase's own periods as instants. */
function toFee(
  { discountable, discounts, metadata, period, price, quantity, tax_rates }: PhaseFee,
  { start_date, end_date }: StoredPhase,
): NonNullable<CreateSubscription['add_invoice_items']>[number] {
  return {
    ...(discountable === null ? {} : { discountable }),
    discounts: discounts.map(toGiven),
    metadata,
    period: {
      end:
        period.end.type === 'phase_end'
          ? { timestamp: end_date, type: 'timestamp' }
          : { ...period.end, type: period.end.type },
      start:
        period.start.type === 'phase_start'
          ? { timestamp: start_date, type: 'timestamp' }
          : { ...period.start, type: period.start.type },
    },
    price,
    quantity,
    ...(tax_rates === null ? {} : { tax_rates }),
  };
}

const toGiven = ({ coupon, discount, promotion_code }: PhaseDiscount) => ({
  ...(coupon === null ? {} : { coupon }),
  ...(discount === null ? {} : { discount }),
  ...(promotion_code === null ? {} : { promotion_code }),
});

/** Without those that cannot be had any more: a schedule does not stop for a coupon that is used up. */
async function available(
  scope: Scope,
  discounts: readonly PhaseDiscount[],
  customer: string,
  currency: string,
): Promise<GivenUpdate['discounts'] & {}> {
  const had: ReturnType<typeof toGiven>[] = [];
  for (const one of discounts.map(toGiven)) {
    if (await isHad(scope, one, customer, currency)) had.push(one);
  }
  return had;
}

async function isHad(
  scope: Scope,
  given: GivenDiscount,
  customer: string,
  currency: string,
): Promise<boolean> {
  try {
    await previewDiscounts(scope, [given], { customer }, { currency, param: 'discounts' });
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

type Settings = Pick<
  CreateSubscription,
  'default_payment_method' | 'description' | 'invoice_settings'
>;

/** What the phase says, else the schedule; what neither says is left out. */
async function settingsOf(
  scope: Scope,
  { customer, default_settings: defaults }: ScheduleRow,
  phase: StoredPhase,
): Promise<Settings> {
  const named = phase.default_payment_method ?? defaults.default_payment_method;
  const method = named === null ? null : await findPaymentMethod(scope, named);
  const description = phase.description ?? defaults.description;
  const { days_until_due: _, ...invoices } = { ...defaults.invoice_settings };
  const { days_until_due: __, ...own } = { ...phase.invoice_settings };
  const invoice_settings = { ...said(invoices), ...said(own) };
  return {
    // One that was detached since cannot be charged: the customer's own is.
    ...(method?.customer === customer ? { default_payment_method: method.id } : {}),
    ...(description === null ? {} : { description }),
    ...(Object.keys(invoice_settings).length === 0 ? {} : { invoice_settings }),
  };
}

const said = <T extends object>(
  settings: T,
): { [key in keyof T]?: Exclude<T[key], null | undefined> } =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value != null)) as {
    [key in keyof T]?: Exclude<T[key], null | undefined>;
  };

/** Of the settings, and of the way to collect, what is not so yet. */
async function differentSettings(
  scope: Scope,
  schedule: ScheduleRow,
  phase: StoredPhase,
  row: SubscriptionRow,
): Promise<GivenUpdate> {
  const { collection_method, days_until_due } = collectionOf(phase, schedule.default_settings);
  const { invoice_settings, ...settings } = await settingsOf(scope, schedule, phase);
  const wanted = {
    ...settings,
    collection_method,
    ...(days_until_due === null ? {} : { days_until_due }),
  };
  const different = Object.entries(wanted).filter(
    ([name, value]) => row[name as keyof typeof wanted] !== value,
  );
  const isSame = Object.entries(invoice_settings ?? {}).every(([name, value]) =>
    isDeepStrictEqual(row.invoice_settings[name as keyof typeof row.invoice_settings], value),
  );
  return {
    ...(Object.fromEntries(different) as GivenUpdate),
    ...(isSame || invoice_settings === undefined ? {} : { invoice_settings }),
  };
}
