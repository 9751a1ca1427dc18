import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { charges } from '@/server/charges';
import { customers } from '@/server/customers';
import { payment_methods } from '@/server/payment_methods';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { cancel, capture, confirm, create, list, retrieve, search, update } from './operations';

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
});

const pay = (over: Partial<Parameters<typeof ask<typeof create>>[2]> = {}) =>
  ask(tenant, create, {
    amount: 999,
    currency: 'gbp',
    payment_method: 'pm_card_visa',
    confirm: true,
    ...over,
  });

describe('POST /v1/payment_intents', () => {
  it('waits for a payment method, then for confirmation, then succeeds', async () => {
    const intent = await ask(tenant, create, { amount: 999, currency: 'GBP' });
    expect(intent).toMatchObject({ status: 'requires_payment_method', currency: 'gbp' });
    expectContract(intent);

    const chosen = await ask(tenant, update, { id: intent.id, payment_method: 'pm_card_visa' });
    expect(chosen.status).toBe('requires_confirmation');

    const paid = await ask(tenant, confirm, { id: intent.id });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 999 });
    expectContract(paid);
  });

  it('pays at once when it is confirmed, and says so in order', async () => {
    const intent = await pay({ description: 'A cup', metadata: { order: '7' } });
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 999 });
    expect(await announced(tenant)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
    ]);

    const charge = await ask(tenant, charges.operations.retrieve, {
      id: String(intent.latest_charge),
    });
    expect(charge).toMatchObject({
      amount: 999,
      captured: true,
      paid: true,
      payment_intent: intent.id,
      description: 'A cup',
      metadata: { order: '7' },
    });
    expectContract(charge);
  });

  it('takes off_session=false without confirm, as clients send it', async () => {
    const intent = await ask(tenant, create, { amount: 999, currency: 'gbp', off_session: false });
    expect(intent.status).toBe('requires_payment_method');
  });

  it('saves the card with the customer where that is asked for, once it was paid with', async () => {
    const customer = await ask(tenant, customers.operations.create, {});
    const intent = await pay({ customer: customer.id, setup_future_usage: 'off_session' });
    const method = await ask(tenant, payment_methods.operations.retrieve, {
      id: String(intent.payment_method),
    });
    expect(method.customer).toBe(customer.id);
  });

  it('lets a guest use a card once', async () => {
    const intent = await pay();
    await expect(pay({ payment_method: String(intent.payment_method) })).rejects.toMatchObject({
      details: { code: 'payment_method_unexpected_state' },
    });
  });

  it('refuses less than the least chargeable amount with amount_too_small', async () => {
    await expect(pay({ amount: 29 })).rejects.toMatchObject({
      status: 400,
      details: { code: 'amount_too_small', param: 'amount' },
    });
  });

  it('refuses the card of another customer', async () => {
    const [ada, bob] = await Promise.all([
      ask(tenant, customers.operations.create, {}),
      ask(tenant, customers.operations.create, {}),
    ]);
    const saved = await pay({ customer: ada.id, setup_future_usage: 'off_session' });
    const payment_method = String(saved.payment_method);
    await expect(pay({ customer: bob.id, payment_method })).rejects.toMatchObject({ status: 400 });
    await expect(pay({ payment_method })).rejects.toMatchObject({ status: 400 });
  });

  it('refuses an unknown customer and an unknown payment method, naming the parameter', async () => {
    await expect(pay({ customer: 'cus_nobody' })).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'customer' },
    });
    await expect(pay({ payment_method: 'pm_nothing' })).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'payment_method' },
    });
  });
});

