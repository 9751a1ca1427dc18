import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ctxOf } from '@/server/context';
import type { System } from '@/server/kernel/due';
import { newId } from '@/server/kernel/ids';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { webhook_endpoints } from '@/server/webhook_endpoints';
import { webhook_deliveries } from './index';
import { startReceiver, verify, type Receiver, type Respond } from './receiver.case';
import { GIVE_UP_AFTER_MS } from './retries';
import { newSending, type Sending } from './sending';
import type { DeliveryRow } from './store';

const START = new Date('2026-03-01T12:00:00Z');
const LEASE_MS = 60_000;
const HOUR_MS = 60 * 60 * 1000;

let world: TestWorld;
let system: System;
let tenant: TestTenant;
const receivers: Receiver[] = [];

beforeAll(async () => {
  world = await createWorld();
  system = { ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) };
});
beforeEach(async () => {
  world.now = START;
  tenant = await world.project();
});
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
  await world.admin`delete from webhook_deliveries`;
});
afterAll(() => world.close());

async function receiver(respond?: Respond): Promise<Receiver> {
  const started = await startReceiver(respond);
  receivers.push(started);
  return started;
}

/** An endpoint for every event at the url; gives its id and secret. */
async function endpointAt(url: string, of = tenant): Promise<{ id: string; secret: string }> {
  const { create } = webhook_endpoints.operations;
  const input = create.input.parse({ url, enabled_events: ['*'] });
  const { id, secret } = await of.ctx.transaction((tx) => create.run(tx, input));
  return { id, secret: secret ?? '' };
}

/** Announces that a customer was created; gives the customer's id. */
async function announce(
  of = tenant,
  type: 'customer.created' | 'customer.deleted' = 'customer.created',
): Promise<string> {
  const id = newId('customer');
  await of.ctx.transaction((tx) => tx.announce(type, { object: 'customer', id }));
  return id;
}

const nothing = (): void => undefined;

/** Sends what is due until nothing is, as a worker of its own; gives how many were sent. */
async function sendDue(sending: Sending = newSending(() => 0.5)): Promise<number> {
  let sent = 0;
  for (;;) {
    const started = await sending.run(system, nothing);
    await sending.drain();
    if (started === 0) return sent;
    sent += started;
  }
}

const travel = (ms: number): void => {
  world.now = new Date(world.now.getTime() + ms);
};

const deliveries = (): Promise<DeliveryRow[]> =>
  world.admin<DeliveryRow[]>`select * from webhook_deliveries order by id`;

async function only(): Promise<DeliveryRow> {
  const [row, ...others] = await deliveries();
  if (row === undefined || others.length > 0) throw new Error('There is not one delivery.');
  return row;
}

const eventOf = async (): Promise<string> => (await only()).event;

const { retrieve, resend, retryEvent } = webhook_deliveries.operations;

describe('a delivery', () => {
  it('is taken for genuine by the official SDK, and holds the event', async () => {
    const { url, received } = await receiver();
    const { secret } = await endpointAt(url);
    const customer = await announce();

    expect(await sendDue()).toBe(1);

    expect(received).toHaveLength(1);
    const event = verify(received[0]!, secret, world.now);
    expect(event).toMatchObject({
      object: 'event',
      type: 'customer.created',
      data: { object: { id: customer } },
      pending_webhooks: 1,
    });
    expect(received[0]!.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': expect.stringContaining('CalmonyPay'),
      'webhook-id': event.id,
      'webhook-timestamp': String(START.getTime() / 1000),
      'webhook-signature': expect.stringMatching(/^v1,/),
    });
  });

  it('is recorded with what the receiver said', async () => {
    const { url } = await receiver();
    await endpointAt(url);
    await announce();
    await sendDue();

    const { id } = await only();
    expect(await retrieve.run(tenant.scope, { id })).toMatchObject({
      id,
      status: 'succeeded',
      attempt_count: 1,
      next_attempt_at: null,
      attempts: [{ response_status: 200, response_body: 'answered', failure: null }],
    });
  });

  it('goes to each endpoint that listens for the type, and to no other', async () => {
    const all = await receiver();
    const some = await receiver();
    await endpointAt(all.url);
    const { create } = webhook_endpoints.operations;
    const input = create.input.parse({ url: some.url, enabled_events: ['customer.deleted'] });
    await tenant.ctx.transaction((tx) => create.run(tx, input));
    await announce(tenant, 'customer.created');
    await announce(tenant, 'customer.deleted');
    await sendDue();
    expect(all.received.map(({ event }) => event.type).toSorted()).toEqual([
      'customer.created',
      'customer.deleted',
    ]);
    expect(some.received.map(({ event }) => event.type)).toEqual(['customer.deleted']);
  });

  it('goes to no endpoint of another project', async () => {
    const { url, received } = await receiver();
    await endpointAt(url, await world.project());
    await announce();
    expect(await sendDue()).toBe(0);
    expect(received).toHaveLength(0);
  });

  it('is not written when the change is rolled back', async () => {
    const { url } = await receiver();
    await endpointAt(url);
    const change = tenant.ctx.transaction(async (tx) => {
      await tx.announce('customer.created', { object: 'customer', id: newId('customer') });
      throw new Error('changed its mind');
    });
    await expect(change).rejects.toThrow('changed its mind');
    expect(await deliveries()).toEqual([]);
  });
});

