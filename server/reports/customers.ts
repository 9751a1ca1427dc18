/** What customers are worth to the project: for a page of them at once, so that no row asks for itself. */
import type Stripe from 'stripe';
import { z } from 'zod';
import { listCustomersWhere } from '@/server/customers';
import type { Scope } from '@/server/kernel/context';
import type { Page } from '@/server/kernel/object';
import { customersThat, worthOf, type WorthPart } from './store';

/** What a merchant sorts customers by, beyond what the API does. */
export const CustomerFilters = z.strictObject({
  /**
   * `subscribed` has a subscription that is active or on trial, `past_due` one whose renewal failed,
   * `unsubscribed` neither; `owing` has an open invoice.
   */
  standing: z.enum(['subscribed', 'past_due', 'unsubscribed', 'owing']).optional(),
  /** Of the address: two letters, in any case. */
  country: z.string().length(2).optional(),
  /** In which they are billed, in lower case. */
  currency: z.string().length(3).optional(),
  /** Each with exactly this value. */
  metadata: z.record(z.string(), z.string()).optional(),
});
export type CustomerFilters = z.infer<typeof CustomerFilters>;

/** The API's list of customers, of those that pass the filters. */
export const filteredCustomers = (
  scope: Scope,
  params: Parameters<typeof listCustomersWhere>[1],
  filters: CustomerFilters,
): Promise<Page<Stripe.Customer>> =>
  listCustomersWhere(scope, params, ...customersThat(scope, filters));

/** Amounts are by currency, in its minor unit; what is nothing is left out. */
export interface CustomerWorth {
  /** What they paid, less what they got back. */
  readonly spent: Readonly<Record<string, number>>;
  /** What is open on their invoices. */
  readonly open: Readonly<Record<string, number>>;
  /** What their subscriptions bring in a month, at most a minute old. */
  readonly mrr: Readonly<Record<string, number>>;
  /** Subscriptions that are active, past due or on trial. */
  readonly subscriptions: number;
}

/** By id, of every id that is given. */
export async function customersWorth(
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, CustomerWorth>> {
  const parts = ids.length === 0 ? [] : await worthOf(scope, ids);
  return new Map(ids.map((id) => [id, worth(parts.filter(({ customer }) => customer === id))]));
}

function worth(parts: readonly WorthPart[]): CustomerWorth {
  const amounts = (kind: WorthPart['kind']): Record<string, number> =>
    Object.fromEntries(
      parts
        .filter((part) => part.kind === kind && part.amount !== 0)
        .map(({ currency, amount }) => [currency, amount]),
    );
  return {
    spent: amounts('spent'),
    open: amounts('open'),
    mrr: amounts('mrr'),
    subscriptions: parts.find(({ kind }) => kind === 'subscriptions')?.amount ?? 0,
  };
}
