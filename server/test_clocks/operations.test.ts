import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { ctxOf, scopeOf } from '@/server/context';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { onClock, test_clocks } from './index';
import { advance, create, list, remove, retrieve } from './operations';

const DAY = 24 * 60 * 60;
const at = (iso: string): number => Date.parse(iso) / 1000;
const JANUARY = at('2024-01-31T00:00:00Z');

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

const newClock = (who = tenant) => ask(who, create, { frozen_time: JANUARY });
const missing = { status: 404, details: { code: 'resource_missing', param: 'id' } };

describe('POST /v1/test_helpers/test_clocks', () => {
  it('creates a clock that stands still, and is kept for 30 days of the wall clock', async () => {
    const who = await world.project();
    const clock = await ask(who, create, { frozen_time: JANUARY, name: 'Renewals' });
    expectContract(clock);
    const created = world.now.getTime() / 1000;
    expect(clock).toEqual({
      id: expect.stringMatching(/^clock_/) as string,
      object: 'test_helpers.test_clock',
      created,
      deletes_after: created + 30 * DAY,
      frozen_time: JANUARY,
      livemode: false,
      name: 'Renewals',
      status: 'ready',
      status_details: {},
    });
    expect(await announced(who)).toEqual(['test_helpers.test_clock.created']);
    expect(await ask(who, retrieve, { id: clock.id })).toEqual(clock);
  });

  it('has a name only where it was given one', async () => {
    expect((await newClock()).name).toBeNull();
  });

  it('refuses live mode, in which there is none to find either', async () => {
    const live = { projectId: tenant.projectId, livemode: true };
    const who = { ctx: ctxOf(world.runtime, live), scope: scopeOf(world.runtime, live) };
    await expect(ask(who, create, { frozen_time: JANUARY })).rejects.toMatchObject({
      status: 400,
      message: 'This endpoint is only available in testmode. Try using your test keys instead.',
    });
    const { id } = await newClock();
    await expect(ask(who, retrieve, { id })).rejects.toMatchObject(missing);
    expect((await ask(who, list, {})).data).toEqual([]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['no time', {}],
    ['a time before 1970', { frozen_time: -1 }],
    ['a time in milliseconds', { frozen_time: 1_706_659_200_000 }],
    ['a name of 301 characters', { frozen_time: 1, name: 'x'.repeat(301) }],
    ['a parameter that does not exist', { frozen_time: 1, speed: 2 }],
  ])('refuses %s', (_, input) => {
    expect(create.input.safeParse(input).success).toBe(false);
  });
});

describe('POST /v1/test_helpers/test_clocks/:id/advance', () => {
  it('says where the clock is going, and leaves it where it is until a worker takes it', async () => {
    const who = await world.project();
    const { id } = await newClock(who);
    const target = at('2027-01-31T00:00:00Z');
    const clock = await ask(who, advance, { id, frozen_time: target });
    expectContract(clock);
    expect(clock).toMatchObject({
      frozen_time: JANUARY,
      status: 'advancing',
      status_details: { advancing: { target_frozen_time: target } },
    });
    expect(await announced(who)).toEqual([
      'test_helpers.test_clock.created',
      'test_helpers.test_clock.advancing',
    ]);
  });

  it('refuses a second advance, and the deletion, while the first goes on', async () => {
    const { id } = await newClock();
    await ask(tenant, advance, { id, frozen_time: JANUARY + DAY });
    const underway = {
      status: 429,
      message: `Test clock advancement underway - cannot perform modifications: ${id}`,
    };
    await expect(
      ask(tenant, advance, { id, frozen_time: JANUARY + 2 * DAY }),
    ).rejects.toMatchObject(underway);
    await expect(ask(tenant, remove, { id })).rejects.toMatchObject(underway);
  });

  it('lets one of two that come together through', async () => {
    const { id } = await newClock();
    const results = await Promise.allSettled(
      [1, 2].map((days) => ask(tenant, advance, { id, frozen_time: JANUARY + days * DAY })),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it.each([
    ['the same time', JANUARY],
    ['a time before', JANUARY - 1],
    ['more than ten years at once', JANUARY + 3_661 * DAY],
  ])('refuses %s', async (_, frozen_time) => {
    const { id } = await newClock();
    await expect(ask(tenant, advance, { id, frozen_time })).rejects.toMatchObject({
      status: 400,
      details: { param: 'frozen_time' },
    });
    expect(await ask(tenant, retrieve, { id })).toMatchObject({ status: 'ready' });
  });

  it("cannot see a clock that is unknown, deleted or another project's", async () => {
    const { id } = await newClock();
    const frozen_time = JANUARY + DAY;
    const unknown = 'clock_none';
    await expect(ask(tenant, advance, { id: unknown, frozen_time })).rejects.toMatchObject({
      ...missing,
      message: "No such billingclock: 'clock_none'",
    });
    await expect(ask(await world.project(), advance, { id, frozen_time })).rejects.toMatchObject(
      missing,
    );
    await ask(tenant, remove, { id });
    await expect(ask(tenant, advance, { id, frozen_time })).rejects.toMatchObject(missing);
  });
});

describe('DELETE /v1/test_helpers/test_clocks/:id', () => {
  it('answers a stub, announces the clock as it was, and hides it from then on', async () => {
    const clock = await newClock();
    const stub = await ask(tenant, remove, { id: clock.id });
    expectContract(stub);
    expect(stub).toEqual({ id: clock.id, object: 'test_helpers.test_clock', deleted: true });
    const [event] = await world.admin`
      select data from events
      where related_object = ${clock.id} and type = 'test_helpers.test_clock.deleted'`;
    expect(event).toEqual({ data: { object: clock } });
    await expect(ask(tenant, retrieve, { id: clock.id })).rejects.toMatchObject(missing);
    await expect(ask(tenant, remove, { id: clock.id })).rejects.toMatchObject(missing);
    expect(await test_clocks.load!(tenant.scope, [clock.id])).toEqual([]);
  });

  it('leaves its time to what still names it', async () => {
    const { id } = await newClock();
    await ask(tenant, remove, { id });
    expect((await onClock(tenant.scope, id)).now).toEqual(new Date(JANUARY * 1000));
  });

  it("cannot delete another project's", async () => {
    const { id } = await newClock();
    await expect(ask(await world.project(), remove, { id })).rejects.toMatchObject(missing);
  });
});

describe('GET /v1/test_helpers/test_clocks', () => {
  it('lists both ways, without the deleted', async () => {
    const who = await world.project();
    const ids: string[] = [];
    for (let index = 0; index < 4; index += 1) ids.unshift((await newClock(who)).id);
    const [deleted, third, second, first] = ids as [string, string, string, string];
    await ask(who, remove, { id: deleted });
    const listed = async (params: Parameters<typeof ask<typeof list>>[2]) => {
      const page = await ask(who, list, params);
      return [...page.data.map(({ id }) => id), page.has_more];
    };
    expect(await listed({})).toEqual([third, second, first, false]);
    expect(await listed({ limit: 2 })).toEqual([third, second, true]);
    expect(await listed({ starting_after: second })).toEqual([first, false]);
    expect(await listed({ ending_before: first, limit: 1 })).toEqual([second, true]);
    await expect(ask(who, list, { starting_after: 'clock_none' })).rejects.toMatchObject({
      status: 400,
      details: { param: 'starting_after' },
    });
  });
});

describe('the time of a clock', () => {
  it('is that of a scope and of a transaction that went through it', async () => {
    const { id } = await newClock();
    const there = new Date(JANUARY * 1000);
    expect((await onClock(tenant.scope, id)).now).toEqual(there);
    const event = await tenant.ctx.transaction(async (tx) => {
      const moved = await onClock(tx, id);
      expect(moved.now).toEqual(there);
      await moved.announce('tax_rate.updated', { object: 'tax_rate', id: 'txr_there' });
      const [first] = await moved.objects<{ created: string }>(
        `select created from events where related_object = 'txr_there'`,
        [],
      );
      return first;
    });
    // It happens now, whatever time it tells of.
    expect(Number(event?.created)).toBe(world.now.getTime() / 1000);
  });

  it('is the scope itself where there is no clock', async () => {
    const { scope } = tenant;
    expect(await onClock(scope, null)).toBe(scope);
  });
});
