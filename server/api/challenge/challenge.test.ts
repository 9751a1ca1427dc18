/**
 * A card that Cardstream takes, from its fields to the money, without a browser: the pages of a
 * challenge are asked for and answered as one would, against the stand-in over HTTP.
 */
import { Registry } from 'prom-client';
import type Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tenant } from '@/db/scope';
import { expectContract } from '@/e2e/support/contract';
import { createApp } from '@/server/api/app';
import { keyFinder } from '@/server/api_keys';
import { charges } from '@/server/charges';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { customers } from '@/server/customers';
import { hosted_cards } from '@/server/hosted_cards';
import { Awaiting } from '@/server/kernel/operation';
import { payment_intents, resume } from '@/server/payment_intents';
import { payment_methods } from '@/server/payment_methods';
import { refunds } from '@/server/refunds';
import { setup_intents } from '@/server/setup_intents';
import { encodeFields } from '@/server/processor/cardstream/fields';
import { signed } from '@/server/processor/cardstream/signature';
import { addProcessorAccount } from '@/server/testing/accounts';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { SECURE_ACCOUNT, startGateway, type TestGateway } from '@/server/testing/gateway';

let world: TestWorld;
let gateway: TestGateway;
let tenant: TestTenant;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  [world, gateway] = await Promise.all([createWorld(), startGateway()]);
  app = createApp({
    runtime: world.runtime,
    findKey: keyFinder(world.runtime.pool),
    isReady: async () => true,
    registry: new Registry(),
    onServed: () => undefined,
  });
});
afterAll(async () => {
  await gateway.stop();
  await world.close();
});
beforeEach(async () => {
  tenant = await world.project();
  await addProcessorAccount(tenant, {
    merchant_id: SECURE_ACCOUNT.merchantID,
    secret: SECURE_ACCOUNT.secret ?? '',
    base_url: gateway.url,
    three_d_secure: true,
  });
});
afterEach(() => gateway.calm());

/** The month in which a card expires is what 3-D Secure makes of it there. */
const [FRICTIONLESS, ASKED] = ['01', '12'];

/** What the gateway's fields make of a card that is typed. */
async function tokenOf(month: string): Promise<string> {
  const response = await fetch(`${gateway.url}/hosted/tokens`, {
    method: 'POST',
    body: JSON.stringify({
      merchantID: SECURE_ACCOUNT.merchantID,
      cardNumber: '4929421234600821',
      cardExpiryDate: `${month}/28`,
      cardCVV: '356',
    }),
  });
  return ((await response.json()) as { paymentToken: string }).paymentToken;
}

const { create: handIn } = hosted_cards.operations;
const { create, confirm, cancel, retrieve } = payment_intents.operations;

const billing_details = { name: 'Ada Lovelace', address: { postal_code: 'NN17 8YG' } };

const methodOf = async (month: string): Promise<Stripe.PaymentMethod> =>
  ask(tenant, handIn, {
    type: 'card',
    card: { token: await tokenOf(month) },
    billing_details,
  });

type Creation = Parameters<typeof ask<typeof create>>[2];

const SHOP = 'https://shop.example/done';

/** A payment that waits for its payer, and where the payer is sent. */
async function pay(month: string, over: Partial<Creation> = {}) {
  const intent = await ask(tenant, create, {
    amount: 1_250,
    currency: 'gbp',
    payment_method: (await methodOf(month)).id,
    confirm: true,
    return_url: SHOP,
    ...over,
  });
  expect(intent.status).toBe('requires_action');
  return { id: intent.id, path: pathOf(intent) };
}

function pathOf({ next_action }: Stripe.PaymentIntent | Stripe.SetupIntent): string {
  expect(next_action).toMatchObject({ type: 'redirect_to_url' });
  return new URL(next_action?.redirect_to_url?.url ?? '').pathname;
}

/** Of whoever asks: the socket tells the address. */
const SOCKET = { incoming: { socket: { remoteAddress: '203.0.113.7' } } };

const read = async (path: string): Promise<Response> =>
  app.request(`http://127.0.0.1:3000${path}`, {}, SOCKET);

const post = async (path: string, fields: Record<string, string>): Promise<Response> =>
  app.request(
    `http://127.0.0.1:3000${path}`,
    {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { 'user-agent': 'Mozilla/5.0', accept: 'text/html', 'accept-language': 'en-GB' },
    },
    SOCKET,
  );

