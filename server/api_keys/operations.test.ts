import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api_keys, keyFinder } from '@/server/api_keys';
import { ctxOf } from '@/server/context';
import type { Right } from '@/server/kernel/context';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

const { create, retrieve, update, roll, remove, list } = api_keys.operations;

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

const newKey = (input: object, ctx = tenant.ctx) =>
  ctx.transaction((tx) => create.run(tx, create.input.parse(input)));
const change = (id: string, input: object, ctx = tenant.ctx) =>
  ctx.transaction((tx) => update.run(tx, update.input.parse({ id, ...input })));
const renew = (id: string, input: object = {}, ctx = tenant.ctx) =>
  ctx.transaction((tx) => roll.run(tx, roll.input.parse({ id, ...input })));
const revoke = (id: string, ctx = tenant.ctx) => ctx.transaction((tx) => remove.run(tx, { id }));
const get = (id: string, scope = tenant.scope) => retrieve.run(scope, { id });
/** What a request with this key would find, in a process that has not seen it before. */
const holderOf = (key = '') => keyFinder(world.runtime.pool)(key, world.now.getTime());
const seconds = () => Math.floor(world.now.getTime() / 1000);
const travel = (bySeconds: number) => {
  world.now = new Date(world.now.getTime() + bySeconds * 1000);
};
const accepts = (rights: object) => create.input.safeParse({ type: 'restricted', rights }).success;
/** The tenant as a restricted key sees it. */
const withRights = (rights: Record<string, Right>) =>
  ctxOf(world.runtime, { projectId: tenant.projectId, livemode: false, rights });

describe('POST /v1/api_keys', () => {
  it('makes a secret key, shown once', async () => {
    const { secret, ...key } = await newKey({ type: 'secret', name: 'Server' });
    expect(secret).toMatch(/^sk_test_[0-9A-Za-z]{24}$/);
    expect(key).toEqual({
      id: key.id,
      object: 'api_key',
      created: seconds(),
      expires_at: null,
      last_used_at: null,
      livemode: false,
      name: 'Server',
      publishable: null,
      redacted: `sk_test_...${secret?.slice(-4)}`,
      replaced_by: null,
      rights: null,
      status: 'active',
      type: 'secret',
    });
    expect(await get(key.id)).toEqual(key);
    expect(await holderOf(secret)).toMatchObject({ id: key.id, projectId: tenant.projectId });
    const [row] = await world.admin`select to_jsonb(k)::text as row from api_keys k
      where id = ${key.id}`;
    expect(row?.['row']).not.toContain(secret);
  });

  it('makes a publishable key, which stays readable', async () => {
    const key = await newKey({ type: 'publishable' });
    expect(key.secret).toMatch(/^pk_test_/);
    expect((await get(key.id)).publishable).toBe(key.secret);
  });

  it('makes a restricted key that expires', async () => {
    const rights = { customers: 'write', events: 'read' };
    const expires_at = seconds() + 60;
    const key = await newKey({ type: 'restricted', rights, expires_at });
    expect(key).toMatchObject({ rights, expires_at, status: 'active' });
    expect(await holderOf(key.secret)).toMatchObject({ type: 'restricted', rights });
    travel(60);
    expect((await get(key.id)).status).toBe('expired');
    await expect(change(key.id, { name: 'late' })).rejects.toMatchObject({ status: 400 });
  });

  it.each([
    ['a restricted key without rights', { type: 'restricted' }, 'rights'],
    ['rights of a secret key', { type: 'secret', rights: { events: 'read' } }, 'rights'],
    ['an end in the past', { type: 'secret', expires_at: 1 }, 'expires_at'],
  ])('refuses %s', async (_, input, param) => {
    await expect(newKey(input)).rejects.toMatchObject({ status: 400, details: { param } });
  });

  it('refuses rights to what does not exist, and a right that is none', () => {
    expect(accepts({ customers: 'none' })).toBe(true);
    expect(accepts({ unicorns: 'read' })).toBe(false);
    expect(accepts({ customers: 'admin' })).toBe(false);
  });
});

describe('a restricted caller', () => {
  const own = { api_keys: 'write', customers: 'read' } as const;
  const denied = { status: 403, type: 'permission_error' };

  it('makes keys with its own rights or fewer, and publishable ones', async () => {
    const ctx = withRights(own);
    for (const rights of [own, { customers: 'read' }, { events: 'none' }, {}]) {
      expect(await newKey({ type: 'restricted', rights }, ctx)).toMatchObject({ rights });
    }
    expect(await newKey({ type: 'publishable' }, ctx)).toMatchObject({ type: 'publishable' });
  });

  it('makes none with more', async () => {
    const ctx = withRights(own);
    await expect(newKey({ type: 'secret' }, ctx)).rejects.toMatchObject(denied);
    for (const rights of [{ customers: 'write' }, { events: 'read' }]) {
      await expect(newKey({ type: 'restricted', rights }, ctx)).rejects.toMatchObject(denied);
    }
  });

  it('neither rolls, changes nor revokes a key with more', async () => {
    const ctx = withRights(own);
    const { id } = await newKey({ type: 'secret' });
    await expect(renew(id, {}, ctx)).rejects.toMatchObject(denied);
    await expect(change(id, { name: 'mine' }, ctx)).rejects.toMatchObject(denied);
    await expect(revoke(id, ctx)).rejects.toMatchObject(denied);
    expect(await get(id)).toMatchObject({ status: 'active', replaced_by: null, name: null });
  });
});

