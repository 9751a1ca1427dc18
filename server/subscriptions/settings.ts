/** What an update sets beside items and periods: it costs nothing by itself. */
import { attachDiscounts } from '@/server/discounts';
import { assertAccountTaxIds } from '@/server/invoices';
import { periodAt } from '@/server/kernel/calendar';
import type { Tx } from '@/server/kernel/context';
import { mergeMetadata } from '@/server/kernel/metadata';
import type { Agreement } from './agreement';
import { nowOf } from './bill';
import {
  assertCollection,
  invoiceSettingsAfter,
  paymentSettingsAfter,
  trialSettingsAfter,
} from './given';
import { assertOfCustomer } from './opening';
import type { SubscriptionRow } from './store';
import type { GivenUpdate } from './update.params';

/**
 * The settings after an update, those that are not said as they were.
 *
 * @throws ApiError 400 for a payment method of another customer, tax ids that are not the account's,
 *   and settings that contradict each other.
 */
export async function settingsAfter(
  tx: Tx,
  agreement: Agreement,
  given: GivenUpdate,
): Promise<Partial<SubscriptionRow>> {
  const { row } = agreement;
  for (const param of ['default_payment_method', 'default_source'] as const) {
    const id = given[param];
    if (id !== undefined && id !== null) await assertOfCustomer(tx, id, row.customer, param);
  }
  if (given.planned === undefined) {
    const ids = given.invoice_settings?.account_tax_ids;
    await assertAccountTaxIds(tx, ids, 'invoice_settings');
  }
  return {
    ...collectionAfter(row, given),
    ...cancellationAfter(row, given, nowOf(tx)),
    ...pendingItemsAfter(row, given, nowOf(tx)),
    ...defined({
      default_payment_method: given.default_payment_method,
      default_source: given.default_source,
      description: given.description,
      off_session: given.off_session,
    }),
    ...(given.discounts === undefined
      ? {}
      : {
          discounts: await attachDiscounts(
            tx,
            given.discounts ?? [],
            { customer: row.customer, subscription: row.id },
            { currency: row.currency, before: [], param: 'discounts' },
          ),
        }),
    ...(given.pause_collection === undefined
      ? {}
      : {
          pause_collection:
            given.pause_collection === null
              ? null
              : {
                  behavior: given.pause_collection.behavior,
                  resumes_at: given.pause_collection.resumes_at ?? null,
                },
        }),
    invoice_settings: invoiceSettingsAfter(row.invoice_settings, given.invoice_settings),
    metadata: mergeMetadata(row.metadata, given.metadata),
    payment_settings: paymentSettingsAfter(row.payment_settings, given.payment_settings),
    trial_settings: trialSettingsAfter(row.trial_settings, given.trial_settings),
  };
}

function defined<T extends object>(given: T): { [key in keyof T]?: Exclude<T[key], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [key in keyof T]?: Exclude<T[key], undefined>;
  };
}

function collectionAfter(
  row: SubscriptionRow,
  given: GivenUpdate,
): Pick<SubscriptionRow, 'collection_method' | 'days_until_due'> {
  const collection_method = given.collection_method ?? row.collection_method;
  const kept = collection_method === 'send_invoice' ? row.days_until_due : null;
  const days_until_due = given.days_until_due ?? kept;
  assertCollection(collection_method, days_until_due);
  return { collection_method, days_until_due };
}

/** When it was asked to end, and why. */
function cancellationAfter(
  row: SubscriptionRow,
  given: GivenUpdate,
  now: number,
): Partial<SubscriptionRow> {
  const said = given.cancellation_details;
  const details = {
    ...row.cancellation_details,
    ...(said?.comment === undefined ? {} : { comment: said.comment }),
    ...(said?.feedback === undefined ? {} : { feedback: said.feedback }),
  };
  const { cancel_at, cancel_at_period_end } = given;
  if (
    cancel_at_period_end === true ||
    typeof cancel_at === 'number' ||
    typeof cancel_at === 'string'
  ) {
    return {
      cancel_at_period_end: cancel_at_period_end ?? false,
      canceled_at: now,
      cancellation_details: { ...details, reason: 'cancellation_requested' },
    };
  }
  const isTakenBack =
    cancel_at === null || (cancel_at_period_end === false && row.cancel_at_period_end);
  if (!isTakenBack || row.cancel_at === null) return { cancellation_details: details };
  return {
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { ...details, reason: null },
  };
}

function pendingItemsAfter(
  row: SubscriptionRow,
  { pending_invoice_item_interval: given }: GivenUpdate,
  now: number,
): Partial<SubscriptionRow> {
  if (given === undefined) return {};
  if (given === null) {
    return { pending_invoice_item_interval: null, next_pending_invoice_item_invoice: null };
  }
  const every = { interval: given.interval, interval_count: given.interval_count ?? 1 };
  return {
    pending_invoice_item_interval: every,
    next_pending_invoice_item_invoice: periodAt(row.billing_cycle_anchor, every, now).end,
  };
}