describe('a declined card', () => {
  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined],
  ])('%s is a 402 with %s and the whole intent', async (payment_method, code, decline_code) => {
    const error = await pay({ payment_method }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      status: 402,
      type: 'card_error',
      details: {
        code,
        ...(decline_code === undefined ? {} : { decline_code }),
        payment_intent: {
          object: 'payment_intent',
          status: 'requires_payment_method',
          payment_method: null,
          last_payment_error: { code },
        },
        payment_method: { object: 'payment_method' },
      },
    });
    expectContract((error as { details: { payment_intent: unknown } }).details.payment_intent);
    expect(await announced(tenant)).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
    ]);
  });

  it('leaves the intent open for another card', async () => {
    const intent = await ask(tenant, create, { amount: 999, currency: 'gbp' });
    const declined = ask(tenant, confirm, {
      id: intent.id,
      payment_method: 'pm_card_visa_chargeDeclined',
    });
    await expect(declined).rejects.toMatchObject({ status: 402 });
    const paid = await ask(tenant, confirm, { id: intent.id, payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
    const tried = await ask(tenant, charges.operations.list, { payment_intent: intent.id });
    expect(tried.data.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
  });
});

describe('POST /v1/payment_intents/:id/capture', () => {
  const authorize = () => pay({ capture_method: 'manual' });

  it('captures all that was authorized', async () => {
    const { id } = await authorize();
    const paid = await ask(tenant, capture, { id });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 999, amount_capturable: 0 });
    expect(await announced(tenant)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
      'charge.captured',
      'payment_intent.succeeded',
    ]);
  });

  it('captures less than was authorized and releases the rest', async () => {
    const { id, latest_charge } = await authorize();
    await ask(tenant, capture, { id, amount_to_capture: 600 });
    const charge = await ask(tenant, charges.operations.retrieve, { id: String(latest_charge) });
    expect(charge).toMatchObject({ amount: 999, amount_captured: 600, amount_refunded: 399 });
    expectContract(charge);
  });

  it('refuses more than was authorized with amount_too_large', async () => {
    const { id } = await authorize();
    await expect(ask(tenant, capture, { id, amount_to_capture: 1000 })).rejects.toMatchObject({
      details: { code: 'amount_too_large', param: 'amount_to_capture' },
    });
  });

  it('refuses an intent that already succeeded, naming its status', async () => {
    const { id } = await pay();
    await expect(ask(tenant, capture, { id })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('it has a status of succeeded'),
      details: { code: 'payment_intent_unexpected_state', payment_intent: { id } },
    });
  });

  it('captures once when asked 32 times at once', async () => {
    const { id } = await authorize();
    const tries = await Promise.allSettled(
      Array.from({ length: 32 }, () => ask(tenant, capture, { id })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [{ net }] = (await tenant.ctx.transaction((tx) =>
      tx.objects<{ net: number }>('select sum(net)::bigint as net from balance_transactions', []),
    )) as [{ net: number }];
    expect(net).toBe(999);
  });

  it('cannot see an intent of another project', async () => {
    const { id } = await authorize();
    const stranger = await world.project();
    await expect(ask(stranger, capture, { id })).rejects.toMatchObject({ status: 404 });
  });
});

