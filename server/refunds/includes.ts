/** What others have only when `expand` names it. */
import type Stripe from 'stripe';
import type { Scope } from '@/server/kernel/context';
import { toRefund } from './object';
import { newestOf } from './store';

/** As many as are on a page that nobody gave a size. */
const SHOWN = 10;

/** `refunds` of charges: the first page of each. */
export async function includeRefunds(
  scope: Scope,
  charges: readonly string[],
): Promise<Map<string, Stripe.ApiList<Stripe.Refund>>> {
  const rows = await newestOf(scope, charges, SHOWN + 1);
  return new Map(
    charges.map((charge) => {
      const own = rows.filter((row) => row.charge === charge);
      return [
        charge,
        {
          object: 'list',
          data: own.slice(0, SHOWN).map(toRefund),
          has_more: own.length > SHOWN,
          url: `/v1/charges/${charge}/refunds`,
        },
      ];
    }),
  );
}
