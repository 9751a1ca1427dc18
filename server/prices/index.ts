import type { Scope } from '@/server/kernel/context';
import { resource } from '@/server/kernel/resource';
import * as inProducts from '@/server/products';
import { toCurrencyOptions, toPrice, toTier } from './object';
import { create, list, retrieve, search, update } from './operations';
import * as ofPlans from './plans';
import * as ofProducts from './products';
import { findAll, type PriceRow } from './store';

export const prices = resource({
  object: 'price',
  expands: 'price',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toPrice),
  includes: {
    currency_options: (scope, ids) => include(scope, ids, toCurrencyOptions),
    tiers: (scope, ids) => include(scope, ids, ({ tiers }) => tiers?.map(toTier)),
  },
  operations: { create, search, retrieve, update, list },
});

/** The recurring ones under their older name. Expanding an id of one gives the price. */
export const plans = resource({
  object: 'plan',
  includes: { tiers: (scope, ids) => include(scope, ids, ({ tiers }) => tiers?.map(toTier)) },
  operations: {
    create: ofPlans.create,
    retrieve: ofPlans.retrieve,
    update: ofPlans.update,
    remove: ofPlans.remove,
    list: ofPlans.list,
  },
});

/** Products, put together from both folders. */
export const products = resource({
  object: 'product',
  expands: 'product',
  load: async (scope, ids) => (await inProducts.findProducts(scope, ids)).map(inProducts.toProduct),
  operations: {
    create: ofProducts.create,
    search: inProducts.search,
    retrieve: inProducts.retrieve,
    update: ofProducts.update,
    remove: ofProducts.remove,
    list: inProducts.list,
  },
});

async function include<T>(
  scope: Scope,
  ids: readonly string[],
  valueOf: (row: PriceRow) => T,
): Promise<Map<string, T & {}>> {
  const values = new Map<string, T & {}>();
  for (const row of await findAll(scope, ids)) {
    const value = valueOf(row);
    if (value != null) values.set(row.id, value);
  }
  return values;
}

export { addPrice } from './add';
export { costOf, isOffered, type Costed, type CostLine } from './cost';
export { toPlan, toPrice, type Price } from './object';
export { InlinePrice, InlineRecurringPrice } from './params';
export { find as findPrice, findAll as findPrices, type PriceRow } from './store';
export { addInlinePrice, requireActivePrice, requirePrice } from './use';