const SCREEN = { width: '360', height: '740', depth: '24', time_zone: '0', java: 'false' };

const locationOf = (response: Response): string => {
  expect(response.status).toBe(303);
  return response.headers.get('location') ?? '';
};

/** From one page to the next: what the browser is, and then that the issuer looked at it. */
async function toIssuer(path: string): Promise<string> {
  const second = new URL(locationOf(await post(`${path}/answer`, SCREEN))).pathname;
  expect(await (await read(second)).text()).toContain('name="threeDSMethodData" value="timeout"');
  const looked = await post(`${second}/answer`, { threeDSMethodData: 'timeout' });
  return locationOf(looked);
}

/** What the issuer's page posts once its cardholder has answered. */
async function cresFor(path: string, status: 'Y' | 'N'): Promise<string> {
  const [row] = await world.admin<{ transaction: string }[]>`
    select outcome->>'transaction' as transaction from processor_attempts
    where id = ${path.split('/').at(-1) ?? ''}`;
  return gateway.challenge(row?.transaction ?? '', status);
}

const find = (id: string) => ask(tenant, retrieve, { id });

/** The schedule, some time later. */
async function later(seconds: number, workers = 1): Promise<void> {
  const before = world.now;
  world.now = new Date(before.getTime() + seconds * 1000);
  const system = { ...world.runtime, ctxOf: (asker: Tenant) => ctxOf(world.runtime, asker) };
  await Promise.all(Array.from({ length: workers }, () => unanswered(system)));
  world.now = before;
}

/** What the gateway has of the payment of a charge. */
async function booked(intent: string) {
  const { data } = await ask(tenant, charges.operations.list, { payment_intent: intent });
  const rows = await world.admin<{ transaction: string }[]>`
    select processor_transaction as transaction from charges where id = ${data[0]?.id ?? ''}`;
  return gateway.books({ xref: rows[0]?.transaction ?? '' });
}

describe('POST /v1/payment_methods with a token of the hosted fields', () => {
  it('makes a payment method of the card, which its issuer has verified', async () => {
    const method = await methodOf(ASKED);
    expect(method).toMatchObject({
      object: 'payment_method',
      billing_details: { name: 'Ada Lovelace' },
      card: {
        brand: 'visa',
        last4: '0821',
        exp_month: 12,
        exp_year: 2028,
        funding: 'credit',
        country: 'GB',
        checks: { cvc_check: 'pass', address_postal_code_check: 'pass' },
      },
    });
    expectContract(method);
    const shown = await ask(tenant, payment_methods.operations.retrieve, { id: method.id });
    expect(shown).toEqual(method);
  });

  it('refuses a token that was used, and one that is none', async () => {
    const token = await tokenOf(ASKED);
    await ask(tenant, handIn, { type: 'card', card: { token } });
    for (const used of [token, 'no_such_token']) {
      await expect(
        ask(tenant, handIn, { type: 'card', card: { token: used } }),
      ).rejects.toMatchObject({ status: 402 });
    }
  });

  it('stays with the simulator for its own tokens', async () => {
    const method = await ask(tenant, handIn, { type: 'card', card: { token: 'tok_visa' } });
    const paid = await ask(tenant, create, {
      amount: 999,
      currency: 'gbp',
      payment_method: method.id,
      confirm: true,
    });
    expect(paid.status).toBe('succeeded');
  });

  it('keeps nothing of the card but what may be shown', async () => {
    await methodOf(ASKED);
    const tables = await world.admin<{ row: string }[]>`
      select row_to_json(p)::text as row from payment_methods p
      union all select row_to_json(a)::text from processor_attempts a`;
    const text = tables.map(({ row }) => row).join('\n');
    expect(text).not.toMatch(/4929421234600821|"cvc?":"356"/i);
  });
});

