import { resource } from '@/server/kernel/resource';
import { includeTax, includeTaxIds } from './includes';
import { toCustomerOrDeleted } from './object';
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
  load: async (scope, ids) => (await findAll(scope, ids)).map(toCustomerOrDeleted),
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
  },
});
export { adjustBalance, type BalanceEntry } from './balance';
export { toCustomer } from './object';
export { lockCustomer, requireCustomer } from './require';
export type { BalanceTransactionRow, CustomerRow } from './store';
export { emptyWallet } from './wallet';
