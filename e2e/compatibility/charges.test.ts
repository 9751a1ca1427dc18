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

  it('expands the refunds of one, which are left out otherwise', async () => {
    const intent = await pay(900);
    const charge = String(intent.latest_charge);
    await stripe.refunds.create({ charge, amount: 200 });
    const { id } = await stripe.refunds.create({ charge, amount: 300 });
    expect((await stripe.charges.retrieve(charge)).refunds).toBeUndefined();
    const { refunds } = await stripe.charges.retrieve(charge, { expand: ['refunds'] });
    expect(refunds).toMatchObject({
      object: 'list',
      has_more: false,
      url: `/v1/charges/${charge}/refunds`,
    });
    expect(refunds?.data.map(({ amount }) => amount)).toEqual([300, 200]);
    const { data } = await stripe.paymentIntents.list({
      limit: 1,
      expand: ['data.latest_charge.refunds'],
    });
    expect(data).toMatchObject([{ latest_charge: { refunds: { data: [{ id }, {}] } } }]);
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

describe('charges without an intent through the official SDK', () => {
  it('charges a token, and a customer by its default source', async () => {
    const made = await stripe.charges.create({ amount: 900, currency: 'gbp', source: 'tok_visa' });
    expect(made).toMatchObject({ status: 'succeeded', paid: true, payment_intent: null });
    const customer = await stripe.customers.create({
      source: 'tok_mastercard',
      expand: ['default_source', 'sources'],
    });
    expect(customer.default_source).toMatchObject({ object: 'card', brand: 'MasterCard' });
    expect(customer.sources?.data).toEqual([customer.default_source]);
    const charged = await stripe.charges.create({
      amount: 500,
      currency: 'gbp',
      customer: customer.id,
    });
    expect(charged.source).toMatchObject({ brand: 'MasterCard', customer: customer.id });
  });

  it('reserves, and takes a part later', async () => {
    const held = await stripe.charges.create({
      amount: 900,
      currency: 'gbp',
      source: 'tok_visa',
      capture: false,
    });
    expect(held).toMatchObject({ captured: false, amount_captured: 0 });
    const taken = await stripe.charges.capture(held.id, { amount: 400 });
    expect(taken).toMatchObject({ captured: true, amount_captured: 400, amount_refunded: 500 });
  });

  it('tells a decline as a card error with the charge', async () => {
    const declined = stripe.charges.create({
      amount: 900,
      currency: 'gbp',
      source: 'tok_chargeDeclined',
    });
    await expect(declined).rejects.toMatchObject({
      type: 'StripeCardError',
      code: 'card_declined',
      charge: expect.stringMatching(/^ch_/),
    });
  });
});
