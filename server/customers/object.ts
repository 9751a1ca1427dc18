import type Stripe from 'stripe';
import { findDiscounts, isAtWork, toDiscount } from '@/server/discounts';
import type { Scope } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { onClock } from '@/server/test_clocks';
import type { CustomerRow } from './store';

const toFields = (row: CustomerRow, discount: Stripe.Discount | null): Stripe.Customer => ({
  id: row.id,
  object: 'customer',
  address: row.address,
  balance: row.balance,
  ...(row.business_name === null ? {} : { business_name: row.business_name }),
  created: row.created,
  currency: row.currency,
  default_source: row.default_source,
  delinquent: row.delinquent,
  description: row.description,
  discount,
  email: row.email,
  ...(row.individual_name === null ? {} : { individual_name: row.individual_name }),
  invoice_prefix: row.invoice_prefix,
  invoice_settings: row.invoice_settings,
  livemode: row.livemode,
  metadata: row.metadata,
  name: row.name,
  next_invoice_sequence: row.next_invoice_sequence,
  phone: row.phone,
  preferred_locales: row.preferred_locales,
  shipping: row.shipping,
  tax_exempt: row.tax_exempt,
  test_clock: row.test_clock,
});

export const toDeletedCustomer = ({ id }: CustomerRow): Stripe.DeletedCustomer => ({
  id,
  object: 'customer',
  deleted: true,
});

/**
 * Customers with the discounts that are at work on them, in order; only these take a query. What is
 * there on request, as `tax_ids`, is added by `includes.ts`.
 */
export async function toCustomers(
  scope: Scope,
  rows: readonly CustomerRow[],
): Promise<Stripe.Customer[]> {
  const found = await findDiscounts(
    scope,
    rows.flatMap(({ discount }) => discount ?? []),
  );
  const discounts = new Map(found.map((discount) => [discount.id, discount]));
  const customers: Stripe.Customer[] = [];
  for (const row of rows) {
    const discount = discounts.get(row.discount ?? '');
    const isThere =
      discount !== undefined &&
      isAtWork(discount, unix((await onClock(scope, row.test_clock)).now));
    customers.push(toFields(row, isThere ? toDiscount(discount) : null));
  }
  return customers;
}

export async function toCustomer(scope: Scope, row: CustomerRow): Promise<Stripe.Customer> {
  const [customer] = await toCustomers(scope, [row]);
  return customer ?? toFields(row, null);
}

/** Customers as others see them now: of a deleted one, only that it was. */
export async function toCustomersOrDeleted(
  scope: Scope,
  rows: readonly CustomerRow[],
): Promise<(Stripe.Customer | Stripe.DeletedCustomer)[]> {
  const isActive = ({ status }: CustomerRow): boolean => status === 'active';
  const deleted = rows.filter((row) => !isActive(row));
  return [...(await toCustomers(scope, rows.filter(isActive))), ...deleted.map(toDeletedCustomer)];
}
