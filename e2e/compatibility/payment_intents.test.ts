import { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';
import { PUBLISHABLE_KEY } from '@/e2e/support/server';
import { addressOf } from '@/e2e/support/stripe';

const { server, stripe } = await served();

const tenPounds = { amount: 1000, currency: 'gbp' };
const paidByCard = { ...tenPounds, confirm: true, payment_method: 'pm_card_visa' };

describe('payment intents through the official SDK', () => {
  it('takes a payment in steps, the last of them from a browser', async () => {
    const customer = await stripe.customers.create();
    const intent = await stripe.paymentIntents.create({ ...tenPounds, customer: customer.id });
    expect(intent.status).toBe('requires_payment_method');
    const raised = await stripe.paymentIntents.update(intent.id, { amount: 1200 });
    expect(raised).toMatchObject({ amount: 1200, metadata: {} });

    // A browser is shown less of an intent than the SDK's type for servers has.
    const browser = new Stripe(PUBLISHABLE_KEY, addressOf(server));
    const card = { number: '4242424242424242', exp_month: 1, exp_year: 2035, cvc: '123' };
    const method = await browser.paymentMethods.create({ type: 'card', card });
    // As Stripe.js sends it: the SDK for servers has no name for the secret.
    const inBrowser: Stripe.PaymentIntentConfirmParams & { client_secret: string | null } = {
      client_secret: intent.client_secret,
      payment_method: method.id,
    };
    const confirmed = await browser.paymentIntents.confirm(intent.id, inBrowser);
    expect(confirmed.status).toBe('succeeded');
    const paid = await stripe.paymentIntents.retrieve(intent.id, {
      expand: ['customer', 'payment_method', 'latest_charge.balance_transaction'],
    });
    expect(paid).toMatchObject({
      amount_received: 1200,
      customer: { id: customer.id, object: 'customer' },
      payment_method: { object: 'payment_method', card: { last4: '4242' } },
      latest_charge: { balance_transaction: { object: 'balance_transaction', amount: 1200 } },
    });
  });

  it('reserves the money first and takes a part of it later', async () => {
    const held = await stripe.paymentIntents.create({ ...paidByCard, capture_method: 'manual' });
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 1000 });
    const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 700 });
    expect(taken).toMatchObject({
      status: 'succeeded',
      amount_received: 700,
      amount_capturable: 0,
    });
  });

  it('gives up a reservation', async () => {
    const held = await stripe.paymentIntents.create({ ...paidByCard, capture_method: 'manual' });
    const canceled = await stripe.paymentIntents.cancel(held.id, {
      cancellation_reason: 'requested_by_customer',
    });
    expect(canceled).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'requested_by_customer',
    });
  });

  it('tells a decline as a card error with the whole intent in it', async () => {
    const declined = stripe.paymentIntents.create({
      ...paidByCard,
      payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    });
    await expect(declined).rejects.toMatchObject({
      type: 'StripeCardError',
      rawType: 'card_error',
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      charge: expect.stringMatching(/^ch_/),
      payment_method: { object: 'payment_method' },
      payment_intent: {
        object: 'payment_intent',
        status: 'requires_payment_method',
        last_payment_error: { decline_code: 'insufficient_funds' },
      },
    });
  });

  it('asks for a challenge where the bank wants one', async () => {
    const intent = await stripe.paymentIntents.create({
      ...paidByCard,
      payment_method: 'pm_card_threeDSecure2Required',
      return_url: 'https://example.com/done',
    });
    expect(intent).toMatchObject({
      status: 'requires_action',
      next_action: {
        type: 'redirect_to_url',
        redirect_to_url: { return_url: 'https://example.com/done' },
      },
    });
  });

  it('executes a request once however often it arrives with one key', async () => {
    const idempotencyKey = 'order-1042';
    const first = await stripe.paymentIntents.create(paidByCard, { idempotencyKey });
    const again = await stripe.paymentIntents.create(paidByCard, { idempotencyKey });
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect({ ...again, lastResponse: null }).toEqual({ ...first, lastResponse: null });
    await expect(
      stripe.paymentIntents.create({ ...paidByCard, amount: 1 }, { idempotencyKey }),
    ).rejects.toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
  });

  it('takes what clients send out of habit', async () => {
    const habits: Stripe.PaymentIntentCreateParams & { payment_method_types: string[] } = {
      amount: 1000,
      currency: 'GBP',
      off_session: false,
      payment_method_types: ['card'],
    };
    const intent = await stripe.paymentIntents.create(habits);
    expect(intent).toMatchObject({ currency: 'gbp', payment_method_types: ['card'] });
    const oldFashioned = await stripe.paymentIntents.create({
      ...paidByCard,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      description: 'One cup',
      metadata: { order: '7' },
    });
    expect(oldFashioned.status).toBe('succeeded');
  });

  it('lists and searches, page after page', async () => {
    const customer = (await stripe.customers.create()).id;
    for (const amount of [100, 200, 300]) {
      await stripe.paymentIntents.create({ ...paidByCard, amount, metadata: { run: 'search' } });
      await stripe.paymentIntents.create({ ...tenPounds, amount, customer });
    }
    const listed: number[] = [];
    const ofCustomer = stripe.paymentIntents.list({ customer, limit: 2 });
    for await (const { amount } of ofCustomer) listed.push(amount);
    expect(listed).toEqual([300, 200, 100]);
    const found: number[] = [];
    const query = "status:'succeeded' AND metadata['run']:'search' AND amount>100";
    for await (const { amount } of stripe.paymentIntents.search({ query, limit: 1 })) {
      found.push(amount);
    }
    expect(found.sort()).toEqual([200, 300]);
  });

  it('says in which state an action is impossible', async () => {
    const { id } = await stripe.paymentIntents.create(paidByCard);
    for (const action of ['capture', 'cancel', 'confirm'] as const) {
      await expect(stripe.paymentIntents[action](id)).rejects.toMatchObject({
        type: 'StripeInvalidRequestError',
        code: 'payment_intent_unexpected_state',
        payment_intent: { id, status: 'succeeded' },
      });
    }
    await expect(stripe.paymentIntents.create({ ...tenPounds, amount: 0 })).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      param: 'amount',
    });
  });
});
