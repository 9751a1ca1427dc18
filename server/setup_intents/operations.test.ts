import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { customers } from '@/server/customers';
import { payment_intents } from '@/server/payment_intents';
import { payment_methods } from '@/server/payment_methods';
import type { Fault } from '@/server/processor/simulator/faults';
import { setup_attempts } from '@/server/setup_attempts';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { createForSubscription } from './create';
import { cancel, confirm, create, list, retrieve, update } from './operations';

let world: TestWorld;
let tenant: TestTenant;
let customer: string;
/** What goes wrong at the bank with the next request, and then nothing more. */
let next: Fault | undefined;

beforeAll(async () => {
  world = await createWorld({
    faults: () => {
      const fault = next;
      next = undefined;
      return fault;
    },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
  customer = (await ask(tenant, customers.operations.create, {})).id;
});

type Creation = Parameters<typeof ask<typeof create>>[2];

/** Asks for a card to be saved with the customer. */
const save = (over: Partial<Creation> = {}) =>
  ask(tenant, create, { customer, payment_method: 'pm_card_visa', confirm: true, ...over });

const methodOf = ({ payment_method }: { payment_method: unknown }) =>
  ask(tenant, payment_methods.operations.retrieve, { id: String(payment_method) });

const attemptsOf = async (setup_intent: string) =>
  (await ask(tenant, setup_attempts.operations.list, { setup_intent })).data;

/** What was announced after the customer was made. */
const told = async () => (await announced(tenant)).slice(1);

describe('POST /v1/setup_intents', () => {
  it('waits for a payment method, then for confirmation, then saves the card', async () => {
    const intent = await ask(tenant, create, { customer, metadata: { plan: 'gold' } });
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      usage: 'off_session',
      automatic_payment_methods: { allow_redirects: 'always', enabled: true },
      payment_method_types: ['card'],
      metadata: { plan: 'gold' },
      latest_attempt: null,
    });
    expectContract(intent);

    const chosen = await ask(tenant, update, { id: intent.id, payment_method: 'pm_card_visa' });
    expect(chosen.status).toBe('requires_confirmation');

    const saved = await ask(tenant, confirm, { id: intent.id });
    expect(saved).toMatchObject({ status: 'succeeded', next_action: null, last_setup_error: null });
    expectContract(saved);
  });

  it('attaches the card to its customer with what the issuer checked, and takes no money', async () => {
    const intent = await save();
    expect(await methodOf(intent)).toMatchObject({
      customer,
      card: { checks: { cvc_check: 'pass' } },
    });
    expect(await told()).toEqual([
      'setup_intent.created',
      'payment_method.attached',
      'setup_intent.succeeded',
    ]);
  });

  it('keeps the attempt, with the card as it was', async () => {
    const intent = await save({ usage: 'on_session' });
    const [attempt, ...others] = await attemptsOf(intent.id);
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({
      id: intent.latest_attempt,
      customer,
      payment_method: intent.payment_method,
      payment_method_details: { type: 'card', card: { last4: '4242', three_d_secure: null } },
      setup_error: null,
      setup_intent: intent.id,
      status: 'succeeded',
      usage: 'on_session',
    });
    expectContract(attempt);
  });

  it('verifies a card that is saved already once more', async () => {
    const first = await save();
    const again = await save({ payment_method: String(first.payment_method) });
    expect(again).toMatchObject({ status: 'succeeded', payment_method: first.payment_method });
  });

  it('leaves a card without a customer free, for its owner to attach it', async () => {
    const intent = await save({ customer: undefined });
    expect(intent.status).toBe('succeeded');
    expect((await methodOf(intent)).customer).toBeNull();
    const attached = await ask(tenant, customers.operations.attachPaymentMethod, {
      id: String(intent.payment_method),
      customer,
    });
    expect(attached.customer).toBe(customer);
  });

  it('makes the method out of what it is given', async () => {
    const intent = await save({
      payment_method: undefined,
      payment_method_data: {
        type: 'card',
        card: { number: '5555555555554444', exp_month: 12, exp_year: 2034, cvc: '123' },
        billing_details: { name: 'Ada' },
      },
      payment_method_options: { card: { request_three_d_secure: 'any' } },
      attach_to_self: false,
      flow_directions: ['inbound'],
      description: 'For later',
    });
    expect(intent).toMatchObject({
      status: 'succeeded',
      description: 'For later',
      flow_directions: ['inbound'],
      payment_method_options: { card: { request_three_d_secure: 'any' } },
    });
    expect(await methodOf(intent)).toMatchObject({
      card: { last4: '4444' },
      billing_details: { name: 'Ada' },
    });
  });

  it("refuses to keep a card for the account's own use, which is Connect's", async () => {
    await expect(save({ customer: undefined, attach_to_self: true })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('Connect'),
      details: { param: 'attach_to_self' },
    });
    expect(await save({ attach_to_self: false })).toMatchObject({ attach_to_self: false });
  });

  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined],
  ])('saves no %s, and says why', async (payment_method, code, decline_code) => {
    const refused = save({ payment_method });
    const inside = expect.objectContaining({
      status: 'requires_payment_method',
      payment_method: null,
      last_setup_error: expect.objectContaining({ code, type: 'card_error' }),
    });
    await expect(refused).rejects.toMatchObject({
      status: 402,
      type: 'card_error',
      details: { code, setup_intent: inside, payment_method: { object: 'payment_method' } },
    });
    const [intent] = (await ask(tenant, list, {})).data;
    expect(intent?.last_setup_error?.decline_code).toBe(decline_code);
    expectContract(intent);
    const [attempt] = await attemptsOf(String(intent?.id));
    expect(attempt).toMatchObject({ status: 'failed', setup_error: { code } });
    expectContract(attempt);
    expect((await methodOf({ payment_method: attempt?.payment_method })).customer).toBeNull();
    expect(await told()).toEqual(['setup_intent.created', 'setup_intent.setup_failed']);
  });

  it('takes another card after a decline', async () => {
    await expect(save({ payment_method: 'pm_card_visa_chargeDeclined' })).rejects.toThrow();
    const [declined] = (await ask(tenant, list, {})).data;
    const saved = await ask(tenant, confirm, {
      id: String(declined?.id),
      payment_method: 'pm_card_visa',
    });
    expect(saved).toMatchObject({ status: 'succeeded', last_setup_error: null });
    expect((await attemptsOf(saved.id)).map(({ status }) => status)).toEqual([
      'succeeded',
      'failed',
    ]);
  });

  it('saves 4000000000000341, whose payments fail later', async () => {
    const intent = await save({ payment_method: 'pm_card_chargeCustomerFail' });
    expect(intent.status).toBe('succeeded');
    const payment = ask(tenant, payment_intents.operations.create, {
      amount: 999,
      currency: 'gbp',
      customer,
      payment_method: String(intent.payment_method),
      confirm: true,
    });
    await expect(payment).rejects.toMatchObject({ details: { code: 'card_declined' } });
  });

  it.each([{ mandate_data: ONLINE() }, { return_url: 'https://shop.example' }])(
    'refuses %o where nothing is confirmed',
    async (confirmation) => {
      const refused = save({ confirm: false, ...confirmation });
      await expect(refused).rejects.toMatchObject({
        status: 400,
        details: { param: Object.keys(confirmation)[0] },
      });
    },
  );

  it('refuses a card of another customer, and a customer who is not there', async () => {
    const other = await ask(tenant, customers.operations.create, {
      payment_method: 'pm_card_visa',
    });
    const theirs = await ask(tenant, customers.operations.listPaymentMethods, {
      customer: other.id,
    });
    const refused = save({ payment_method: String(theirs.data[0]?.id) });
    await expect(refused).rejects.toMatchObject({
      status: 400,
      details: { param: 'payment_method' },
    });
    await expect(save({ customer: 'cus_none' })).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'customer' },
    });
  });
});

