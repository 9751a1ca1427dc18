/**
 * Tax ids are the numbers by which tax offices know a customer, or the project itself. They go on
 * invoices. https://docs.stripe.com/api/tax_ids
 *
 * Only their format is checked. Stripe asks the registers of some countries about its customers'
 * numbers; here none is asked, and `verification` says so: `unavailable`, for every type.
 */
import type Stripe from 'stripe';
import type { Scope, Tx } from '@/server/kernel/context';
import { resourceMissing, taxIdInvalid } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { countryOf, hasFormat } from './formats';
import { toDeletedTaxId, toTaxId } from './object';
import {
  CreateCustomerTaxId,
  CreateTaxId,
  CustomerTaxIdId,
  ListCustomerTaxIds,
  ListTaxIds,
  TaxIdId,
  type TaxIdValue,
} from './params';
import * as store from './store';

export const create = command({
  route: 'POST /v1/tax_ids',
  summary: 'Creates a tax id of the project itself, or of a customer.',
  input: CreateTaxId,
  async run(tx, { owner, ...value }) {
    const customer = owner?.type === 'customer' ? owner.customer : null;
    if (customer !== null) await assertCustomer(tx, customer, 'owner[customer]');
    return toTaxId(await addTaxId(tx, customer, value));
  },
});

export const retrieve = query({
  route: 'GET /v1/tax_ids/:id',
  summary: 'Retrieves a tax id, whoever it belongs to.',
  input: TaxIdId,
  run: async (scope, { id }) => toTaxId(expectFound(await store.find(scope, id), id)),
});

export const list = query({
  route: 'GET /v1/tax_ids',
  summary: "Lists the project's own tax ids, or a customer's.",
  input: ListTaxIds,
  async run(scope, { owner, ...params }) {
    const customer = owner?.type === 'customer' ? owner.customer : null;
    if (customer !== null) await assertCustomer(scope, customer, 'owner[customer]');
    return toPage(await store.page(scope, params, customer), toTaxId);
  },
});

export const remove = command({
  route: 'DELETE /v1/tax_ids/:id',
  summary: 'Deletes a tax id, whoever it belongs to.',
  input: TaxIdId,
  run: async (tx, { id }) => drop(tx, expectFound(await store.lock(tx, id), id)),
});

export const createForCustomer = command({
  route: 'POST /v1/customers/:customer/tax_ids',
  summary: 'Creates a tax id of a customer.',
  input: CreateCustomerTaxId,
  async run(tx, { customer, ...value }) {
    await assertCustomer(tx, customer);
    return toTaxId(await addTaxId(tx, customer, value));
  },
});

export const retrieveOfCustomer = query({
  route: 'GET /v1/customers/:customer/tax_ids/:id',
  summary: 'Retrieves a tax id of a customer.',
  input: CustomerTaxIdId,
  async run(scope, { customer, id }) {
    await assertCustomer(scope, customer);
    return toTaxId(expectFound(await store.find(scope, id), id, customer));
  },
});

export const listOfCustomer = query({
  route: 'GET /v1/customers/:customer/tax_ids',
  summary: 'Lists the tax ids of a customer, the newest first.',
  input: ListCustomerTaxIds,
  async run(scope, { customer, ...params }) {
    await assertCustomer(scope, customer);
    return toPage(await store.page(scope, params, customer), toTaxId);
  },
});

export const removeOfCustomer = command({
  route: 'DELETE /v1/customers/:customer/tax_ids/:id',
  summary: 'Deletes a tax id of a customer.',
  input: CustomerTaxIdId,
  async run(tx, { customer, id }) {
    await assertCustomer(tx, customer);
    return drop(tx, expectFound(await store.lock(tx, id), id, customer));
  },
});

/**
 * Adds a tax id to a customer that the caller knows to exist, or to the project itself. `within`
 * names the parameter that holds type and value, such as `tax_id_data[0]`; none where they are the
 * operation's own.
 *
 * @throws ApiError 400 `tax_id_invalid` for a value that does not have the type's format.
 */
export async function addTaxId(
  tx: Tx,
  customer: string | null,
  { type, value }: TaxIdValue,
  within?: string,
): Promise<store.TaxIdRow> {
  if (!hasFormat(type, value)) {
    throw taxIdInvalid(type, within === undefined ? 'value' : `${within}[value]`);
  }
  const row = store.insert(tx, {
    id: newId('tax_id'),
    customer,
    country: countryOf(type, value),
    type,
    value,
    verification:
      customer === null
        ? null
        : { status: 'unavailable', verified_address: null, verified_name: null },
    created: unix(tx.now),
  });
  if (customer !== null) await tx.announce('customer.tax_id.created', toTaxId(row));
  return row;
}

/** As many as a list has when nobody says how many. */
const EMBEDDED_MAX = 10;

/** The list that `expand[]=tax_ids` puts into each customer, by the customer's id. */
export async function taxIdLists(
  scope: Scope,
  customers: readonly string[],
): Promise<Map<string, Stripe.ApiList<Stripe.TaxId>>> {
  const rows = await store.newestOf(scope, customers, EMBEDDED_MAX + 1);
  return new Map(
    customers.map((id) => {
      const own = rows.filter(({ customer }) => customer === id);
      const list: Stripe.ApiList<Stripe.TaxId> = {
        object: 'list',
        data: own.slice(0, EMBEDDED_MAX).map(toTaxId),
        has_more: own.length > EMBEDDED_MAX,
        url: `/v1/customers/${id}/tax_ids`,
      };
      return [id, list];
    }),
  );
}

async function drop(tx: Tx, row: store.TaxIdRow) {
  store.remove(tx, row.id);
  if (row.customer !== null) await tx.announce('customer.tax_id.deleted', toTaxId(row));
  return toDeletedTaxId(row);
}

/** The row, if it belongs to `customer`; whoever it belongs to where none is given. */
function expectFound(row: store.TaxIdRow | null, id: string, customer?: string): store.TaxIdRow {
  if (row === null || (customer !== undefined && row.customer !== customer)) {
    throw resourceMissing('tax_id', id);
  }
  return row;
}

async function assertCustomer(scope: Scope, id: string, param = 'id'): Promise<void> {
  if (!(await store.hasCustomer(scope, id))) throw resourceMissing('customer', id, param);
}
