import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

describe('plans through the official SDK', () => {
  it('are prices under their older name', async () => {
    const plan = await stripe.plans.create({
      id: 'gold-monthly',
      amount: 1200,
      currency: 'gbp',
      interval: 'month',
      product: { name: 'Gold' },
      expand: ['product'],
    });
    expect(plan).toMatchObject({
      id: 'gold-monthly',
      amount: 1200,
      product: { object: 'product', name: 'Gold' },
    });
    expect(await stripe.prices.retrieve(plan.id)).toMatchObject({
      unit_amount: 1200,
      recurring: { interval: 'month' },
    });
    expect(await stripe.plans.update(plan.id, { nickname: 'Gold' })).toMatchObject({
      nickname: 'Gold',
    });
    expect((await stripe.plans.list({ limit: 1 })).data).toMatchObject([{ id: plan.id }]);
    expect(await stripe.plans.del(plan.id)).toMatchObject({ deleted: true });
    await expect(stripe.plans.retrieve(plan.id)).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });
});
