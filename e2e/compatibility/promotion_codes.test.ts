import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

const codeFor = async (
  terms: Omit<Stripe.PromotionCodeCreateParams, 'promotion'> = {},
): Promise<Stripe.PromotionCode> => {
  const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
  return stripe.promotionCodes.create({
    ...terms,
    promotion: { type: 'coupon', coupon: coupon.id },
    expand: ['promotion.coupon'],
  });
};

describe('promotion codes through the official SDK', () => {
  it('are what customers type, in whatever case', async () => {
    const code = await codeFor({ code: 'FRIENDS', metadata: { a: '1' } });
    expect(code).toMatchObject({
      code: 'FRIENDS',
      active: true,
      promotion: { type: 'coupon', coupon: { object: 'coupon', percent_off: 50 } },
    });
    const found = await stripe.promotionCodes.list({ code: 'friends', active: true });
    expect(found.data.map(({ id }) => id)).toEqual([code.id]);
    const off = await stripe.promotionCodes.update(code.id, { active: false });
    expect(off.active).toBe(false);
    expect(await stripe.promotionCodes.retrieve(code.id)).toMatchObject({ active: false });
  });

  it('are redeemed by a subscription, once where it is so', async () => {
    const price = await stripe.prices.create({
      currency: 'gbp',
      unit_amount: 1_000,
      recurring: { interval: 'month' },
      product_data: { name: 'Gold' },
    });
    const code = await codeFor({
      max_redemptions: 1,
      restrictions: { first_time_transaction: true },
    });
    const subscribe = async () => {
      const customer = await stripe.customers.create({
        payment_method: 'pm_card_visa',
        invoice_settings: { default_payment_method: 'pm_card_visa' },
      });
      return stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: price.id }],
        discounts: [{ promotion_code: code.id }],
        expand: ['discounts.promotion_code', 'latest_invoice'],
      });
    };
    const subscription = await subscribe();
    expect(subscription).toMatchObject({
      discounts: [{ promotion_code: { id: code.id, times_redeemed: 1, active: false } }],
      latest_invoice: { total: 500, status: 'paid' },
    });
    await expect(subscribe()).rejects.toMatchObject({ statusCode: 400 });
  });

  it('take the coupon as clients of older versions name it', async () => {
    const { id: coupon } = await stripe.coupons.create({ percent_off: 10, duration: 'once' });
    const older = { coupon } as unknown as Stripe.PromotionCodeCreateParams;
    expect(await stripe.promotionCodes.create(older)).toMatchObject({ promotion: { coupon } });
    await expect(
      stripe.promotionCodes.create({} as Stripe.PromotionCodeCreateParams),
    ).rejects.toMatchObject({ code: 'parameter_missing', param: 'promotion' });
  });
});
