import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createKeyUsage, type KeyUsage } from '@/server/api_keys';
import { ctxOf } from '@/server/context';
import type { Tenant } from '@/db/scope';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

const NOON = new Date('2026-03-01T12:00:00Z');
const LATER = new Date('2026-03-01T12:00:07.25Z');

describe('the last use of a key', () => {
  let world: TestWorld;
  let tenants: TestTenant[];
  let usage: KeyUsage;
  let opened: Tenant[];
  let failures: unknown[];
  let isBroken: boolean;

  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  beforeEach(async () => {
    tenants = await Promise.all([world.project(), world.project()]);
    opened = [];
    failures = [];
    isBroken = false;
    usage = createKeyUsage({
      transactionOf: (tenant) => (work) => {
        opened.push(tenant);
        if (isBroken) return Promise.reject(new Error('down'));
        return ctxOf(world.runtime, tenant).transaction(work);
      },
      onFailure: (error) => failures.push(error),
    });
  });
  afterEach(() => usage.stop());

  const keysOf = async ({ projectId }: TestTenant) =>
    (
      await world.admin<{ id: string }[]>`
      select id from api_keys where project_id = ${projectId} order by id`
    ).map(({ id }) => ({
      id,
      projectId,
      livemode: false,
    }));
  const lastUseOf = async ({ id }: { id: string }) => {
    const [row] = await world.admin<{ at: Date | null }[]>`
      select last_used_at as at from api_keys where id = ${id}`;
    return row?.at ?? null;
  };

  it('is written for all keys of a tenant at once', async () => {
    const [mine, theirs] = await Promise.all(tenants.map(keysOf));
    for (const key of [...(mine ?? []), ...(theirs ?? [])]) usage.note(key, LATER);
    await usage.flush();
    expect(opened).toHaveLength(2);
    for (const key of [...(mine ?? []), ...(theirs ?? [])]) {
      expect(await lastUseOf(key)).toEqual(LATER);
    }
  });

  it('is the latest, in whatever order uses are told and written', async () => {
    const [key] = await keysOf(tenants[0]!);
    usage.note(key!, LATER);
    usage.note(key!, NOON);
    await usage.flush();
    usage.note(key!, NOON);
    await usage.flush();
    expect(await lastUseOf(key!)).toEqual(LATER);
  });

  it('is not written again without a new use', async () => {
    const [key] = await keysOf(tenants[0]!);
    usage.note(key!, NOON);
    await usage.flush();
    await usage.flush();
    expect(opened).toHaveLength(1);
  });

  it('survives a database that is away for a while', async () => {
    const [key] = await keysOf(tenants[0]!);
    isBroken = true;
    usage.note(key!, NOON);
    await usage.flush();
    expect(failures).toEqual([new Error('down')]);
    isBroken = false;
    await usage.flush();
    expect(await lastUseOf(key!)).toEqual(NOON);
  });

  it('does not touch a key of another tenant', async () => {
    const [theirs] = await keysOf(tenants[1]!);
    usage.note({ ...theirs!, projectId: tenants[0]!.projectId }, NOON);
    await usage.flush();
    expect(await lastUseOf(theirs!)).toBeNull();
  });

  it('is written when the process stops', async () => {
    const [key] = await keysOf(tenants[0]!);
    usage.note(key!, NOON);
    await usage.stop();
    expect(await lastUseOf(key!)).toEqual(NOON);
  });
});

describe('the timer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('writes every ten seconds until it is stopped', async () => {
    let written = 0;
    const usage = createKeyUsage({
      transactionOf: () => async () => {
        written += 1;
      },
      onFailure: () => undefined,
    });
    const key = { id: 'key_1', projectId: 1, livemode: false };
    usage.note(key, NOON);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(written).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(written).toBe(1);
    await usage.stop();
    usage.note(key, LATER);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(written).toBe(1);
  });
});
