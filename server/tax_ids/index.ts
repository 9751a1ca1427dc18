import { resource } from '@/server/kernel/resource';
import { toTaxId } from './object';
import {
  create,
  createForCustomer,
  list,
  listOfCustomer,
  remove,
  removeOfCustomer,
  retrieve,
  retrieveOfCustomer,
} from './operations';
import { findAll } from './store';

export const tax_ids = resource({
  object: 'tax_id',
  expands: 'tax_id',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toTaxId),
  operations: {
    create,
    retrieve,
    remove,
    list,
    createForCustomer,
    retrieveOfCustomer,
    removeOfCustomer,
    listOfCustomer,
  },
});
export { addTaxId, taxIdLists } from './operations';
export { TaxIdValue } from './params';
export { findAll as findTaxIds } from './store';
