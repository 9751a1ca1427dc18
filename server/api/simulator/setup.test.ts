/** The bank's page where a cardholder agrees that a card is saved, and what then becomes of it. */
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { createApp } from '@/server/api/app';
import { keyFinder } from '@/server/api_keys';
import { customers } from '@/server/customers';
import { mandates } from '@/server/mandates';
import { payment_intents } from '@/server/payment_intents';
import { payment_methods } from '@/server/payment_methods';
import { setup_attempts } from '@/server/setup_attempts';
import { setup_intents } from '@/server/setup_intents';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

let world: TestWorld;
let tenant: TestTenant;
let customer: string;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  world = await createWorld();
  app = createApp({
    runtime: world.runtime,
    findKey: keyFinder(world.runtime.pool),
    isReady: async () => true,
    registry: new Registry(),
    onServed: () => undefined,
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
  customer = (await ask(tenant, customers.operations.create, {})).id;
});

const { create, confirm, cancel, retrieve, update } = setup_intents.operations;

type Creation = Parameters<typeof ask<typeof create>>[2];

/** A card whose holder is asked before it is saved, and where they are sent. */
async function challenged(over: Partial<Creation> = {}) {
  const intent = await ask(tenant, create, {
    customer,
    payment_method: 'pm_card_authenticationRequiredOnSetup',
    confirm: true,
    return_url: 'https://shop.example/saved?from=account',
    ...over,
  });
  expect(intent.status).toBe('requires_action');
  expectContract(intent);
  return {
    id: intent.id,
    secret: intent.client_secret,
    method: String(intent.payment_method),
    path: addressOf(intent),
  };
}

const addressOf = ({ next_action }: { next_action: unknown }): string =>
  new URL((next_action as { redirect_to_url: { url: string } }).redirect_to_url.url).pathname;

const post = async (path: string): Promise<Response> =>
  app.request(`http://127.0.0.1:3000${path}`, { method: 'POST' });

async function read(path: string): Promise<string> {
  const response = await app.request(`http://127.0.0.1:3000${path}`);
  return response.text();
}

const find = (id: string) => ask(tenant, retrieve, { id });

const ownerOf = async (id: string) =>
  (await ask(tenant, payment_methods.operations.retrieve, { id })).customer;

const attemptsOf = async (setup_intent: string) =>
  (await ask(tenant, setup_attempts.operations.list, { setup_intent })).data;

/** A charge while the customer is away. */
const chargeLater = (payment_method: string) =>
  ask(tenant, payment_intents.operations.create, {
    amount: 1_999,
    currency: 'gbp',
    customer,
    payment_method,
    confirm: true,
    off_session: true,
  });

const agreed = {
  customer_acceptance: {
    type: 'online' as const,
    online: { ip_address: '203.0.113.7', user_agent: 'Mozilla/5.0' },
  },
};

const mandateOf = async (id: string) =>
  ask(tenant, mandates.operations.retrieve, { id: String((await find(id)).mandate) });

describe('GET /simulator/challenge/:project/:attempt', () => {
  it('asks for consent to save the card, and of no amount', async () => {
    const { path } = await challenged();
    const page = await read(path);
    for (const text of ['3155', 'keep this card', 'Test mode']) expect(page).toContain(text);
    for (const text of ['Amount', 'Currency', '£']) expect(page).not.toContain(text);
    expect(page).toContain(`formaction="${path}/complete"`);
  });
});

