import { createHash } from 'node:crypto';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { createApp } from '@/server/api/app';
import { keyFinder } from '@/server/api_keys';
import { charges } from '@/server/charges';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { payment_intents, resume } from '@/server/payment_intents';
import { answerSimulatedChallenge } from '@/server/processor';
import type { Fault } from '@/server/processor/simulator/faults';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

let world: TestWorld;
let tenant: TestTenant;
let app: ReturnType<typeof createApp>;
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
});

const { create, confirm, cancel, retrieve, update } = payment_intents.operations;

type Creation = Parameters<typeof ask<typeof create>>[2];

/** A payment that waits for its payer, and where the payer is sent. */
async function challenged(over: Partial<Creation> = {}) {
  const intent = await ask(tenant, create, {
    amount: 1_999,
    currency: 'gbp',
    payment_method: 'pm_card_authenticationRequired',
    confirm: true,
    return_url: 'https://shop.example/done?order=7#receipt',
    ...over,
  });
  return { id: intent.id, secret: intent.client_secret, path: addressOf(intent) };
}

function addressOf({ next_action }: { next_action: unknown }): string {
  expect(next_action).toMatchObject({ type: 'redirect_to_url' });
  const { redirect_to_url } = next_action as { redirect_to_url: { url: string } };
  return new URL(redirect_to_url.url).pathname;
}

const post = async (path: string): Promise<Response> =>
  app.request(`http://127.0.0.1:3000${path}`, { method: 'POST' });

async function read(path: string): Promise<string> {
  const response = await app.request(`http://127.0.0.1:3000${path}`);
  return response.text();
}

const find = (id: string) => ask(tenant, retrieve, { id });

const chargesOf = (payment_intent: string) =>
  ask(tenant, charges.operations.list, { payment_intent });

/** The schedule, some time later. */
async function later(seconds: number): Promise<number> {
  const before = world.now;
  world.now = new Date(before.getTime() + seconds * 1000);
  const done = await unanswered({
    ...world.runtime,
    ctxOf: (asker) => ctxOf(world.runtime, asker),
  });
  world.now = before;
  return done;
}

/** The payer answers at the bank, and we die before we ask it anything. */
async function answerAtBank(path: string, passed: boolean): Promise<string> {
  const attempt = path.split('/').at(-1) ?? '';
  const [row] = await tenant.ctx.transaction((tx) =>
    tx.objects<{ transaction: string }>(
      `select outcome->>'transaction' as transaction from processor_attempts where id = $1`,
      [attempt],
    ),
  );
  await answerSimulatedChallenge(
    world.runtime.pool,
    { projectId: tenant.projectId, livemode: false },
    row?.transaction ?? '',
    passed,
  );
  return attempt;
}

