import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';
import { PUBLISHABLE_KEY } from '@/e2e/support/server';
import { strictStripe } from '@/e2e/support/stripe';

const { server, stripe } = await served();

describe('tokens through the official SDK', () => {
  it('carry a card from a browser to a payment, once', async () => {
    const browser = strictStripe(server, PUBLISHABLE_KEY);
    const token = await browser.tokens.create({
      card: { number: '5555555555554444', exp_month: '3', exp_year: '2035', cvc: '123' },
    });
    expect(token).toMatchObject({ used: false, card: { brand: 'MasterCard', last4: '4444' } });

    const payment = {
      amount: 1000,
      currency: 'gbp',
      confirm: true,
      payment_method_data: { type: 'card', card: { token: token.id } },
    } as Stripe.PaymentIntentCreateParams;
    expect((await stripe.paymentIntents.create(payment)).status).toBe('succeeded');
    expect(await stripe.tokens.retrieve(token.id)).toMatchObject({ used: true });
    await expect(stripe.paymentIntents.create(payment)).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'token_already_used',
    });
  });

  it('save a card with a customer the older way', async () => {
    const customer = await stripe.customers.create({ source: 'tok_visa' });
    const { data } = await stripe.customers.listPaymentMethods(customer.id);
    expect(data).toMatchObject([{ card: { brand: 'visa', last4: '4242' } }]);
  });
});
