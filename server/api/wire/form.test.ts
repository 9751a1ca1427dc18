import * as fc from 'fast-check';
import { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { ApiError } from '@/server/kernel/errors';
import { FORM_LIMITS, paramName, parseForm, parseJson, toList, type TreeValue } from './form';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function refusal(parse: () => unknown): ApiError {
  try {
    parse();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

/** What the official SDK puts in the body of a request with these parameters. */
async function encodedBySdk(params: object): Promise<string> {
  let body = '';
  const stripe = new Stripe('sk_test_1', {
    httpClient: Stripe.createFetchHttpClient(async (_url, init) => {
      body = await new Response(init?.body).text();
      return new Response('{}', { headers: { 'content-type': 'application/json' } });
    }),
  });
  await stripe.customers.create(params);
  return body;
}

/** Names that a bracketed form can carry; those that are indexes have tests of their own. */
const names = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((name) => !/[[\]\0]|^\d+$|^__proto__$/.test(name));
const texts = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
/** An SDK sends nothing at all for an empty array or object. */
const { tree } = fc.letrec<{ tree: Record<string, unknown>; value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    texts,
    fc.array(tie('value'), { minLength: 1, maxLength: 12 }),
    tie('tree'),
  ),
  tree: fc.dictionary(names, tie('value'), { minKeys: 1, maxKeys: 6 }),
}));

