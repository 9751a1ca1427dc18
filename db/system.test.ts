import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type TestWorld } from '@/server/testing/context';
import { look } from './system';

let world: TestWorld;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('a look across tenants', () => {
  it('is made in the role that only finds', async () => {
    const { pool } = world.runtime;
    expect(await look(pool, 'select current_user::text as role', [])).toEqual([
      { role: 'calmony_system' },
    ]);
    await expect(look(pool, `update api_keys set status = 'revoked'`, [])).rejects.toThrow(
      /permission denied/,
    );
    // Which is asked for beforehand, and is not forgotten after a refusal.
    expect(await look(pool, 'select current_user::text as role', [])).toEqual([
      { role: 'calmony_system' },
    ]);
  });

  it('waits for no other that takes long', async () => {
    const { pool } = world.runtime;
    const holder = postgres(world.url, { max: 1 });
    await holder`select pg_advisory_lock(7)`;
    let hasEnded = false;
    const long = look(pool, 'select pg_advisory_lock_shared(7)', []).finally(() => {
      hasEnded = true;
    });
    const { secretKey } = await world.project();
    const found = await look(pool, 'select last4 from api_keys where last4 = $1', [
      secretKey.slice(-4),
    ]);
    expect([found.length, hasEnded]).toEqual([1, false]);
    await holder.end();
    await long;
  });
});
