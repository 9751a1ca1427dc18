/**
 * Requests by chance, for any endpoint: most follow its schema far enough to reach the operation,
 * some miss it by a little, and some are noise.
 */
import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { endpoints, type Endpoint } from '@/server/api/endpoints';
import { STRAY_SETTLEMENT } from '@/server/testing/accounts';
import { encodeForm, escape } from '@/server/testing/form';

export interface FuzzedRequest {
  readonly key: string | null;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** The name of the operation in the OpenAPI document; null where there may be none. */
  readonly operation: string | null;
}

/** What requests are made of. */
export interface Matter {
  /** Weighed by how often they are listed. Null is none. */
  readonly keys: readonly (string | null)[];
  /** Ids that exist, by the name of a parameter or of an object. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  /** Ids that nobody with one of the keys may reach. */
  readonly foreign: readonly string[];
}

type Schema = z.core.JSONSchema.JSONSchema;

/** `weight` times in their sum. */
const oneof = <T>(...choices: (readonly [weight: number, arbitrary: Arbitrary<T>])[]) =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));

// Texts and numbers

const ABSURD_IDS = [
  '',
  ' ',
  'undefined',
  'null',
  '...',
  '0',
  'cus_',
  'cus',
  'pm_card_nonsense',
  "cus_' or 1=1 --",
  'cus_%00',
  `cus_${'9'.repeat(5_000)}`,
  'search',
  'evt_zzzzzzzzzzzzzzzzzzzzzz',
];

const TEXTS: readonly string[] = [
  '',
  'null',
  '0',
  '-1',
  '1e999',
  '\0',
  'a\0b',
  '\u{d800}',
  '\u{1f4b7}',
  'é\u{301}‮',
  '%',
  '\\',
  "'; drop table customers; --",
  '{"a":1}',
  '<script>alert(1)</script>',
  '4242424242424242',
  'x'.repeat(600),
];

