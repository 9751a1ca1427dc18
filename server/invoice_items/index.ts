/**
 * The verbs of an invoice item that know nothing of invoices. `server/invoices` adds the other one,
 * and is where the whole resource is put together.
 */
export {
  addItem,
  announceItem,
  insertItem,
  isDiscountable,
  removeItems,
  show as showItem,
  showAll as showItems,
  type NewInvoiceItem,
} from './add';
export { toDecimal, toPricing } from './object';
export { create, list, remove, retrieve } from './operations';
export {
  InvoiceItemId,
  lineFields,
  UNSUPPORTED as ITEM_UNSUPPORTED,
  UpdateInvoiceItem,
  type LineFields,
} from './params';
export { pricingAfter, pricingOf, type GivenPricing, type Pricing } from './pricing';
export {
  find as findItem,
  findAll as findItems,
  findOn as findItemsOn,
  findPending as pendingOf,
  findSubscription,
  lock as lockItem,
  take as takeItems,
  update as updateItem,
  type InvoiceItemRow,
} from './store';
