import * as items from '@/server/invoice_items';
import { resource } from '@/server/kernel/resource';
import { create } from './create';
import { includeConfirmationSecret, includePayments } from './includes';
import { updateInvoiceItem } from './items';
import { addLines, listLines, removeLines, updateLine, updateLines } from './lines';
import {
  finalize as finalizeInvoice,
  list,
  markUncollectible as markUncollectibleInvoice,
  remove,
  retrieve,
  search,
  send,
  voidOne,
} from './operations';
import { attachPayment, pay } from './pay';
import { toInvoices } from './show';
import { findAll } from './store';
import { update } from './update';

export const invoices = resource({
  object: 'invoice',
  expands: 'invoice',
  load: async (scope, ids) => toInvoices(scope, await findAll(scope, ids)),
  includes: { confirmation_secret: includeConfirmationSecret, payments: includePayments },
  operations: {
    create,
    search,
    retrieve,
    update,
    remove,
    list,
    finalize: finalizeInvoice,
    send,
    pay,
    attachPayment,
    void: voidOne,
    markUncollectible: markUncollectibleInvoice,
    listLines,
    addLines,
    updateLines,
    removeLines,
    updateLine,
  },
});

/** Invoice items, put together from both folders. */
export const invoice_items = resource({
  object: 'invoiceitem',
  expands: 'invoiceitem',
  load: async (scope, ids) => items.showItems(scope, await items.findItems(scope, ids)),
  operations: {
    create: items.create,
    retrieve: items.retrieve,
    update: updateInvoiceItem,
    remove: items.remove,
    list: items.list,
  },
});

export { markUncollectible, voidInvoice } from './close';
export { collect, methodFor, methodMissing, type Collection } from './collect';
export { compose, draft, NO_PAYMENT_SETTINGS, type Composed, type NewInvoice } from './compose';
export { dueInvoices } from './due';
export { creditNote, restoreNote } from './credit';
export { openInvoice } from './edit';
export { assertAccountTaxIds } from './fields';
export { finalize } from './finalize';
export { change as changeInvoice, invoice, markPaid } from './lifecycle';
export { addToDraft, removeFromDraft } from './items';
export type { NewLine } from './line';
export { findHosted, payHosted, type HostedInvoice } from './hosted';
export { LINES_SHOWN, showInvoice, toLine } from './object';
export {
  claimIfThere as claimInvoiceIfThere,
  lockIfThere as lockInvoiceIfThere,
  lockInvoice,
  lockUnfinishedOf,
} from './payment';
export {
  dropPayment,
  noteAction,
  noteFailure,
  retryForCustomer,
  retryForSubscription,
  takePayment,
} from './reactions';
export { toInvoice, toInvoices } from './show';
export {
  find as findInvoice,
  findAll as findInvoices,
  linesOf,
  type InvoiceRow,
  type LineRow,
} from './store';
export { computeTotals, type LineToCompute, type Totals } from './totals';
