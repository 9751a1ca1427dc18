import { resource } from '@/server/kernel/resource';
import { toRefund } from './object';
import {
  cancel,
  create,
  createForCharge,
  list,
  listForCharge,
  retrieve,
  retrieveForCharge,
  update,
} from './operations';
import { findAll } from './store';

export const refunds = resource({
  object: 'refund',
  expands: 'refund',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toRefund),
  operations: {
    create,
    createForCharge,
    retrieve,
    retrieveForCharge,
    update,
    cancel,
    list,
    listForCharge,
  },
});

export { includeRefunds } from './includes';
export { toRefund } from './object';
export {
  conclude as concludeRefund,
  reckon as reckonRefund,
  reserve as reserveRefund,
} from './refund';
export { find as findRefund, ofIntents as findRefundsOf, type RefundRow } from './store';