describe('POST /simulator/challenge/:project/:attempt/complete', () => {
  it('saves the card and sends its holder back to the shop', async () => {
    const { id, secret, method, path } = await challenged();
    expect(await ownerOf(method)).toBeNull();
    expect(await attemptsOf(id)).toMatchObject([{ status: 'requires_action' }]);

    const response = await post(`${path}/complete`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(
      `https://shop.example/saved?from=account&setup_intent=${id}&setup_intent_client_secret=${secret}&redirect_status=succeeded`,
    );
    expect(await find(id)).toMatchObject({ status: 'succeeded', next_action: null });
    expect(await ownerOf(method)).toBe(customer);
    const [attempt] = await attemptsOf(id);
    expect(attempt).toMatchObject({
      status: 'succeeded',
      payment_method_details: {
        card: { three_d_secure: { result: 'authenticated', authentication_flow: 'challenge' } },
      },
    });
    expectContract(attempt);
    expect((await announced(tenant)).slice(1)).toEqual([
      'setup_intent.created',
      'setup_intent.requires_action',
      'payment_method.attached',
      'setup_intent.succeeded',
    ]);
    expect(await read(path)).toContain('Card saved');
  });

  it('spares 4000002500003155 any challenge for later payments off session', async () => {
    const attached = await ask(tenant, customers.operations.attachPaymentMethod, {
      id: 'pm_card_authenticationRequiredOnSetup',
      customer,
    });
    await expect(chargeLater(attached.id)).rejects.toMatchObject({
      details: { code: 'authentication_required' },
    });
    const { path } = await challenged({ payment_method: attached.id });
    await post(`${path}/complete`);
    expect(await chargeLater(attached.id)).toMatchObject({ status: 'succeeded' });
  });

  it('spares 4000002760003184 nothing: it is asked every time', async () => {
    const { method, path } = await challenged({
      payment_method: 'pm_card_authenticationRequired',
    });
    await post(`${path}/complete`);
    await expect(chargeLater(method)).rejects.toMatchObject({
      details: { code: 'authentication_required' },
    });
  });

  it.each(['pm_card_threeDSecure2Required', 'pm_card_authenticationRequiredSetupForOffSession'])(
    'saves %s once its holder was asked',
    async (payment_method) => {
      const { id, path } = await challenged({ payment_method });
      await post(`${path}/complete`);
      expect(await find(id)).toMatchObject({ status: 'succeeded' });
    },
  );

  it('lets the mandate hold from then on, until the card is detached', async () => {
    const { id, method, path } = await challenged({ mandate_data: agreed });
    expect(await mandateOf(id)).toMatchObject({ status: 'pending', payment_method: method });
    await post(`${path}/complete`);
    const mandate = await mandateOf(id);
    expect(mandate).toMatchObject({
      status: 'active',
      type: 'multi_use',
      customer_acceptance: agreed.customer_acceptance,
    });
    expectContract(mandate);
    await ask(tenant, customers.operations.detachPaymentMethod, { id: method });
    expect(await mandateOf(id)).toMatchObject({ status: 'inactive' });
    expect((await announced(tenant)).filter((type) => type.startsWith('mandate.'))).toEqual([
      'mandate.updated',
      'mandate.updated',
    ]);
  });

  it('saves nothing of a card that went to somebody else meanwhile', async () => {
    const { id, method, path } = await challenged();
    const other = await ask(tenant, customers.operations.create, {});
    await ask(tenant, customers.operations.attachPaymentMethod, { id: method, customer: other.id });
    const response = await post(`${path}/complete`);
    expect(response.headers.get('location')).toContain('redirect_status=failed');
    expect(await find(id)).toMatchObject({
      status: 'requires_payment_method',
      last_setup_error: { code: 'payment_method_unexpected_state' },
    });
    expect(await ownerOf(method)).toBe(other.id);
  });

  it('saves nothing for a customer who was deleted meanwhile', async () => {
    const { id, method, path } = await challenged({ mandate_data: agreed });
    const { mandate } = await find(id);
    await ask(tenant, customers.operations.remove, { id: customer });
    await post(`${path}/complete`);
    expect(await find(id)).toMatchObject({ status: 'requires_payment_method', mandate: null });
    expect(await ownerOf(method)).toBeNull();
    const row = await ask(tenant, mandates.operations.retrieve, { id: String(mandate) });
    expect(row.status).toBe('inactive');
  });

  it('is taken once, however often it is given', async () => {
    const { id, path } = await challenged();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) => post(`${path}/${at % 2 === 0 ? 'complete' : 'fail'}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 303));
    expect(['succeeded', 'requires_payment_method']).toContain((await find(id)).status);
    expect(await attemptsOf(id)).toHaveLength(1);
  });
});

describe('POST /simulator/challenge/:project/:attempt/fail', () => {
  it('saves nothing, says why, and leaves the intent open for another card', async () => {
    const { id, method, path } = await challenged();
    const response = await post(`${path}/fail`);
    expect(response.headers.get('location')).toContain('redirect_status=failed');
    const failed = await find(id);
    expect(failed).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      next_action: null,
      last_setup_error: {
        code: 'setup_intent_authentication_failure',
        doc_url: 'https://docs.stripe.com/error-codes#setup-intent-authentication-failure',
        type: 'invalid_request_error',
        payment_method: { id: method },
      },
    });
    expectContract(failed);
    expect(await attemptsOf(id)).toMatchObject([
      { status: 'failed', setup_error: { code: 'setup_intent_authentication_failure' } },
    ]);
    expect(await read(path)).toContain('Card not saved');

    const saved = await ask(tenant, confirm, { id, payment_method: 'pm_card_visa' });
    expect(saved).toMatchObject({ status: 'succeeded', last_setup_error: null });
    expect(await read(path)).toContain('Card saved');
  });
});

describe('a cardholder who never answers', () => {
  it('leaves the attempt abandoned when the intent is canceled, and its mandate void', async () => {
    const { id, path } = await challenged({ mandate_data: agreed });
    const mandate = await mandateOf(id);
    await ask(tenant, cancel, { id });
    expect(await attemptsOf(id)).toMatchObject([{ status: 'abandoned' }]);
    expect(await mandateOf(id)).toMatchObject({ id: mandate.id, status: 'inactive' });
    await post(`${path}/complete`);
    expect(await find(id)).toMatchObject({ status: 'canceled' });
    expect(await read(path)).toContain('The shop gave it up');
  });

  it.each([
    ['another card', { payment_method: 'pm_card_visa' }, 'requires_confirmation'],
    ['no card', { payment_method: '' }, 'requires_payment_method'],
  ])('is asked nothing more where it is to be %s', async (_what, change, status) => {
    const { id, path } = await challenged({ customer: undefined });
    expect(await ask(tenant, update, { id, ...change })).toMatchObject({
      status,
      next_action: null,
    });
    expect(await attemptsOf(id)).toMatchObject([{ status: 'abandoned' }]);
    await post(`${path}/complete`);
    expect(await find(id)).toMatchObject({ status });
    expect(await read(path)).not.toContain('<form');
  });

  it('is challenged anew where the intent is confirmed anew, at another address', async () => {
    const { id, path } = await challenged();
    const again = await ask(tenant, confirm, { id });
    expect(addressOf(again)).not.toBe(path);
    expect(await attemptsOf(id)).toMatchObject([
      { status: 'requires_action' },
      { status: 'abandoned' },
    ]);
    await post(`${path}/complete`);
    expect(await find(id)).toMatchObject({ status: 'requires_action' });
    await post(`${addressOf(again)}/complete`);
    expect(await find(id)).toMatchObject({ status: 'succeeded' });
  });
});
