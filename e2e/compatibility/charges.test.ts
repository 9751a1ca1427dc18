import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

const pay = (amount: number, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({
    amount,
    currency: 'gbp',
    confirm: true,
    payment_method: 'pm_card_visa',
    ...more,
  });

describe('charges through the official SDK', () => {
  it('retrieves a charge with all that belongs to it', async () => {
    const intent = await pay(2500, { description: 'Tea', metadata: { order: '1' } });
    const charge = await stripe.charges.retrieve(String(intent.latest_charge), {
      expand: ['payment_intent', 'balance_transaction'],
    });
    expect(charge).toMatchObject({
      amount: 2500,
      amount_captured: 2500,
      captured: true,
      paid: true,
      description: 'Tea',
      metadata: { order: '1' },
      payment_intent: { id: intent.id, object: 'payment_intent' },
      balance_transaction: { amount: 2500, type: 'charge' },
    });
  });

  it('changes what is noted about one', async () => {
    const { latest_charge } = await pay(100);
    const noted = await stripe.charges.update(String(latest_charge), {
      description: 'Looked at',
      metadata: { reviewed: 'yes' },
      fraud_details: { user_report: 'safe' },
    });
    expect(noted).toMatchObject({
      description: 'Looked at',
      metadata: { reviewed: 'yes' },
      fraud_details: { user_report: 'safe' },
    });
  });

  it('lists the attempts of a payment and searches among all', async () => {
    const intent = await stripe.paymentIntents.create({ amount: 3100, currency: 'gbp' });
    await expect(
      stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_chargeDeclined' }),
    ).rejects.toMatchObject({ type: 'StripeCardError' });
    await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_mastercard' });

    const statuses: string[] = [];
    const attempts = stripe.charges.list({ payment_intent: intent.id, limit: 1 });
    for await (const { status } of attempts) statuses.push(status);
    expect(statuses).toEqual(['succeeded', 'failed']);
    const { data } = await stripe.charges.search({ query: "amount:3100 AND status:'failed'" });
    expect(data).toMatchObject([{ failure_code: 'card_declined', paid: false }]);
  });

  it('does not know a charge that is not there', async () => {
    await expect(stripe.charges.retrieve('ch_none')).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'resource_missing',
      statusCode: 404,
    });
  });
});
