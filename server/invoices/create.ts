/**
 * A one-off invoice that somebody asks for: of items that wait, of nothing yet, or in place of one
 * that was finalized. https://docs.stripe.com/api/invoices/create
 */
import type Stripe from 'stripe';
import { requireCustomer, spendDiscount, type CustomerRow } from '@/server/customers';
import { attachDiscounts } from '@/server/discounts';
import {
  announceItem,
  findSubscription,
  insertItem,
  pendingOf,
  type InvoiceItemRow,
} from '@/server/invoice_items';
import type { Tx } from '@/server/kernel/context';
import {
  parameterInvalid,
  parameterMissing,
  parametersExclusive,
  resourceMissing,
} from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { command } from '@/server/kernel/operation';
import { currentProject, readSettings } from '@/server/projects';
import { requireRates } from '@/server/tax_rates';
import { onClock, requireStillClock } from '@/server/test_clocks';
import { draft, NO_PAYMENT_SETTINGS, type NewInvoice } from './compose';
import {
  advanceAfter,
  assertAccountTaxIds,
  assertMethods,
  paymentSettingsAfter,
  renderingAfter,
  termsAfter,
} from './fields';
import { assertNumberIsFree } from './number';
import { CreateInvoice, UNSUPPORTED } from './params';
import { requireRevisable } from './revision';
import { toInvoice } from './show';
import * as store from './store';
import type { InvoiceRow, LineRow } from './store';

export const create = command({
  route: 'POST /v1/invoices',
  summary: 'Creates the draft of a one-off invoice.',
  input: CreateInvoice,
  unsupported: UNSUPPORTED,
  async run(given, input) {
    const revised =
      input.from_invoice === undefined
        ? null
        : await requireRevisable(given, input.from_invoice.invoice);
    const customer = await requireCustomer(given, customerOf(input, revised));
    if (customer.test_clock !== null) await requireStillClock(given, customer.test_clock);
    const tx = await onClock(given, customer.test_clock);
    await assertGiven(tx, input, customer.id);
    const row =
      revised === null
        ? await createAnew(tx, input, customer)
        : await revise(tx, input, customer, revised);
    return toInvoice(tx, row);
  },
});

function customerOf(
  { customer, from_invoice, currency, subscription }: CreateInvoice,
  revised: InvoiceRow | null,
): string {
  if (revised === null) {
    if (customer === undefined) throw parameterMissing('customer');
    return customer;
  }
  // The revision is of the same customer, for the same.
  const given = { customer, currency, subscription };
  for (const [param, value] of Object.entries(given)) {
    if (value !== undefined && from_invoice !== undefined) {
      throw parametersExclusive(['from_invoice', param]);
    }
  }
  return revised.customer;
}

async function assertGiven(tx: Tx, input: CreateInvoice, customer: string): Promise<void> {
  await assertMethods(tx, input, customer);
  await assertAccountTaxIds(tx, input.account_tax_ids);
  if (input.default_tax_rates) {
    await requireRates(tx, input.default_tax_rates, 'default_tax_rates');
  }
  if (typeof input.number === 'string') await assertNumberIsFree(tx, input.number);
}

async function createAnew(
  tx: Tx,
  input: CreateInvoice,
  customer: CustomerRow,
): Promise<InvoiceRow> {
  const id = newId('invoice');
  const now = unix(tx.now);
  const project = await currentProject(tx);
  const subscription = await subscriptionOf(tx, input, customer);
  const currency =
    input.currency ?? subscription?.currency ?? customer.currency ?? project.default_currency;
  const items = await itemsOf(tx, input, customer, currency);
  const { custom_fields, footer, rendering_options } = customer.invoice_settings;
  const row = await draft(tx, {
    ...advanceAfter(
      tx,
      { auto_advance: false, automatically_finalizes_at: null },
      input,
      readSettings(project.settings).billing.draft_seconds,
    ),
    ...termsAfter(NOT_SAID, input, { created: now, now }),
    account_tax_ids: input.account_tax_ids ?? null,
    description: input.description ?? null,
    effective_at: input.effective_at ?? null,
    metadata: mergeMetadata({}, input.metadata),
    number: input.number ?? null,
    shipping_details: input.shipping_details ?? null,
    statement_descriptor: input.statement_descriptor ?? null,
    id,
    customer,
    currency,
    billing_reason: 'manual',
    subscription,
    lines: [],
    items,
    discounts:
      input.discounts === undefined
        ? [customer.discount].filter((id) => id !== null)
        : await redeemed(tx, input, { customer: customer.id, invoice: id }, currency, items),
    default_tax_rates: input.default_tax_rates ?? [],
    default_payment_method: input.default_payment_method ?? null,
    default_source: input.default_source ?? null,
    cycle: null,
    period_start: now,
    period_end: now,
    custom_fields: input.custom_fields ?? custom_fields,
    footer: input.footer ?? footer,
    payment_settings: paymentSettingsAfter(NO_PAYMENT_SETTINGS, input.payment_settings),
    rendering: renderingAfter(toRendering(rendering_options), input.rendering),
  });
  if (input.discounts === undefined) await spendDiscount(tx, customer);
  return row;
}

