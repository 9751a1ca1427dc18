import { resource } from '@/server/kernel/resource';
import { toPaymentMethod } from './object';
import { create, list, retrieve, update } from './operations';
import { findAll } from './store';

export const payment_methods = resource({
  object: 'payment_method',
  expands: 'payment_method',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toPaymentMethod),
  operations: { create, retrieve, update, list },
});
export { createFromData, fromToken } from './create';
export { toPaymentMethod } from './object';
export { filters as paymentMethodFilters, PaymentMethodData } from './params';
export {
  find as findPaymentMethod,
  lockOf as lockPaymentMethodsOf,
  page as pageOfPaymentMethods,
  type PaymentMethodRow,
} from './store';
export {
  attachTo,
  chooseMethod,
  detach,
  expectAttachable,
  lockPaymentMethod,
  recordChecks,
  requirePaymentMethod,
  requireUsable,
  useUp,
} from './use';
