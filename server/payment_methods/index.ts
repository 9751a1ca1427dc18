import { resource } from '@/server/kernel/resource';
import { toPaymentMethod } from './object';
import { list, retrieve, update } from './operations';
import { findAll } from './store';

export const payment_methods = resource({
  object: 'payment_method',
  expands: 'payment_method',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toPaymentMethod),
  operations: { retrieve, update, list },
});
export { createFromData, createVerified, fromToken, mergeBillingDetails } from './create';
export { isSource, toPaymentMethod, toSource } from './object';
export {
  filters as paymentMethodFilters,
  PaymentMethodData,
  UNSUPPORTED as UNSUPPORTED_ON_CREATE,
} from './params';
export {
  find as findPaymentMethod,
  findAll as findPaymentMethods,
  lockOf as lockPaymentMethodsOf,
  page as pageOfPaymentMethods,
  pageOfSources,
  sourcesOf,
  update as updatePaymentMethod,
  type PaymentMethodRow,
} from './store';
export {
  attachTo,
  chooseMethod,
  detach,
  expectAttachable,
  lockPaymentMethod,
  recordAgreement,
  recordChecks,
  requirePaymentMethod,
  requireUsable,
  useUp,
} from './use';
