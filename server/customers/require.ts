/** How everybody comes by a customer: one that exists and was not deleted, or Stripe's error. */
import type { Scope, Tx } from '@/server/kernel/context';
import { resourceMissing } from '@/server/kernel/errors';
import { requireStillClock } from '@/server/test_clocks';
import { find, lock, type CustomerRow } from './store';

/**
 * The customer, as it is now.
 *
 * @param param names the id in the error: `id` when it is in the path, and then the status is 404.
 * @throws ApiError `resource_missing` for a customer that does not exist or was deleted.
 */
export const requireCustomer = async (
  scope: Scope,
  id: string,
  param = 'customer',
): Promise<CustomerRow> => expectActive(await find(scope, id), id, param);

/** As `requireCustomer`, but nobody else may change it until this transaction ends. */
export const lockCustomer = async (tx: Tx, id: string, param = 'customer'): Promise<CustomerRow> =>
  expectActive(await lock(tx, id), id, param);

/** The customer that a request names in its path, locked, unless its time is being moved. */
export async function lockUnmoved(tx: Tx, id: string): Promise<CustomerRow> {
  const customer = await lockCustomer(tx, id, 'id');
  if (customer.test_clock !== null) await requireStillClock(tx, customer.test_clock);
  return customer;
}

/** As `lockCustomer`, but null where there is none to refuse for: the answer comes too late for it. */
export async function lockActiveCustomer(tx: Tx, id: string): Promise<CustomerRow | null> {
  const row = await lock(tx, id);
  return row?.status === 'active' ? row : null;
}

function expectActive(row: CustomerRow | null, id: string, param: string): CustomerRow {
  if (row === null || row.status === 'deleted') throw resourceMissing('customer', id, param);
  return row;
}
