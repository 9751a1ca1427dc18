import { resource } from '@/server/kernel/resource';
import { includeSources, includeTax, includeTaxIds } from './includes';
import { giveDiscount, removeDiscount } from './discount';
import { toCustomersOrDeleted } from './object';
import { create, list, remove, retrieve, search, update } from './operations';
import { loadSources, sourcesAt } from './sources';
import { findAll } from './store';
import {
  attachPaymentMethod,
  detachPaymentMethod,
  listPaymentMethods,
  retrievePaymentMethod,
} from './wallet';

export const customers = resource({
  object: 'customer',
  expands: 'customer',
  load: async (scope, ids) => toCustomersOrDeleted(scope, await findAll(scope, ids)),
  includes: { sources: includeSources, tax: includeTax, tax_ids: includeTaxIds },
  operations: {
    create,
    retrieve,
    update,
    remove,
    list,
    search,
    attachPaymentMethod,
    detachPaymentMethod,
    listPaymentMethods,
    retrievePaymentMethod,
    giveDiscount,
    removeDiscount,
  },
});

const sources = sourcesAt('sources');
const cards = sourcesAt('cards');

/** Cards as integrations from before payment methods know them. */
export const customer_sources = resource({
  object: 'card',
  expands: 'card',
  load: loadSources,
  operations: {
    create: sources.create,
    retrieve: sources.retrieve,
    update: sources.update,
    remove: sources.remove,
    list: sources.list,
    createCard: cards.create,
    retrieveCard: cards.retrieve,
    updateCard: cards.update,
    removeCard: cards.remove,
    listCards: cards.list,
  },
});
export { listWhere as listCustomersWhere } from './operations';
export { adjustBalance, type BalanceEntry } from './balance';
export { billCustomer, settleCurrency } from './billing';
export { markDelinquent } from './delinquent';
export { spendDiscount } from './discount';
export { toCustomer } from './object';
export { removeAllOn } from './operations';
export { lockActiveCustomer, lockCustomer, requireCustomer } from './require';
export {
  find as findCustomer,
  findAll as findCustomers,
  type BalanceTransactionRow,
  type CustomerRow,
} from './store';
export { attachMethod, emptyWallet } from './wallet';
