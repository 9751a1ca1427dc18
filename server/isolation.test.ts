/**
 * Every endpoint, asked for what belongs to somebody else. The cases come out of the table of
 * resources: each path parameter, and each parameter that takes an id, gets the id of another
 * project's object, and of the same project's in the other mode. A new endpoint is asked on the day
 * it is added; one that these tables do not know how to ask fails.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endpoints, type Endpoint } from '@/server/api/endpoints';
import { mint } from '@/server/api_keys';
import { newId, PREFIX, type IdKind } from '@/server/kernel/ids';
import { createApi, type Api, type Reply } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

/** One object of each kind, by id. */
type Belongings = { [kind in IdKind]?: string };

/** What a part of a path holds. */
const SEGMENTS: Readonly<Record<string, IdKind>> = {
  accounts: 'account',
  api_keys: 'api_key',
  'customers/balance_transactions': 'customer_balance_transaction',
  balance_transactions: 'balance_transaction',
  charges: 'charge',
  customers: 'customer',
  events: 'event',
  payment_intents: 'payment_intent',
  payment_methods: 'payment_method',
  prices: 'price',
  products: 'product',
  refunds: 'refund',
  tax_ids: 'tax_id',
  tokens: 'token',
  webhook_deliveries: 'webhook_delivery',
  webhook_endpoints: 'webhook_endpoint',
};

/** What a parameter names by its id. One that is called as a kind of id must be here. */
const PARAMETERS: Readonly<Record<string, IdKind>> = {
  charge: 'charge',
  customer: 'customer',
  default_payment_method: 'payment_method',
  default_price: 'price',
  default_source: 'payment_method',
  endpoint: 'webhook_endpoint',
  event: 'event',
  payment_intent: 'payment_intent',
  payment_method: 'payment_method',
  product: 'product',
  related_object: 'customer',
  token: 'token',
  webhook_endpoint: 'webhook_endpoint',
};

/** Older words, which mean what the resource they are said to means by them. */
const SOURCES: Readonly<Record<string, IdKind>> = {
  customers: 'token',
  balance_transactions: 'charge',
};

/** Called as a kind of id, and none: the number that a tax office gave. */
const NO_IDS = ['tax_id'];

/** What an endpoint cannot do without, beside the parameter that is asked about. */
const REQUIRED: Readonly<Record<string, (own: Belongings) => Record<string, unknown>>> = {
  'GET /v1/charges/search': () => ({ query: 'amount>0' }),
  'GET /v1/customers/search': () => ({ query: 'created>0' }),
  'GET /v1/payment_intents/search': () => ({ query: 'amount>0' }),
  'GET /v1/prices/search': () => ({ query: 'currency:"gbp"' }),
  'GET /v1/products/search': () => ({ query: 'active:"true"' }),
  'GET /v1/tax_ids': () => ({ owner: { type: 'self' } }),
  'POST /v1/customers/:customer/balance_transactions': () => ({ amount: 100, currency: 'gbp' }),
  'POST /v1/customers/:customer/tax_ids': () => ({ type: 'eu_vat', value: 'DE123456789' }),
  'POST /v1/payment_intents': () => ({ amount: 1000, currency: 'gbp' }),
  'POST /v1/payment_methods': () => ({ type: 'card' }),
  'POST /v1/payment_methods/:id/attach': (own) => ({ customer: own.customer }),
  'POST /v1/prices': () => ({ currency: 'gbp', unit_amount: 100 }),
  'POST /v1/tax_ids': () => ({ type: 'eu_vat', value: 'DE123456789' }),
};

/** What a parameter needs beside it. */
const COMPANIONS: Readonly<Record<string, Record<string, unknown>>> = {
  'owner.customer': { owner: { type: 'customer' } },
  'payment_method_data.card.token': { payment_method_data: { type: 'card' } },
};

const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;

/** The parts of a path after `/v1/`. */
const partsOf = ({ path }: Endpoint): string[] => path.split('/').slice(2);

/** The kind of id that stands at a part of the path, or that a list at the end of it holds. */
function kindAt(endpoint: Endpoint, index: number): IdKind {
  const fixed = partsOf(endpoint)
    .slice(0, index)
    .filter((part) => !part.startsWith(':'));
  const kind = SEGMENTS[fixed.join('/')] ?? SEGMENTS[fixed.at(-1) ?? ''];
  if (kind === undefined)
    throw new Error(`${nameOf(endpoint)}: say in SEGMENTS whose ids these are.`);
  return kind;
}

