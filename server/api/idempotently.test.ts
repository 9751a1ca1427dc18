import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyFinder, type KeyHolder } from '@/server/api_keys';
import { ctxOf } from '@/server/context';
import { purge } from '@/server/idempotency_keys';
import type { System } from '@/server/kernel/due';
import { unanswered } from '@/server/conclusions';
import type { Runtime } from '@/server/context';
import type { Faults } from '@/server/processor/simulator/faults';
import { createApi, type Api, type Call, type Reply } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

const CARD = '4242424242424242';

let world: TestWorld;
let api: Api;
let tenant: TestTenant;
/** What goes wrong on the line to the processor; each test begins with a good line. */
let faults: Faults = () => undefined;

beforeAll(async () => {
  world = await createWorld({ faults: (verb) => faults(verb) });
  api = createApi(world);
});
beforeEach(async () => {
  faults = () => undefined;
  tenant = await world.project();
});
afterAll(() => world.close());

const post = (path: string, body: unknown, key: string | null = 'key', over: Partial<Call> = {}) =>
  api({
    key: tenant.secretKey,
    method: 'POST',
    path: `/v1/${path}`,
    body,
    ...over,
    headers: { ...(key === null ? {} : { 'idempotency-key': key }), ...over.headers },
  });

/** How many of the tenant's rows there are. */
async function count(table: string): Promise<number> {
  const [row] = await world.admin`
    select count(*)::int as rows from ${world.admin(table)} where project_id = ${tenant.projectId}`;
  return Number(row?.['rows']);
}

const system = (): Runtime & System => ({
  ...world.runtime,
  ctxOf: (owner) => ctxOf(world.runtime, owner),
});

const PAYMENT = { amount: 2_000, currency: 'gbp', payment_method: 'pm_card_visa', confirm: true };

function expectReplay(reply: Reply, first: Reply): void {
  expect([reply.status, reply.text]).toEqual([first.status, first.text]);
  expect(reply.headers.get('idempotent-replayed')).toBe('true');
  expect(reply.headers.get('original-request')).toBe(first.headers.get('request-id'));
  expect(reply.headers.get('request-id')).not.toBe(first.headers.get('request-id'));
}

describe('a request that is repeated with its key', () => {
  it('gets the first answer, to the byte, and says which request that was', async () => {
    const first = await post('customers', { name: 'Ada' });
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(first.headers.get('idempotency-key')).toBe('key');
    expectReplay(await post('customers', { name: 'Ada' }), first);
    expect(await count('customers')).toBe(1);
  });

  it('gets it though the object has changed since', async () => {
    const first = await post('customers', { name: 'Ada' });
    await post(`customers/${first.body.id}`, { name: 'Grace' }, 'other');
    expectReplay(await post('customers', { name: 'Ada' }), first);
  });

  it('is told of a card that was declined, once more and without asking the bank', async () => {
    const declined = { ...PAYMENT, payment_method: 'pm_card_chargeDeclined' };
    const first = await post('payment_intents', declined);
    expect([first.status, first.body.error.code]).toEqual([402, 'card_declined']);
    expectReplay(await post('payment_intents', declined), first);
    expect(await count('charges')).toBe(1);
  });

  it('is told of what the operation refused, though it would be allowed by now', async () => {
    const { body: intent } = await post('payment_intents', { amount: 500, currency: 'gbp' }, null);
    const first = await post(`payment_intents/${intent.id}/confirm`, {});
    expect(first.status).toBe(400);
    await post(`payment_intents/${intent.id}`, { payment_method: 'pm_card_visa' }, null);
    expectReplay(await post(`payment_intents/${intent.id}/confirm`, {}), first);
  });

  it('is carried out after all where the parameters had been refused', async () => {
    const refused = await post('customers', { nmae: 'Ada' });
    expect([refused.status, refused.body.error.code]).toEqual([400, 'parameter_unknown']);
    const second = await post('customers', { name: 'Ada' });
    expect(second.status).toBe(200);
    expect(second.headers.get('idempotent-replayed')).toBeNull();
  });

  it('is carried out again once the key is a day old and purged', async () => {
    const first = await post('customers', { name: 'Ada' });
    const start = world.now;
    try {
      world.now = new Date(start.getTime() + 24 * 60 * 60 * 1000);
      await purge(system());
      expectReplay(await post('customers', { name: 'Ada' }), first);
      world.now = new Date(world.now.getTime() + 1);
      expect(await purge(system())).toBeGreaterThan(0);
      const again = await post('customers', { name: 'Ada' });
      expect(again.body.id).not.toBe(first.body.id);
    } finally {
      world.now = start;
    }
  });
});

