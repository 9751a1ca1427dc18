import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

describe('confirmation tokens through the official SDK', () => {
  it('carry what a page has collected to a payment', async () => {
    const token = await stripe.testHelpers.confirmationTokens.create({
      payment_method: 'pm_card_mastercard',
      return_url: 'https://example.com/back',
      shipping: { name: 'Ada', address: { line1: '1 High Street', country: 'GB' } },
    });
    expect(await stripe.confirmationTokens.retrieve(token.id)).toMatchObject({
      payment_intent: null,
      payment_method_preview: { card: { brand: 'mastercard' } },
    });
    const paid = await stripe.paymentIntents.create({
      amount: 1000,
      currency: 'gbp',
      confirm: true,
      confirmation_token: token.id,
    });
    expect(paid).toMatchObject({ status: 'succeeded', shipping: { name: 'Ada' } });
    expect(await stripe.confirmationTokens.retrieve(token.id)).toMatchObject({
      payment_intent: paid.id,
    });
    const other = await stripe.setupIntents.create();
    await expect(
      stripe.setupIntents.confirm(other.id, { confirmation_token: token.id }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'confirmation_token' });
  });

  it('say nothing of instalments, which are not here', async () => {
    await expect(
      stripe.testHelpers.confirmationTokens.create({
        payment_method: 'pm_card_visa',
        payment_method_options: { card: { installments: { plan: { type: 'fixed_count' } } } },
      }),
    ).rejects.toMatchObject({ code: 'parameter_unknown', param: 'payment_method_options' });
  });
});
