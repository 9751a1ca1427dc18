import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '@/server/api/endpoints';
import { keyFinder, type KeyHolder } from '@/server/api_keys';
import type { Right } from '@/server/kernel/context';
import { createApi, type Api } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { assertMay, rightNeeded } from './authenticate';

const UNKNOWN = `sk_test_${'0'.repeat(24)}`;

let world: TestWorld;
let api: Api;
let tenant: TestTenant;
beforeAll(async () => {
  world = await createWorld();
  api = createApi(world);
  tenant = await world.project();
});
afterAll(() => world.close());

const withHeader = (authorization: string) =>
  api({ key: null, path: '/v1/customers', headers: { authorization } });
const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

/** Another key of the tenant's; what it may by its type and rights. */
async function anotherKey(body: object): Promise<{ id: string; secret: string }> {
  const reply = await api({ key: tenant.secretKey, method: 'POST', path: '/v1/api_keys', body });
  expect(reply.status, reply.text).toBe(200);
  return { id: reply.body.id, secret: String(reply.body['secret']) };
}

describe('the Authorization header', () => {
  it('carries a key as a bearer, in any case', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      expect((await withHeader(`${scheme} ${tenant.secretKey}`)).status).toBe(200);
    }
  });

  it("carries a key as the user of Basic, with or without curl's colon", async () => {
    expect((await withHeader(basic(`${tenant.secretKey}:`))).status).toBe(200);
    expect((await withHeader(basic(tenant.secretKey))).status).toBe(200);
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic ',
    basic(''),
    basic(':password'),
    'Digest x',
    'sk_test_x',
  ])('asks for a key when it is "%s"', async (authorization) => {
    const { status, body, headers } = await withHeader(authorization);
    expect(status).toBe(401);
    expect(body.error.type).toBe('authentication_error');
    expect(body.error.message).toMatch(/^You did not provide an API key\./);
    expect(headers.get('request-id')).toMatch(/^req_/);
  });

  it('is refused with an unknown key, of which it repeats the end only', async () => {
    const { status, body } = await withHeader(`Bearer ${UNKNOWN}`);
    expect(status).toBe(401);
    expect(body.error).toMatchObject({
      type: 'authentication_error',
      message: `Invalid API Key provided: sk_test_${'*'.repeat(20)}0000`,
    });
    expect(body.error.code).toBeUndefined();
  });

  it.each(['Bearer \u{ff}\u{fe}', 'Basic ====', 'Basic /////w==', `Bearer ${'x'.repeat(7_000)}`])(
    'is refused when it is no key at all',
    async (authorization) => {
      const { status, body } = await withHeader(authorization);
      expect([status, body.error.type]).toEqual([401, 'authentication_error']);
      expect(body.error.message.length).toBeLessThan(250);
    },
  );

  it('is asked for on every path and with every method', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      const reply = await api({ key: null, method, path: '/v1/nowhere' });
      expect(reply.status).toBe(401);
    }
  });
});

describe('a key that expires', () => {
  it('works until that second, and then says so', async () => {
    const expires_at = Math.floor(world.now.getTime() / 1000) + 60;
    const { secret } = await anotherKey({ type: 'secret', expires_at });
    const start = world.now;
    try {
      world.now = new Date(expires_at * 1000 - 1);
      expect((await api({ key: secret, path: '/v1/customers' })).status).toBe(200);
      world.now = new Date(expires_at * 1000);
      const { status, body } = await api({ key: secret, path: '/v1/customers' });
      expect(status).toBe(401);
      expect(body.error).toMatchObject({ type: 'authentication_error', code: 'api_key_expired' });
      expect(body.error.message).toMatch(/^Expired API Key provided: sk_test_\*+/);
    } finally {
      world.now = start;
    }
  });

  it('works beside its successor for as long as the roll allows', async () => {
    const { id, secret } = await anotherKey({ type: 'secret' });
    const roll = { key: tenant.secretKey, method: 'POST', path: `/v1/api_keys/${id}/roll` };
    const rolled = await api({ ...roll, body: { expires_in: 3_600 } });
    const successor = String(rolled.body['secret']);
    expect(successor).not.toBe(secret);
    const statuses = async () => [
      (await api({ key: secret, path: '/v1/customers' })).status,
      (await api({ key: successor, path: '/v1/customers' })).status,
    ];
    const start = world.now;
    try {
      world.now = new Date(start.getTime() + 3_599_000);
      expect(await statuses()).toEqual([200, 200]);
      world.now = new Date(start.getTime() + 3_600_000);
      expect(await statuses()).toEqual([401, 200]);
    } finally {
      world.now = start;
    }
  });
});