/** How a customer agreed on a page of the merchant's. */
function ONLINE() {
  return {
    customer_acceptance: {
      type: 'online' as const,
      online: { ip_address: '203.0.113.7', user_agent: 'Mozilla/5.0' },
    },
  };
}

describe('POST /v1/setup_intents/:id', () => {
  it('changes what is noted, whatever the status, and unsets by an empty string', async () => {
    const { id } = await save({ description: 'Old', metadata: { a: '1', b: '2' } });
    const row = await ask(tenant, update, { id, description: '', metadata: { a: '', c: '3' } });
    expect(row).toMatchObject({ description: null, metadata: { b: '2', c: '3' } });
    expectContract(row);
  });

  it('takes the method away again', async () => {
    const { id } = await save({ confirm: false });
    const row = await ask(tenant, update, { id, payment_method: '' });
    expect(row).toMatchObject({ status: 'requires_payment_method', payment_method: null });
  });

  it('gives the card another owner before it is saved', async () => {
    const { id } = await save({ confirm: false, customer: undefined });
    const row = await ask(tenant, update, { id, customer, flow_directions: ['outbound'] });
    expect(row).toMatchObject({ customer, flow_directions: ['outbound'] });
    await expect(ask(tenant, update, { id, attach_to_self: true })).rejects.toMatchObject({
      details: { param: 'attach_to_self' },
    });
  });

  it.each([{ payment_method: 'pm_card_visa' }, { customer: 'cus_other' }])(
    'refuses %o once the card is saved, with the intent inside',
    async (change) => {
      const { id } = await save();
      await expect(ask(tenant, update, { id, ...change })).rejects.toMatchObject({
        status: 400,
        details: { code: 'setup_intent_unexpected_state', setup_intent: { id } },
      });
    },
  );

  it('does not know what is not there', async () => {
    await expect(ask(tenant, update, { id: 'seti_none' })).rejects.toMatchObject({ status: 404 });
  });
});