describe('a delivery that fails', () => {
  it('is sent again after some seconds, signed anew, until it is taken', async () => {
    const answers = [500, 503, 204];
    const { url, received } = await receiver(() => answers.shift() ?? 200);
    const { secret } = await endpointAt(url);
    await announce();

    await sendDue();
    expect(await only()).toMatchObject({ status: 'pending', attempts: 1 });
    expect(await sendDue()).toBe(0);
    travel(5_000);
    await sendDue();
    travel(60_000);
    await sendDue();

    expect(await only()).toMatchObject({ status: 'succeeded', attempts: 3, next_attempt_at: null });
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    const signatures = received.map(({ headers }) => headers['stripe-signature']);
    expect(new Set(signatures).size).toBe(3);
    expect(verify(received[2]!, secret, world.now).type).toBe('customer.created');
  });

  it('keeps each attempt, the newest first', async () => {
    const answers = [500, 200];
    const { url } = await receiver(() => answers.shift() ?? 200);
    await endpointAt(url);
    await announce();
    await sendDue();
    travel(5_000);
    await sendDue();
    const { id } = await only();
    const { attempts } = await retrieve.run(tenant.scope, { id });
    expect(attempts?.map(({ response_status }) => response_status)).toEqual([200, 500]);
  });

  it('says why there was no answer', async () => {
    const gone = await startReceiver();
    await gone.close();
    await endpointAt(gone.url);
    await announce();
    await sendDue();
    const { id } = await only();
    expect(await retrieve.run(tenant.scope, { id })).toMatchObject({
      status: 'pending',
      attempts: [{ response_status: null, failure: expect.stringMatching(/^refused: /) }],
    });
  });

  it('takes a redirect for a failure', async () => {
    const { url } = await receiver(() => 302);
    await endpointAt(url);
    await announce();
    await sendDue();
    expect(await only()).toMatchObject({ status: 'pending', attempts: 1 });
  });

  it('is given up after three days', async () => {
    const { url, received } = await receiver(() => 500);
    await endpointAt(url);
    await announce();
    await sendDue();
    while (world.now.getTime() - START.getTime() < GIVE_UP_AFTER_MS) {
      expect(await only()).toMatchObject({ status: 'pending' });
      travel(HOUR_MS);
      await sendDue();
    }
    const sent = received.length;
    expect(sent).toBeGreaterThan(10);
    expect(await only()).toMatchObject({ status: 'failed', attempts: sent, next_attempt_at: null });
    travel(24 * HOUR_MS);
    expect(await sendDue()).toBe(0);
  });

  it('has its three days from the first attempt, however late that is', async () => {
    const { url } = await receiver(() => 500);
    await endpointAt(url);
    await announce();
    travel(2 * GIVE_UP_AFTER_MS);
    await sendDue();
    travel(5_000);
    await sendDue();
    expect(await only()).toMatchObject({ status: 'pending', attempts: 2 });
  });
});