const NOT_SAID = {
  collection_method: 'charge_automatically',
  days_until_due: null,
  due_date: null,
} as const;

const toRendering = (
  options: CustomerRow['invoice_settings']['rendering_options'],
): Stripe.Invoice.Rendering | null =>
  options === null
    ? null
    : {
        amount_tax_display: options.amount_tax_display,
        pdf: null,
        template: options.template,
        template_version: null,
      };

/** The ids of the discounts that the request names. */
const redeemed = (
  tx: Tx,
  { discounts }: CreateInvoice,
  target: { readonly customer: string; readonly invoice: string },
  currency: string,
  amounts: readonly { readonly amount: number }[],
): Promise<string[]> =>
  attachDiscounts(tx, discounts ?? [], target, {
    currency,
    before: [],
    param: 'discounts',
    subtotal: amounts.reduce((sum, { amount }) => sum + amount, 0),
  });

async function subscriptionOf(tx: Tx, { subscription: id }: CreateInvoice, customer: CustomerRow) {
  if (id === undefined) return null;
  const found = await findSubscription(tx, id);
  if (found === null) throw resourceMissing('subscription', id, 'subscription');
  if (found.customer === customer.id) return found;
  throw parameterInvalid(
    `The subscription ${id} does not belong to the customer ${customer.id}.`,
    'subscription',
  );
}

/** With a subscription only its own; without, all that wait. */
async function itemsOf(
  tx: Tx,
  { pending_invoice_items_behavior, subscription }: CreateInvoice,
  customer: CustomerRow,
  currency: string,
): Promise<InvoiceItemRow[]> {
  if (pending_invoice_items_behavior !== 'include') return [];
  const pending = await pendingOf(tx, { customer: customer.id, currency });
  return subscription === undefined
    ? pending
    : pending.filter((item) => item.subscription === subscription);
}

/** The same lines for the same customer, with what the request says differently. */
async function revise(
  tx: Tx,
  input: CreateInvoice,
  customer: CustomerRow,
  before: InvoiceRow,
): Promise<InvoiceRow> {
  const id = newId('invoice');
  const now = unix(tx.now);
  const billed = await store.linesOf(tx, before.id);
  const copies = billed.map((line) => copyOf(tx, line, customer, id));
  const { billing } = readSettings((await currentProject(tx)).settings);
  const unscheduled = { auto_advance: false, automatically_finalizes_at: null };
  const row = await draft(tx, {
    ...before,
    ...given(input),
    ...advanceAfter(tx, unscheduled, input, billing.draft_seconds),
    ...termsAfter(before, input, { created: now, now }),
    id,
    customer,
    subscription: null,
    lines: copies.map(({ line }) => line),
    items: [],
    discounts:
      input.discounts === undefined
        ? before.discounts
        : await redeemed(
            tx,
            input,
            { customer: customer.id, invoice: id },
            before.currency,
            billed,
          ),
    effective_at: input.effective_at ?? null,
    from_invoice: before.id,
    metadata: mergeMetadata(before.metadata, input.metadata),
    number: input.number ?? null,
    payment_settings: paymentSettingsAfter(before.payment_settings, input.payment_settings),
    rendering: renderingAfter(before.rendering, input.rendering),
  });
  for (const { item } of copies) if (item !== null) await announceItem(tx, item);
  return row;
}

const REVISED = [
  'account_tax_ids',
  'custom_fields',
  'default_payment_method',
  'default_source',
  'description',
  'footer',
  'shipping_details',
  'statement_descriptor',
] as const;

type Revised = Partial<Pick<NewInvoice, (typeof REVISED)[number] | 'default_tax_rates'>>;

/** Of the settings that are taken over as they are, those that the request says differently. */
const given = (input: CreateInvoice): Revised => ({
  ...Object.fromEntries(
    REVISED.flatMap((param) => (input[param] === undefined ? [] : [[param, input[param]]])),
  ),
  ...(input.default_tax_rates === undefined
    ? {}
    : { default_tax_rates: input.default_tax_rates ?? [] }),
});

/** A line like the one before, with an invoice item of its own behind it. */
function copyOf(tx: Tx, line: LineRow, customer: CustomerRow, invoice: string) {
  if (line.invoice_item === null) return { line, item: null };
  const item = insertItem(tx, {
    ...line,
    customer: customer.id,
    proration_details: null,
    quantity: line.quantity ?? 1,
    id: newId('invoiceitem'),
    invoice,
    test_clock: customer.test_clock,
  });
  return { line: { ...line, invoice_item: item.id }, item };
}
