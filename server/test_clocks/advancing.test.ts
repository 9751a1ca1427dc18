import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '@/server/kernel/context';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { fail, finish, findAdvancing, stepTo, takeAdvancing, type AdvancingClock } from './index';
import { advance, create, remove, retrieve } from './operations';
import { removeOldClocks } from './retention';

const DAY = 24 * 60 * 60;
const START = Date.parse('2024-01-31T00:00:00Z') / 1000;
const TARGET = START + 3 * DAY;

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** A clock that was told to advance, of a project of its own. */
async function sent(): Promise<string> {
  tenant = await world.project();
  const { id } = await ask(tenant, create, { frozen_time: START });
  await ask(tenant, advance, { id, frozen_time: TARGET });
  return id;
}

/** So many seconds from now on the wall clock. */
const soon = (seconds: number): Date => new Date(world.now.getTime() + seconds * 1000);

const take = (id: string, until: Date, held: Date | null = null) =>
  tenant.ctx.transaction((tx) => takeAdvancing(tx, id, until, held));

const withClock = <T>(id: string, held: Date, work: (tx: Tx, clock: AdvancingClock) => T) =>
  tenant.ctx.transaction(async (tx) => {
    const clock = await takeAdvancing(tx, id, held, held);
    if (clock === null) throw new Error('Somebody else has it.');
    return work(tx, clock);
  });

const found = async (now = world.now): Promise<string[]> =>
  (await findAdvancing(world.runtime.pool, now)).map(({ id }) => id);

const show = (id: string) => ask(tenant, retrieve, { id });

describe('a clock that advances', () => {
  it('is found for whoever takes it first, of any tenant', async () => {
    const [first, second] = [await sent(), await sent()];
    expect(await found()).toEqual(expect.arrayContaining([first, second]));
    expect(await take(second, soon(30))).toMatchObject({ target_time: TARGET });
    expect(await found()).toContain(first);
    expect(await found()).not.toContain(second);
  });

  it('is not found while it stands still', async () => {
    tenant = await world.project();
    const { id } = await ask(tenant, create, { frozen_time: START });
    expect(await found()).not.toContain(id);
    expect(await take(id, soon(30))).toBeNull();
  });

  it('goes to one of eight workers', async () => {
    const id = await sent();
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(id, soon(30))));
    expect(taken.filter((clock) => clock !== null)).toHaveLength(1);
  });

  it('stays with its worker from step to step, and goes to another when that one is gone', async () => {
    const id = await sent();
    const clock = await take(id, soon(30));
    expect(await take(id, soon(60))).toBeNull();
    const kept = await take(id, soon(40), clock!.advance_at);
    expect(kept?.advance_at).toEqual(soon(40));

    const now = world.now;
    world.now = soon(41);
    expect(await found()).toContain(id);
    expect(await take(id, soon(30))).not.toBeNull();
    // The first one comes back from the dead, and finds that it lost the clock.
    expect(await take(id, soon(50), kept!.advance_at)).toBeNull();
    world.now = now;
  });

  it('can be let go', async () => {
    const id = await sent();
    const clock = await take(id, soon(30));
    await take(id, world.now, clock!.advance_at);
    expect(await found()).toContain(id);
  });

  it('steps forward, never back and never past its target', async () => {
    const id = await sent();
    const held = soon(30);
    await take(id, held);
    await withClock(id, held, (tx, clock) => stepTo(tx, clock, START + DAY));
    expect(await show(id)).toMatchObject({ frozen_time: START + DAY, status: 'advancing' });
    await withClock(id, held, (tx, clock) => stepTo(tx, clock, START + DAY));
    for (const time of [START, TARGET + 1]) {
      await expect(withClock(id, held, (tx, clock) => stepTo(tx, clock, time))).rejects.toThrow(
        RangeError,
      );
    }
    expect(await show(id)).toMatchObject({ frozen_time: START + DAY });
  });

  it('arrives at its target, ready to be advanced again', async () => {
    const id = await sent();
    const held = soon(30);
    await take(id, held);
    await withClock(id, held, finish);
    expect(await show(id)).toMatchObject({
      frozen_time: TARGET,
      status: 'ready',
      status_details: {},
    });
    expect(await announced(tenant)).toEqual([
      'test_helpers.test_clock.created',
      'test_helpers.test_clock.advancing',
      'test_helpers.test_clock.ready',
    ]);
    expect(await found(soon(60))).not.toContain(id);
    expect(await take(id, soon(60), held)).toBeNull();
    await ask(tenant, advance, { id, frozen_time: TARGET + DAY });
  });

  it('can fail, and then only be deleted', async () => {
    const id = await sent();
    const held = soon(30);
    await take(id, held);
    await withClock(id, held, (tx, clock) => fail(tx, stepTo(tx, clock, START + 1), 'sub_1'));
    expect(await show(id)).toMatchObject({ frozen_time: START + 1, status: 'internal_failure' });
    expect(await announced(tenant)).toContain('test_helpers.test_clock.internal_failure');
    await expect(ask(tenant, advance, { id, frozen_time: TARGET })).rejects.toMatchObject({
      status: 400,
    });
    await ask(tenant, remove, { id });
  });
});

describe('the deletion of clocks that nobody deleted', () => {
  const system = () => ({ ...world.runtime, ctxOf: () => tenant.ctx });

  it('takes those whose time has come, but not one that advances', async () => {
    tenant = await world.project();
    const now = world.now;
    const old = await ask(tenant, create, { frozen_time: START });
    const busy = await ask(tenant, create, { frozen_time: START });
    await ask(tenant, advance, { id: busy.id, frozen_time: TARGET });
    world.now = new Date(old.deletes_after * 1000 - 1000);
    const fresh = await ask(tenant, create, { frozen_time: START });
    expect(await removeOldClocks(system())).toBe(0);

    world.now = new Date(old.deletes_after * 1000);
    const statuses = async () =>
      Object.fromEntries(
        (
          await world.admin<{ id: string; status: string }[]>`
            select id, status from test_clocks where project_id = ${tenant.projectId}`
        ).map(({ id, status }) => [id, status]),
      );
    await removeOldClocks(system());
    expect(await statuses()).toEqual({
      [old.id]: 'deleted',
      [busy.id]: 'advancing',
      [fresh.id]: 'ready',
    });
    world.now = now;
  });
});
