import { resource } from '@/server/kernel/resource';
import { captureCharge, createCharge } from './direct';
import { toPaymentIntent } from './object';
import {
  cancel,
  capture,
  confirm,
  create,
  incrementAuthorization,
  list,
  retrieve,
  search,
  update,
} from './operations';
import { findAll } from './store';

export const payment_intents = resource({
  object: 'payment_intent',
  expands: 'payment_intent',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toPaymentIntent),
  operations: {
    create,
    retrieve,
    update,
    confirm,
    capture,
    incrementAuthorization,
    cancel,
    list,
    search,
    createCharge,
    captureCharge,
  },
});

export { findChallenge, resume, type PaymentChallenge } from './challenge';
export {
  answerOfIntent,
  concludeAuthorization,
  concludeCancel,
  concludeCapture,
  concludeIncrement,
  lockPaid,
} from './conclude';
export {
  cancelForInvoice,
  changeAmount,
  confirmForInvoice,
  createForInvoice,
  isPayable,
  referTo,
  type InvoicedPayment,
} from './invoiced';
export { expire } from './expire';
export { paymentIntent } from './lifecycle';
export { clientSecretOf, toPaymentIntent } from './object';
export {
  find as findPaymentIntent,
  findAll as findPaymentIntents,
  claim as claimPaymentIntents,
  lock as lockPaymentIntent,
  findExpiring,
  type PaymentIntentRow,
} from './store';
