/** What every endpoint has in common on the wire. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_VERSION } from '@/server/kernel/version';
import { createApi, type Api, type Body, type Call, type Reply } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import type { Served } from '@/server/api/served';

let world: TestWorld;
let api: Api;
let tenant: TestTenant;
const served: Served[] = [];

beforeAll(async () => {
  world = await createWorld();
  api = createApi(world, { onServed: (one) => served.push(one) });
  tenant = await world.project();
});
afterAll(() => world.close());

const call = (path: string, over: Partial<Call> = {}): Promise<Reply> =>
  api({ key: tenant.secretKey, path: `/v1/${path}`, ...over });
const get = (path: string, headers: Record<string, string> = {}) => call(path, { headers });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call(path, { method: 'POST', body, headers });

async function made(path: string, body: unknown): Promise<Body> {
  const reply = await post(path, body);
  expect(reply.status, reply.text).toBe(200);
  return reply.body;
}

const pay = (fields: object = {}) =>
  made('payment_intents', {
    amount: 2_000,
    currency: 'gbp',
    payment_method: 'pm_card_visa',
    confirm: true,
    ...fields,
  });

function expectRefusal(reply: Reply, status: number, error: Partial<Body['error']>): void {
  expect(reply.status, reply.text).toBe(status);
  expect(reply.body.error).toMatchObject({ type: 'invalid_request_error', ...error });
  expect(reply.headers.get('content-type')).toBe('application/json');
  const request = reply.headers.get('request-id');
  expect(request).toMatch(/^req_/);
  expect(reply.body.error['request_log_url']).toBe(`/logs/${request}`);
}

describe('every answer', () => {
  it('names its request, and no two have the same name', async () => {
    const replies = [
      await get('customers'),
      await get('customers/cus_nothing'),
      await get('nowhere'),
      await api({ key: tenant.secretKey, path: '/elsewhere' }),
      await api({ key: null, path: '/v1/customers' }),
      await call('customers', { method: 'HEAD' }),
      await call('tokens', { method: 'OPTIONS' }),
    ];
    const names = replies.map(({ headers }) => headers.get('request-id'));
    for (const name of names) expect(name).toMatch(/^req_[0-9A-Za-z]{22}$/);
    expect(new Set(names).size).toBe(replies.length);
  });

  it('is kept by no cache, and is JSON', async () => {
    const { headers } = await get('customers');
    expect(headers.get('cache-control')).toBe('no-cache, no-store');
    expect(headers.get('content-type')).toBe('application/json');
  });

  it('says the version whose shapes it has, and which one was asked for', async () => {
    const pinned = await get('customers', { 'stripe-version': API_VERSION });
    expect(pinned.headers.get('stripe-version')).toBe(API_VERSION);
    expect(pinned.headers.get('calmony-requested-version')).toBeNull();
    const other = await get('customers', { 'stripe-version': '2020-08-27' });
    expect(other.headers.get('stripe-version')).toBe(API_VERSION);
    expect(other.headers.get('calmony-requested-version')).toBe('2020-08-27');
  });

  it('to HEAD has the head of the answer to GET, and no body', async () => {
    const { status, text, headers } = await call('customers', { method: 'HEAD' });
    expect([status, text, headers.get('content-type')]).toEqual([200, '', 'application/json']);
  });

  it('is told to the log with what was asked, who asked and what became of it', async () => {
    served.length = 0;
    await post('payment_intents', { amount: 1, currency: 'gbp' }, { 'user-agent': 'Ada/1' });
    expect(served).toHaveLength(1);
    expect(served[0]).toMatchObject({
      method: 'POST',
      path: '/v1/payment_intents',
      status: 400,
      userAgent: 'Ada/1',
      holder: { projectId: tenant.projectId },
      params: { amount: 1, currency: 'gbp' },
      error: { details: { code: 'amount_too_small' } },
    });
  });

  it('is told to the log as the card error it is, stored or not', async () => {
    served.length = 0;
    const declined = { amount: 2_000, currency: 'gbp', confirm: true };
    const body = { ...declined, payment_method: 'pm_card_chargeDeclined' };
    await post('payment_intents', body);
    await post('payment_intents', body, { 'idempotency-key': 'declined' });
    expect(served.map(({ error }) => error?.details.code)).toEqual([
      'card_declined',
      'card_declined',
    ]);
  });

  it('is a refusal without detail when something breaks, and the log has the rest', async () => {
    const logged: unknown[] = [];
    const log = { error: (fields: unknown) => logged.push(fields) };
    const broken = createApi(world, {
      runtime: { ...world.runtime, log } as unknown as TestWorld['runtime'],
      findKey: () => Promise.reject(new Error('the password is hunter2')),
    });
    const reply = await broken({ key: tenant.secretKey, path: '/v1/customers' });
    expectRefusal(reply, 500, { type: 'api_error' });
    expect(reply.text).not.toContain('hunter2');
    expect(logged).toEqual([
      {
        err: expect.objectContaining({ message: 'the password is hunter2' }) as Error,
        request: reply.headers.get('request-id'),
      },
    ]);
  });
});

describe('an address that nothing answers', () => {
  it.each([
    ['GET', 'nowhere'],
    ['GET', 'customers/'],
    ['POST', 'customers/'],
    ['DELETE', 'customers'],
    ['PATCH', 'customers/cus_1'],
    ['PUT', 'customers/cus_1'],
    ['OPTIONS', 'customers'],
    ['GET', 'customers/cus_1/nothing'],
    ['GET', '/customers'],
  ])('%s /v1/%s is unrecognized', async (method, path) => {
    const reply = await call(path, { method });
    expectRefusal(reply, 404, {});
    expect(reply.body.error.message).toMatch(
      `Unrecognized request URL (${method}: /v1/${path}). If you are trying to list objects,`,
    );
  });

  it('outside of the API is refused in the same form', async () => {
    expectRefusal(await api({ key: null, path: '/elsewhere' }), 404, {});
  });
});

describe('parameters', () => {
  it('that nobody knows are all named', async () => {
    expectRefusal(await post('customers', { nmae: 'Ada', 'a[b]': 1 }), 400, {
      code: 'parameter_unknown',
      param: 'nmae',
      message: 'Received unknown parameters: nmae, a[b]',
      doc_url: 'https://docs.stripe.com/error-codes#parameter-unknown',
    });
  });

  it('that Stripe has and this server has not are refused by name', async () => {
    const body = { amount: 500, currency: 'gbp', application_fee_amount: 5 };
    expectRefusal(await post('payment_intents', body), 400, {
      code: 'parameter_unknown',
      param: 'application_fee_amount',
      message: 'The parameter `application_fee_amount` is not supported by this server.',
    });
  });

  it('that Stripe has and this server has not are refused by name inside others, too', async () => {
    const body = {
      amount: 500,
      currency: 'gbp',
      payment_method_options: { card: { network: 'visa' } },
    };
    expectRefusal(await post('payment_intents', body), 400, {
      code: 'parameter_unknown',
      param: 'payment_method_options[card][network]',
      message:
        'The parameter `payment_method_options[card][network]` is not supported by this server.',
    });
  });

  it('are the same as a form and as JSON', async () => {
    const form = await made('customers', 'name=Ada&metadata[a]=1&preferred_locales[]=en-GB');
    const json = { name: 'Ada', metadata: { a: '1' }, preferred_locales: ['en-GB'] };
    const { id: _, ...fields } = await made('customers', json);
    expect(form).toMatchObject({ ...fields, invoice_prefix: form['invoice_prefix'] });
  });

  it('may be in the query of a POST, and a body beside it', async () => {
    const reply = await call('customers?name=Ada', {
      method: 'POST',
      body: 'email=a%40example.com',
    });
    expect(reply.body).toMatchObject({ name: 'Ada', email: 'a@example.com' });
  });

  it('cannot say again which object is meant', async () => {
    const { id } = await made('customers', {});
    const reply = await post(`customers/${id}`, { id: 'cus_other' });
    expectRefusal(reply, 400, { code: 'parameter_unknown', param: 'id' });
  });

  it('of another type than form or JSON are not read', async () => {
    const reply = await post('customers', 'name=Ada', { 'content-type': 'text/plain' });
    expectRefusal(reply, 415, {});
    expect(reply.body.error.message).toMatch('Invalid content type: text/plain.');
  });

  it('may be 1 MiB and not a byte more', async () => {
    const filler = (bytes: number) => `name=${'a'.repeat(bytes - 'name='.length)}`;
    const fits = await post('customers', filler(1024 * 1024));
    expect(fits.body.error).toMatchObject({ param: 'name' });
    expectRefusal(await post('customers', filler(1024 * 1024 + 1)), 413, {});
    const length = { 'content-length': String(1024 * 1024 + 1) };
    expectRefusal(await post('customers', 'name=Ada', length), 413, {});
  });

  it.each([
    ['invalid UTF-8', 'name=%ff'],
    ['a lone surrogate', 'name=%ed%a0%80'],
    ['NUL', 'name=%00'],
    ['half an escape', 'name=%4'],
  ])('with %s are refused', async (_, body) => {
    expectRefusal(await post('customers', body), 400, {});
  });

  it.each(['{', '[]', 'null', '"text"', '{"name":"\\ud800"}', '{"name":"\\u0000"}'])(
    'in JSON that is no object fit to be stored are refused: %s',
    async (body) => {
      expectRefusal(await post('customers', body, { 'content-type': 'application/json' }), 400, {});
    },
  );

  it('nested too deep are refused', async () => {
    const deep = `metadata${'[a]'.repeat(10)}=1`;
    expectRefusal(await post('customers', deep), 400, {
      param: deep.slice(0, -2),
      message: 'Parameters must be nested at most 10 levels deep.',
    });
    const json = `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
    expectRefusal(await post('customers', json, { 'content-type': 'application/json' }), 400, {});
  });

  it('pollute no prototype', async () => {
    for (const body of ['__proto__[polluted]=1', 'metadata[__proto__][polluted]=1']) {
      expectRefusal(await post('customers', body), 400, { code: 'parameter_unknown' });
    }
    const json = '{"__proto__":{"polluted":1}}';
    const reply = await post('customers', json, { 'content-type': 'application/json' });
    expectRefusal(reply, 400, { code: 'parameter_unknown' });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    const constructor = await made('customers', 'metadata[constructor]=1&metadata[toString]=2');
    expect(constructor['metadata']).toEqual({ constructor: '1', toString: '2' });
  });
});

describe('an id', () => {
  it('in the path that does not exist is a 404, in a parameter a 400', async () => {
    expectRefusal(await get('customers/cus_nothing'), 404, {
      code: 'resource_missing',
      param: 'id',
      message: "No such customer: 'cus_nothing'",
    });
    const body = { amount: 500, currency: 'gbp', customer: 'cus_nothing' };
    expectRefusal(await post('payment_intents', body), 400, {
      code: 'resource_missing',
      param: 'customer',
    });
  });

  it.each(['%00', '%ff', '..', '%2e%2e', "'%20or%201=1--", 'x'.repeat(5_000)])(
    'that is none, %s, harms nobody',
    async (id) => {
      const { status } = await get(`customers/${id}`);
      expect([400, 404]).toContain(status);
    },
  );
});

describe('expand', () => {
  it('goes from one level to four', async () => {
    const { id: customer } = await made('customers', {});
    const { id } = await pay({ customer });
    const path = ['latest_charge', 'balance_transaction', 'source', 'customer'];
    for (let depth = 1; depth <= path.length; depth++) {
      const { body } = await get(
        `payment_intents/${id}?expand[]=${path.slice(0, depth).join('.')}`,
      );
      expect(body).toHaveProperty([...path.slice(0, depth), 'id']);
      const next = path.slice(0, depth + 1);
      if (depth < path.length) expect(body).toHaveProperty(next, expect.stringMatching(/_/));
    }
    const five = await get(`payment_intents/${id}?expand[]=${[...path, 'address'].join('.')}`);
    expect(five.body.error.message).toMatch('You cannot expand more than 4 levels of a property');
  });

  it('that asks for no field is refused before money moves, and after it is left undone', async () => {
    const { id: customer } = await made('customers', {});
    const wish = {
      amount: 500,
      currency: 'gbp',
      customer,
      payment_method: 'pm_card_visa',
      confirm: true,
    };
    const refused = await post('payment_intents', { ...wish, expand: ['nonsense'] });
    expectRefusal(refused, 400, { code: 'property_cannot_be_expanded' });
    expect((await get(`charges?customer=${customer}`)).body.data).toHaveLength(0);

    const paid = await post('payment_intents', { ...wish, expand: ['latest_charge.nonsense'] });
    expect(paid.body).toMatchObject({
      status: 'succeeded',
      latest_charge: expect.stringMatching(/^ch_/),
    });
  });

  it('reaches into lists, and works on what a POST makes', async () => {
    const { id: customer } = await made('customers', {});
    await pay({ customer });
    const { body } = await get(`charges?customer=${customer}&expand[]=data.customer`);
    expect(body.data[0]).toHaveProperty('customer.id', customer);
    const intent = await pay({ customer, expand: ['customer', 'latest_charge'] });
    expect(intent).toMatchObject({
      customer: { id: customer },
      latest_charge: { object: 'charge' },
    });
  });

  it('includes what an object has only when asked', async () => {
    const { id: product } = await made('products', { name: 'Tea' });
    const tiers = [
      { up_to: 10, unit_amount: 100 },
      { up_to: 'inf', unit_amount: 50 },
    ];
    const price = { product, currency: 'gbp', recurring: { interval: 'month' } };
    const { id } = await made('prices', {
      ...price,
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers,
    });
    expect((await get(`prices/${id}`)).body['tiers']).toBeUndefined();
    const { body } = await get(`prices/${id}?expand[]=tiers`);
    expect(body['tiers']).toMatchObject([{ up_to: 10 }, { up_to: null }]);
  });

  it.each(['nothing', 'id', 'metadata.a', 'latest_charge.nothing', '__proto__'])(
    'refuses %s',
    async (path) => {
      const { id } = await pay({ metadata: { a: 'cus_1' } });
      expectRefusal(await get(`payment_intents/${id}?expand[]=${path}`), 400, {
        code: 'property_cannot_be_expanded',
        message: `This property cannot be expanded (${path}).`,
      });
    },
  );
});

describe('a list', () => {
  let owner: TestTenant;
  const ids: string[] = [];
  const list = (query: string) => api({ key: owner.secretKey, path: `/v1/customers?${query}` });
  const idsOf = ({ body }: Reply) => body.data.map(({ id }) => id);

  beforeAll(async () => {
    owner = await world.project();
    const start = world.now;
    for (let n = 0; n < 12; n++) {
      world.now = new Date(start.getTime() + n * 1_000);
      const body = { email: `${n % 2}@example.com` };
      const { body: customer } = await api({
        key: owner.secretKey,
        method: 'POST',
        path: '/v1/customers',
        body,
      });
      ids.unshift(customer.id);
    }
    world.now = start;
  });

  it('has ten, the newest first, and says whether there are more and where it is', async () => {
    const reply = await list('');
    expect(reply.body).toMatchObject({ object: 'list', url: '/v1/customers', has_more: true });
    expect(idsOf(reply)).toEqual(ids.slice(0, 10));
  });

  it('has from 1 to 100', async () => {
    expect(idsOf(await list('limit=1'))).toEqual(ids.slice(0, 1));
    const all = await list('limit=100');
    expect([all.body['has_more'], idsOf(all)]).toEqual([false, ids]);
    expectRefusal(await list('limit=0'), 400, {
      param: 'limit',
      code: 'parameter_invalid_integer',
    });
    expectRefusal(await list('limit=101'), 400, { param: 'limit' });
    expectRefusal(await list('limit=ten'), 400, { message: 'Invalid integer: ten' });
  });

  it('goes on after an id', async () => {
    const reply = await list(`starting_after=${ids[3]}&limit=3`);
    expect([reply.body['has_more'], idsOf(reply)]).toEqual([true, ids.slice(4, 7)]);
    const last = await list(`starting_after=${ids[9]}`);
    expect([last.body['has_more'], idsOf(last)]).toEqual([false, ids.slice(10)]);
    expect(idsOf(await list(`starting_after=${ids[11]}`))).toEqual([]);
  });

  it('goes back to just before an id, the newest first all the same', async () => {
    const reply = await list(`ending_before=${ids[8]}&limit=3`);
    expect([reply.body['has_more'], idsOf(reply)]).toEqual([true, ids.slice(5, 8)]);
    const first = await list(`ending_before=${ids[2]}&limit=3`);
    expect([first.body['has_more'], idsOf(first)]).toEqual([false, ids.slice(0, 2)]);
  });

  it('cannot begin at what does not exist, nor go both ways', async () => {
    expectRefusal(await list('starting_after=cus_nothing'), 400, {
      code: 'resource_missing',
      param: 'starting_after',
    });
    expectRefusal(await list(`starting_after=${ids[0]}&ending_before=${ids[1]}`), 400, {
      code: 'parameters_exclusive',
    });
  });

  it('can be of a time, or of a range of times', async () => {
    const t = Math.floor(world.now.getTime() / 1000);
    const oldest = ids.toReversed();
    const within = async (range: string) => idsOf(await list(`limit=100&${range}`)).toReversed();
    expect(await within(`created=${t + 3}`)).toEqual([oldest[3]]);
    expect(await within(`created[gt]=${t + 3}&created[lte]=${t + 5}`)).toEqual(oldest.slice(4, 6));
    expect(await within(`created[gte]=${t + 3}&created[lt]=${t + 5}`)).toEqual(oldest.slice(3, 5));
  });

  it('of what is searched is turned page by page, until there is none', async () => {
    const found: string[] = [];
    let page: unknown = null;
    for (let turn = 0; turn < 3; turn++) {
      const query = `query=${encodeURIComponent('email:"1@example.com"')}&limit=2`;
      const from = page === null ? '' : `&page=${String(page)}`;
      const reply = await api({
        key: owner.secretKey,
        path: `/v1/customers/search?${query}${from}`,
      });
      expect(reply.body).toMatchObject({ object: 'search_result', url: '/v1/customers/search' });
      expect(reply.body['has_more']).toBe(turn < 2);
      found.push(...idsOf(reply));
      page = reply.body['next_page'];
    }
    expect(page).toBeNull();
    expect(found).toEqual(ids.filter((_, index) => index % 2 === 0));
  });
});
