/**
 * Invoice items are what a customer is to be asked for: on its next invoice, or on a draft that they
 * name. https://docs.stripe.com/api/invoiceitems
 *
 * A draft follows when an item is put on it or removed, by reactions of the invoices; changing an
 * item changes its line, so that verb is in `server/invoices/items.ts`.
 */
import { requireCustomer, settleCurrency } from '@/server/customers';
import { attachDiscounts } from '@/server/discounts';
import type { Scope } from '@/server/kernel/context';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { currentProject } from '@/server/projects';
import { requireRates } from '@/server/tax_rates';
import { onClock, requireStillClock } from '@/server/test_clocks';
import { addItem, isDiscountable, removeItems, show, showAll } from './add';
import { toDeletedInvoiceItem } from './object';
import { CreateInvoiceItem, InvoiceItemId, ListInvoiceItems, UNSUPPORTED } from './params';
import { pricingOf } from './pricing';
import * as store from './store';

export const create = command({
  route: 'POST /v1/invoiceitems',
  summary: 'Creates an item for the next invoice of a customer, or for a draft.',
  input: CreateInvoiceItem,
  unsupported: UNSUPPORTED,
  async run(given, input) {
    const customer = await requireCustomer(given, input.customer);
    const { test_clock } = customer;
    if (test_clock !== null) await requireStillClock(given, test_clock);
    const tx = await onClock(given, test_clock);
    const pricing = await pricingOf(tx, input, {
      currency: input.currency ?? null,
      fallback: customer.currency ?? (await currentProject(tx)).default_currency,
    });
    if (input.subscription !== undefined) {
      await assertSubscription(tx, input.subscription, customer.id);
    }
    const id = newId('invoiceitem');
    const { tax_rates } = input;
    if (tax_rates) await requireRates(tx, tax_rates, 'tax_rates');
    const discounts = await attachDiscounts(
      tx,
      input.discounts ?? [],
      { customer: customer.id, invoice_item: id },
      { currency: pricing.currency, before: [], param: 'discounts' },
    );
    if (customer.currency === null) await settleCurrency(tx, customer.id, pricing.currency);
    const now = unix(tx.now);
    const row = await addItem(tx, {
      ...pricing,
      id,
      customer: customer.id,
      description: input.description ?? null,
      discountable: input.discountable ?? isDiscountable({ ...pricing, proration: false }),
      discounts,
      invoice: input.invoice ?? null,
      metadata: mergeMetadata({}, input.metadata),
      period_end: input.period?.end ?? now,
      period_start: input.period?.start ?? now,
      proration: false,
      subscription: input.subscription ?? null,
      tax_rates: tax_rates ?? null,
      test_clock,
    });
    return show(tx, row);
  },
});

async function assertSubscription(scope: Scope, id: string, customer: string): Promise<void> {
  const found = await store.findSubscription(scope, id);
  if (found === null) throw resourceMissing('subscription', id, 'subscription');
  if (found.customer === customer) return;
  throw parameterInvalid(
    `The subscription ${id} does not belong to the customer ${customer}.`,
    'subscription',
  );
}

export const retrieve = query({
  route: 'GET /v1/invoiceitems/:id',
  summary: 'Retrieves an invoice item.',
  input: InvoiceItemId,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('invoiceitem', id);
    return show(scope, row);
  },
});

export const remove = command({
  route: 'DELETE /v1/invoiceitems/:id',
  summary: 'Deletes an invoice item that waits for an invoice, or is on a draft.',
  input: InvoiceItemId,
  async run(tx, { id }) {
    const row = await store.find(tx, id);
    if (row === null) throw resourceMissing('invoiceitem', id);
    if (row.test_clock !== null) await requireStillClock(tx, row.test_clock);
    await removeItems(await onClock(tx, row.test_clock), [id]);
    return toDeletedInvoiceItem(row);
  },
});

export const list = query({
  route: 'GET /v1/invoiceitems',
  summary: 'Lists invoice items, the newest first.',
  input: ListInvoiceItems,
  unsupported: ['customer_account'],
  async run(scope, params) {
    const { rows, has_more } = await store.page(scope, params);
    return { object: 'page' as const, data: await showAll(scope, rows), has_more };
  },
});
