import { and, eq, type SQL } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { customer_balance_transactions } from '@/db/schema/customer_balance_transactions';
import { customers } from '@/db/schema/customers';
import type { Scope } from '@/server/kernel/context';
import type { ApiObject, SearchPage } from '@/server/kernel/object';
import { pageOf, searchOf, within } from '@/server/kernel/page';
import { parseSearch, toCondition, type SearchFields } from '@/server/kernel/search';
import type { ListCustomers, SearchCustomers } from './params';

export type CustomerRow = typeof customers.$inferSelect;
export type BalanceTransactionRow = typeof customer_balance_transactions.$inferSelect;

const rows = rowsOf(customers);
export const { insert, find, findAll, lock, update } = rows;

/** The ledger's lines are written here, because `balance.ts` writes balance and line together. */
export const { insert: insertBalanceTransaction } = rowsOf(customer_balance_transactions);

const isActive: SQL = eq(customers.status, 'active');

export const page = (scope: Scope, params: ListCustomers) =>
  pageOf<CustomerRow>(
    scope,
    { table: customers, rows, object: 'customer' },
    params,
    isActive,
    whenGiven(customers.email, params.email),
    within(customers.created, params.created),
  );

/** https://docs.stripe.com/search#query-fields-for-customers */
const SEARCH_FIELDS: SearchFields = {
  created: { type: 'number', column: customers.created },
  email: { type: 'string', column: customers.email },
  metadata: { type: 'metadata', column: customers.metadata },
  name: { type: 'string', column: customers.name },
  phone: { type: 'string', column: customers.phone },
};

export const search = <O extends ApiObject>(
  scope: Scope,
  params: SearchCustomers,
  toObject: (row: CustomerRow) => O,
): Promise<SearchPage<O>> =>
  searchOf(
    scope,
    customers,
    params,
    and(isActive, toCondition(parseSearch(params.query), 'customers', SEARCH_FIELDS)),
    toObject,
  );

/** Deleted customers keep theirs: it is on their invoices. */
export async function isInvoicePrefixTaken(scope: Scope, prefix: string): Promise<boolean> {
  const found = await scope.db
    .select({ id: customers.id })
    .from(customers)
    .where(eq(customers.invoice_prefix, prefix))
    .limit(1);
  return found.length > 0;
}
