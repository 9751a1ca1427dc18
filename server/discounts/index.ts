import { resource } from '@/server/kernel/resource';
import { toDiscountOrDeleted } from './object';
import { findAll } from './store';

/** There is no way to ask for one by itself: what a discount is on shows it. */
export const discounts = resource({
  object: 'discount',
  expands: 'discount',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toDiscountOrDeleted),
  operations: {},
});
export { findActive, isAtWork, type ActiveDiscount } from './active';
export {
  discountAmounts,
  type Applied,
  type DiscountableLine,
  type DiscountAmount,
} from './amounts';
export {
  attachDiscounts,
  detachDiscounts,
  previewDiscounts,
  spend,
  type AttachTerms,
} from './attach';
export { toDeletedDiscount, toDiscount } from './object';
export { givenDiscounts, goesOneWay, type GivenDiscount } from './params';
export type { DiscountTarget } from './redeem';
export { findAll as findDiscounts, type DiscountRow } from './store';