describe('GET /simulator/challenge/:project/:attempt', () => {
  it('shows what is to be paid, and with which card, in test mode', async () => {
    const { path } = await challenged();
    const page = await read(path);
    for (const text of ['£19.99', 'GBP', '3184', 'Test mode']) expect(page).toContain(text);
    expect(page).toContain(`formaction="${path}/complete"`);
    expect(page).toContain(`formaction="${path}/fail"`);
  });

  it('loads nothing, runs nothing, is not kept and tells no other site where it was', async () => {
    const { path } = await challenged();
    const { headers } = await app.request(path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=UTF-8',
      'content-security-policy': expect.stringMatching(/^default-src 'none'/),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(await read(path)) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`);
  });

  it('answers 404 to an address that was never given out', async () => {
    const { path } = await challenged();
    const paid = await ask(tenant, create, {
      amount: 999,
      currency: 'gbp',
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    const [unchallenged] = await tenant.ctx.transaction((tx) =>
      tx.objects<{ id: string }>('select id from processor_attempts where payment_intent = $1', [
        paid.id,
      ]),
    );
    const unknown = `${path.slice(0, -4)}0000`;
    const other = `/simulator/challenge/${tenant.projectId}/${unchallenged?.id}`;
    for (const address of [unknown, other, '/simulator/challenge/999999999/x', '/simulator/']) {
      expect((await app.request(address)).status).toBe(404);
      expect((await post(`${address}/complete`)).status).toBe(404);
    }
  });

  it('knows nothing of the challenges of another project', async () => {
    const { id, path } = await challenged();
    const stranger = await world.project();
    const theirs = path.replace(`/${tenant.projectId}/`, `/${stranger.projectId}/`);
    expect((await app.request(theirs)).status).toBe(404);
    expect((await post(`${theirs}/complete`)).status).toBe(404);
    expect(await find(id)).toMatchObject({ status: 'requires_action' });
  });
});

describe('POST /simulator/challenge/:project/:attempt/complete', () => {
  it('makes the payment and sends the payer back to the shop', async () => {
    const { id, secret, path } = await challenged();
    const response = await post(`${path}/complete`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(
      `https://shop.example/done?order=7&payment_intent=${id}&payment_intent_client_secret=${secret}&redirect_status=succeeded#receipt`,
    );
    expect(await find(id)).toMatchObject({
      status: 'succeeded',
      amount_received: 1_999,
      next_action: null,
    });
    expect(await announced(tenant)).toEqual([
      'payment_intent.created',
      'payment_intent.requires_action',
      'charge.succeeded',
      'payment_intent.succeeded',
    ]);
  });

  it('tells on the charge how the cardholder was authenticated', async () => {
    const { id, path } = await challenged();
    await post(`${path}/complete`);
    const charge = (await chargesOf(id)).data[0];
    expect(charge?.payment_method_details?.card?.three_d_secure).toEqual({
      authentication_flow: 'challenge',
      electronic_commerce_indicator: '05',
      exemption_indicator: null,
      result: 'authenticated',
      result_reason: null,
      transaction_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      version: '2.2.0',
    });
    expectContract(charge);
  });

  it('reserves the amount where it is captured by hand', async () => {
    const { id, path } = await challenged({ capture_method: 'manual' });
    const response = await post(`${path}/complete`);
    expect(response.headers.get('location')).toContain('redirect_status=succeeded');
    expect(await find(id)).toMatchObject({ status: 'requires_capture', amount_capturable: 1_999 });
  });

  it('says that the window may be closed where there is nowhere to return to', async () => {
    const { path } = await challenged({ return_url: undefined });
    const response = await post(`${path}/complete`);
    expect(response.headers.get('location')).toBe(path);
    const page = await read(path);
    expect(page).toContain('Payment complete');
    expect(page).toContain('You may close this window.');
    expect(page).not.toContain('<form');
  });

  it('declines a card that is authenticated and has no money, with its charge', async () => {
    const { id, path } = await challenged({
      payment_method: 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
    });
    const response = await post(`${path}/complete`);
    expect(response.headers.get('location')).toContain('redirect_status=failed');
    expect(await find(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { type: 'card_error', decline_code: 'insufficient_funds' },
    });
    expect((await chargesOf(id)).data).toMatchObject([{ status: 'failed' }]);
    expect(await read(path)).toContain('Your card has insufficient funds.');
  });
});

