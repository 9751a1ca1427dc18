import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

describe('prices through the official SDK', () => {
  it('creates one with its product, and retires it', async () => {
    const price = await stripe.prices.create({
      currency: 'GBP',
      unit_amount: 999,
      recurring: { interval: 'month' },
      product_data: { name: 'Silver plan' },
      lookup_key: 'silver',
      expand: ['product'],
    });
    expect(price).toMatchObject({
      currency: 'gbp',
      type: 'recurring',
      product: { object: 'product', name: 'Silver plan' },
    });
    const retired = await stripe.prices.update(price.id, { active: false, nickname: 'Old' });
    expect(retired).toMatchObject({ active: false, nickname: 'Old' });
    const found = await stripe.prices.list({ lookup_keys: ['silver'] });
    expect(found.data.map(({ id }) => id)).toEqual([price.id]);
  });

  it('keeps fractions of a penny exactly', async () => {
    const { id: product } = await stripe.products.create({ name: 'Request' });
    const response = await stripe.prices.create({
      currency: 'gbp',
      product,
      unit_amount_decimal: '0.05' as unknown as Stripe.Decimal,
    });
    expect(response.unit_amount).toBeNull();
    expect(String(response.unit_amount_decimal)).toBe('0.05');
  });

  it('keeps tiers, which are there when asked for', async () => {
    const { id: product } = await stripe.products.create({ name: 'Seats' });
    const price = await stripe.prices.create({
      currency: 'gbp',
      product,
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      recurring: { interval: 'month' },
      tiers: [
        { up_to: 10, unit_amount: 500 },
        { up_to: 'inf', unit_amount: 400 },
      ],
    });
    expect(price.tiers).toBeUndefined();
    const withTiers = await stripe.prices.retrieve(price.id, { expand: ['tiers'] });
    expect(withTiers.tiers).toMatchObject([{ up_to: 10 }, { up_to: null }]);
  });

  it('lists and searches, page after page', async () => {
    const { id: product } = await stripe.products.create({ name: 'Many' });
    for (const unit_amount of [1, 2, 3]) {
      await stripe.prices.create({ currency: 'gbp', product, unit_amount });
    }
    const amounts: (number | null)[] = [];
    for await (const { unit_amount } of stripe.prices.list({ product, limit: 2 })) {
      amounts.push(unit_amount);
    }
    expect(amounts).toEqual([3, 2, 1]);
    const { data } = await stripe.prices.search({ query: `product:'${product}'` });
    expect(data).toHaveLength(3);
  });
});
