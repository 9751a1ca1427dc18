/** What others have only when `expand` names it. */
import type Stripe from 'stripe';
import type { Scope } from '@/server/kernel/context';
import { agreementsOf } from './agreement';
import { toSubscription } from './object';
import { newestOf } from './store';

/** As many as are on a page that nobody gave a size. */
const SHOWN = 10;

/** `subscriptions` of customers: the first page of those that are not canceled. */
export async function includeSubscriptions(
  scope: Scope,
  customers: readonly string[],
): Promise<Map<string, Stripe.ApiList<Stripe.Subscription>>> {
  const rows = await newestOf(scope, customers, SHOWN + 1);
  const agreements = await agreementsOf(scope, rows);
  return new Map(
    customers.map((customer) => {
      const own = agreements.filter(({ row }) => row.customer === customer);
      return [
        customer,
        {
          object: 'list',
          data: own.slice(0, SHOWN).map(toSubscription),
          has_more: own.length > SHOWN,
          url: `/v1/customers/${customer}/subscriptions`,
        },
      ];
    }),
  );
}
