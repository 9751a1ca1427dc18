import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

/** Money that is available at once. */
const earn = (amount: number) =>
  stripe.paymentIntents.create({
    amount,
    currency: 'gbp',
    confirm: true,
    payment_method: 'pm_card_bypassPending',
  });

describe('payouts through the official SDK', () => {
  it('take what is available, and arrive', async () => {
    await expect(stripe.payouts.create({ amount: 100, currency: 'eur' })).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'balance_insufficient',
    });
    await earn(5000);
    const payout = await stripe.payouts.create({
      amount: 3000,
      currency: 'gbp',
      description: 'Week 9',
      metadata: { week: '9' },
      expand: ['balance_transaction'],
    });
    expect(payout).toMatchObject({
      status: 'pending',
      balance_transaction: { type: 'payout', net: -3000, description: 'Week 9' },
    });
    await stripe.payouts.update(payout.id, { metadata: { week: '10' } });
    await expect
      .poll(async () => (await stripe.payouts.retrieve(payout.id)).status, { timeout: 30_000 })
      .toBe('paid');
    const { data } = await stripe.payouts.list({ status: 'paid', created: { gte: 1 } });
    expect(data.map(({ id, metadata }) => [id, metadata])).toEqual([[payout.id, { week: '10' }]]);
    await expect(stripe.payouts.cancel(payout.id)).rejects.toMatchObject({ statusCode: 400 });
  });

  it('are cancelled while they are pending, and the money is available again', async () => {
    await earn(1000);
    const before = await stripe.balance.retrieve();
    const { id } = await stripe.payouts.create({ amount: 700, currency: 'gbp' });
    expect(await stripe.payouts.cancel(id)).toMatchObject({ status: 'canceled' });
    expect(await stripe.balance.retrieve()).toEqual(before);
    const { data } = await stripe.balanceTransactions.list({ payout: id });
    expect(data.map(({ type, net }) => [type, net])).toEqual([
      ['payout_cancel', 700],
      ['payout', -700],
    ]);
  });

  it('refuse what there is none of: bank accounts, and money at once', async () => {
    await expect(
      stripe.payouts.create({ amount: 100, currency: 'gbp', destination: 'ba_1' }),
    ).rejects.toMatchObject({ param: 'destination' });
    await expect(
      stripe.payouts.create({ amount: 100, currency: 'gbp', method: 'instant' }),
    ).rejects.toMatchObject({ param: 'method' });
  });
});
