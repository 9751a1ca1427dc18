import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { toApiError } from '@/server/api/wire/invalid';
import { newId } from '@/server/kernel/ids';
import { API_VERSION } from '@/server/kernel/version';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { create, list, remove, retrieve, rollSecret, update } from './operations';

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
});
beforeEach(async () => {
  tenant = await world.project();
});
afterAll(() => world.close());

const URL = 'https://example.com/hook';

function make(changes: object = {}, of = tenant) {
  const input = create.input.parse({ url: URL, enabled_events: ['*'], ...changes });
  return of.ctx.transaction((tx) => create.run(tx, input));
}

function change(id: string, changes: object) {
  const input = update.input.parse({ id, ...changes });
  return tenant.ctx.transaction((tx) => update.run(tx, input));
}

/** What is answered to parameters that the schema refuses. */
function refusal(schema: typeof create.input | typeof rollSecret.input, input: object) {
  const { error } = schema.safeParse(input);
  if (error === undefined) throw new Error('The parameters are accepted.');
  return toApiError(error, input);
}

describe('POST /v1/webhook_endpoints', () => {
  it('makes an endpoint and shows its secret', async () => {
    const endpoint = await make({
      description: 'orders',
      enabled_events: ['charge.succeeded', 'customer.created'],
      metadata: { team: 'billing' },
      api_version: API_VERSION,
    });
    expectContract(endpoint);
    expect(endpoint).toMatchObject({
      id: expect.stringMatching(/^we_/),
      object: 'webhook_endpoint',
      api_version: API_VERSION,
      description: 'orders',
      enabled_events: ['charge.succeeded', 'customer.created'],
      livemode: false,
      metadata: { team: 'billing' },
      secret: expect.stringMatching(/^whsec_[0-9A-Za-z]{32}$/),
      status: 'enabled',
      url: URL,
    });
  });

  it('stores the secret encrypted', async () => {
    const { id, secret } = await make();
    const [row] = await world.admin`select secret from webhook_endpoints where id = ${id}`;
    expect(row?.['secret']).toMatch(/^test:/);
    expect(row?.['secret']).not.toContain(secret);
  });

  it('refuses a url that nothing can be sent to', async () => {
    await expect(make({ url: 'example.com' })).rejects.toMatchObject({
      status: 400,
      details: { code: 'url_invalid', param: 'url' },
    });
  });

  it.each([
    [{ url: URL }, 'parameter_missing', 'enabled_events'],
    [{ url: URL, enabled_events: [] }, undefined, 'enabled_events'],
    [{ url: URL, enabled_events: ['*', 'charge.imagined'] }, undefined, 'enabled_events[1]'],
    [{ url: URL, enabled_events: ['*'], api_version: '2019-02-19' }, undefined, 'api_version'],
    [{ enabled_events: ['*'] }, 'parameter_missing', 'url'],
  ])('refuses %j', (input, code, param) => {
    expect(refusal(create.input, input)).toMatchObject({ status: 400, details: { code, param } });
  });
});

describe('GET /v1/webhook_endpoints/:id', () => {
  it('retrieves the endpoint without its secret', async () => {
    const { secret, ...endpoint } = await make();
    expect(secret).toBeDefined();
    const found = await retrieve.run(tenant.scope, { id: endpoint.id });
    expectContract(found);
    expect(found).toEqual(endpoint);
  });

  it.each([['retrieve'], ['update'], ['remove'], ['roll']])(
    'answers 404 for the endpoint of another project: %s',
    async (verb) => {
      const { id } = await make({}, await world.project());
      const ask = {
        retrieve: () => retrieve.run(tenant.scope, { id }),
        update: () => change(id, { description: 'mine' }),
        remove: () => tenant.ctx.transaction((tx) => remove.run(tx, { id })),
        roll: () => tenant.ctx.transaction((tx) => rollSecret.run(tx, { id, expires_in: 0 })),
      }[verb];
      await expect(ask?.()).rejects.toMatchObject({
        status: 404,
        details: { code: 'resource_missing' },
      });
    },
  );
});

