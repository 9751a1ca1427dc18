import { and, eq, like } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { customers } from '@/db/schema/customers';
import { payment_methods } from '@/db/schema/payment_methods';
import type { Scope, Tx } from '@/server/kernel/context';
import { PREFIX } from '@/server/kernel/ids';
import { pageOf, type PageParams } from '@/server/kernel/page';
import { isSource } from './object';

export type PaymentMethodRow = typeof payment_methods.$inferSelect;

const rows = rowsOf(payment_methods, true);
export const { insert, find, findAll, lock, update } = rows;

export interface Filters extends PageParams {
  customer?: string | undefined;
  type?: string | undefined;
  allow_redisplay?: PaymentMethodRow['allow_redisplay'] | undefined;
}

export const page = (scope: Scope, params: Filters) =>
  pageOf<PaymentMethodRow>(
    scope,
    { table: payment_methods, rows, object: 'PaymentMethod' },
    params,
    whenGiven(payment_methods.customer, params.customer),
    whenGiven(payment_methods.type, params.type),
    whenGiven(payment_methods.allow_redisplay, params.allow_redisplay),
  );

/** Those of a customer that are kept as sources. */
export const pageOfSources = (scope: Scope, params: PageParams & { readonly customer: string }) =>
  pageOf<PaymentMethodRow>(
    scope,
    { table: payment_methods, rows, object: 'source' },
    params,
    eq(payment_methods.customer, params.customer),
    like(payment_methods.id, `${PREFIX.card}\\_%`),
  );

const ofCustomer = rows.findBy('customer', { descending: true });

/** The newest first; of many customers at once, with one question for all of them. */
export const sourcesOf = async (scope: Scope, customer: string): Promise<PaymentMethodRow[]> =>
  (await ofCustomer(scope, customer)).filter(isSource);

/** The methods of a customer, oldest first, locked. */
export const lockOf = (tx: Tx, customer: string): Promise<PaymentMethodRow[]> =>
  tx.db
    .select()
    .from(payment_methods)
    .where(eq(payment_methods.customer, customer))
    .orderBy(payment_methods.id)
    .for('no key update');

/** Whether there is such a customer to ask about; a deleted one is none. */
export async function hasCustomer(scope: Scope, id: string): Promise<boolean> {
  const found = await scope.db
    .select({ id: customers.id })
    .from(customers)
    .where(and(eq(customers.id, id), eq(customers.status, 'active')));
  return found.length > 0;
}