describe('POST /v1/setup_intents/:id/confirm', () => {
  it('needs a payment method', async () => {
    const { id } = await ask(tenant, create, {});
    await expect(ask(tenant, confirm, { id })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining("it's missing a payment method"),
      details: { code: 'setup_intent_unexpected_state', setup_intent: { id } },
    });
  });

  it('refuses an intent that has succeeded, or was canceled', async () => {
    const { id } = await save();
    await expect(ask(tenant, confirm, { id })).rejects.toMatchObject({
      message: 'You cannot confirm this SetupIntent because it has already succeeded.',
      details: { code: 'setup_intent_unexpected_state' },
    });
    const other = await save({ confirm: false });
    await ask(tenant, cancel, { id: other.id });
    await expect(ask(tenant, confirm, { id: other.id })).rejects.toMatchObject({
      message: expect.stringContaining('it has a status of canceled'),
    });
  });

  it('asks once when it is asked 8 times at once', async () => {
    const { id } = await save({ confirm: false });
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => ask(tenant, confirm, { id })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await attemptsOf(id)).toHaveLength(1);
  });
});

describe('POST /v1/setup_intents/:id/cancel', () => {
  it('ends an intent that waits, for the reason given', async () => {
    const { id } = await save({ confirm: false });
    const row = await ask(tenant, cancel, { id, cancellation_reason: 'abandoned' });
    expect(row).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    expectContract(row);
    expect(await told()).toEqual(['setup_intent.created', 'setup_intent.canceled']);
  });

  it('refuses one that has succeeded', async () => {
    const { id } = await save();
    await expect(ask(tenant, cancel, { id })).rejects.toMatchObject({
      status: 400,
      message:
        'You cannot cancel this SetupIntent because it has a status of succeeded. Only a SetupIntent with one of the following statuses may be canceled: requires_payment_method, requires_confirmation, requires_action.',
      details: { code: 'setup_intent_unexpected_state', setup_intent: { id } },
    });
  });
});