describe('a key', () => {
  it('cannot be used with other parameters', async () => {
    await post('customers', { name: 'Ada' });
    const { status, body } = await post('customers', { name: 'Grace' });
    expect(status).toBe(400);
    expect(body.error).toEqual({
      type: 'idempotency_error',
      message:
        "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than 'key' if you meant to execute a different request.",
      request_log_url: expect.stringMatching(/^\/logs\/req_/) as string,
    });
    expect(await count('customers')).toBe(1);
  });

  it('cannot be used for another endpoint, another object or another expansion', async () => {
    const { body: customer } = await post('customers', {});
    for (const [path, body] of [
      ['products', {}],
      ['products', { name: 'Tea' }],
      [`customers/${customer.id}`, {}],
      ['customers', { expand: ['tax_ids'] }],
    ] as const) {
      const reply = await post(path, body);
      if (path === 'products' && !('name' in body)) expect(reply.status).toBe(400);
      else expect([path, reply.body.error.type]).toEqual([path, 'idempotency_error']);
    }
  });

  it("is the project's own", async () => {
    const first = await post('customers', { name: 'Ada' });
    const stranger = await world.project();
    const theirs = await post('customers', { name: 'Ada' }, 'key', { key: stranger.secretKey });
    expect(theirs.status).toBe(200);
    expect(theirs.body.id).not.toBe(first.body.id);
  });

  it("is the mode's own", async () => {
    const first = await post('customers', { name: 'Ada' });
    const live: KeyHolder = { ...(await holderOf(tenant)), livemode: true };
    const inLive = createApi(world, { findKey: async () => live });
    const headers = { 'idempotency-key': 'key' };
    const call = { key: 'any', method: 'POST', path: '/v1/customers', body: { name: 'Ada' } };
    const theirs = await inLive({ ...call, headers });
    expect(theirs.body).toMatchObject({ object: 'customer', livemode: true });
    expect(theirs.body.id).not.toBe(first.body.id);
  });

  it('may have 255 characters and no more', async () => {
    expect((await post('customers', {}, 'k'.repeat(255))).status).toBe(200);
    const { status, body } = await post('customers', {}, 'k'.repeat(256));
    expect(status).toBe(400);
    expect(body.error.message).toBe('Idempotency keys can be at most 255 characters long.');
  });

  it('means nothing when it is empty', async () => {
    const first = await post('customers', {}, '');
    expect((await post('customers', {}, '')).body.id).not.toBe(first.body.id);
  });

  it('is ignored by GET and DELETE, which are idempotent by themselves', async () => {
    const { body: customer } = await post('customers', {});
    const path = `/v1/customers/${customer.id}`;
    const headers = { 'idempotency-key': 'key' };
    const got = await api({ key: tenant.secretKey, path, headers });
    expect([got.status, got.headers.get('idempotency-key')]).toEqual([200, null]);
    const deleted = await api({ key: tenant.secretKey, method: 'DELETE', path, headers });
    expect(deleted.status).toBe(200);
    const again = await api({ key: tenant.secretKey, method: 'DELETE', path, headers });
    expect(again.headers.get('idempotent-replayed')).toBeNull();
  });

  it('is stored with nothing of a card that was typed in', async () => {
    const card = { number: CARD, exp_month: 12, exp_year: 2030, cvc: '987' };
    const first = await post('tokens', { card });
    expect(first.status).toBe(200);
    expectReplay(await post('tokens', { card }), first);
    const wrong = await post('tokens', { card: { ...card, exp_month: 13 } }, 'wrong');
    expect(wrong.status).toBe(402);
    const rows = await world.admin`
      select * from idempotency_keys where project_id = ${tenant.projectId}`;
    expect(rows).toHaveLength(2);
    const text = JSON.stringify(rows);
    expect(text).not.toContain(CARD);
    expect(text).not.toContain('"cvc":"');
  });
});