describe('a revoked key', () => {
  it('is refused by every process within a second, as if it had never been', async () => {
    const { id, secret } = await anotherKey({ type: 'secret' });
    const others = [keyFinder(world.runtime.pool), keyFinder(world.runtime.pool)].map((findKey) =>
      createApi(world, { findKey }),
    );
    const statuses = () =>
      Promise.all(
        others.map(async (one) => (await one({ key: secret, path: '/v1/customers' })).status),
      );
    const start = world.now;
    try {
      expect(await statuses()).toEqual([200, 200]);
      await api({ key: tenant.secretKey, method: 'DELETE', path: `/v1/api_keys/${id}` });
      world.now = new Date(start.getTime() + 1_000);
      expect(await statuses()).toEqual([401, 401]);
      const { body } = await others[0]!({ key: secret, path: '/v1/customers' });
      expect(body.error.message).toMatch(/^Invalid API Key provided/);
    } finally {
      world.now = start;
    }
  });
});

describe('a restricted key', () => {
  const RIGHTS: readonly (Right | undefined)[] = [undefined, 'none', 'read', 'write'];

  it.each(endpoints.map((endpoint) => ({ ...endpoint, title: endpoint.operation.route })))(
    'may $title with the right to, and not without',
    (endpoint) => {
      const { resource, operation } = endpoint;
      const needed = operation.route.startsWith('GET ') ? 'read' : 'write';
      expect(rightNeeded(operation)).toBe(needed);
      for (const right of RIGHTS) {
        const rights = right === undefined ? {} : { [resource]: right };
        const may = attempt(() => assertMay(holder('restricted', rights), endpoint));
        expect(may, right).toBe(right === 'write' || right === needed);
      }
    },
  );

  it('is told which right it lacks', async () => {
    const { secret } = await anotherKey({ type: 'restricted', rights: { customers: 'read' } });
    expect((await api({ key: secret, path: '/v1/customers' })).status).toBe(200);
    const refused = await api({ key: secret, method: 'POST', path: '/v1/customers', body: {} });
    expect(refused.status).toBe(403);
    expect(refused.body.error).toMatchObject({
      type: 'permission_error',
      code: 'more_permissions_required',
      message:
        "The provided key does not have the required permissions for this endpoint. Having the 'write' right on 'customers' would allow this request to continue.",
    });
  });

  it('has nothing expanded that it may not read', async () => {
    const rights = { payment_intents: 'write', payment_methods: 'none' };
    const { secret } = await anotherKey({ type: 'restricted', rights });
    const body = { amount: 500, currency: 'gbp', payment_method: 'pm_card_visa' };
    const post = { key: secret, method: 'POST', path: '/v1/payment_intents' };
    const { body: intent } = await api({ ...post, body });
    const reply = await api({
      key: secret,
      path: `/v1/payment_intents/${intent.id}?expand[]=payment_method`,
    });
    expect(reply.status).toBe(403);
    expect(reply.body.error.message).toMatch(/'read' right on 'payment_methods'/);
  });
});

