import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRuntime, ctxOf } from '@/server/context';
import { insert, purge } from '@/server/idempotency_keys';
import type { System } from '@/server/kernel/due';
import { newId } from '@/server/kernel/ids';
import { scheduleFor } from '@/server/schedule';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { removeOld, newSending } from '@/server/webhook_deliveries';
import { startReceiver } from '@/server/webhook_deliveries/receiver.case';
import { webhook_endpoints } from '@/server/webhook_endpoints';
import { startWorker, type Worker } from './worker';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

let world: TestWorld;
let system: System;
let tenant: TestTenant;
let other: TestTenant;

beforeAll(async () => {
  world = await createWorld();
  system = { ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) };
});
beforeEach(async () => {
  // Ids hold the real time, and retention goes by them.
  world.now = new Date();
  tenant = await world.project();
  other = await world.project();
});
afterAll(() => world.close());

const travel = (ms: number): void => {
  world.now = new Date(world.now.getTime() + ms);
};

const keep = (of: TestTenant, id: string) =>
  of.ctx.transaction(async (tx) =>
    insert(tx, {
      id,
      fingerprint: 'f',
      status: 'finished',
      request: 'req_1',
      attempt: null,
      response_status: 200,
      response_body: '{}',
      created_at: tx.now,
    }),
  );
const kept = async () =>
  (await world.admin`select id from idempotency_keys order by id`).map(({ id }) => String(id));

describe('idempotency_keys.purge', () => {
  it('removes what is older than a day, of every project, and nothing else', async () => {
    await keep(tenant, 'old');
    await keep(other, 'old too');
    travel(DAY_MS - HOUR_MS);
    await keep(tenant, 'recent');
    travel(HOUR_MS + 1);
    expect(await purge(system)).toBe(2);
    expect(await kept()).toEqual(['recent']);
    expect(await purge(system)).toBe(0);
  });

  it('takes a thousand at a time', async () => {
    await Promise.all(Array.from({ length: 1_100 }, (_, n) => keep(tenant, `key ${n}`)));
    travel(2 * DAY_MS);
    expect(await purge(system)).toBe(1_000);
    expect(await purge(system)).toBeGreaterThanOrEqual(100);
    expect(await kept()).toEqual([]);
  });

  it('does not wait for a key that a request holds', async () => {
    await keep(tenant, 'held');
    await keep(tenant, 'free');
    travel(2 * DAY_MS);
    await tenant.ctx.transaction(async (tx) => {
      await tx.lookUp('select 1 from idempotency_keys where id = $1 for update', ['held']);
      expect(await purge(system)).toBe(1);
    });
    expect(await kept()).toEqual(['held']);
  });
});

describe('webhook_deliveries', () => {
  it('are forgotten a month after they ended, with their attempts', async () => {
    const receiver = await startReceiver();
    const { create } = webhook_endpoints.operations;
    const input = create.input.parse({ url: receiver.url, enabled_events: ['*'] });
    await tenant.ctx.transaction((tx) => create.run(tx, input));
    const announce = () =>
      tenant.ctx.transaction((tx) =>
        tx.announce('customer.created', { object: 'customer', id: newId('customer') }),
      );
    await announce();
    const sending = newSending(() => 0.5);
    await sending.run(system, () => undefined);
    await sending.drain();
    await announce();

    travel(29 * DAY_MS);
    expect(await removeOld(system)).toBe(0);
    travel(2 * DAY_MS);
    expect(await removeOld(system)).toBe(1);

    const left = await world.admin`select status from webhook_deliveries`;
    expect(left.map(({ status }) => String(status))).toEqual(['pending']);
    expect(await world.admin`select 1 from webhook_delivery_attempts`).toHaveLength(0);
    await receiver.close();
    await world.admin`delete from webhook_deliveries`;
  });
});

describe('the schedule', () => {
  it('delivers in a worker that is woken by the commit, and keeps the partitions ahead', async () => {
    const receiver = await startReceiver();
    let worker: Worker | undefined;
    const runtime = createRuntime({
      ...world.runtime,
      wake: (announced) => worker?.wake(announced),
    });
    const ctx = () => ctxOf(runtime, { projectId: tenant.projectId, livemode: false });
    const { create } = webhook_endpoints.operations;
    const input = create.input.parse({ url: receiver.url, enabled_events: ['*'] });
    await ctx().transaction((tx) => create.run(tx, input));
    travel(30 * DAY_MS);
    worker = startWorker(runtime, scheduleFor({ eventsKeptDays: 400, random: () => 0.5 }));
    for (let n = 0; n < 20; n += 1) {
      await ctx().transaction((tx) =>
        tx.announce('customer.created', { object: 'customer', id: newId('customer') }),
      );
    }
    await receiver.expecting(20);
    await worker.stop();

    const rows = await world.admin`select status, attempts from webhook_deliveries`;
    expect(rows.map((row) => ({ ...row }))).toEqual(
      Array.from({ length: 20 }, () => ({ status: 'succeeded', attempts: 1 })),
    );
    const ahead = new Date(Date.UTC(world.now.getUTCFullYear(), world.now.getUTCMonth() + 6, 1));
    const name = `events_${ahead.toISOString().slice(0, 7).replace('-', '_')}`;
    expect(await world.admin`select 1 from pg_class where relname = ${name}`).toHaveLength(1);
    await receiver.close();
  });
});