describe('POST /simulator/challenge/:project/:attempt/fail', () => {
  it('fails the payment, which never became a charge, and leaves it open for another card', async () => {
    const { id, path } = await challenged();
    const response = await post(`${path}/fail`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toContain('redirect_status=failed');
    const failed = await find(id);
    expect(failed).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      latest_charge: null,
      next_action: null,
      last_payment_error: {
        code: 'payment_intent_authentication_failure',
        message:
          'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
        payment_method: { object: 'payment_method', card: { last4: '3184' } },
        type: 'invalid_request_error',
      },
    });
    expectContract(failed);
    expect((await chargesOf(id)).data).toEqual([]);
    expect(await announced(tenant)).toEqual([
      'payment_intent.created',
      'payment_intent.requires_action',
      'payment_intent.payment_failed',
    ]);
    const paid = await ask(tenant, confirm, { id, payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
  });
});

describe('an answer that is given twice', () => {
  it('is taken once, and sends the payer back alike', async () => {
    const { id, path } = await challenged();
    const first = await post(`${path}/complete`);
    const second = await post(`${path}/fail`);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await find(id)).toMatchObject({ status: 'succeeded', amount_received: 1_999 });
    const page = await read(path);
    expect(page).toContain('Payment complete');
    expect(page).toContain('Return to the shop');
  });

  it('pays once when it is given 16 times at once', async () => {
    const { id, path } = await challenged();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, at) => post(`${path}/${at % 2 === 0 ? 'complete' : 'fail'}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 303));
    const { status } = await find(id);
    expect(['succeeded', 'requires_payment_method']).toContain(status);
    const made = (await chargesOf(id)).data;
    expect(made).toHaveLength(status === 'succeeded' ? 1 : 0);
  });
});

describe('a payer who never answers', () => {
  it('leaves the payment waiting, however much time passes', async () => {
    const { id } = await challenged();
    expect(await later(100_000)).toBe(0);
    expect(await find(id)).toMatchObject({ status: 'requires_action' });
  });

  it('leaves it to be canceled, and then can answer nothing', async () => {
    const { id, path } = await challenged();
    await ask(tenant, cancel, { id });
    await post(`${path}/complete`);
    expect(await find(id)).toMatchObject({ status: 'canceled' });
    expect(await read(path)).toContain('Payment canceled');
    expect((await chargesOf(id)).data).toEqual([]);
  });

  it('leaves it to be confirmed anew, with a challenge that is another', async () => {
    const { id, path } = await challenged();
    const anew = addressOf(await ask(tenant, confirm, { id }));
    expect(anew).not.toBe(path);
    expect((await post(`${path}/complete`)).headers.get('location')).toBe(path);
    expect(await read(path)).toContain('This request is over');
    expect(await find(id)).toMatchObject({ status: 'requires_action' });
    await post(`${anew}/complete`);
    expect(await find(id)).toMatchObject({ status: 'succeeded' });
  });

  it.each([{ amount: 500_000 }, { currency: 'eur' }])(
    'cannot answer for what was changed since: %o',
    async (change) => {
      const { id, path } = await challenged();
      const changed = await ask(tenant, update, { id, ...change });
      expect(changed).toMatchObject({ status: 'requires_confirmation', next_action: null });
      await post(`${path}/complete`);
      expect(await find(id)).toMatchObject({ status: 'requires_confirmation', amount_received: 0 });
    },
  );
});

describe('a process that dies', () => {
  it('after the bank took the answer, leaves the payer to come back with it', async () => {
    const { id, path } = await challenged();
    await answerAtBank(path, true);
    expect(await find(id)).toMatchObject({ status: 'requires_action' });
    // The first answer holds, whichever button is pressed now.
    const response = await post(`${path}/fail`);
    expect(response.headers.get('location')).toContain('redirect_status=succeeded');
    expect(await find(id)).toMatchObject({ status: 'succeeded' });
  });

  it.each([
    [true, 'succeeded'],
    [false, 'requires_payment_method'],
  ])(
    'before it asked what the answer %s led to, leaves that to the schedule',
    async (passed, status) => {
      const { id, path } = await challenged();
      const attempt = await answerAtBank(path, passed);
      await tenant.ctx.transaction((tx) => resume(tx, attempt));
      expect(await find(id)).toMatchObject({ status: 'processing' });
      expect(await read(path)).toContain('Payment under way');
      expect(await later(6)).toBe(1);
      expect(await find(id)).toMatchObject({ status });
      expect(await later(100_000)).toBe(0);
    },
  );
});

describe.each(['before', 'after'] as const)('an answer of the bank lost %s it acted', (lose) => {
  it('is pending for the shop, until the schedule finds it', async () => {
    const { id, path } = await challenged();
    next = { lose };
    const response = await post(`${path}/complete`);
    expect(response.headers.get('location')).toContain('redirect_status=pending');
    expect(await find(id)).toMatchObject({ status: 'processing' });
    await later(6);
    expect(await find(id)).toMatchObject({ status: 'succeeded', amount_received: 1_999 });
    expect((await chargesOf(id)).data).toHaveLength(1);
  });
});

describe('a card that must be authenticated, where nobody can be', () => {
  const tenPounds = { amount: 1_000, currency: 'gbp', confirm: true };
  const payment_method = 'pm_card_authenticationRequired';

  it('is declined off session with authentication_required, and a charge', async () => {
    const declined = ask(tenant, create, { ...tenPounds, payment_method, off_session: true });
    await expect(declined).rejects.toMatchObject({
      status: 402,
      details: { code: 'authentication_required', decline_code: 'authentication_required' },
    });
    expect(await announced(tenant)).toContain('charge.failed');
  });

  it('is declined with error_on_requires_action, without a charge, and asks for another', async () => {
    const { id } = await ask(tenant, create, { ...tenPounds, confirm: false });
    const declined = ask(tenant, confirm, { id, payment_method, error_on_requires_action: true });
    await expect(declined).rejects.toMatchObject({
      status: 402,
      type: 'card_error',
      details: { code: 'authentication_required', decline_code: 'authentication_not_handled' },
    });
    expect(await find(id)).toMatchObject({
      status: 'requires_payment_method',
      next_action: null,
      last_payment_error: { code: 'authentication_required' },
    });
    expect((await chargesOf(id)).data).toEqual([]);
    const paid = await ask(tenant, confirm, {
      id,
      payment_method: 'pm_card_visa',
      error_on_requires_action: true,
    });
    expect(paid.status).toBe('succeeded');
  });

  it('is declined so where the answer was lost, too', async () => {
    next = { lose: 'after' };
    const { id } = await ask(tenant, create, {
      ...tenPounds,
      payment_method,
      error_on_requires_action: true,
    });
    await later(6);
    expect(await find(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'authentication_not_handled' },
    });
  });
});

it('refuses a return_url that is none', async () => {
  const parsed = create.input.safeParse({ amount: 1_000, currency: 'gbp', return_url: 'the shop' });
  expect(parsed.success).toBe(false);
  expect(
    create.input.safeParse({ amount: 1, currency: 'gbp', return_url: 'shop://done' }),
  ).toMatchObject({
    success: true,
  });
});