describe('GET /v1/setup_intents', () => {
  it('lists the newest first, both ways, and by each filter', async () => {
    const saved = await save();
    const own = await ask(tenant, create, { description: 'Of nobody yet' });
    const bare = await ask(tenant, create, {});
    const ids = async (params: Parameters<typeof ask<typeof list>>[2]) =>
      (await ask(tenant, list, params)).data.map(({ id }) => id);
    expect(await ids({})).toEqual([bare.id, own.id, saved.id]);
    expect(await ids({ limit: 1, starting_after: bare.id })).toEqual([own.id]);
    expect(await ids({ limit: 1, ending_before: saved.id })).toEqual([own.id]);
    expect(await ids({ customer })).toEqual([saved.id]);
    expect(await ids({ payment_method: String(saved.payment_method) })).toEqual([saved.id]);
    expect(await ids({ attach_to_self: true })).toEqual([]);
    expect(await ids({ created: { gt: bare.created } })).toEqual([]);
  });
});

describe('with a publishable key', () => {
  const browser = () => ({
    ctx: ctxOf(world.runtime, {
      projectId: tenant.projectId,
      livemode: false,
      publishable: true,
      request: { id: 'req_1', idempotency_key: null, ip: '198.51.100.4' },
    }),
    scope: { ...tenant.scope, publishable: true },
  });

  it('shows the fields of Stripe.js to whoever has the client secret, and to nobody else', async () => {
    const { id, client_secret } = await save({ metadata: { secret: 'plan' } });
    const seen = await ask(browser(), retrieve, { id, client_secret: client_secret ?? '' });
    expect(seen).toMatchObject({ id, status: 'succeeded', usage: 'off_session' });
    for (const hidden of ['customer', 'metadata', 'latest_attempt', 'mandate']) {
      expect(seen).not.toHaveProperty(hidden);
    }
    for (const secret of [undefined, `${id}_secret_wrong`]) {
      const refused = ask(browser(), retrieve, { id, client_secret: secret });
      await expect(refused).rejects.toMatchObject({ status: 404 });
    }
  });

  it('confirms, and the server knows from where the customer agreed', async () => {
    const { id, client_secret } = await save({ confirm: false });
    const seen = await ask(browser(), confirm, {
      id,
      client_secret: client_secret ?? '',
      mandate_data: { customer_acceptance: { type: 'online' } },
    });
    expect(seen).not.toHaveProperty('mandate');
    const { mandate } = await ask(tenant, retrieve, { id });
    const [row] = await tenant.ctx.transaction((tx) =>
      tx.objects<{ ip: string }>(
        `select customer_acceptance->'online'->>'ip_address' as ip from mandates where id = $1`,
        [mandate],
      ),
    );
    expect(row?.ip).toBe('198.51.100.4');
  });
});

describe.each(['before', 'after'] as const)('an answer lost %s the bank acted', (lose) => {
  it('leaves the intent processing until the bank is asked, and then the card is saved', async () => {
    next = { lose };
    const intent = await save();
    expect(intent.status).toBe('processing');
    await expect(ask(tenant, cancel, { id: intent.id })).rejects.toMatchObject({
      details: { code: 'setup_intent_unexpected_state' },
    });
    const before = world.now;
    world.now = new Date(before.getTime() + 6_000);
    await unanswered({ ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) });
    world.now = before;
    expect(await ask(tenant, retrieve, { id: intent.id })).toMatchObject({ status: 'succeeded' });
    expect((await methodOf(intent)).customer).toBe(customer);
  });
});

describe('createForSubscription', () => {
  it('asks for a card that is to be charged off session', async () => {
    const row = await tenant.ctx.transaction((tx) =>
      createForSubscription(tx, { customer, payment_method: null, metadata: { a: '1' } }),
    );
    const intent = await ask(tenant, retrieve, { id: row.id });
    expect(intent).toMatchObject({
      customer,
      status: 'requires_payment_method',
      usage: 'off_session',
      metadata: { a: '1' },
    });
    expectContract(intent);
    expect(await told()).toEqual(['setup_intent.created']);
  });
});
