/**
 * Customers are the people and companies a project bills. https://docs.stripe.com/api/customers
 *
 * A deleted customer can still be retrieved, as a stub, because its charges and invoices still name
 * it. What a deletion ends elsewhere, such as subscriptions, reacts to `customer.deleted`; this
 * folder knows none of it.
 */
import type Stripe from 'stripe';
import type { Announced } from '@/server/events';
import type { Scope, Tx } from '@/server/kernel/context';
import { resourceAlreadyExists, resourceMissing } from '@/server/kernel/errors';
import { newId, randomBase62 } from '@/server/kernel/ids';
import { unix, type Page } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { currentProject } from '@/server/projects';
import { addTaxId } from '@/server/tax_ids';
import { lockStillClock, onClock } from '@/server/test_clocks';
import { enter } from './balance';
import { assertSaved, assertSource, cardsOfNew, saveCard } from './cards';
import { fieldsAfter, unsaid } from './fields';
import { toCustomer, toCustomers, toDeletedCustomer } from './object';
import { replaceSource } from './sources';
import {
  CreateCustomer,
  CustomerId,
  ListCustomers,
  SearchCustomers,
  unsupported,
  UpdateCustomer,
} from './params';
import { lockUnmoved } from './require';
import * as store from './store';

export const create = command({
  route: 'POST /v1/customers',
  summary: 'Creates a customer.',
  input: CreateCustomer,
  unsupported,
  async run(tx, { balance = 0, tax_id_data = [], test_clock = null, ...given }) {
    // Locked, because one that is being deleted would leave this customer behind.
    if (test_clock !== null) await lockStillClock(tx, test_clock, 'test_clock');
    const there = await onClock(tx, test_clock);
    if (given.invoice_prefix !== undefined) await assertPrefixIsFree(tx, given.invoice_prefix);
    const currency = balance === 0 ? null : (await currentProject(tx)).default_currency;
    const { cards, default_payment_method, default_source } = await cardsOfNew(tx, given);
    const fields = fieldsAfter(unsaid(newInvoicePrefix()), given);
    const row = store.insert(tx, {
      ...fields,
      id: newId('customer'),
      status: 'active',
      balance,
      currency,
      default_source,
      delinquent: false,
      discount: null,
      invoice_settings: { ...fields.invoice_settings, default_payment_method },
      test_clock,
      created: unix(there.now),
    });
    if (currency !== null) {
      enter(there, { id: row.id, balance: 0 }, { amount: balance, currency, type: 'adjustment' });
    }
    await tx.announce('customer.created', await toCustomer(tx, row));
    for (const card of cards) await saveCard(tx, card, row.id);
    for (const [index, value] of tax_id_data.entries()) {
      await addTaxId(there, row.id, value, `tax_id_data[${index}]`);
    }
    return toCustomer(tx, row);
  },
});

export const retrieve = query({
  route: 'GET /v1/customers/:id',
  summary: 'Retrieves a customer; of a deleted one, only that it was deleted.',
  input: CustomerId,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('customer', id);
    return row.status === 'deleted' ? toDeletedCustomer(row) : toCustomer(scope, row);
  },
});

export const update = command({
  route: 'POST /v1/customers/:id',
  summary: 'Updates a customer. What is not sent stays as it is.',
  input: UpdateCustomer,
  unsupported,
  async run(tx, { id, balance, source, default_source, ...given }) {
    const before = await lockUnmoved(tx, id);
    if (given.invoice_prefix !== undefined && given.invoice_prefix !== before.invoice_prefix) {
      await assertPrefixIsFree(tx, given.invoice_prefix);
    }
    await assertSaved(tx, given.invoice_settings?.default_payment_method, id);
    await assertSource(tx, default_source, id);
    const row = store.update(tx, before, {
      ...fieldsAfter(before, given),
      default_source:
        source === undefined ? default_source : await replaceSource(tx, before, source),
      ...(await setBalance(tx, before, balance)),
    });
    await tx.announce('customer.updated', await toCustomer(tx, row), await toCustomer(tx, before));
    return toCustomer(tx, row);
  },
});

export const remove = command({
  route: 'DELETE /v1/customers/:id',
  summary: 'Deletes a customer for good. Its payments and invoices stay.',
  input: CustomerId,
  async run(tx, { id }) {
    return toDeletedCustomer(await end(tx, await lockUnmoved(tx, id)));
  },
});

async function end(tx: Tx, before: store.CustomerRow): Promise<store.CustomerRow> {
  const row = store.update(tx, before, { status: 'deleted' });
  await tx.announce('customer.deleted', await toCustomer(tx, row));
  return row;
}

/** A reaction: with a test clock goes whoever lives by it, and what each of them has. */
export async function removeAllOn(tx: Tx, { object }: Announced): Promise<void> {
  if (object.id === undefined) return;
  for (const customer of await store.lockAllOn(tx, object.id)) await end(tx, customer);
}

export const list = query({
  route: 'GET /v1/customers',
  summary: 'Lists customers, the newest first.',
  input: ListCustomers,
  run: (scope, params) => listWhere(scope, params),
});

/** A page of those that meet conditions besides: for domains above, which know more of customers. */
export async function listWhere(
  scope: Scope,
  params: ListCustomers,
  ...conditions: store.Condition[]
): Promise<Page<Stripe.Customer>> {
  const { rows, has_more } = await store.page(scope, params, ...conditions);
  return { object: 'page', data: await toCustomers(scope, rows), has_more };
}

export const search = query({
  route: 'GET /v1/customers/search',
  summary: 'Searches customers by created, email, metadata, name and phone.',
  input: SearchCustomers,
  async run(scope, params) {
    const page = await store.search(scope, params);
    return { ...page, data: await toCustomers(scope, page.data) };
  },
});

/** What an update sets of the balance, the difference being a line in the ledger. */
async function setBalance(tx: Tx, customer: store.CustomerRow, balance: number | undefined) {
  if (balance === undefined || balance === customer.balance) return {};
  const currency = customer.currency ?? (await currentProject(tx)).default_currency;
  enter(await onClock(tx, customer.test_clock), customer, {
    amount: balance - customer.balance,
    currency,
    type: 'adjustment',
  });
  return { balance, currency };
}

/** Two prefixes that are the same would make two invoices with the same number. */
async function assertPrefixIsFree(scope: Scope, prefix: string): Promise<void> {
  if (await store.isInvoicePrefixTaken(scope, prefix)) {
    throw resourceAlreadyExists(
      `The invoice prefix ${prefix} is already used by another customer.`,
      'invoice_prefix',
    );
  }
}

/** Eight capitals and digits: some 40 random bits. */
const newInvoicePrefix = (): string => randomBase62(8).toUpperCase();
