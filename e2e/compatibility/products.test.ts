import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

describe('products through the official SDK', () => {
  it('creates one with its price, changes and deletes it', async () => {
    const product = await stripe.products.create({
      name: 'Gold plan',
      default_price_data: { currency: 'gbp', unit_amount: 1500, recurring: { interval: 'month' } },
      expand: ['default_price'],
    });
    expect(product.default_price).toMatchObject({ object: 'price', unit_amount: 1500 });

    const changed = await stripe.products.update(product.id, {
      description: 'All of it',
      metadata: { tier: 'gold' },
      images: ['https://example.com/gold.png'],
    });
    expect(changed).toMatchObject({ description: 'All of it', metadata: { tier: 'gold' } });
    const cleared = await stripe.products.update(product.id, { description: '', images: '' });
    expect(cleared).toMatchObject({ description: null, images: [] });

    const bare = await stripe.products.create({ id: 'tea', name: 'Tea' });
    expect(await stripe.products.del(bare.id)).toMatchObject({ id: 'tea', deleted: true });
  });

  it('lists and searches, page after page', async () => {
    for (const name of ['Cup', 'Mug', 'Glass']) {
      await stripe.products.create({ name, metadata: { shelf: 'kitchen' } });
    }
    const names: string[] = [];
    for await (const { name } of stripe.products.list({ active: true, limit: 2 })) names.push(name);
    expect(names.slice(0, 3)).toEqual(['Glass', 'Mug', 'Cup']);
    const { data } = await stripe.products.search({
      query: "metadata['shelf']:'kitchen' AND -name:'Mug'",
    });
    expect(data.map(({ name }) => name).sort()).toEqual(['Cup', 'Glass']);
  });

  it('refuses an id that is taken', async () => {
    await stripe.products.create({ id: 'coffee', name: 'Coffee' });
    await expect(stripe.products.create({ id: 'coffee', name: 'More' })).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'resource_already_exists',
    });
  });
});