const text = oneof<string>(
  [6, fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' })],
  [2, fc.string({ maxLength: 20, unit: 'binary' })],
  [2, fc.constantFrom(...TEXTS)],
);

const number = oneof<number>(
  [6, fc.integer({ min: 1, max: 5_000 })],
  [2, fc.integer({ min: -10, max: 100_000_000 })],
  [1, fc.constantFrom(0, -1, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21, 1.5, 99_999_999, 100_000_000)],
);

/** A parameter of such a name wants such a text. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  currency: ['gbp', 'GBP', 'usd', 'eur', 'jpy', 'kwd', 'xxx'],
  content: [STRAY_SETTLEMENT, 'xref,action', 'a"b', ''],
  country: ['GB', 'US', 'DE', 'XX'],
  cvc: ['123', '1', ''],
  email: ['ada@example.com', 'no address'],
  enabled_events: ['*', 'customer.created', 'charge.refunded'],
  exp_month: ['12', '13'],
  exp_year: ['2030', '30', '1999'],
  number: ['4242424242424242', '4000000000000002', '4000002500003155', '4242424242424241', '1'],
  query: [
    'email:"ada@example.com"',
    'metadata["a"]:"b"',
    'amount>10 AND currency:"gbp"',
    'created>0 OR created<10',
    'total>0',
    'status:"succeeded"',
    'email:',
    '((',
    'amount>99999999999999999999',
  ],
  quantity_decimal: ['1.5', '0', '-1'],
  source: ['tok_visa', 'tok_mastercard', 'tok_chargeDeclined', 'tok_nonsense'],
  token: ['tok_visa', 'tok_chargeDeclined', 'tok_nonsense'],
  type: ['charge', 'gb_vat', 'customer.created', 'nonsense'],
  unit_amount_decimal: ['1.5', '0.000000000001', '-1', '1e5'],
  url: ['https://example.com/hook', 'http://127.0.0.1', 'ftp://example.com', 'https://'],
  value: ['GB123456789', 'DE123456789'],
};

const METHODS_OF_PAYMENT = [
  'pm_card_visa',
  'pm_card_chargeDeclined',
  'pm_card_authenticationRequired',
];

function idFor(name: string, { ids, foreign }: Matter): Arbitrary<string> {
  const all = Object.values(ids).flat();
  const cards = name === 'payment_method' ? METHODS_OF_PAYMENT : [];
  return oneof<string>(
    [20, fc.constantFrom(...(ids[name] ?? all), ...cards)],
    [1, fc.constantFrom(...all)],
    [1, fc.constantFrom(...foreign)],
    [1, fc.constantFrom(...ABSURD_IDS)],
  );
}

function textFor(name: string, matter: Matter): Arbitrary<string> {
  if (matter.ids[name] !== undefined) return idFor(name, matter);
  const wanted = WANTED[name];
  return wanted === undefined ? text : oneof([6, fc.constantFrom(...wanted)], [1, text]);
}

// Values by their schema

function valueOf(schema: Schema | boolean, name: string, matter: Matter): Arbitrary<unknown> {
  if (typeof schema === 'boolean') return fc.jsonValue({ maxDepth: 2 });
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) {
    return fc.oneof(...branches.map((branch) => valueOf(branch, name, matter)));
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  // Written so by zod for a choice of plain types.
  const { type } = schema as { type?: Schema['type'] | Schema['type'][] };
  if (Array.isArray(type)) {
    return fc.oneof(...type.map((one) => valueOf({ ...schema, type: one }, name, matter)));
  }
  switch (type) {
    case 'string':
      return textFor(name, matter);
    case 'integer':
    case 'number':
      return number;
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valueOf(schema.items as Schema, name, matter), { maxLength: 3 });
    case 'object':
      return objectOf(schema, matter, name);
    default:
      return text;
  }
}

/** The required fields, and a few of the others: with all of them hardly any object would be valid. */
function objectOf(schema: Schema, matter: Matter, within = ''): Arbitrary<Record<string, unknown>> {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (typeof additionalProperties === 'object') {
    const keys = fc.string({ minLength: 1, maxLength: 10, unit: 'grapheme-ascii' });
    return fc.dictionary(keys, valueOf(additionalProperties, '', matter), { maxKeys: 3 });
  }
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => {
      // Whose id it is, what it is in says.
      const full = `${within}.${name}`;
      return [name, valueOf(field, matter.ids[full] === undefined ? name : full, matter)];
    }),
  );
  const optional = Object.keys(fields).filter((name) => !required.includes(name));
  return fc.subarray(optional, { maxLength: Math.min(4, optional.length) }).chain((chosen) => {
    const names = [...required, ...chosen];
    return fc.record(Object.fromEntries(names.map((name) => [name, fields[name]!])));
  });
}

const EXPANDS = [
  'customer',
  'latest_charge',
  'latest_charge.balance_transaction.source.payment_intent',
  'data.customer',
  'data.latest_charge.customer',
  'data.discounts',
  'discounts.source.coupon',
  'items.data.price.product',
  'latest_invoice.payments.data.payment.payment_intent',
  'lines.data.discounts',
  'payment_method',
  'tiers',
  'tax_ids',
  'sources',
  'subscriptions',
  'product.default_price',
  'id',
  'metadata',
  '__proto__',
  'constructor.name',
  'a.b.c.d.e.f',
  '',
];

/** A wrong turn in parameters that may have been right. */
const mishap: Arbitrary<Record<string, unknown>> = oneof<Record<string, unknown>>(
  [40, fc.constant({})],
  [3, fc.array(fc.constantFrom(...EXPANDS), { maxLength: 3 }).map((expand) => ({ expand }))],
  [1, fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 2 })],
  [
    1,
    fc.constantFrom<Record<string, unknown>>(
      { id: 'cus_1' },
      { amount: { gt: 1 } },
      { metadata: [[['x']]] },
      { customer: ['a', 'b'] },
      { limit: '1e2' },
      { starting_after: 'zzz', ending_before: 'zzz' },
      { expand: { 0: { a: 1 } } },
      JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":1}}'),
    ),
  ],
);

// Whole requests

const given = (fields: Record<string, string | null>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== null),
  );

