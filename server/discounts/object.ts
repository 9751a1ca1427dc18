import type Stripe from 'stripe';
import type { DiscountRow } from './store';

const fieldsOf = (row: DiscountRow) => ({
  id: row.id,
  object: 'discount' as const,
  checkout_session: null,
  customer: row.customer,
  customer_account: null,
  invoice: row.invoice,
  invoice_item: row.invoice_item,
  promotion_code: row.promotion_code,
  source: { coupon: row.coupon, type: 'coupon' as const },
  start: row.start,
  subscription: row.subscription,
  subscription_item: row.subscription_item,
});

export const toDiscount = (row: DiscountRow): Stripe.Discount => ({
  ...fieldsOf(row),
  end: row.end,
});

export const toDeletedDiscount = (row: DiscountRow): Stripe.DeletedDiscount => ({
  ...fieldsOf(row),
  deleted: true,
});

/** A discount as others see it now: of one that was taken off, that it was. */
export const toDiscountOrDeleted = (row: DiscountRow): Stripe.Discount | Stripe.DeletedDiscount =>
  row.status === 'deleted' ? toDeletedDiscount(row) : toDiscount(row);