describe('a worker', () => {
  it('that dies while it sends loses nothing: another takes over when the lease ends', async () => {
    const { url, received, expecting } = await receiver(({ event }) =>
      received.filter((each) => each.event.id === event.id).length === 1 ? null : 200,
    );
    await endpointAt(url);
    await announce();

    // It has claimed and sent, and waits for an answer that never comes.
    await newSending(() => 0.5).run(system, nothing);
    await expecting(1);

    expect(await sendDue()).toBe(0);
    travel(LEASE_MS);
    expect(await sendDue()).toBe(1);
    expect(await only()).toMatchObject({ status: 'succeeded', attempts: 1 });
  });

  it('whose answer comes after its lease records the attempt and decides nothing', async () => {
    let answer: (status: number) => void = nothing;
    let isFirst = true;
    const { url, expecting } = await receiver(() => {
      if (!isFirst) return 200;
      isFirst = false;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    await endpointAt(url);
    await announce();
    const late = newSending(() => 0.5);
    await late.run(system, nothing);
    await expecting(1);
    travel(LEASE_MS);
    await sendDue();
    answer(500);
    await late.drain();
    expect(await only()).toMatchObject({ status: 'succeeded', attempts: 2, next_attempt_at: null });
  });

  it('shares the work with others, and each delivery is sent once', async () => {
    const { url, received } = await receiver();
    const other = await world.project();
    await endpointAt(url);
    await endpointAt(url, other);
    await Promise.all(Array.from({ length: 60 }, (_, n) => announce(n % 2 === 0 ? tenant : other)));

    const sent = await Promise.all([sendDue(), sendDue(), sendDue()]);

    expect(sent.reduce((sum, each) => sum + each)).toBe(60);
    expect(received).toHaveLength(60);
    expect(new Set(received.map(({ event }) => event.id)).size).toBe(60);
    const rows = await deliveries();
    expect(rows.every(({ status, attempts }) => status === 'succeeded' && attempts === 1)).toBe(
      true,
    );
  });

  it('is not held up by an endpoint that never answers', async () => {
    const dead = await receiver(() => null);
    const alive = await receiver();
    await endpointAt(dead.url);
    for (let n = 0; n < 100; n += 1) await announce();
    travel(1_000);
    await endpointAt(alive.url);
    await announce();

    const sending = newSending(() => 0.5);
    while ((await sending.run(system, nothing)) > 0);
    await alive.expecting(1);

    // The dead one has its few slots and no more, however much is due to it.
    expect(dead.received.length).toBeLessThan(10);
  });

  it('goes on with other deliveries when one cannot be signed', async () => {
    const { url, received } = await receiver();
    const broken = await endpointAt(url);
    await announce();
    await world.admin`update webhook_endpoints set secret = 'lost:AAAA' where id = ${broken.id}`;
    await endpointAt(url);
    await announce();
    await sendDue();
    expect(received).toHaveLength(1);
    travel(LEASE_MS);
    expect(await sendDue()).toBe(2);
  });
});

describe('POST /v1/webhook_deliveries/:id/resend', () => {
  it('sends a delivery again that was taken', async () => {
    const { url, received } = await receiver();
    await endpointAt(url);
    await announce();
    await sendDue();
    const { id } = await only();
    expect(await tenant.ctx.transaction((tx) => resend.run(tx, { id }))).toMatchObject({
      id,
      status: 'pending',
      next_attempt_at: START.getTime() / 1000,
    });
    expect(await sendDue()).toBe(1);
    expect(received).toHaveLength(2);
    expect(await only()).toMatchObject({ status: 'succeeded', attempts: 2 });
  });

  it('is not undone by an attempt that was under way', async () => {
    let answer: (status: number) => void = nothing;
    let isFirst = true;
    const { url, received, expecting } = await receiver(() => {
      if (!isFirst) return 200;
      isFirst = false;
      return new Promise((resolve) => {
        answer = resolve;
      });
    });
    await endpointAt(url);
    await announce();
    const sending = newSending(() => 0.5);
    await sending.run(system, nothing);
    await expecting(1);
    const { id } = await only();
    await tenant.ctx.transaction((tx) => resend.run(tx, { id }));
    answer(200);
    await sending.drain();
    expect(await sendDue()).toBe(1);
    expect(received).toHaveLength(2);
  });

  it('refuses a disabled endpoint', async () => {
    const { url } = await receiver();
    const { id: endpoint } = await endpointAt(url);
    await announce();
    await sendDue();
    const { update } = webhook_endpoints.operations;
    await tenant.ctx.transaction((tx) => update.run(tx, { id: endpoint, disabled: true }));
    const { id } = await only();
    await expect(tenant.ctx.transaction((tx) => resend.run(tx, { id }))).rejects.toMatchObject({
      status: 400,
      details: { param: 'endpoint' },
    });
  });

  it('does not know the delivery of another project', async () => {
    const { url } = await receiver();
    await endpointAt(url);
    await announce();
    const { id } = await only();
    const other = await world.project();
    await expect(other.ctx.transaction((tx) => resend.run(tx, { id }))).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('POST /v1/events/:id/retry', () => {
  it('sends the event again to all that listen', async () => {
    const { url, received } = await receiver();
    await endpointAt(url);
    await announce();
    await sendDue();
    const id = await eventOf();
    const input = retryEvent.input.parse({ id, for_stripecli: true });
    expect(await tenant.ctx.transaction((tx) => retryEvent.run(tx, input))).toMatchObject({
      id,
      object: 'event',
      pending_webhooks: 1,
    });
    await sendDue();
    expect(received.map(({ event }) => event.id)).toEqual([id, id]);
  });

  it('sends it to an endpoint that was made afterwards', async () => {
    const first = await receiver();
    await endpointAt(first.url);
    await announce();
    await sendDue();
    const id = await eventOf();
    const second = await receiver();
    const { id: webhook_endpoint } = await endpointAt(second.url);
    await tenant.ctx.transaction((tx) => retryEvent.run(tx, { id, webhook_endpoint }));
    await sendDue();
    expect(first.received).toHaveLength(1);
    expect(second.received.map(({ event }) => event.id)).toEqual([id]);
  });

  it('refuses an event and an endpoint that do not exist', async () => {
    const { url } = await receiver();
    await endpointAt(url);
    await announce();
    const id = await eventOf();
    await expect(
      tenant.ctx.transaction((tx) => retryEvent.run(tx, { id: newId('event') })),
    ).rejects.toMatchObject({ status: 404, details: { code: 'resource_missing' } });
    const webhook_endpoint = newId('webhook_endpoint');
    await expect(
      tenant.ctx.transaction((tx) => retryEvent.run(tx, { id, webhook_endpoint })),
    ).rejects.toMatchObject({ status: 400, details: { param: 'webhook_endpoint' } });
  });
});

describe('an endpoint that changes', () => {
  const { update, remove, rollSecret } = webhook_endpoints.operations;

  it('ends what is pending when it is disabled, and gets nothing new', async () => {
    const { url, received } = await receiver();
    const { id } = await endpointAt(url);
    await announce();
    await tenant.ctx.transaction((tx) => update.run(tx, { id, disabled: true }));
    await announce();
    expect(await sendDue()).toBe(0);
    expect(received).toHaveLength(0);
    expect(await only()).toMatchObject({ status: 'failed', attempts: 0, next_attempt_at: null });
  });

  it('gets what is still pending when it is enabled again before the next attempt', async () => {
    const { url, received } = await receiver();
    const { id } = await endpointAt(url);
    await announce();
    await tenant.ctx.transaction((tx) => update.run(tx, { id, disabled: true }));
    await tenant.ctx.transaction((tx) => update.run(tx, { id, disabled: false }));
    await sendDue();
    expect(received).toHaveLength(1);
  });

  it('takes its deliveries along when it is deleted, the one under way included', async () => {
    let answer: (status: number) => void = nothing;
    const { url, expecting } = await receiver(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const { id } = await endpointAt(url);
    await announce();
    const sending = newSending(() => 0.5);
    await sending.run(system, nothing);
    await expecting(1);
    await tenant.ctx.transaction((tx) => remove.run(tx, { id }));
    answer(200);
    await sending.drain();
    expect(await deliveries()).toEqual([]);
    const attempts = await world.admin`
      select 1 from webhook_delivery_attempts where endpoint = ${id}`;
    expect(attempts).toHaveLength(0);
  });

  it('does not fail a change that is announced while it is being deleted', async () => {
    const { url } = await receiver();
    const { id } = await endpointAt(url);
    await tenant.ctx.transaction(async (tx) => {
      await remove.run(tx, { id });
      await tx.lookUp('select 1', []);
      await announce();
    });
    expect(await deliveries()).toEqual([]);
  });

  it('signs with both secrets until the old one expires, and then with the new one', async () => {
    const { url, received } = await receiver();
    const { id, secret: old } = await endpointAt(url);
    const rolled = await tenant.ctx.transaction((tx) =>
      rollSecret.run(tx, { id, expires_in: 3_600 }),
    );
    const fresh = rolled.secret ?? '';
    expect(fresh).not.toBe(old);

    await announce();
    await sendDue();
    expect(verify(received[0]!, old, world.now).type).toBe('customer.created');
    expect(verify(received[0]!, fresh, world.now).type).toBe('customer.created');

    travel(HOUR_MS);
    await announce();
    await sendDue();
    expect(received[1]!.headers['stripe-signature']).toMatch(/^t=\d+,v1=[0-9a-f]+$/);
    expect(verify(received[1]!, fresh, world.now).type).toBe('customer.created');
    expect(() => verify(received[1]!, old, world.now)).toThrow(/No signatures found/);
  });
});
