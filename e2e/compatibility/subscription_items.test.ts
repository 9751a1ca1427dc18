import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

const priceOf = (unit_amount: number, interval: 'month' | 'week' | 'year' = 'month') =>
  stripe.prices.create({
    currency: 'gbp',
    unit_amount,
    recurring: { interval },
    product_data: { name: `At ${unit_amount}` },
  });

async function subscribed(): Promise<Stripe.Subscription> {
  const customer = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  const price = await priceOf(1_000);
  return stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
}

describe('subscription items through the official SDK', () => {
  it('are added, changed and deleted', async () => {
    const { id: subscription } = await subscribed();
    const seat = await priceOf(200);
    const added = await stripe.subscriptionItems.create({
      subscription,
      price: seat.id,
      quantity: 5,
    });
    expect(added).toMatchObject({ subscription, quantity: 5, price: { id: seat.id } });
    const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' });
    const updated = await stripe.subscriptionItems.update(added.id, {
      quantity: 7,
      discounts: [{ coupon: coupon.id }],
      metadata: { team: 'a' },
      expand: ['discounts'],
    });
    expect(updated).toMatchObject({
      quantity: 7,
      metadata: { team: 'a' },
      discounts: [{ object: 'discount', subscription_item: added.id }],
    });
    const { data } = await stripe.subscriptionItems.list({ subscription });
    expect(data.map(({ quantity }) => quantity)).toEqual([7, 1]);
    const first = data.at(-1);
    expect(await stripe.subscriptionItems.del(added.id)).toMatchObject({ deleted: true });
    await expect(stripe.subscriptionItems.del(first!.id)).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      statusCode: 400,
    });
  });

  it('have intervals of their own, if one is a multiple of the other', async () => {
    const { id: subscription } = await subscribed();
    const yearly = await priceOf(9_000, 'year');
    const item = await stripe.subscriptionItems.create({ subscription, price: yearly.id });
    const { items } = await stripe.subscriptions.retrieve(subscription);
    const [month, year] = items.data.map(
      ({ current_period_start, current_period_end }) => current_period_end - current_period_start,
    );
    expect(items.data[1]?.id).toBe(item.id);
    expect(year! / month!).toBeGreaterThan(11);
    const weekly = await priceOf(100, 'week');
    await expect(
      stripe.subscriptionItems.create({ subscription, price: weekly.id }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'items' });
  });
});
