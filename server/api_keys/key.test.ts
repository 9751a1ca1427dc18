import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finder, Pool } from '@/db/client';
import { sha256 } from '@/server/kernel/secrets';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { keyFinder, mask, mint } from './key';

describe('a minted key', () => {
  it.each([
    ['secret', true, /^sk_live_[0-9A-Za-z]{24}$/],
    ['secret', false, /^sk_test_[0-9A-Za-z]{24}$/],
    ['publishable', false, /^pk_test_[0-9A-Za-z]{24}$/],
    ['restricted', true, /^rk_live_[0-9A-Za-z]{24}$/],
  ] as const)('of type %s, live %s, says so', (type, livemode, form) => {
    const { key, hash, prefix, last4 } = mint(type, livemode);
    expect(key).toMatch(form);
    expect(hash).toBe(sha256(key));
    expect(key.startsWith(prefix)).toBe(true);
    expect(key.endsWith(last4)).toBe(true);
    expect(last4).toHaveLength(4);
  });

  it('is another one each time', () => {
    expect(mint('secret', false).key).not.toBe(mint('secret', false).key);
  });

  it('can be one that was given', () => {
    const given = `sk_test_${'a'.repeat(30)}`;
    expect(mint('secret', false, given)).toMatchObject({ key: given, last4: 'aaaa' });
  });
});

describe('a masked key', () => {
  it.each([
    ['sk_test_abcdefghijklmnopqrstuvwx', 'sk_test_********************uvwx'],
    ['rk_live_0123456789', 'rk_live_******6789'],
    ['sk_test_abcd', 'sk_test_****'],
    ['password', '****word'],
    ['abc', '***'],
    ['', ''],
  ])('hides %s', (key, masked) => {
    expect(mask(key)).toBe(masked);
  });
});

describe('the key finder', () => {
  let world: TestWorld;
  let tenant: TestTenant;
  beforeAll(async () => {
    world = await createWorld();
    tenant = await world.project();
  });
  afterAll(() => world.close());

  it('finds whose key it is, and what it may', async () => {
    const find = keyFinder(world.runtime.pool);
    expect(await find(tenant.publishableKey, 0)).toMatchObject({
      projectId: tenant.projectId,
      livemode: false,
      type: 'publishable',
      rights: null,
      status: 'active',
      expiresAt: null,
    });
  });

  it('finds nobody for an unknown key', async () => {
    expect(await keyFinder(world.runtime.pool)(mint('secret', false).key, 0)).toBeNull();
  });

  it('believes what it found for half a second, and no longer', async () => {
    const { secretKey } = await world.project();
    const find = keyFinder(world.runtime.pool);
    expect(await find(secretKey, 1_000)).toMatchObject({ status: 'active' });
    await world.admin`update api_keys set status = 'revoked' where hash = ${sha256(secretKey)}`;
    expect(await find(secretKey, 1_499)).toMatchObject({ status: 'active' });
    expect(await find(secretKey, 1_500)).toMatchObject({ status: 'revoked' });
  });

  it('tells when a key expires', async () => {
    const { secretKey } = await world.project();
    await world.admin`update api_keys set expires_at = '2026-03-01T12:00:00.5Z'
      where hash = ${sha256(secretKey)}`;
    const holder = await keyFinder(world.runtime.pool)(secretKey, 0);
    expect(holder?.expiresAt).toEqual(new Date('2026-03-01T12:00:00.500Z'));
  });

  it('does not ask for what has not the form of a key', async () => {
    const { pool, asked } = countingPool(world.runtime.pool);
    const find = keyFinder(pool);
    for (const text of ['', 'sk_test_short', `sk_prod_${'a'.repeat(24)}`, "sk_test_' or 1=1 --"]) {
      expect(await find(text, 0)).toBeNull();
    }
    expect(asked()).toBe(0);
  });

  it('asks once for many that ask at the same time', async () => {
    const { pool, asked } = countingPool(world.runtime.pool);
    const find = keyFinder(pool);
    await Promise.all(Array.from({ length: 50 }, () => find(tenant.secretKey, 0)));
    expect(asked()).toBe(1);
  });

  it('asks again after a failure', async () => {
    let { pool } = countingPool(world.runtime.pool, () =>
      Promise.reject(new Error('no connection')),
    );
    const changing = {
      get finder() {
        return pool.finder;
      },
    };
    const find = keyFinder(changing as Pool);
    await expect(find(tenant.secretKey, 0)).rejects.toThrow('no connection');
    pool = world.runtime.pool;
    expect(await find(tenant.secretKey, 0)).toMatchObject({ status: 'active' });
  });

  it('forgets what it knows before a flood of unknown keys fills the memory', async () => {
    const { pool, asked } = countingPool(world.runtime.pool, async () => []);
    const find = keyFinder(pool);
    const key = mint('secret', false).key;
    await find(key, 0);
    for (let count = 1; count < 10_000; count++) void find(mint('secret', false).key, 0);
    await find(key, 0);
    expect(asked()).toBe(10_000);
    // The one that does not fit any more empties the memory.
    await find(mint('secret', false).key, 0);
    await find(key, 0);
    expect(asked()).toBe(10_002);
  });
});

/** A pool that counts how often it was asked; with `answer`, it needs no database. */
function countingPool(
  pool: Pool,
  answer?: () => Promise<unknown[]>,
): { pool: Pool; asked: () => number } {
  let count = 0;
  const unsafe = (...asked: Parameters<Finder['unsafe']>): PromiseLike<unknown[]> => {
    count += 1;
    return answer === undefined ? pool.finder.unsafe(...asked) : answer();
  };
  return { pool: { finder: { unsafe } } as unknown as Pool, asked: () => count };
}