describe('a publishable key', () => {
  /** What Stripe.js calls, and no more. */
  const FOR_BROWSERS = [
    'GET /v1/payment_intents/:id',
    'GET /v1/setup_intents/:id',
    'GET /v1/tokens/:id',
    'POST /v1/payment_intents/:id/confirm',
    'POST /v1/payment_methods',
    'POST /v1/setup_intents/:id/confirm',
    'POST /v1/tokens',
  ];

  it('reaches what a browser may, and no other endpoint', () => {
    const reached = endpoints.filter((endpoint) =>
      attempt(() => assertMay(holder('publishable', null), endpoint)),
    );
    expect(reached.map(({ operation }) => operation.route).sort()).toEqual(FOR_BROWSERS);
  });

  it.each(endpoints.filter(({ operation }) => operation.publishable !== true))(
    'is refused by $method $path',
    async ({ method, path }) => {
      const reply = await api({
        key: tenant.publishableKey,
        method,
        path: path.replaceAll(/:\w+/g, 'x'),
      });
      expect(reply.status).toBe(403);
      expect(reply.body.error).toMatchObject({
        type: 'permission_error',
        code: 'secret_key_required',
        message:
          'This API call cannot be made with a publishable API key. Please use a secret API key.',
      });
    },
  );

  it('sees of an intent what a payer may, whether it pays or is refused', async () => {
    const create = { key: tenant.secretKey, method: 'POST', path: '/v1/payment_intents' };
    const fields = { amount: 500, currency: 'gbp', metadata: { margin: '40%' } };
    const { body: intent } = await api({ ...create, body: fields });
    const confirm = {
      key: tenant.publishableKey,
      method: 'POST',
      path: `/v1/payment_intents/${intent.id}/confirm`,
      body: { client_secret: intent['client_secret'], payment_method: 'pm_card_visa' },
    };
    const declined = await api({
      ...confirm,
      body: { ...confirm.body, payment_method: 'pm_card_chargeDeclined' },
    });
    expect(declined.status).toBe(402);
    const paid = await api(confirm);
    expect(paid.body).toMatchObject({ id: intent.id, status: 'succeeded' });
    const again = await api(confirm);
    expect(again.body.error.code).toBe('payment_intent_unexpected_state');
    for (const reply of [declined, paid, again])
      expect(reply.text).not.toMatch(/margin|metadata":\{"m/);
  });

  it('may be used from a page of any origin, and only where it is of use', async () => {
    const preflight = { key: null, method: 'OPTIONS' };
    const allowed = await api({ ...preflight, path: '/v1/payment_methods' });
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('*');
    expect(allowed.headers.get('access-control-allow-methods')).toBe('POST');
    expect(allowed.headers.get('access-control-allow-headers')).toMatch(/Authorization/);
    const refused = await api({ ...preflight, path: '/v1/customers' });
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();

    const token = await api({ key: tenant.publishableKey, path: '/v1/tokens/tok_nothing' });
    expect(token.status).toBe(404);
    expect(token.headers.get('access-control-allow-origin')).toBe('*');
    expect(token.headers.get('access-control-expose-headers')).toMatch(/Request-Id/);
    const list = await api({ key: tenant.secretKey, path: '/v1/customers' });
    expect(list.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the mode of a key', () => {
  it('is a world of its own: live never sees what test has', async () => {
    const post = { key: tenant.secretKey, method: 'POST', path: '/v1/customers', body: {} };
    const { body: customer } = await api(post);
    const live: KeyHolder = {
      ...holder('secret', null),
      projectId: tenant.projectId,
      livemode: true,
    };
    const inLive = createApi(world, { findKey: async () => live });
    const list = await inLive({ key: 'any', path: '/v1/customers' });
    expect(list.body.data).toEqual([]);
    const one = await inLive({ key: 'any', path: `/v1/customers/${customer.id}` });
    expect([one.status, one.body.error.code]).toEqual([404, 'resource_missing']);
  });
});

describe('the Stripe-Account header', () => {
  it('may name the own account, which changes nothing', async () => {
    const { body: account } = await api({ key: tenant.secretKey, path: '/v1/account' });
    for (const name of ['stripe-account', 'stripe-context']) {
      const headers = { [name]: account.id };
      const reply = await api({ key: tenant.secretKey, path: '/v1/customers', headers });
      expect(reply.status).toBe(200);
    }
  });

  it('is refused with any other account', async () => {
    const headers = { 'stripe-account': 'acct_1' };
    const reply = await api({ key: tenant.secretKey, path: '/v1/customers', headers });
    expect(reply.status).toBe(403);
    expect(reply.body.error).toMatchObject({
      type: 'invalid_request_error',
      code: 'account_invalid',
    });
  });
});

function holder(type: KeyHolder['type'], rights: KeyHolder['rights']): KeyHolder {
  return {
    id: 'key_1',
    projectId: 1,
    livemode: false,
    type,
    rights,
    status: 'active',
    expiresAt: null,
  };
}

function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
