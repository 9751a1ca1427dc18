import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { customers } from '@/server/customers';
import { payment_intents } from '@/server/payment_intents';
import { payment_methods } from '@/server/payment_methods';
import { setup_intents } from '@/server/setup_intents';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { create, retrieve } from './operations';

let world: TestWorld;
let tenant: TestTenant;
let customer: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
  customer = (await ask(tenant, customers.operations.create, {})).id;
});

const SHIPPING = { name: 'Ada', address: { line1: '1 High Street', city: 'Leeds' } };

const collect = (more: Parameters<typeof ask<typeof create>>[2] = {}) =>
  ask(tenant, create, {
    payment_method_data: {
      type: 'card',
      card: { number: '5555555555554444', exp_month: 12, exp_year: 2030, cvc: '123' },
      billing_details: { name: 'Ada' },
    },
    return_url: 'https://example.com/back',
    setup_future_usage: 'off_session',
    shipping: SHIPPING,
    ...more,
  });

const intent = (more: object = {}) =>
  ask(tenant, payment_intents.operations.create, {
    amount: 1000,
    currency: 'gbp',
    customer,
    ...more,
  });

const confirm = (id: string, confirmation_token: string, more: object = {}) =>
  ask(tenant, payment_intents.operations.confirm, { id, confirmation_token, ...more });

const tokenRefused = { status: 400, details: { param: 'confirmation_token' } };

describe('POST /v1/test_helpers/confirmation_tokens', () => {
  it('shows what was collected, and can be retrieved', async () => {
    const token = await collect();
    expectContract(token);
    expect(token).toMatchObject({
      expires_at: token.created + 12 * 60 * 60,
      payment_intent: null,
      payment_method_preview: {
        type: 'card',
        card: { brand: 'mastercard', last4: '4444' },
        billing_details: { name: 'Ada' },
      },
      return_url: 'https://example.com/back',
      setup_future_usage: 'off_session',
      shipping: SHIPPING,
    });
    expect(await ask(tenant, retrieve, { id: token.id })).toEqual(token);
  });

  it('takes a payment method that is there, and one of both', async () => {
    const token = await collect({ payment_method_data: undefined, payment_method: 'pm_card_visa' });
    expect(token.payment_method_preview?.card?.last4).toBe('4242');
    await expect(collect({ payment_method: 'pm_card_visa' })).rejects.toMatchObject({
      details: { code: 'parameters_exclusive' },
    });
    await expect(collect({ payment_method_data: undefined })).rejects.toMatchObject({
      details: { code: 'parameter_missing' },
    });
  });

  it('does not know what is not there', async () => {
    await expect(ask(tenant, retrieve, { id: 'ctoken_none' })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('a payment intent that is confirmed with one', () => {
  it('gets what it carries, and the token says so', async () => {
    const token = await collect();
    const { id } = await intent();
    const paid = await confirm(id, token.id);
    expect(paid).toMatchObject({
      status: 'succeeded',
      setup_future_usage: 'off_session',
      shipping: SHIPPING,
    });
    expect(await ask(tenant, retrieve, { id: token.id })).toMatchObject({
      payment_intent: id,
      payment_method_preview: { customer },
    });
    const method = { id: String(paid.payment_method) };
    expect(await ask(tenant, payment_methods.operations.retrieve, method)).toMatchObject({
      card: { last4: '4444' },
      customer,
    });
  });

  it('can be created and confirmed at once, and only then', async () => {
    const token = await collect();
    await expect(intent({ confirmation_token: token.id })).rejects.toMatchObject(tokenRefused);
    const paid = await intent({ confirmation_token: token.id, confirm: true });
    expect(paid).toMatchObject({ status: 'succeeded', shipping: SHIPPING });
  });

  it('goes by the request where both say something', async () => {
    const token = await collect();
    const { id } = await intent();
    const paid = await confirm(id, token.id, {
      payment_method: 'pm_card_visa',
      shipping: { ...SHIPPING, name: 'Grace' },
    });
    expect(paid.shipping).toMatchObject({ name: 'Grace' });
    const method = { id: String(paid.payment_method) };
    expect(await ask(tenant, payment_methods.operations.retrieve, method)).toMatchObject({
      card: { last4: '4242' },
    });
  });

  it('returns its payer to the address that it carries', async () => {
    const token = await collect({
      payment_method_data: undefined,
      payment_method: 'pm_card_threeDSecure2Required',
    });
    const { id } = await intent();
    expect((await confirm(id, token.id)).next_action?.redirect_to_url?.return_url).toBe(
      'https://example.com/back',
    );
  });

  it('uses the token once, whoever asks at the same time', async () => {
    const token = await collect();
    const intents = await Promise.all([intent(), intent(), intent()]);
    const tries = await Promise.allSettled(intents.map(({ id }) => confirm(id, token.id)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(confirm((await intent()).id, token.id)).rejects.toMatchObject(tokenRefused);
  });

  it('refuses one that has expired, and one that is not there', async () => {
    const token = await collect();
    const { id } = await intent();
    const before = world.now;
    world.now = new Date(before.getTime() + 12 * 60 * 60 * 1000);
    await expect(confirm(id, token.id)).rejects.toMatchObject(tokenRefused);
    world.now = before;
    await expect(confirm(id, 'ctoken_none')).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'confirmation_token' },
    });
  });
});

describe('a setup intent that is confirmed with one', () => {
  it('saves the card that it carries, for what it says', async () => {
    const token = await collect({ setup_future_usage: 'on_session' });
    const saved = await ask(tenant, setup_intents.operations.create, {
      customer,
      confirmation_token: token.id,
      confirm: true,
    });
    expect(saved).toMatchObject({ status: 'succeeded', usage: 'on_session' });
    expect(await ask(tenant, retrieve, { id: token.id })).toMatchObject({
      payment_intent: null,
      setup_intent: saved.id,
    });
    const { id } = await ask(tenant, setup_intents.operations.create, { customer });
    await expect(
      ask(tenant, setup_intents.operations.confirm, { id, confirmation_token: token.id }),
    ).rejects.toMatchObject(tokenRefused);
  });
});
