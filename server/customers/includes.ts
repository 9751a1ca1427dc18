/** What a customer only has when `expand` names it. A deleted one has none of it. */
import type Stripe from 'stripe';
import type { Scope } from '@/server/kernel/context';
import { sourcesOf, toSource } from '@/server/payment_methods';
import { taxIdLists } from '@/server/tax_ids';
import { findAll, type CustomerRow } from './store';

/** `tax_ids`: the list of `GET /v1/customers/:customer/tax_ids`, its first page. */
export const includeTaxIds = async (scope: Scope, ids: readonly string[]) =>
  taxIdLists(
    scope,
    (await active(scope, ids)).map(({ id }) => id),
  );

/** As many as a list has when nobody says how many. */
const EMBEDDED_MAX = 10;

/** `sources`: the list of `GET /v1/customers/:customer/sources`, its first page. */
export const includeSources = async (
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, Stripe.ApiList<Stripe.Card>>> =>
  new Map(
    await Promise.all(
      (await active(scope, ids)).map(async ({ id }) => {
        const own = await sourcesOf(scope, id);
        const list: Stripe.ApiList<Stripe.Card> = {
          object: 'list',
          data: own.slice(0, EMBEDDED_MAX).map(toSource),
          has_more: own.length > EMBEDDED_MAX,
          url: `/v1/customers/${id}/sources`,
        };
        return [id, list] as const;
      }),
    ),
  );

/** `tax`: where the customer may be. No tax is calculated from it, so no location is resolved. */
export const includeTax = async (
  scope: Scope,
  ids: readonly string[],
): Promise<Map<string, Stripe.Customer.Tax>> =>
  new Map(
    (await active(scope, ids)).map(({ id, tax_ip_address }) => [
      id,
      {
        automatic_tax: 'not_collecting',
        ip_address: tax_ip_address,
        location: null,
        provider: 'stripe',
      },
    ]),
  );

const active = async (scope: Scope, ids: readonly string[]): Promise<CustomerRow[]> =>
  (await findAll(scope, ids)).filter(({ status }) => status === 'active');