describe('64 requests with one key at the same moment', () => {
  const AT_ONCE = 64;

  /** One is carried out; the others get its answer, or are asked to come back for it. */
  async function expectOne(path: string, body: unknown): Promise<void> {
    const replies = await Promise.all(Array.from({ length: AT_ONCE }, () => post(path, body)));
    const done = replies.filter(({ status }) => status === 200);
    const executed = done.filter(({ headers }) => headers.get('idempotent-replayed') === null);
    expect(executed).toHaveLength(1);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const { status, body, headers } of replies) {
      if (status === 200) continue;
      expect([status, body.error.code]).toEqual([409, 'idempotency_key_in_use']);
      expect(body.error.type).toBe('idempotency_error');
      expect(headers.get('stripe-should-retry')).toBe('true');
      expect(headers.get('retry-after')).toBe('1');
    }
    expectReplay(await post(path, body), executed[0]!);
  }

  it('create one customer', async () => {
    await expectOne('customers', { name: 'Ada' });
    expect(await count('customers')).toBe(1);
    expect(await count('events')).toBe(1);
  });

  it('take one payment', async () => {
    await expectOne('payment_intents', PAYMENT);
    expect(await count('payment_intents')).toBe(1);
    expect(await count('charges')).toBe(1);
    expect(await count('balance_transactions')).toBe(1);
  });

  it('confirm one payment', async () => {
    const { confirm: _, ...unconfirmed } = PAYMENT;
    const { body: intent } = await post('payment_intents', unconfirmed, null);
    await expectOne(`payment_intents/${intent.id}/confirm`, {});
    expect(await count('charges')).toBe(1);
  });

  it('give money back once', async () => {
    const { body: intent } = await post('payment_intents', PAYMENT, null);
    await expectOne('refunds', { payment_intent: intent.id, amount: 500 });
    expect(await count('refunds')).toBe(1);
    const [charge] = await world.admin`
      select amount_refunded::int from charges where project_id = ${tenant.projectId}`;
    expect(charge).toEqual({ amount_refunded: 500 });
  });
});

describe('a request whose process dies while it waits for the bank', () => {
  it('is in progress until the schedule has found out what became of it, and is replayed then', async () => {
    // The bank acts; we never hear of it, and never will: the process is gone.
    let tellDead: () => void = () => undefined;
    const dead = new Promise<void>((resolve) => {
      tellDead = resolve;
    });
    faults = () => ({
      between: () => {
        tellDead();
        return new Promise<void>(() => undefined);
      },
    });
    void post('payment_intents', PAYMENT);
    await dead;
    faults = () => undefined;

    for (let attempt = 0; attempt < 3; attempt++) {
      const early = await post('payment_intents', PAYMENT);
      expect([early.status, early.body.error.code]).toEqual([409, 'idempotency_key_in_use']);
      expect(early.headers.get('stripe-should-retry')).toBe('true');
    }
    const other = await post('payment_intents', { ...PAYMENT, amount: 1 });
    expect(other.body.error.type).toBe('idempotency_error');

    const start = world.now;
    try {
      world.now = new Date(start.getTime() + 5_000);
      expect(await unanswered(system())).toBe(1);
      const found = await post('payment_intents', PAYMENT);
      expect(found.status).toBe(200);
      expect(found.body['status']).toBe('succeeded');
      expect(found.headers.get('idempotent-replayed')).toBe('true');
      const again = await post('payment_intents', PAYMENT);
      expect(again.text).toBe(found.text);
      expect(await count('charges')).toBe(1);
      // The bank knows a payment by our reference, which is the id of the attempt.
      const booked = await world.admin`select t.id from simulator_transactions t
        join processor_attempts a on a.id = t.id where a.project_id = ${tenant.projectId}`;
      expect(booked).toHaveLength(1);
    } finally {
      world.now = start;
    }
  });
});

describe('a request whose outcome nobody can find out for now', () => {
  it('is told how it stands, once nobody can be waiting for it any more, and replayed so', async () => {
    let tellDead: () => void = () => undefined;
    const dead = new Promise<void>((resolve) => {
      tellDead = resolve;
    });
    faults = () => ({
      between: () => {
        tellDead();
        return new Promise<void>(() => undefined);
      },
    });
    void post('payment_intents', PAYMENT);
    await dead;
    // The bank has acted, and cannot be reached.
    faults = () => ({ lose: 'before' });
    const start = world.now;
    try {
      world.now = new Date(start.getTime() + 30_000);
      expect(await unanswered(system())).toBe(1);
      expect((await post('payment_intents', PAYMENT)).status).toBe(409);

      world.now = new Date(start.getTime() + 61_000);
      const told = await Promise.all([
        post('payment_intents', PAYMENT),
        post('payment_intents', PAYMENT),
      ]);
      for (const { status, body, headers, text } of told) {
        expect([status, body['status'], text]).toEqual([200, 'processing', told[0]?.text]);
        expect(headers.get('idempotent-replayed')).toBe('true');
      }
      // The answer stays what it was, and the intent goes on.
      faults = () => undefined;
      world.now = new Date(start.getTime() + 3_600_000);
      expect(await unanswered(system())).toBe(1);
      expect((await post('payment_intents', PAYMENT)).text).toBe(told[0]?.text);
      const [intent] = await world.admin`
        select status from payment_intents where project_id = ${tenant.projectId}`;
      expect(intent).toEqual({ status: 'succeeded' });
    } finally {
      world.now = start;
      faults = () => undefined;
    }
  });
});

async function holderOf({ secretKey }: TestTenant): Promise<KeyHolder> {
  const holder = await keyFinder(world.runtime.pool)(secretKey, 0);
  if (holder === null) throw new Error('The tenant has no key.');
  return holder;
}