describe('POST /v1/payment_intents/:id/cancel', () => {
  it('cancels what was not paid yet', async () => {
    const { id } = await ask(tenant, create, { amount: 999, currency: 'gbp' });
    const canceled = await ask(tenant, cancel, { id, cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    expectContract(canceled);
  });

  it('gives up an authorization at the processor', async () => {
    const { id, latest_charge } = await pay({ capture_method: 'manual' });
    const canceled = await ask(tenant, cancel, { id });
    expect(canceled).toMatchObject({ status: 'canceled', amount_capturable: 0 });
    const charge = await ask(tenant, charges.operations.retrieve, { id: String(latest_charge) });
    expect(charge).toMatchObject({ captured: false, refunded: true, amount_refunded: 999 });
  });

  it('refuses a payment that went through', async () => {
    const { id } = await pay();
    await expect(ask(tenant, cancel, { id })).rejects.toMatchObject({
      message: expect.stringContaining(
        'Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_confirmation, requires_action, requires_capture.',
      ),
    });
  });
});

describe('POST /v1/payment_intents/:id/confirm', () => {
  it('refuses an intent without a payment method', async () => {
    const { id } = await ask(tenant, create, { amount: 999, currency: 'gbp' });
    await expect(ask(tenant, confirm, { id })).rejects.toMatchObject({
      details: { code: 'payment_intent_unexpected_state', payment_intent: { id } },
    });
  });

  it('refuses a second confirmation', async () => {
    const { id } = await pay();
    await expect(ask(tenant, confirm, { id })).rejects.toThrow('has already succeeded');
  });

  it('charges once when confirmed 32 times at once', async () => {
    const { id } = await ask(tenant, create, {
      amount: 999,
      currency: 'gbp',
      payment_method: 'pm_card_visa',
    });
    const tries = await Promise.allSettled(
      Array.from({ length: 32 }, () => ask(tenant, confirm, { id })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const found = await ask(tenant, charges.operations.list, { payment_intent: id });
    expect(found.data).toHaveLength(1);
  });
});

describe('POST /v1/payment_intents/:id', () => {
  it('takes the method away again, also from one that waits for its holder', async () => {
    for (const [payment_method, status] of [
      ['pm_card_visa', 'requires_confirmation'],
      ['pm_card_threeDSecure2Required', 'requires_action'],
    ] as const) {
      const intent = await pay({ payment_method, confirm: status === 'requires_action' });
      expect(intent.status).toBe(status);
      const without = await ask(tenant, update, { id: intent.id, payment_method: '' });
      expect(without).toMatchObject({
        status: 'requires_payment_method',
        payment_method: null,
        next_action: null,
      });
    }
  });

  it('changes the amount before it is paid, and refuses it afterwards', async () => {
    const { id } = await ask(tenant, create, { amount: 999, currency: 'gbp' });
    expect(await ask(tenant, update, { id, amount: 1200 })).toMatchObject({ amount: 1200 });
    await ask(tenant, confirm, { id, payment_method: 'pm_card_visa' });
    await expect(ask(tenant, update, { id, amount: 1300 })).rejects.toMatchObject({
      message: expect.stringContaining("This PaymentIntent's amount could not be updated"),
    });
    const noted = await ask(tenant, update, { id, description: '', metadata: { a: 'b' } });
    expect(noted).toMatchObject({ description: null, metadata: { a: 'b' } });
  });
});

describe('with a publishable key', () => {
  const browser = () => ({ ctx: tenant.ctx, scope: { ...tenant.scope, publishable: true } });

  it('shows an intent to whoever knows its client secret, without what is not theirs', async () => {
    const { id, client_secret } = await ask(tenant, create, {
      amount: 999,
      currency: 'gbp',
      metadata: { internal: 'note' },
    });
    const seen = await ask(browser(), retrieve, { id, client_secret: String(client_secret) });
    expect(seen).toMatchObject({ id, amount: 999 });
    expect(seen).not.toHaveProperty('metadata');
  });

  it.each([undefined, 'pi_1_secret_wrong'])('shows nothing for the secret %s', async (secret) => {
    const { id } = await ask(tenant, create, { amount: 999, currency: 'gbp' });
    await expect(ask(browser(), retrieve, { id, client_secret: secret })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('GET /v1/payment_intents', () => {
  it('lists by customer and creation, the newest first, and searches', async () => {
    const customer = await ask(tenant, customers.operations.create, {});
    const first = await ask(tenant, create, { amount: 100, currency: 'gbp' });
    const second = await ask(tenant, create, {
      amount: 200,
      currency: 'gbp',
      customer: customer.id,
      metadata: { order: '42' },
    });
    const all = await ask(tenant, list, {});
    expect(all.data.map(({ id }) => id)).toEqual([second.id, first.id]);
    const hers = await ask(tenant, list, { customer: customer.id });
    expect(hers.data.map(({ id }) => id)).toEqual([second.id]);
    const found = await ask(tenant, search, { query: 'metadata["order"]:"42" AND amount>100' });
    expect(found.data.map(({ id }) => id)).toEqual([second.id]);
  });
});
