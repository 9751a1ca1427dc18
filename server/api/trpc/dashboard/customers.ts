import type Stripe from 'stripe';
import { z } from 'zod';
import { envelope } from '@/server/api/wire/envelope';
import { expand } from '@/server/api/wire/expand';
import { customers as resource } from '@/server/customers';
import type { Scope } from '@/server/kernel/context';
import {
  CustomerFilters,
  customersWorth,
  filteredCustomers,
  type CustomerWorth,
} from '@/server/reports';
import { expansions } from '@/server/resources';
import { forMember } from './procedure';

const { list, search } = resource.operations;

/** A customer as the list shows it: the default card in full, and what they are worth. */
export type ListedCustomer = Stripe.Customer & { readonly worth: CustomerWorth };

interface Listed {
  readonly data: readonly ListedCustomer[];
  readonly has_more: boolean;
  readonly next_page?: string | null;
}

interface Found {
  readonly data: readonly Stripe.Customer[];
}

const CARD = ['data.invoice_settings.default_payment_method'];

async function withWorth(scope: Scope, page: Parameters<typeof envelope>[0] & Found) {
  const [full, worth] = await Promise.all([
    expand(scope, envelope(page, '/dashboard/customers'), CARD, expansions),
    customersWorth(
      scope,
      page.data.map(({ id }) => id),
    ),
  ]);
  const { data, ...rest } = full as unknown as Listed;
  return { ...rest, data: data.map((one) => ({ ...one, worth: worth.get(one.id) })) } as Listed;
}

export const customers = {
  /** As the API lists them, with what each is worth, and with filters of our own. */
  list: forMember('customers.list')
    .input(list.input.extend(CustomerFilters.shape).optional())
    .query(async ({ ctx, input = {} }) => {
      const { standing, country, currency, metadata, ...params } = input;
      const filters = { standing, country, currency, metadata };
      return withWorth(ctx.scope, await filteredCustomers(ctx.scope, params, filters));
    }),

  search: forMember('customers.search')
    .input(search.input)
    .query(async ({ ctx, input }) => withWorth(ctx.scope, await search.run(ctx.scope, input))),

  worth: forMember('customers.worth')
    .input(z.strictObject({ id: z.string() }))
    .query(async ({ ctx, input }) => {
      const worth = await customersWorth(ctx.scope, [input.id]);
      return worth.get(input.id) as CustomerWorth;
    }),
};