interface Schema {
  readonly type?: string;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** The names of all free text in a schema, dotted. */
function textsOf(schema: Schema, at: readonly string[] = []): string[] {
  const { type, properties = {}, anyOf = [], oneOf = [], allOf = [] } = schema;
  const isText = type === 'string' && schema.enum === undefined && schema.const === undefined;
  return [
    ...(isText ? [at.join('.')] : []),
    ...[...anyOf, ...oneOf, ...allOf].flatMap((one) => textsOf(one, at)),
    ...Object.entries(properties).flatMap(([name, one]) => textsOf(one, [...at, name])),
  ];
}

/** The parameters of an endpoint that take ids, dotted, beside those in its path. */
function idParametersOf(endpoint: Endpoint): { name: string; kind: IdKind }[] {
  const schema = z.toJSONSchema(endpoint.operation.input, { io: 'input', unrepresentable: 'any' });
  return [...new Set(textsOf(schema as Schema))].flatMap((name) => {
    const last = name.split('.').at(-1) ?? '';
    if (endpoint.path.includes(`:${name}`) || NO_IDS.includes(last)) return [];
    if (last === 'starting_after' || last === 'ending_before') {
      return [{ name, kind: kindAt(endpoint, partsOf(endpoint).length) }];
    }
    const kind = last === 'source' ? SOURCES[endpoint.resource] : PARAMETERS[last];
    if (kind !== undefined) return [{ name, kind }];
    if (last in PREFIX)
      throw new Error(`${nameOf(endpoint)}: say in PARAMETERS what ${name} takes.`);
    return [];
  });
}

/** `a.b` set in an object of objects. */
function withValue(body: Record<string, unknown>, name: string, value: unknown) {
  const copy = structuredClone(body);
  let at = copy;
  const path = name.split('.');
  for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
  at[path.at(-1) ?? ''] = value;
  return copy;
}

const bracketed = (name: string): string =>
  name
    .split('.')
    .map((part, index) => (index === 0 ? part : `[${part}]`))
    .join('');

/** As the flat parameters of a query string. */
const flat = (value: unknown, at: string): [string, string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, one]) => flat(one, at === '' ? key : `${at}[${key}]`))
    : [[at, String(value)]];

let world: TestWorld;
let api: Api;
let victim: { tenant: TestTenant; has: Belongings };
const strangers: Record<string, { key: string; has: Belongings }> = {};
let before: string;

/** One of each, made as a client would. */
async function furnish(key: string): Promise<Belongings> {
  const post = async (path: string, body: unknown = {}): Promise<Reply['body']> => {
    const reply = await api({ key, method: 'POST', path, body });
    if (reply.status !== 200) throw new Error(`${path}: ${reply.text}`);
    return reply.body;
  };
  const first = async (path: string): Promise<string> =>
    (await api({ key, path })).body.data[0]?.id ?? '';
  const endpoint = await post('/v1/webhook_endpoints', {
    url: 'https://example.com/hook',
    enabled_events: ['*'],
  });
  const customer = await post('/v1/customers', { name: 'Ada' });
  const method = await post('/v1/payment_methods/pm_card_visa/attach', { customer: customer.id });
  const token = await post('/v1/tokens', {
    card: { number: '4242424242424242', exp_month: 12, exp_year: 2030, cvc: '123' },
  });
  const product = await post('/v1/products', { name: 'Boat' });
  const price = await post('/v1/prices', { product: product.id, currency: 'gbp', unit_amount: 1 });
  const paid = await post('/v1/payment_intents', {
    amount: 1000,
    currency: 'gbp',
    payment_method: 'pm_card_visa',
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });
  const charge = String(paid.latest_charge);
  const intent = await post('/v1/payment_intents', { amount: 1000, currency: 'gbp' });
  const refund = await post('/v1/refunds', { charge, amount: 100 });
  const balance = { amount: 100, currency: 'gbp' };
  return {
    account: (await api({ key, path: '/v1/account' })).body.id,
    api_key: (await post('/v1/api_keys', { type: 'secret' })).id,
    balance_transaction: await first('/v1/balance_transactions'),
    charge,
    customer: customer.id,
    customer_balance_transaction: (
      await post(`/v1/customers/${customer.id}/balance_transactions`, balance)
    ).id,
    event: await first('/v1/events'),
    payment_intent: intent.id,
    payment_method: method.id,
    price: price.id,
    product: product.id,
    refund: refund.id,
    tax_id: (
      await post(`/v1/customers/${customer.id}/tax_ids`, { type: 'eu_vat', value: 'DE123456789' })
    ).id,
    token: token.id,
    webhook_delivery: await first('/v1/webhook_deliveries'),
    webhook_endpoint: endpoint.id,
  };
}

/** A live key of the same project: everything in test mode is another's to it. */
async function liveKeyOf({ projectId }: TestTenant): Promise<string> {
  const { key, hash, prefix, last4 } = mint('secret', true);
  await world.admin`insert into api_keys
    (project_id, livemode, id, type, hash, prefix, last4, status, created)
    values (${projectId}, true, ${newId('api_key')}, 'secret', ${hash}, ${prefix}, ${last4}, 'active', 1)`;
  return key;
}

/** All that the victim has, as it sees it. */
async function inventory(): Promise<string> {
  const lists = endpoints.filter(({ method, path }) => method === 'GET' && !path.includes(':'));
  const seen = await Promise.all(
    lists
      .filter((endpoint) => REQUIRED[nameOf(endpoint)] === undefined)
      .map(({ path }) => api({ key: victim.tenant.secretKey, path })),
  );
  return seen.map(({ text }) => text).join('\n');
}