describe('a payment whose payer must be known', () => {
  it('goes from page to page, and is paid', async () => {
    const { id, path } = await pay(ASKED);
    const issuer = await toIssuer(path);
    const page = await read(new URL(issuer).pathname);
    const text = await page.text();
    expect(text).toContain(`action="${gateway.url}/acs"`);
    expect(text).toContain('name="creq"');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'.*script-src 'sha256-[^']+'; frame-src https: http:$/,
    );
    const cres = await cresFor(new URL(issuer).pathname, 'Y');
    // The issuer posts to the page of the step that sent the sale, in the frame.
    const sale = new URL(issuer).pathname;
    const echoed = await (await post(`${sale}/return`, { cres })).text();
    expect(echoed).toContain(`value="${cres}"`);
    expect(echoed).toContain('target="_parent"');
    const back = locationOf(await post(`${sale}/answer`, { cres }));
    expect(back).toMatch(/^https:\/\/shop\.example\/done\?.*redirect_status=succeeded$/);
    expect(await find(id)).toMatchObject({ status: 'succeeded', amount_received: 1_250 });
    expect(await booked(id)).toMatchObject([{ state: 'captured', received: 1_250 }]);
    // One action to take, however many pages it had.
    expect((await announced(tenant)).filter((type) => type.includes('requires_action'))).toEqual([
      'payment_intent.requires_action',
    ]);
  });

  it('is paid without a word where the issuer knows enough', async () => {
    const { id, path } = await pay(FRICTIONLESS);
    expect(await toIssuer(path)).toContain('redirect_status=succeeded');
    const { data } = await ask(tenant, charges.operations.list, { payment_intent: id });
    expect(data[0]?.payment_method_details?.card?.three_d_secure).toMatchObject({
      authentication_flow: 'frictionless',
      electronic_commerce_indicator: '05',
    });
  });

  it('is not paid by one who fails', async () => {
    const { id, path } = await pay(ASKED);
    const issuer = new URL(await toIssuer(path)).pathname;
    const cres = await cresFor(issuer, 'N');
    const back = locationOf(await post(`${issuer}/answer`, { cres }));
    expect(back).toContain('redirect_status=failed');
    expect(await find(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
  });

  it('is paid once, however often and whenever the pages are answered', async () => {
    const { id, path } = await pay(ASKED);
    const issuer = new URL(await toIssuer(path)).pathname;
    const cres = await cresFor(issuer, 'Y');
    await Promise.all(Array.from({ length: 8 }, () => post(`${issuer}/answer`, { cres })));
    await post(`${path}/answer`, SCREEN);
    expect(await find(id)).toMatchObject({ status: 'succeeded' });
    const { data } = await ask(tenant, charges.operations.list, { payment_intent: id });
    expect(data).toHaveLength(1);
    expect(await (await read(issuer)).text()).toContain('Payment complete');
  });

  it('leads whoever comes back to an earlier page on to the latest', async () => {
    const { path } = await pay(ASKED);
    const issuer = await toIssuer(path);
    expect(locationOf(await read(path))).toBe(issuer);
  });

  it('is not answered by an issuer’s page that was opened for another card', async () => {
    const { id, path } = await pay(ASKED);
    const left = new URL(await toIssuer(path)).pathname;
    const cres = await cresFor(left, 'Y');
    const anew = await ask(tenant, confirm, {
      id,
      payment_method: (await methodOf(ASKED)).id,
      return_url: SHOP,
    });
    const current = new URL(await toIssuer(pathOf(anew))).pathname;
    for (const step of [path, left]) {
      const shown = await (await post(`${step}/return`, { cres })).text();
      expect(shown).toContain('This request is over');
      expect(shown).not.toContain('/answer');
    }
    // The page of an earlier step of the same card, to which the issuer posts, leads on.
    const echoed = await (await post(`${pathOf(anew)}/return`, { cres })).text();
    expect(echoed).toContain(`${current}/answer`);
  });

  it('ends where it is canceled meanwhile, and takes nothing', async () => {
    const { id, path } = await pay(ASKED);
    const issuer = new URL(await toIssuer(path)).pathname;
    const cres = await cresFor(issuer, 'Y');
    await ask(tenant, cancel, { id });
    await post(`${issuer}/answer`, { cres });
    expect(await find(id)).toMatchObject({ status: 'canceled' });
    expect(await (await read(issuer)).text()).toContain('Payment canceled');
  });

  it('is declined where nobody wants to act', async () => {
    const payment_method = (await methodOf(ASKED)).id;
    const before = await gateway.books({ action: 'SALE' });
    const terms = { amount: 1_250, currency: 'gbp', payment_method, confirm: true } as const;
    await expect(
      ask(tenant, create, { ...terms, error_on_requires_action: true }),
    ).rejects.toMatchObject({
      status: 402,
      details: { code: 'authentication_required', decline_code: 'authentication_not_handled' },
    });
    expect(await gateway.books({ action: 'SALE' })).toHaveLength(before.length);
  });

  it('refuses what cannot be kept, and goes on with what can', async () => {
    const { id, path } = await pay(ASKED);
    const issuer = new URL(await toIssuer(path)).pathname;
    for (const step of ['answer', 'return']) {
      expect((await post(`${issuer}/${step}`, { cres: '\0' })).status).toBe(400);
    }
    expect(await find(id)).toMatchObject({ status: 'requires_action' });
    await post(`${issuer}/answer`, { cres: await cresFor(issuer, 'Y') });
    expect(await find(id)).toMatchObject({ status: 'succeeded' });
  });

  it('takes no more than an issuer posts', async () => {
    const { path } = await pay(ASKED);
    for (const step of ['answer', 'return']) {
      expect((await post(`${path}/${step}`, { cres: 'x'.repeat(70_000) })).status).toBe(413);
    }
  });

  it('answers 404 to addresses that were never given out', async () => {
    const { path } = await pay(ASKED);
    for (const address of [`${path.slice(0, -4)}0000`, path.replace('/test/', '/live/')]) {
      expect((await read(address)).status).toBe(404);
      expect((await post(`${address}/answer`, SCREEN)).status).toBe(404);
      expect((await post(`${address}/return`, { cres: 'x' })).status).toBe(404);
    }
    const incomplete = await read(path.slice(0, -1));
    expect(incomplete.status).toBe(404);
    expect(await incomplete.text()).toContain('The address may be incomplete.');
  });
});

describe.each(['drop_before', 'drop_after'] as const)('an answer lost by %s', (fault) => {
  const lose = (actions: string[]) => gateway.faults({ faults: [{ fault, next: 1, actions }] });

  it('to the first sale leaves the payment under way, and then it goes on or is given up', async () => {
    const { id, path } = await pay(ASKED);
    await lose(['SALE']);
    const back = locationOf(await post(`${path}/answer`, SCREEN));
    expect(back).toContain('redirect_status=pending');
    expect(await find(id)).toMatchObject({ status: 'processing' });
    await gateway.calm();
    await later(6);
    const { status } = await find(id);
    // Where it arrived, only the callback knows how to go on, and none is sent to this test.
    expect(status).toBe(fault === 'drop_before' ? 'requires_action' : 'processing');
  });

  it('to the last step is found out by asking', async () => {
    const { id, path } = await pay(ASKED);
    const issuer = new URL(await toIssuer(path)).pathname;
    const cres = await cresFor(issuer, 'Y');
    await lose(['CONTINUE']);
    const back = locationOf(await post(`${issuer}/answer`, { cres }));
    expect(back).toContain('redirect_status=pending');
    await gateway.calm();
    await later(6);
    expect(await find(id)).toMatchObject({ status: 'succeeded', amount_received: 1_250 });
    expect(await booked(id)).toMatchObject([{ state: 'captured', received: 1_250 }]);
  });
});

describe('a process that dies', () => {
  it('before it asks what an answer led to, leaves that to the schedule', async () => {
    const { id, path } = await pay(ASKED);
    const issuer = new URL(await toIssuer(path)).pathname;
    const cres = await cresFor(issuer, 'Y');
    const attempt = issuer.split('/').at(-1) ?? '';
    await tenant.ctx.transaction((tx) => resume(tx, attempt, { parts: [['cres', cres]] }));
    expect(await find(id)).toMatchObject({ status: 'processing' });
    await later(6);
    expect(await find(id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('a payment that was given up', () => {
  it('and is said to be taken after all, under its first reference, is put before a person', async () => {
    const { id, path } = await pay(ASKED);
    const issuer = new URL(await toIssuer(path)).pathname;
    const cres = await cresFor(issuer, 'Y');
    const before = world.now;
    world.now = new Date(before.getTime() + 31 * 60_000);
    await post(`${issuer}/answer`, { cres });
    world.now = before;
    expect(await find(id)).toMatchObject({ status: 'requires_payment_method' });
    const [sale] = await world.admin<{ id: string; xref: string; token: string }[]>`
      select a.id, outcome->>'transaction' as xref, callback_token as token
      from processor_attempts a join processor_accounts p on p.id = a.processor_account
      where a.id = ${issuer.split('/').at(-1) ?? ''}`;
    const fields = Object.entries({
      merchantID: SECURE_ACCOUNT.merchantID,
      action: 'SALE',
      responseCode: '0',
      state: 'captured',
      xref: sale?.xref ?? '',
      transactionUnique: sale?.id ?? '',
      amountReceived: '1250',
      currencyCode: '826',
    });
    const body = encodeFields(signed(fields, SECURE_ACCOUNT.secret ?? ''));
    const told = await app.request(
      `http://127.0.0.1:3000/callbacks/cardstream/${sale?.token ?? ''}`,
      { method: 'POST', body },
    );
    expect(told.status).toBe(200);
    const items = await world.admin`select kind, state, processor_state, transaction
      from reconciliation_items where payment_intent = ${id}`;
    expect([...items]).toEqual([
      {
        kind: 'state_differs',
        state: 'declined',
        processor_state: 'captured',
        transaction: sale?.xref,
      },
    ]);
  });
});

describe('what follows a payment', () => {
  async function paid(over: Partial<Creation> = {}): Promise<string> {
    const { id, path } = await pay(FRICTIONLESS, over);
    await toIssuer(path);
    return id;
  }

  it('captures less than was reserved', async () => {
    const id = await paid({ capture_method: 'manual' });
    expect(await booked(id)).toMatchObject([{ state: 'approved', received: 1_250 }]);
    const { capture } = payment_intents.operations;
    const captured = await ask(tenant, capture, { id, amount_to_capture: 800 });
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 800 });
    expect(await booked(id)).toMatchObject([{ state: 'captured', received: 800 }]);
  });

  it('gives up what was reserved', async () => {
    const id = await paid({ capture_method: 'manual' });
    await ask(tenant, cancel, { id });
    expect(await booked(id)).toMatchObject([{ state: 'canceled' }]);
  });

  it('gives back before, during and after settlement, each once', async () => {
    const id = await paid();
    const refund = (amount: number) =>
      ask(tenant, refunds.operations.create, { payment_intent: id, amount });
    expect(await refund(250)).toMatchObject({ status: 'succeeded' });
    expect(await booked(id)).toMatchObject([{ state: 'captured', received: 1_000 }]);
    await gateway.settle({ until: 'tendered' });
    const waiting = await refund(300);
    expect(waiting).toMatchObject({ status: 'pending' });
    await gateway.settle();
    // Longer than the gateway knows a request again: that the refund only waited is remembered.
    await later(100_000);
    const { retrieve: retrieveRefund } = refunds.operations;
    expect(await ask(tenant, retrieveRefund, { id: waiting.id })).toMatchObject({
      status: 'succeeded',
    });
    expect(await refund(700)).toMatchObject({ status: 'succeeded' });
    expect(await booked(id)).toMatchObject([
      { state: 'accepted', received: 1_000, refunded: 1_000 },
    ]);
  });

  it('puts a refund that waits past the horizon before a person, and gives it back in the end', async () => {
    const id = await paid();
    const { create: refund, retrieve: retrieveRefund } = refunds.operations;
    await gateway.settle({ until: 'tendered' });
    const waiting = await ask(tenant, refund, { payment_intent: id, amount: 250 });
    const items = () => world.admin`select kind, status, resolution from reconciliation_items
      where refund = ${waiting.id}`;
    await later(2 * 86_400);
    expect(await items()).toHaveLength(0);
    await later(8 * 86_400);
    expect([...(await items())]).toMatchObject([{ kind: 'unresolved_attempt', status: 'open' }]);
    await gateway.settle();
    await later(10 * 86_400);
    const done = await ask(tenant, retrieveRefund, { id: waiting.id });
    expect(done).toMatchObject({ status: 'succeeded' });
    expect([...(await items())]).toMatchObject([{ status: 'resolved', resolution: 'found' }]);
  });

  it('gives back what waited for a refund that failed, and what is asked for after it', async () => {
    const id = await paid();
    const { create: refund, retrieve: retrieveRefund } = refunds.operations;
    await gateway.settle({ until: 'tendered' });
    const first = await ask(tenant, refund, { payment_intent: id, amount: 250 });
    const second = await ask(tenant, refund, { payment_intent: id, amount: 300 });
    await gateway.settle();
    const no = { kind: 'declined', transaction: null, code: 'declined', decline_code: null };
    await world.admin`update processor_attempts set decision = ${world.admin.json(no)}
      where refund = ${first.id}`;
    // Its process dies before anybody is asked.
    const third = await tenant.ctx.transaction((tx) =>
      refund.intend(tx, { payment_intent: id, amount: 100 }),
    );
    if (!(third instanceof Awaiting)) throw new Error('nobody is asked');
    const ids = [first.id, second.id, third.attempt.refund ?? ''];
    // Each calls up the next, which waits for no other day.
    await later(2 * 86_400);
    await later(2 * 86_400 + 1);
    await later(2 * 86_400 + 2);
    const statuses = await Promise.all(
      ids.map(async (one) => {
        const { status } = await ask(tenant, retrieveRefund, { id: one });
        return status;
      }),
    );
    expect(statuses).toEqual(['failed', 'succeeded', 'succeeded']);
    const created = await world.admin<{ id: string }[]>`select related_object as id from events
      where type = 'refund.created' and related_object = any(${ids})`;
    expect(created.map((event) => event.id).toSorted()).toEqual(ids.toSorted());
    expect(await booked(id)).toMatchObject([{ received: 1_250, refunded: 400 }]);
    const last = await ask(tenant, refund, { payment_intent: id });
    expect(last).toMatchObject({ status: 'succeeded', amount: 850 });
  });

  it('gives back what waited in its order and once, however many workers look', async () => {
    const id = await paid();
    await gateway.settle({ until: 'tendered' });
    const { create: refund } = refunds.operations;
    const waiting: Stripe.Refund[] = [];
    for (const amount of [100, 200, 300, 400]) {
      waiting.push(await ask(tenant, refund, { payment_intent: id, amount }));
    }
    expect(waiting.map(({ status }) => status)).toEqual(waiting.map(() => 'pending'));
    await gateway.settle();
    for (const pass of waiting.keys()) await later(2 * 86_400 + pass, 3);
    const given = await world.admin<{ id: string; status: string }[]>`
      select id, status from refunds where payment_intent = ${id} order by balance_transaction`;
    expect([...given]).toEqual(waiting.map((one) => ({ id: one.id, status: 'succeeded' })));
    expect(await booked(id)).toMatchObject([{ received: 1_250, refunded: 1_000 }]);
  });

  it('charges the saved card again without its holder, marked as what it is', async () => {
    const customer = await ask(tenant, customers.operations.create, {});
    const id = await paid({ customer: customer.id, setup_future_usage: 'off_session' });
    const { payment_method } = await find(id);
    const again = await ask(tenant, create, {
      amount: 1_100,
      currency: 'gbp',
      customer: customer.id,
      payment_method: String(payment_method),
      off_session: true,
      confirm: true,
    });
    expect(again.status).toBe('succeeded');
    const [first] = await booked(id);
    const rows = await world.admin`select agreement, initiator, previous from processor_attempts
      where payment_intent in (${id}, ${again.id}) and outcome->>'kind' = 'approved' order by id`;
    expect(rows).toMatchObject([
      { agreement: 'card_on_file', initiator: 'customer' },
      { agreement: 'unscheduled', initiator: 'merchant', previous: first?.xref },
    ]);
  });

  it('is charged anew with another card where the first was declined', async () => {
    const { id, path } = await pay(FRICTIONLESS, { amount: 12_000 });
    expect(await toIssuer(path)).toContain('redirect_status=failed');
    expect(await find(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined', decline_code: 'do_not_honor' },
    });
    const paidAnew = await ask(tenant, confirm, { id, payment_method: 'pm_card_visa' });
    expect(paidAnew.status).toBe('succeeded');
  });
});

describe('a setup whose cardholder must be known', () => {
  it('saves the card, and is authenticated for it', async () => {
    const intent = await ask(tenant, setup_intents.operations.create, {
      payment_method: (await methodOf(ASKED)).id,
      confirm: true,
      return_url: SHOP,
    });
    const issuer = new URL(await toIssuer(pathOf(intent))).pathname;
    const cres = await cresFor(issuer, 'Y');
    const back = locationOf(await post(`${issuer}/answer`, { cres }));
    expect(back).toContain('redirect_status=succeeded');
    const saved = await ask(tenant, setup_intents.operations.retrieve, { id: intent.id });
    expect(saved.status).toBe('succeeded');
  });
});
