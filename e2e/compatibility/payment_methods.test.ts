import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';
import { PUBLISHABLE_KEY } from '@/e2e/support/server';
import { strictStripe } from '@/e2e/support/stripe';

const { server, stripe } = await served();

describe('payment methods through the official SDK', () => {
  it('saves a card made in a browser with a customer, and lets it go', async () => {
    const browser = strictStripe(server, PUBLISHABLE_KEY);
    const made = await browser.paymentMethods.create({
      type: 'card',
      card: { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123' },
      billing_details: { name: 'Ada Lovelace' },
    });
    expect(made).toMatchObject({ customer: null, card: { brand: 'visa', last4: '4242' } });

    const customer = await stripe.customers.create();
    const attached = await stripe.paymentMethods.attach(made.id, {
      customer: customer.id,
      expand: ['customer'],
    });
    expect(attached.customer).toMatchObject({ id: customer.id, object: 'customer' });

    const renamed = await stripe.paymentMethods.update(made.id, {
      billing_details: { name: '', email: 'ada@example.com' },
    });
    expect(renamed.billing_details).toMatchObject({ name: null, email: 'ada@example.com' });

    const detached = await stripe.paymentMethods.detach(made.id);
    expect(detached.customer).toBeNull();
    expect((await stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
  });

  it('lists the cards of a customer, all pages', async () => {
    const customer = await stripe.customers.create();
    for (const name of ['pm_card_visa', 'pm_card_mastercard', 'pm_card_amex']) {
      await stripe.paymentMethods.attach(name, { customer: customer.id });
    }
    const brands: (string | undefined)[] = [];
    const cards = stripe.paymentMethods.list({ customer: customer.id, type: 'card', limit: 1 });
    for await (const { card } of cards) brands.push(card?.brand);
    expect(brands).toEqual(['amex', 'mastercard', 'visa']);

    const listed = await stripe.customers.listPaymentMethods(customer.id, { limit: 2 });
    expect(listed.data).toHaveLength(2);
    const [first] = listed.data;
    const one = await stripe.customers.retrievePaymentMethod(customer.id, first?.id ?? '');
    expect(one.id).toBe(first?.id);
  });

  it('tells a bad card by its code', async () => {
    const card = { number: '4242424242424241', exp_month: 12, exp_year: 2034, cvc: '123' };
    await expect(stripe.paymentMethods.create({ type: 'card', card })).rejects.toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code: 'incorrect_number',
    });
    const customer = await stripe.customers.create();
    await expect(
      stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: customer.id }),
    ).rejects.toMatchObject({ type: 'StripeCardError', decline_code: 'generic_decline' });
  });
});