describe('POST /v1/api_keys/:id', () => {
  it('renames a key, and lets it expire or not', async () => {
    const { secret, ...key } = await newKey({ type: 'secret', name: 'Old' });
    const expires_at = seconds() + 60;
    expect(await change(key.id, { name: 'New', expires_at })).toEqual({
      ...key,
      name: 'New',
      expires_at,
    });
    expect(secret).toBeDefined();
    expect(await change(key.id, { name: '', expires_at: '' })).toEqual({ ...key, name: null });
    expect(await get(key.id)).toEqual({ ...key, name: null });
  });

  it('answers 404 for an unknown key, and for one of another project or mode', async () => {
    const { id } = await newKey({ type: 'secret' });
    const missing = { status: 404, details: { code: 'resource_missing', param: 'id' } };
    const stranger = await world.project();
    const live = ctxOf(world.runtime, { projectId: tenant.projectId, livemode: true });
    for (const ctx of [stranger.ctx, live]) {
      await expect(change(id, {}, ctx)).rejects.toMatchObject(missing);
      await expect(renew(id, {}, ctx)).rejects.toMatchObject(missing);
      await expect(revoke(id, ctx)).rejects.toMatchObject(missing);
    }
    await expect(get(id, stranger.scope)).rejects.toMatchObject(missing);
    await expect(get('key_none')).rejects.toMatchObject(missing);
  });
});

describe('POST /v1/api_keys/:id/roll', () => {
  it('replaces a key by one like it, and lets the old one go on for a while', async () => {
    const rights = { events: 'read' };
    const old = await newKey({ type: 'restricted', name: 'CI', rights });
    const key = await renew(old.id, { expires_in: 3600 });
    expect(key).toMatchObject({ type: 'restricted', name: 'CI', rights, expires_at: null });
    expect(key.secret).toMatch(/^rk_test_/);
    expect(key.secret).not.toBe(old.secret);
    expect(await get(old.id)).toMatchObject({
      status: 'active',
      expires_at: seconds() + 3600,
      replaced_by: key.id,
    });
    expect(await holderOf(old.secret)).toMatchObject({
      status: 'active',
      expiresAt: new Date(world.now.getTime() + 3_600_000),
    });
    await expect(renew(old.id)).rejects.toMatchObject({ status: 400 });
  });

  it('ends the old key at once where nothing is said', async () => {
    const old = await newKey({ type: 'secret' });
    await renew(old.id);
    expect(await get(old.id)).toMatchObject({ status: 'expired', expires_at: seconds() });
  });

  it('does not let a key outlive the end that its owner chose', async () => {
    const expires_at = seconds() + 60;
    const old = await newKey({ type: 'secret', expires_at });
    expect((await renew(old.id, { expires_in: 3600 })).expires_at).toBe(expires_at);
    expect((await get(old.id)).expires_at).toBe(expires_at);
  });

  it('refuses a grace of more than seven days', () => {
    expect(roll.input.safeParse({ id: 'key_1', expires_in: 604_800 }).success).toBe(true);
    expect(roll.input.safeParse({ id: 'key_1', expires_in: 604_801 }).success).toBe(false);
  });
});

describe('DELETE /v1/api_keys/:id', () => {
  it('revokes a key, of which the record stays', async () => {
    const key = await newKey({ type: 'secret' });
    expect(await revoke(key.id)).toEqual({ id: key.id, object: 'api_key', deleted: true });
    expect((await get(key.id)).status).toBe('revoked');
    expect(await holderOf(key.secret)).toMatchObject({ status: 'revoked' });
    await expect(renew(key.id)).rejects.toMatchObject({ status: 400 });
    await expect(change(key.id, { name: 'x' })).rejects.toMatchObject({ status: 400 });
  });
});

describe('GET /v1/api_keys', () => {
  it('lists both ways, and by every filter', async () => {
    const other = await world.project();
    const listed = async (params: object) =>
      (await list.run(other.scope, list.input.parse(params))).data.map(({ id }) => id);
    const made = await listed({});
    expect(made).toHaveLength(2);
    const soon = await newKey({ type: 'secret', expires_at: seconds() + 5 }, other.ctx);
    const gone = await newKey({ type: 'publishable' }, other.ctx);
    await revoke(gone.id, other.ctx);
    travel(5);
    expect(await listed({})).toEqual([gone.id, soon.id, ...made]);
    expect(await listed({ limit: 1, starting_after: gone.id })).toEqual([soon.id]);
    expect(await listed({ ending_before: soon.id })).toEqual([gone.id]);
    expect(await listed({ status: 'active' })).toEqual(made);
    expect(await listed({ status: 'expired' })).toEqual([soon.id]);
    expect(await listed({ status: 'revoked' })).toEqual([gone.id]);
    expect(await listed({ type: 'publishable' })).toContain(gone.id);
    expect(await listed({ type: 'publishable' })).not.toContain(soon.id);
  });
});
