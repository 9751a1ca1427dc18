import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

const pay = (amount: number) =>
  stripe.paymentIntents.create({
    amount,
    currency: 'gbp',
    confirm: true,
    payment_method: 'pm_card_visa',
  });

describe('refunds through the official SDK', () => {
  it('gives back a part, then the rest, and then no more', async () => {
    const intent = await pay(1000);
    const part = await stripe.refunds.create({
      payment_intent: intent.id,
      amount: 400,
      reason: 'requested_by_customer',
      metadata: { ticket: '9' },
      expand: ['charge', 'balance_transaction'],
    });
    expect(part).toMatchObject({
      status: 'succeeded',
      amount: 400,
      metadata: { ticket: '9' },
      charge: { amount_refunded: 400, refunded: false },
      balance_transaction: { amount: -400, type: 'refund' },
    });
    const rest = await stripe.refunds.create({ charge: String(intent.latest_charge) });
    expect(rest.amount).toBe(600);
    expect(await stripe.charges.retrieve(String(intent.latest_charge))).toMatchObject({
      amount_refunded: 1000,
      refunded: true,
    });
    await expect(stripe.refunds.create({ payment_intent: intent.id })).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'charge_already_refunded',
    });
  });

  it('refuses to give back more than was taken', async () => {
    const intent = await pay(1000);
    await expect(
      stripe.refunds.create({ payment_intent: intent.id, amount: 1001 }),
    ).rejects.toMatchObject({ type: 'StripeInvalidRequestError', param: 'amount' });
  });

  it('lists those of a charge, all pages, and changes the metadata of one', async () => {
    const intent = await pay(600);
    const charge = String(intent.latest_charge);
    for (const amount of [100, 200, 300]) await stripe.refunds.create({ charge, amount });
    const amounts: number[] = [];
    const ids: string[] = [];
    for await (const { amount, id } of stripe.refunds.list({ charge, limit: 2 })) {
      amounts.push(amount);
      ids.push(id);
    }
    expect(amounts).toEqual([300, 200, 100]);
    const [id = ''] = ids;
    await stripe.refunds.update(id, { metadata: { a: '1', b: '2' } });
    await stripe.refunds.update(id, { metadata: { a: '' } });
    expect(await stripe.refunds.retrieve(id)).toMatchObject({ metadata: { b: '2' } });
    await expect(stripe.refunds.cancel(id)).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
    });
  });
});
