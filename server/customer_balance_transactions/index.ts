import { resource } from '@/server/kernel/resource';
import { toCustomerBalanceTransaction } from './object';
import { create, list, retrieve, update } from './operations';
import { findAll } from './store';

export const customer_balance_transactions = resource({
  object: 'customer_balance_transaction',
  expands: 'customer_balance_transaction',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toCustomerBalanceTransaction),
  operations: { create, retrieve, update, list },
});
export { toCustomerBalanceTransaction } from './object';