describe('parseForm', () => {
  it.each([
    ['plain pairs', 'amount=2000&currency=gbp', { amount: '2000', currency: 'gbp' }],
    ['nested objects', 'a[b][c]=1&a[b][d]=2', { a: { b: { c: '1', d: '2' } } }],
    ['a list of appended values', 'expand[]=a&expand[]=b', { expand: ['a', 'b'] }],
    ['an indexed list', 'expand[0]=a&expand[1]=b', { expand: ['a', 'b'] }],
    ['an indexed list out of order', 'a[1]=y&a[0]=x', { a: ['x', 'y'] }],
    ['eleven indexes by number, not by letter', elevenIndexes(), { a: elevenLetters() }],
    [
      'a list of objects',
      'items[0][price]=p&items[0][quantity]=2&items[1][price]=q',
      { items: [{ price: 'p', quantity: '2' }, { price: 'q' }] },
    ],
    [
      'appended objects, the next one opened by a repeated name',
      'items[][price]=p&items[][quantity]=2&items[][price]=q&items[][quantity]=3',
      {
        items: [
          { price: 'p', quantity: '2' },
          { price: 'q', quantity: '3' },
        ],
      },
    ],
    ['a list within an appended object', 'a[][b][]=1&a[][b][]=2', { a: [{ b: ['1', '2'] }] }],
    ['a list of lists', 'a[][]=1&a[][]=2', { a: [['1'], ['2']] }],
    ['a list of lists by index', 'a[0][0]=1&a[0][1]=2&a[1][0]=3', { a: [['1', '2'], ['3']] }],
    ['percent-encoded brackets', 'a%5Bb%5D%5B0%5D=c&a%5bb%5d%5B1%5d=d', { a: { b: ['c', 'd'] } }],
    ['plus as a space, in names too', 'na+me=Jenny+Rosen%2B', { 'na me': 'Jenny Rosen+' }],
    ['percent-encoded UTF-8', 'name=Jos%C3%A9%20%F0%9F%8D%B0', { name: 'José 🍰' }],
    ['UTF-8 as it is', 'name=José', { name: 'José' }],
    ['the last of a repeated name', 'a=1&a=2&b[c]=1&b[c]=2', { a: '2', b: { c: '2' } }],
    ['values that hold an equals sign or brackets', 'a=b=c&d=[e]', { a: 'b=c', d: '[e]' }],
    ['empty values, with and without the equals sign', 'a=&b', { a: '', b: '' }],
    ['nothing between separators', '&a=1&&b=2&', { a: '1', b: '2' }],
    ['no pairs', '', {}],
    ['keys that are no canonical index', 'a[00]=x&a[1]=y', { a: { '00': 'x', '1': 'y' } }],
  ])('reads %s', (_what, form, expected) => {
    expect(parseForm(form)).toEqual(expected);
    expect(parseForm(bytes(form))).toEqual(expected);
  });

  it('keeps indexes with holes as keys, which a map may mean and a list closes', () => {
    const { metadata } = parseForm('metadata[42]=x&metadata[7]=y');
    expect(metadata).toEqual({ '7': 'y', '42': 'x' });
    expect(toList(metadata as Record<string, TreeValue>)).toEqual(['y', 'x']);
  });

  it('takes no index above ten thousand, nor any other key, for a place in a list', () => {
    expect(toList({ '9999': 'x' })).toEqual(['x']);
    expect(toList({ '10000': 'x' })).toBeNull();
    expect(toList({ '0': 'x', a: 'y' })).toBeNull();
    expect(toList({ '01': 'x' })).toBeNull();
  });

  it.each([
    ['a value and an object', 'a=1&a[b]=2', 'a'],
    ['an object and a value', 'a[b]=2&a=1', 'a'],
    ['a value and a list', 'a=1&a[]=2', 'a'],
    ['appended and indexed at once', 'a[]=1&a[0]=2', 'a'],
    ['an object and a list', 'x[a][b]=1&x[a][]=2', 'x[a]'],
    ['a value and an object inside a list', 'a[][b]=1&a[][b][c]=2', 'a[][b]'],
  ])('refuses a name used as %s', (_what, form, param) => {
    const error = refusal(() => parseForm(form));
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
    expect(error.details.param).toBe(param);
  });

  it.each(['a[b', 'a[b]c', 'a[b]c]', 'a[b[c]]', '[a]', '[]', 'a[b]]'])(
    'refuses the malformed name %j as unknown',
    (name) => {
      const error = refusal(() => parseForm(`${encodeURIComponent(name)}=1`));
      expect(error).toMatchObject({ status: 400, details: { code: 'parameter_unknown' } });
      expect(error.message).toBe(`Received unknown parameter: ${name}`);
    },
  );

  it.each(['a=%', 'a=%2', 'a=%zz', '%=1', 'a=%C3', 'a=%C0%80', 'a=%ED%A0%80', 'a=%FF'])(
    'refuses the invalid percent-encoding %s',
    (form) => {
      expect(refusal(() => parseForm(form)).status).toBe(400);
    },
  );

  it('refuses bytes that are not UTF-8', () => {
    expect(refusal(() => parseForm(Uint8Array.of(0x61, 0x3d, 0xff))).status).toBe(400);
  });

  it.each(['a=\0', 'a=%00', 'a%00=1', 'a=\ud800'])(
    'refuses %j, which the database could not store',
    (form) => {
      expect(refusal(() => parseForm(form)).status).toBe(400);
    },
  );

  it.each(['__proto__=1', '__proto__[polluted]=1', 'a[__proto__][polluted]=1', 'a[][__proto__]=1'])(
    'refuses %s as unknown',
    (form) => {
      expect(refusal(() => parseForm(form)).details.code).toBe('parameter_unknown');
      expect(Object.prototype).not.toHaveProperty('polluted');
    },
  );

  it('treats constructor and prototype as keys like any other', () => {
    const tree = parseForm('constructor[prototype][polluted]=1&metadata[toString]=x');
    expect(tree).toEqual({
      constructor: { prototype: { polluted: '1' } },
      metadata: { toString: 'x' },
    });
    expect(Object.prototype).not.toHaveProperty('polluted');
    expect('toString' in parseForm('a=1')).toBe(false);
  });

  it('accepts as many pairs as the limit and refuses one more', () => {
    const pairs = Array.from({ length: FORM_LIMITS.pairs }, (_, index) => `k${index}=v`);
    expect(Object.keys(parseForm(pairs.join('&')))).toHaveLength(FORM_LIMITS.pairs);
    expect(refusal(() => parseForm([...pairs, 'k=v'].join('&'))).status).toBe(400);
  });

  it('accepts nesting as deep as the limit and refuses one level more', () => {
    const deepest = `a${'[b]'.repeat(FORM_LIMITS.depth - 1)}`;
    expect(parseForm(`${deepest}=1`)).toHaveProperty('a.b.b.b.b.b.b.b.b.b', '1');
    const error = refusal(() => parseForm(`${deepest}[b]=1`));
    expect(error).toMatchObject({ status: 400, details: { param: `${deepest}[b]` } });
  });

  it('accepts a name as long as the limit and refuses a longer one', () => {
    const name = 'a'.repeat(FORM_LIMITS.keyLength);
    expect(parseForm(`${name}=1`)).toEqual({ [name]: '1' });
    expect(refusal(() => parseForm(`${name}a=1`)).status).toBe(400);
  });

  it('gives back any tree that the official SDK encodes', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (metadata) => {
        const body = await encodedBySdk({ metadata });
        fc.pre(body.split('&').length <= FORM_LIMITS.pairs);
        expect(parseForm(bytes(body))).toEqual({ metadata });
      }),
      { numRuns: 200 },
    );
  });

  it('either parses or refuses with status 400, whatever the bytes', () => {
    const pieces = fc.constantFrom(
      ...'a b 0 1 [ ] [] [0] = & %5B %5D % + %00 é %C3%A9'.split(' '),
      ...'__proto__ constructor prototype \ud800'.split(' '),
    );
    const forms = fc.array(pieces, { maxLength: 40 }).map((some) => some.join(''));
    const sources = fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' }), forms);
    fc.assert(
      fc.property(sources, (source) => {
        expectTreeOrRefusal(() => parseForm(source));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('parseJson', () => {
  it('keeps the types of JSON', () => {
    const body = { a: 1, b: true, c: null, d: ['x', { e: 1.5 }], f: {} };
    expect(parseJson(bytes(JSON.stringify(body)))).toEqual(body);
  });

  it('takes an empty body for no parameters', () => {
    expect(parseJson(new Uint8Array())).toEqual({});
  });

  it.each(['{', 'a=1', '[]', '"a"', '1', 'null', '{"a":1}}', '{"a":"\\u0000"}', '{"\\ud800":1}'])(
    'refuses %s',
    (body) => {
      expect(refusal(() => parseJson(bytes(body))).status).toBe(400);
    },
  );

  it('refuses bytes that are not UTF-8', () => {
    expect(refusal(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22))).status).toBe(400);
  });

  it('refuses the key __proto__ at any level as unknown, by its path', () => {
    const error = refusal(() => parseJson('{"a":[{"__proto__":{"polluted":1}}]}'));
    expect(error.details).toEqual({ code: 'parameter_unknown', param: 'a[0][__proto__]' });
    expect('toString' in parseJson('{"a":1}')).toBe(false);
  });

  it('holds to the limits of forms', () => {
    const most = Array.from({ length: FORM_LIMITS.pairs - 1 }, () => 1);
    expect(parseJson(JSON.stringify({ list: most }))).toHaveProperty('list');
    expect(refusal(() => parseJson(JSON.stringify({ list: [1, ...most] }))).status).toBe(400);

    expect(parseJson(nestedJson(FORM_LIMITS.depth))).toHaveProperty('a');
    expect(refusal(() => parseJson(nestedJson(FORM_LIMITS.depth + 1))).details.param).toBe(
      `a${'[a]'.repeat(FORM_LIMITS.depth - 1)}`,
    );
    expect(refusal(() => parseJson(nestedJson(100_000))).status).toBe(400);

    const key = 'a'.repeat(FORM_LIMITS.keyLength + 1);
    expect(refusal(() => parseJson(JSON.stringify({ [key]: 1 }))).status).toBe(400);
  });

  it('either parses or refuses with status 400, whatever the bytes', () => {
    const sources = fc.oneof(
      fc.uint8Array(),
      fc.json().map(bytes),
      fc.object({ key: fc.constantFrom('a', '__proto__', 'constructor') }).map(stringified),
    );
    fc.assert(
      fc.property(sources, (source) => {
        expectTreeOrRefusal(() => parseJson(source));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('paramName', () => {
  it('writes a path as Stripe does', () => {
    expect(paramName(['items', 0, 'price_data', 'currency'])).toBe(
      'items[0][price_data][currency]',
    );
    expect(paramName(['amount'])).toBe('amount');
    expect(paramName([])).toBe('');
  });
});

function expectTreeOrRefusal(parse: () => object): void {
  const before = Reflect.ownKeys(Object.prototype);
  try {
    const inherited = Object.getPrototypeOf(parse()) as object;
    expect(Reflect.ownKeys(inherited)).toEqual([]);
    expect(Object.getPrototypeOf(inherited)).toBeNull();
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).status).toBe(400);
  }
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
}

function nestedJson(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
}

function stringified(value: unknown): Uint8Array {
  return bytes(JSON.stringify(value) ?? '');
}

function elevenLetters(): string[] {
  return 'abcdefghijk'.split('');
}

function elevenIndexes(): string {
  return elevenLetters()
    .map((letter, index) => `a[${index}]=${letter}`)
    .join('&');
}
