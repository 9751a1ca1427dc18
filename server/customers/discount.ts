/**
 * The discount of a customer is on everything that is billed to it and has none of its own. It has
 * one at most, and giving it another takes the first away.
 */
import { z } from 'zod';
import {
  attachDiscounts,
  detachDiscounts,
  findDiscounts,
  goesOneWay,
  isAtWork,
  spend,
  toDeletedDiscount,
  toDiscount,
  type DiscountRow,
} from '@/server/discounts';
import type { Scope, Tx } from '@/server/kernel/context';
import { discountMissing } from '@/server/kernel/errors';
import { unix } from '@/server/kernel/object';
import { command } from '@/server/kernel/operation';
import { id } from '@/server/kernel/params';
import { onClock } from '@/server/test_clocks';
import { toCustomer } from './object';
import { lockCustomer, lockUnmoved } from './require';
import * as store from './store';

const GiveDiscount = z
  .strictObject({
    ...id,
    coupon: z.string().min(1).optional(),
    promotion_code: z.string().min(1).optional(),
  })
  .superRefine(goesOneWay);
const RemoveDiscount = z.strictObject(id);

/**
 * Ours. Stripe's dashboard gives customers discounts as well, but since `2025-03-31.basil` its API
 * can only read and remove them.
 */
export const giveDiscount = command({
  route: 'POST /v1/customers/:id/discount',
  answers: 'discount',
  summary: 'Gives a customer a discount, by a coupon or a promotion code.',
  input: GiveDiscount,
  async run(given, { id, ...way }) {
    const before = await lockUnmoved(given, id);
    const tx = await onClock(given, before.test_clock);
    const terms = { currency: null, before: ownOf(before), param: null };
    const row = await change(tx, before, () => attachDiscounts(tx, [way], { customer: id }, terms));
    const discount = await findDiscount(tx, row);
    if (discount === null) throw new Error(`The discount of ${id} is not there.`);
    return toDiscount(discount);
  },
});

export const removeDiscount = command({
  route: 'DELETE /v1/customers/:id/discount',
  answers: 'discount',
  summary: 'Takes the discount off a customer.',
  input: RemoveDiscount,
  async run(given, { id }) {
    const before = await lockUnmoved(given, id);
    const tx = await onClock(given, before.test_clock);
    const discount = await findDiscount(tx, before);
    if (discount === null) throw discountMissing('customer', id);
    await change(tx, before, async () => {
      await detachDiscounts(tx, [discount.id]);
      return [];
    });
    return toDeletedDiscount(discount);
  },
});

/**
 * After an invoice was made with the discount that it inherited from the customer: takes it off, if
 * it was for one invoice only or has ended. `tx` is on the customer's clock.
 *
 * @returns the customer as it then is, locked where it has a discount.
 */
export async function spendDiscount(
  tx: Tx,
  customer: store.CustomerRow,
): Promise<store.CustomerRow> {
  if (customer.discount === null) return customer;
  const before = await lockCustomer(tx, customer.id);
  return change(tx, before, () => spend(tx, ownOf(before)));
}

const ownOf = ({ discount }: store.CustomerRow): string[] => (discount === null ? [] : [discount]);

/** Where it is at work at the time of the scope. */
async function findDiscount(scope: Scope, row: store.CustomerRow): Promise<DiscountRow | null> {
  const [discount] = await findDiscounts(scope, ownOf(row));
  return discount !== undefined && isAtWork(discount, unix(scope.now)) ? discount : null;
}

/** Announces `customer.updated` where `work` leaves the customer another discount, or none. */
async function change(
  tx: Tx,
  before: store.CustomerRow,
  work: () => Promise<string[]>,
): Promise<store.CustomerRow> {
  // As it was before the work, which may be to delete the discount.
  const was = await toCustomer(tx, before);
  const [discount = null] = await work();
  if (discount === before.discount) return before;
  const row = store.update(tx, before, { discount });
  await tx.announce('customer.updated', await toCustomer(tx, row), was);
  return row;
}
