import { resource } from '@/server/kernel/resource';
import { toInvoicePayment } from './object';
import { list, retrieve } from './operations';
import { findAll } from './store';

export const invoice_payments = resource({
  object: 'invoice_payment',
  expands: 'invoice_payment',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toInvoicePayment),
  operations: { retrieve, list },
});
export { invoicePayment } from './lifecycle';
export { toInvoicePayment } from './object';
export { changeRequest, giveUp, request, settle } from './payment';
export {
  findOfIntent,
  lockOfIntent,
  lockOpenOf,
  ofInvoices as findPaymentsOf,
  type InvoicePaymentRow,
} from './store';
