import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerProcess } from '@/e2e/support/process';
import { PUBLISHABLE_KEY, startServer } from '@/e2e/support/server';
import { addressOf, strictStripe } from '@/e2e/support/stripe';

let server: ServerProcess;
let stripe: Stripe;
beforeAll(async () => {
  server = await startServer();
  stripe = strictStripe(server);
});
afterAll(() => server.stop());

/** The customer answers at the bank's page, as a browser would send it. */
async function answer(intent: Stripe.SetupIntent, how: 'complete' | 'fail'): Promise<URL> {
  const page = intent.next_action?.redirect_to_url?.url ?? '';
  const { pathname } = new URL(page);
  const response = await fetch(`http://127.0.0.1:${server.port}${pathname}/${how}`, {
    method: 'POST',
    redirect: 'manual',
  });
  expect(response.status).toBe(303);
  return new URL(response.headers.get('location') ?? '');
}

describe('setup intents through the official SDK', () => {
  it('saves a card from a browser, to be charged when its holder is away', async () => {
    const customer = await stripe.customers.create();
    const intent = await stripe.setupIntents.create({ customer: customer.id });
    expect(intent).toMatchObject({ status: 'requires_payment_method', usage: 'off_session' });

    const browser = new Stripe(PUBLISHABLE_KEY, addressOf(server));
    const card = { number: '4000002500003155', exp_month: 1, exp_year: 2035, cvc: '123' };
    const method = await browser.paymentMethods.create({ type: 'card', card });
    // As Stripe.js sends it: the SDK for servers has no name for the secret.
    const inBrowser: Stripe.SetupIntentConfirmParams & { client_secret: string | null } = {
      client_secret: intent.client_secret,
      payment_method: method.id,
      mandate_data: {
        customer_acceptance: {
          type: 'online',
          online: { ip_address: '203.0.113.7', user_agent: 'x' },
        },
      },
      return_url: 'https://shop.example/account',
    };
    const challenged = await browser.setupIntents.confirm(intent.id, inBrowser);
    expect(challenged).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'redirect_to_url' },
    });
    const back = await answer(challenged, 'complete');
    expect(Object.fromEntries(back.searchParams)).toEqual({
      setup_intent: intent.id,
      setup_intent_client_secret: intent.client_secret,
      redirect_status: 'succeeded',
    });

    const saved = await stripe.setupIntents.retrieve(intent.id, {
      expand: ['customer', 'latest_attempt', 'mandate', 'payment_method'],
    });
    expect(saved).toMatchObject({
      status: 'succeeded',
      customer: { object: 'customer', id: customer.id },
      latest_attempt: {
        object: 'setup_attempt',
        status: 'succeeded',
        payment_method_details: { card: { three_d_secure: { result: 'authenticated' } } },
      },
      mandate: { object: 'mandate', status: 'active' },
      payment_method: { object: 'payment_method', customer: customer.id },
    });
    const { id } = saved.payment_method as Stripe.PaymentMethod;
    const payment = await stripe.paymentIntents.create({
      amount: 1000,
      currency: 'gbp',
      customer: customer.id,
      payment_method: id,
      confirm: true,
      off_session: true,
    });
    expect(payment.status).toBe('succeeded');
    const attempts = await stripe.setupAttempts.list({ setup_intent: intent.id });
    expect(attempts.data).toHaveLength(1);
    const mandate = await stripe.mandates.retrieve((saved.mandate as Stripe.Mandate).id);
    expect(mandate.payment_method).toBe(id);
  });

  it('tells a decline as a card error with the whole intent in it', async () => {
    const declined = stripe.setupIntents.create({
      payment_method: 'pm_card_visa_chargeDeclined',
      confirm: true,
    });
    await expect(declined).rejects.toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'generic_decline',
      setup_intent: { object: 'setup_intent', status: 'requires_payment_method' },
    });
  });

  it('keeps the intent open where its holder could not be authenticated', async () => {
    const challenged = await stripe.setupIntents.create({
      payment_method: 'pm_card_threeDSecure2Required',
      confirm: true,
      return_url: 'https://shop.example/account',
    });
    const back = await answer(challenged, 'fail');
    expect(back.searchParams.get('redirect_status')).toBe('failed');
    const failed = await stripe.setupIntents.retrieve(challenged.id);
    expect(failed.last_setup_error?.code).toBe('setup_intent_authentication_failure');
    const updated = await stripe.setupIntents.update(failed.id, { description: 'Second try' });
    expect(updated.description).toBe('Second try');
    const canceled = await stripe.setupIntents.cancel(failed.id, {
      cancellation_reason: 'abandoned',
    });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    await expect(stripe.setupIntents.confirm(failed.id)).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      code: 'setup_intent_unexpected_state',
    });
  });

  it('says what happened in events, in order', async () => {
    const intent = await stripe.setupIntents.create({
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    const listed = await stripe.setupIntents.list({ limit: 1 });
    expect(listed.data[0]?.id).toBe(intent.id);
    const events = await stripe.events.list({ limit: 2 });
    expect(events.data.map(({ type }) => type)).toEqual([
      'setup_intent.succeeded',
      'setup_intent.created',
    ]);
  });
});
