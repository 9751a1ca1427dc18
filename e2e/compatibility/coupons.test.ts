import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

describe('coupons through the official SDK', () => {
  it('are made, found, renamed and deleted', async () => {
    const product = (await stripe.products.create({ name: 'Gold' })).id;
    const coupon = await stripe.coupons.create({
      id: 'SPRING',
      name: 'Spring',
      percent_off: 33.3,
      duration: 'repeating',
      duration_in_months: 3,
      max_redemptions: 100,
      applies_to: { products: [product] },
      expand: ['applies_to'],
    });
    expect(coupon).toMatchObject({
      id: 'SPRING',
      valid: true,
      times_redeemed: 0,
      applies_to: { products: [product] },
    });
    const updated = await stripe.coupons.update('SPRING', {
      name: 'Late spring',
      metadata: { campaign: '7' },
    });
    expect(updated).toMatchObject({ name: 'Late spring', metadata: { campaign: '7' } });
    expect(updated.applies_to).toBeUndefined();
    expect((await stripe.coupons.list({ limit: 1 })).data).toMatchObject([{ id: 'SPRING' }]);
    expect(await stripe.coupons.del('SPRING')).toMatchObject({ id: 'SPRING', deleted: true });
    await expect(stripe.coupons.retrieve('SPRING')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });

  it('take an amount off in each of their currencies, as often as they may', async () => {
    const coupon = await stripe.coupons.create({
      amount_off: 500,
      currency: 'gbp',
      currency_options: { eur: { amount_off: 600 } },
      duration: 'once',
      max_redemptions: 1,
      expand: ['currency_options'],
    });
    expect(coupon.currency_options).toMatchObject({ eur: { amount_off: 600 } });
    const invoiceIn = async (currency: string) => {
      const customer = (await stripe.customers.create()).id;
      await stripe.invoiceItems.create({ customer, currency, amount: 2_000 });
      return stripe.invoices.create({
        customer,
        pending_invoice_items_behavior: 'include',
        discounts: [{ coupon: coupon.id }],
        expand: ['discounts.source.coupon'],
      });
    };
    const invoice = await invoiceIn('eur');
    expect(invoice).toMatchObject({
      currency: 'eur',
      total: 1_400,
      discounts: [{ source: { coupon: { id: coupon.id, times_redeemed: 1, valid: false } } }],
    });
    await expect(invoiceIn('gbp')).rejects.toMatchObject({
      statusCode: 400,
      code: 'coupon_expired',
    });
  });

  it('are refused where they contradict themselves, naming the parameter', async () => {
    await expect(stripe.coupons.create({ duration: 'once' })).rejects.toMatchObject({
      statusCode: 400,
    });
    await expect(
      stripe.coupons.create({ duration: 'repeating', percent_off: 10 }),
    ).rejects.toMatchObject({ param: 'duration_in_months' });
    await expect(
      stripe.coupons.create({ duration: 'once', percent_off: 101 }),
    ).rejects.toMatchObject({ param: 'percent_off' });
  });
});
