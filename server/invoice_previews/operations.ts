/**
 * `POST /v1/invoices/create_preview`: what the next invoice would be, of a subscription as it is or
 * as it would be made, changed or canceled. It is rehearsed: the functions that would do it do it,
 * and all that they wrote is taken back. So a preview is what then happens, by construction.
 */
import type Stripe from 'stripe';
import { customers, requireCustomer, type CustomerRow } from '@/server/customers';
import { attachDiscounts } from '@/server/discounts';
import { pendingOf } from '@/server/invoice_items';
import { invoice_items, NO_PAYMENT_SETTINGS, type NewInvoice } from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import { invoiceUpcomingNone, parameterInvalid, parameterMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { command } from '@/server/kernel/operation';
import { renaming, within } from '@/server/kernel/rename';
import {
  agreementsOf,
  findOngoing,
  previewCancellation,
  previewCreation,
  previewOf,
  previewRenewal,
  previewUpdate,
  renewalOf,
  requireOngoing,
  type Agreement,
  type Tailored,
} from '@/server/subscriptions';
import { previewSchedule, requireSchedule } from '@/server/subscription_schedules';
import { addTaxId } from '@/server/tax_ids';
import { onClock, requireStillClock } from '@/server/test_clocks';
import { nameInItem, toCreation, toItem, toUpdate } from './given';
import { CreatePreview, UNSUPPORTED, type GivenCustomer } from './params';
import { upcoming } from './object';
import { previewOfSchedule } from './schedule';
import { rehearse } from './store';

export const createPreview = command({
  route: 'POST /v1/invoices/create_preview',
  summary: 'Previews the next invoice of a customer or a subscription, also after a change of it.',
  answers: 'invoice',
  rehearses: true,
  input: CreatePreview,
  unsupported: UNSUPPORTED,
  run: (tx, input) => rehearse(tx, (rehearsal) => preview(rehearsal, input)),
});

async function preview(tx: Tx, input: CreatePreview): Promise<Stripe.Invoice> {
  const agreement =
    input.subscription === undefined ? null : await subscriptionOf(tx, input.subscription, input);
  const schedule =
    input.schedule === undefined ? null : await requireSchedule(tx, input.schedule, 'schedule');
  const customer = await customerOf(tx, input, agreement?.row.customer ?? schedule?.customer);
  const { test_clock } = customer;
  if (test_clock !== null) await requireStillClock(tx, test_clock, 'customer');
  const clocked = await onClock(tx, test_clock);
  await addItems(clocked, customer, input, agreement);
  const next = await nextFor(clocked, customer, input, agreement);
  if (next === null) throw invoiceUpcomingNone(customer.id);
  return upcoming(next, input);
}

async function subscriptionOf(tx: Tx, id: string, input: CreatePreview): Promise<Agreement> {
  const { agreement } = await requireOngoing(tx, id, 'subscription');
  if (input.customer === undefined || input.customer === agreement.row.customer) return agreement;
  throw parameterInvalid(
    `The subscription \`${id}\` does not belong to the customer \`${input.customer}\`.`,
    'subscription',
  );
}

/** The customer as the details have it; one who is not there yet, where there are only details. */
async function customerOf(
  tx: Tx,
  { customer: named, customer_details: details }: CreatePreview,
  owner: string | undefined,
): Promise<CustomerRow> {
  const known = owner ?? named;
  if (known === undefined && details === undefined) throw parameterMissing('customer');
  const { tax_ids = [], ...fields } = details ?? ({} satisfies GivenCustomer);
  const { create, update } = customers.operations;
  const id = known ?? (await create.run(tx, create.input.parse({}))).id;
  // Also of one who is there: that it is not deleted.
  await requireCustomer(tx, id);
  if (Object.keys(fields).length > 0) await update.run(tx, { ...fields, id });
  for (const taxId of tax_ids) await addTaxId(tx, id, taxId);
  return requireCustomer(tx, id);
}

/** As if they were added now, to wait for the invoice. */
async function addItems(
  tx: Tx,
  customer: CustomerRow,
  input: CreatePreview,
  agreement: Agreement | null,
): Promise<void> {
  const { create, update } = invoice_items.operations;
  for (const [index, one] of (input.invoice_items ?? []).entries()) {
    const place = `invoice_items[${index}]`;
    const item = toItem(one, place);
    const named = (param: string) => within(place, one)(nameInItem(param));
    const currency = one.currency ?? input.currency ?? agreement?.row.currency;
    await renaming(named, async () => {
      if (one.invoiceitem !== undefined) {
        await update.run(tx, update.input.parse({ ...item, id: one.invoiceitem }));
        return;
      }
      const added = {
        ...item,
        ...(currency === undefined ? {} : { currency }),
        customer: customer.id,
        ...(agreement === null ? {} : { subscription: agreement.row.id }),
      };
      await create.run(tx, create.input.parse(added));
    });
  }
}

async function nextFor(
  tx: Tx,
  customer: CustomerRow,
  input: CreatePreview,
  agreement: Agreement | null,
): Promise<Stripe.Invoice | null> {
  const { subscription_details: details, preview_mode } = input;
  const how: Tailored = {
    isRecurring: preview_mode === 'recurring',
    discounts: await discountsOf(tx, customer, input, agreement),
  };
  if (input.schedule !== undefined || input.schedule_details !== undefined) {
    return previewOfSchedule(tx, customer.id, input, how);
  }
  if (agreement !== null) {
    if (details === undefined) return previewOngoing(tx, agreement, how);
    if (details.cancel_now === true) {
      return previewCancellation(tx, agreement, details.proration_behavior !== 'none');
    }
    const given = toUpdate(details);
    return renaming(within('subscription_details', details), () =>
      previewUpdate(tx, agreement, given, how),
    );
  }
  if (details?.items !== undefined) {
    const given = toCreation(input, details, customer.id);
    return renaming(within('subscription_details', details), () =>
      previewCreation(tx, customer, given, how),
    );
  }
  if (details !== undefined) throw parametersMissing();
  return nextOf(tx, customer, input, how);
}

const parametersMissing = () => parameterMissing('subscription_details[items]');

/** Null where those of the subscription or the customer are used. */
async function discountsOf(
  tx: Tx,
  customer: CustomerRow,
  { discounts: given, currency }: CreatePreview,
  agreement: Agreement | null,
): Promise<string[] | null> {
  if (given === undefined) return null;
  return attachDiscounts(
    tx,
    given ?? [],
    { customer: customer.id, invoice: newId('invoice') },
    {
      currency: agreement?.row.currency ?? currency ?? customer.currency ?? '',
      before: [],
      param: 'discounts',
    },
  );
}

/** Of what the customer subscribes to, the invoice that comes first; else what waits for one. */
async function nextOf(
  tx: Tx,
  customer: CustomerRow,
  input: CreatePreview,
  how: Tailored,
): Promise<Stripe.Invoice | null> {
  const agreements = await agreementsOf(tx, await findOngoing(tx, customer.id));
  const byTime = agreements
    .filter((one) => renewalOf(one) !== null)
    .toSorted((one, other) => (renewalOf(one) ?? 0) - (renewalOf(other) ?? 0));
  for (const one of byTime) {
    const next = await previewOngoing(tx, one, how);
    if (next !== null) return next;
  }
  return waiting(tx, customer, input, how);
}

/** As its schedule will have it, where it has one; a preview of other terms is of these items. */
const previewOngoing = (
  tx: Tx,
  agreement: Agreement,
  how: Tailored,
): Promise<Stripe.Invoice | null> => {
  const { schedule } = agreement.row;
  const isPlain = !how.isRecurring && how.discounts === null;
  if (schedule !== null && isPlain) return previewSchedule(tx, schedule, how);
  return how.isRecurring
    ? previewUpdate(tx, agreement, {}, how)
    : previewRenewal(tx, agreement, how);
};

async function waiting(
  tx: Tx,
  customer: CustomerRow,
  { currency: asked }: CreatePreview,
  how: Tailored,
): Promise<Stripe.Invoice | null> {
  const currency = asked ?? customer.currency;
  if (currency === null) return null;
  const items = await pendingOf(tx, { customer: customer.id, currency });
  if (items.length === 0) return null;
  const now = unix(tx.now);
  const invoice: NewInvoice = {
    account_tax_ids: null,
    auto_advance: true,
    automatically_finalizes_at: null,
    billing_reason: 'manual',
    collection_method: 'charge_automatically',
    currency,
    custom_fields: customer.invoice_settings.custom_fields,
    customer,
    cycle: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: customer.discount === null ? [] : [customer.discount],
    footer: customer.invoice_settings.footer,
    items,
    lines: [],
    metadata: {},
    payment_settings: NO_PAYMENT_SETTINGS,
    period_end: now,
    period_start: now,
    rendering: null,
    statement_descriptor: null,
    subscription: null,
  };
  return previewOf(tx, invoice, how);
}