/** The ids of a page, and whether there are more. */
const idsOf = async (params: object) => {
  const page = await list.run(tenant.scope, list.input.parse(params));
  return [...page.data.map(({ id }) => id), page.has_more];
};

describe('GET /v1/webhook_endpoints', () => {
  it('pages both ways, the newest first', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.unshift((await make()).id);
    expect(await idsOf({})).toEqual([...ids, false]);
    expect(await idsOf({ limit: 2 })).toEqual([ids[0], ids[1], true]);
    expect(await idsOf({ starting_after: ids[1] })).toEqual([ids[2], false]);
    expect(await idsOf({ ending_before: ids[2], limit: 1 })).toEqual([ids[1], true]);
  });

  it('refuses a cursor that does not exist', async () => {
    const starting_after = newId('webhook_endpoint');
    await expect(list.run(tenant.scope, { starting_after })).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'starting_after' },
    });
  });
});

describe('POST /v1/webhook_endpoints/:id', () => {
  it('changes what is given and leaves the rest', async () => {
    const { id } = await make({ description: 'orders', metadata: { a: '1', b: '2' } });
    const changed = await change(id, {
      url: 'http://127.0.0.1:4242/hook',
      enabled_events: ['refund.created'],
      metadata: { a: '' },
    });
    expectContract(changed);
    expect(changed).toMatchObject({
      url: 'http://127.0.0.1:4242/hook',
      enabled_events: ['refund.created'],
      metadata: { b: '2' },
      description: 'orders',
      status: 'enabled',
    });
    expect(await retrieve.run(tenant.scope, { id })).toEqual(changed);
  });

  it('unsets the description by an empty string', async () => {
    const { id } = await make({ description: 'orders' });
    expect(await change(id, { description: '' })).toMatchObject({ description: null });
  });

  it('disables and enables', async () => {
    const { id } = await make();
    expect(await change(id, { disabled: true })).toMatchObject({ status: 'disabled' });
    expect(await change(id, { disabled: true })).toMatchObject({ status: 'disabled' });
    expect(await change(id, { disabled: false })).toMatchObject({ status: 'enabled' });
  });

  it('refuses a url that nothing can be sent to', async () => {
    const { id } = await make();
    await expect(change(id, { url: 'ftp://example.com' })).rejects.toMatchObject({
      details: { code: 'url_invalid', param: 'url' },
    });
  });
});

describe('DELETE /v1/webhook_endpoints/:id', () => {
  it('answers the stub, and 404 from then on', async () => {
    const { id } = await make();
    const stub = await tenant.ctx.transaction((tx) => remove.run(tx, { id }));
    expectContract(stub);
    expect(stub).toEqual({ id, object: 'webhook_endpoint', deleted: true });
    await expect(retrieve.run(tenant.scope, { id })).rejects.toMatchObject({ status: 404 });
    await expect(tenant.ctx.transaction((tx) => remove.run(tx, { id }))).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('POST /v1/webhook_endpoints/:id/roll_secret', () => {
  it('answers with a new secret, and forgets the old one unless it is given time', async () => {
    const { id, secret } = await make();
    const input = rollSecret.input.parse({ id });
    const rolled = await tenant.ctx.transaction((tx) => rollSecret.run(tx, input));
    expectContract(rolled);
    expect(rolled.secret).toMatch(/^whsec_[0-9A-Za-z]{32}$/);
    expect(rolled.secret).not.toBe(secret);
    const [row] = await world.admin`select * from webhook_endpoints where id = ${id}`;
    expect(row).toMatchObject({ previous_secret: null, previous_secret_expires_at: null });
  });

  it.each([[-1], [86_401]])('refuses to keep the old one for %d seconds', (expires_in) => {
    expect(refusal(rollSecret.input, { id: 'we_1', expires_in })).toMatchObject({
      status: 400,
      details: { param: 'expires_in' },
    });
  });
});
