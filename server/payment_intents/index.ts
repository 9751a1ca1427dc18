import { resource } from '@/server/kernel/resource';
import { toPaymentIntent } from './object';
import { cancel, capture, confirm, create, list, retrieve, search, update } from './operations';
import { findAll } from './store';

export const payment_intents = resource({
  object: 'payment_intent',
  expands: 'payment_intent',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toPaymentIntent),
  operations: { create, retrieve, update, confirm, capture, cancel, list, search },
});

export { findChallenge, resume, type PaymentChallenge } from './challenge';
export { answerOfIntent, concludeAuthorization, concludeCancel, concludeCapture } from './conclude';
export {
  cancelForInvoice,
  changeAmount,
  confirmForInvoice,
  createForInvoice,
  isPayable,
  referTo,
  type InvoicedPayment,
} from './invoiced';
export { paymentIntent } from './lifecycle';
export { clientSecretOf, toPaymentIntent } from './object';
export {
  find as findPaymentIntent,
  findAll as findPaymentIntents,
  lock as lockPaymentIntent,
  type PaymentIntentRow,
} from './store';
