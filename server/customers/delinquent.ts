/**
 * Whether the last news about a customer's invoices was bad. An automatic payment that failed makes
 * it delinquent, an invoice that is paid or given up makes it not.
 * https://docs.stripe.com/api/customers/object#customer_object-delinquent
 */
import type { Tx } from '@/server/kernel/context';
import { toCustomer } from './object';
import { find, lock, update } from './store';

/** Announces `customer.updated` where it changes. Of a deleted customer nothing changes any more. */
export async function markDelinquent(tx: Tx, id: string, delinquent: boolean): Promise<void> {
  const isNews = (row: Awaited<ReturnType<typeof find>>): row is NonNullable<typeof row> =>
    row !== null && row.status === 'active' && row.delinquent !== delinquent;
  // Most are told nothing new, and are not locked for it.
  if (!isNews(await find(tx, id))) return;
  const before = await lock(tx, id);
  if (!isNews(before)) return;
  const row = update(tx, before, { delinquent });
  await tx.announce('customer.updated', await toCustomer(tx, row), await toCustomer(tx, before));
}