const headers: Arbitrary<Record<string, string>> = fc
  .record({
    'idempotency-key': oneof<string | null>(
      [8, fc.constant(null)],
      [3, fc.constantFrom('one', 'two', 'three')],
      [1, fc.constantFrom('k'.repeat(255), 'k'.repeat(256), '\u{ff}\u{80}', '0')],
    ),
    'stripe-version': oneof<string | null>(
      [8, fc.constant(null)],
      [1, fc.constantFrom('2020-08-27', '2026-10-28.endive', 'nonsense', '\u{e9}')],
    ),
    'stripe-account': oneof<string | null>([40, fc.constant(null)], [1, fc.constant('acct_1')]),
  })
  .map(given);

const GARBAGE_FORMS = [
  'a[b',
  'a[]]=1',
  '=',
  '&&&',
  '%zz=1',
  'a=%ff',
  'a=%00',
  'a=%ed%a0%80',
  '[]=1',
];
const GARBAGE_JSON = ['{', '[]', 'null', '"a"', '{"a":'.repeat(500), '[1e400]', '\u{feff}{}'];

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** Parameters on their way: in the query, or as either kind of body. */
type Carried = Pick<FuzzedRequest, 'body'> & { query: string; type: string | null };

const carried = (method: string, parameters: unknown): Arbitrary<Carried> => {
  const form = encodeForm(parameters);
  const inQuery: Carried = { query: form === '' ? '' : `?${form}`, body: null, type: null };
  if (method !== 'POST') return fc.constant(inQuery);
  return oneof<Carried>(
    [10, fc.constant({ query: '', body: form, type: FORM })],
    [5, fc.constant({ query: '', body: JSON.stringify(parameters), type: JSON_TYPE })],
    [1, fc.constantFrom(...GARBAGE_FORMS).map((body) => ({ query: '', body, type: FORM }))],
    [1, fc.constantFrom(...GARBAGE_JSON).map((body) => ({ query: '', body, type: JSON_TYPE }))],
    [1, fc.string().map((body) => ({ query: '', body, type: 'text/plain' }))],
    [1, fc.constant({ query: '', body: form, type: JSON_TYPE })],
  );
};

function requestFor({ resource, name, method, path, object, operation }: Endpoint, matter: Matter) {
  const schema = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as Schema;
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const own = Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name)),
  );
  const required = (schema.required ?? []).filter((name) => !names.includes(name));
  const places = Object.fromEntries(
    names.map((name) => [name, idFor(name === 'id' ? object : name, matter)]),
  );
  return fc
    .record({
      key: fc.constantFrom(...matter.keys),
      headers,
      place: fc.record(places),
      parameters: objectOf({ ...schema, properties: own, required }, matter),
      wrong: mishap,
    })
    .chain(({ key, headers, place, parameters, wrong }) =>
      carried(method, { ...parameters, ...wrong }).map(({ query, body, type }): FuzzedRequest => {
        const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => escape(place[name] ?? ''));
        return {
          key,
          method,
          path: `${filled}${query}`,
          headers: { ...headers, ...(type === null ? {} : { 'content-type': type }) },
          body,
          operation: `${resource}.${name}`,
        };
      }),
    );
}

const PATHS = [
  '/v1',
  '/v1/',
  '/v1/customers/',
  '/v1//customers',
  '/v1/%',
  '/v1/%ff',
  '/v1/customers/%00',
  '/v1/customers/cus_1/nothing',
  '/v1/nothing/cus_1',
  '/v1/customers/..%2f..',
  '/v2/customers',
];

/** Any method on any path. */
const stray = (matter: Matter): Arbitrary<FuzzedRequest> =>
  fc.record({
    key: fc.constantFrom(...matter.keys),
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
    path: oneof<string>(
      [1, fc.constantFrom(...PATHS)],
      [1, fc.constantFrom(...endpoints.map(({ path }) => path))],
      [1, fc.webPath().map((path) => `/v1${path}`)],
    ),
    headers,
    body: fc.constant(null),
    operation: fc.constant(null),
  });

/** Requests of all kinds, over all endpoints alike. */
export const requests = (matter: Matter): Arbitrary<FuzzedRequest> =>
  oneof<FuzzedRequest>(
    [20, fc.oneof(...endpoints.map((endpoint) => requestFor(endpoint, matter)))],
    [1, stray(matter)],
  );
