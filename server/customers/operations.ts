/**
 * Customers are the people and companies a project bills. https://docs.stripe.com/api/customers
 *
 * A deleted customer can still be retrieved, as a stub, because its charges and invoices still name
 * it. What a deletion ends elsewhere, such as subscriptions, reacts to `customer.deleted`; this
 * folder knows none of it.
 */
import type { Scope, Tx } from '@/server/kernel/context';
import { resourceAlreadyExists, resourceMissing } from '@/server/kernel/errors';
import { newId, randomBase62 } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { currentProject } from '@/server/projects';
import { addTaxId } from '@/server/tax_ids';
import { enter } from './balance';
import { assertSaved, cardsOfNew, saveCard, saveSource } from './cards';
import { fieldsAfter, unsaid } from './fields';
import { toCustomer, toCustomerOrDeleted, toDeletedCustomer } from './object';
import {
  CreateCustomer,
  CustomerId,
  ListCustomers,
  SearchCustomers,
  unsupported,
  UpdateCustomer,
} from './params';
import { lockCustomer } from './require';
import * as store from './store';

export const create = command({
  route: 'POST /v1/customers',
  summary: 'Creates a customer.',
  input: CreateCustomer,
  unsupported,
  async run(tx, { balance = 0, tax_id_data = [], ...given }) {
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
      invoice_settings: { ...fields.invoice_settings, default_payment_method },
      created: unix(tx.now),
    });
    if (currency !== null) {
      enter(tx, { id: row.id, balance: 0 }, { amount: balance, currency, type: 'adjustment' });
    }
    await tx.announce('customer.created', toCustomer(row));
    for (const card of cards) await saveCard(tx, card, row.id);
    for (const [index, value] of tax_id_data.entries()) {
      await addTaxId(tx, row.id, value, `tax_id_data[${index}]`);
    }
    return toCustomer(row);
  },
});

export const retrieve = query({
  route: 'GET /v1/customers/:id',
  summary: 'Retrieves a customer; of a deleted one, only that it was deleted.',
  input: CustomerId,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('customer', id);
    return toCustomerOrDeleted(row);
  },
});

export const update = command({
  route: 'POST /v1/customers/:id',
  summary: 'Updates a customer. What is not sent stays as it is.',
  input: UpdateCustomer,
  unsupported,
  async run(tx, { id, balance, source, default_source, ...given }) {
    const before = await lockCustomer(tx, id, 'id');
    if (given.invoice_prefix !== undefined && given.invoice_prefix !== before.invoice_prefix) {
      await assertPrefixIsFree(tx, given.invoice_prefix);
    }
    await assertSaved(tx, given.invoice_settings?.default_payment_method, id);
    await assertSaved(tx, default_source, id, 'default_source');
    const row = store.update(tx, before, {
      ...fieldsAfter(before, given),
      default_source: source === undefined ? default_source : await saveSource(tx, source, id),
      ...(await setBalance(tx, before, balance)),
    });
    await tx.announce('customer.updated', toCustomer(row), toCustomer(before));
    return toCustomer(row);
  },
});

export const remove = command({
  route: 'DELETE /v1/customers/:id',
  summary: 'Deletes a customer for good. Its payments and invoices stay.',
  input: CustomerId,
  async run(tx, { id }) {
    const before = await lockCustomer(tx, id, 'id');
    const row = store.update(tx, before, { status: 'deleted' });
    await tx.announce('customer.deleted', toCustomer(row));
    return toDeletedCustomer(row);
  },
});

export const list = query({
  route: 'GET /v1/customers',
  summary: 'Lists customers, the newest first.',
  input: ListCustomers,
  unsupported: ['test_clock'],
  run: async (scope, params) => toPage(await store.page(scope, params), toCustomer),
});

export const search = query({
  route: 'GET /v1/customers/search',
  summary: 'Searches customers by created, email, metadata, name and phone.',
  input: SearchCustomers,
  run: async (scope, params) => store.search(scope, params, toCustomer),
});

/** What an update sets of the balance, the difference being a line in the ledger. */
async function setBalance(tx: Tx, customer: store.CustomerRow, balance: number | undefined) {
  if (balance === undefined || balance === customer.balance) return {};
  const currency = customer.currency ?? (await currentProject(tx)).default_currency;
  enter(tx, customer, { amount: balance - customer.balance, currency, type: 'adjustment' });
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
