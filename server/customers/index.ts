import { resource } from '@/server/kernel/resource';
import { includeTax, includeTaxIds } from './includes';
import { giveDiscount, removeDiscount } from './discount';
import { toCustomersOrDeleted } from './object';
import { create, list, remove, retrieve, search, update } from './operations';
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
  includes: { tax: includeTax, tax_ids: includeTaxIds },
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
export { emptyWallet } from './wallet';
