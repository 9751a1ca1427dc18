import { and, asc, eq, isNull, type SQL } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { customer_balance_transactions } from '@/db/schema/customer_balance_transactions';
import { customers } from '@/db/schema/customers';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, searchOf, within } from '@/server/kernel/page';
import { parseSearch, toCondition, type SearchFields } from '@/server/kernel/search';
import type { ListCustomers, SearchCustomers } from './params';

export type CustomerRow = typeof customers.$inferSelect;
export type BalanceTransactionRow = typeof customer_balance_transactions.$inferSelect;

const rows = rowsOf(customers);
export const { insert, find, findAll, lock, update } = rows;

/** The ledger's lines are written here, because `balance.ts` writes balance and line together. */
export const { insert: insertBalanceTransaction } = rowsOf(customer_balance_transactions);

/** What a row must meet. */
export type Condition = SQL;

const isActive: Condition = eq(customers.status, 'active');

/** @param conditions of whoever is above, such as that there is a subscription. */
export const page = (scope: Scope, params: ListCustomers, ...conditions: Condition[]) =>
  pageOf<CustomerRow>(
    scope,
    { table: customers, rows, object: 'customer' },
    params,
    isActive,
    whenGiven(customers.email, params.email),
    within(customers.created, params.created),
    // Those on a clock are only listed with it: they would stand between those of today.
    params.test_clock === undefined
      ? isNull(customers.test_clock)
      : eq(customers.test_clock, params.test_clock),
    ...conditions,
  );

/** The customers on a test clock that were not deleted, locked. */
export const lockAllOn = (tx: Tx, clock: string): Promise<CustomerRow[]> =>
  tx.db
    .select()
    .from(customers)
    .where(and(isActive, eq(customers.test_clock, clock)))
    // Always in the same order, so that nobody waits for somebody who waits.
    .orderBy(asc(customers.id))
    .for('no key update');

/** https://docs.stripe.com/search#query-fields-for-customers */
const SEARCH_FIELDS: SearchFields = {
  created: { type: 'number', column: customers.created },
  email: { type: 'string', column: customers.email },
  metadata: { type: 'metadata', column: customers.metadata },
  name: { type: 'string', column: customers.name },
  phone: { type: 'string', column: customers.phone },
};

/** The rows found, as a page whose objects the caller makes: they take more than the row. */
export const search = (scope: Scope, params: SearchCustomers) =>
  searchOf(
    scope,
    customers,
    params,
    and(isActive, toCondition(parseSearch(params.query), 'customers', SEARCH_FIELDS)),
    (row: CustomerRow) => ({ ...row, object: 'customer' }),
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