/** Asks with `values` in the path and `body` in the query or the body, as the method has it. */
function ask(
  key: string,
  endpoint: Endpoint,
  values: Readonly<Record<string, string>>,
  body: Record<string, unknown>,
): Promise<Reply> {
  const { method } = endpoint;
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_whole, name: string) => values[name] ?? '');
  if (method === 'POST') return api({ key, method, path, body });
  const query = new URLSearchParams(flat(body, '')).toString();
  return api({ key, method, path: query === '' ? path : `${path}?${query}` });
}

/** Values for the path: the stranger's own where it has one. */
function ownValues(endpoint: Endpoint, own: Belongings): Record<string, string> {
  return Object.fromEntries(
    partsOf(endpoint).flatMap((part, index) => {
      if (!part.startsWith(':')) return [];
      const kind = kindAt(endpoint, index);
      return [[part.slice(1), own[kind] ?? `${PREFIX[kind]}_none`]];
    }),
  );
}

/** The victim's id, which must be there: a kind that nobody made proves nothing. */
function foreign(kind: IdKind): string {
  const id = victim.has[kind];
  if (id === undefined || id === '') throw new Error(`Make a ${kind} in furnish().`);
  return id;
}

beforeAll(async () => {
  world = await createWorld();
  api = createApi(world);
  const tenant = await world.project();
  victim = { tenant, has: await furnish(tenant.secretKey) };
  const other = await world.project();
  strangers['another project'] = { key: other.secretKey, has: await furnish(other.secretKey) };
  // In live mode, what needs no card.
  const key = await liveKeyOf(tenant);
  const customer = await api({ key, method: 'POST', path: '/v1/customers', body: {} });
  strangers['the other mode'] = { key, has: { customer: customer.body.id } };
  before = await inventory();
});

afterAll(() => world.close());

const names = ['another project', 'the other mode'] as const;

describe.each(names)('%s', (stranger) => {
  const { is } = { is: () => strangers[stranger]! };

  for (const endpoint of endpoints) {
    const name = nameOf(endpoint);
    const required = REQUIRED[name] ?? (() => ({}));

    for (const [index, part] of partsOf(endpoint).entries()) {
      if (!part.startsWith(':')) continue;
      it(`finds no ${part} of mine by ${name}`, async () => {
        const { key, has } = is();
        const kind = kindAt(endpoint, index);
        const values = { ...ownValues(endpoint, has), [part.slice(1)]: foreign(kind) };
        const reply = await ask(key, endpoint, values, required(has));
        if (kind === 'account') {
          // A project is the same in both modes; another's is refused as a key's reach is.
          const mine = stranger === 'the other mode';
          expect([reply.status, reply.body.error?.code]).toEqual(
            mine ? [200, undefined] : [403, 'account_invalid'],
          );
          return;
        }
        expect(reply.body.error).toMatchObject({ code: 'resource_missing' });
        expect(reply.status).toBe(404);
      });
    }

    for (const { name: param, kind } of idParametersOf(endpoint)) {
      it(`cannot give mine as ${param} to ${name}`, async () => {
        const { key, has } = is();
        const companions = { ...required(has), ...COMPANIONS[param] };
        const body = withValue(companions, param, foreign(kind));
        const reply = await ask(key, endpoint, ownValues(endpoint, has), body);
        const isFilter = endpoint.method === 'GET' && !/starting_after|ending_before/.test(param);
        if (isFilter && reply.status === 200) {
          expect(reply.body.data).toEqual([]);
          return;
        }
        expect(reply.body.error).toMatchObject({ code: 'resource_missing' });
        // In the other mode there is nothing of one's own to do it to.
        if (reply.status === 404 && stranger === 'the other mode') return;
        expect([reply.status, reply.body.error.param]).toEqual([400, bracketed(param)]);
      });
    }

    if (endpoint.method === 'GET' && !endpoint.path.includes(':')) {
      it(`sees nothing of mine in ${name}`, async () => {
        const { key, has } = is();
        const reply = await ask(key, endpoint, {}, required(has));
        expect(reply.status).toBe(200);
        for (const [kind, id] of Object.entries(victim.has)) {
          if (kind !== 'account') expect(reply.text).not.toContain(id);
        }
      });
    }
  }
});

describe('what is mine', () => {
  it('is there to be found, for me', async () => {
    for (const endpoint of endpoints) {
      if (endpoint.method !== 'GET' || !endpoint.path.includes(':')) continue;
      const own = ownValues(endpoint, victim.has);
      const reply = await ask(victim.tenant.secretKey, endpoint, own, {});
      expect({ endpoint: nameOf(endpoint), status: reply.status }).toEqual({
        endpoint: nameOf(endpoint),
        status: 200,
      });
    }
  });

  it('is as it was before they asked', async () => {
    expect(await inventory()).toBe(before);
  });
});
