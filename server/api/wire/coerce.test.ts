import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compileCoercer } from './coerce';
import { parseForm, parseJson } from './form';

/** What a form becomes under a schema. */
const read = (schema: z.ZodType, form: string): unknown => compileCoercer(schema)(parseForm(form));

const unset = z.literal('');

describe('compileCoercer', () => {
  const scalars = z.strictObject({
    count: z.int().optional(),
    rate: z.number().optional(),
    flag: z.boolean().optional(),
    text: z.string().optional(),
  });

  it.each([
    ['count=12', { count: 12 }],
    ['count=-12', { count: -12 }],
    ['count=0', { count: 0 }],
    ['count=9007199254740991', { count: Number.MAX_SAFE_INTEGER }],
    ['count=9007199254740992', { count: '9007199254740992' }],
    ['count=12.0', { count: '12.0' }],
    ['count=012', { count: '012' }],
    ['count=-0', { count: '-0' }],
    ['count=1e3', { count: '1e3' }],
    ['count=%2012', { count: ' 12' }],
    ['count=', { count: '' }],
    ['count=true', { count: 'true' }],
    ['rate=12.5', { rate: 12.5 }],
    ['rate=-3', { rate: -3 }],
    ['rate=1e3', { rate: '1e3' }],
    ['rate=Infinity', { rate: 'Infinity' }],
    ['flag=true', { flag: true }],
    ['flag=True', { flag: true }],
    ['flag=false', { flag: false }],
    ['flag=False', { flag: false }],
    ['flag=1', { flag: '1' }],
    ['flag=', { flag: '' }],
    ['text=123', { text: '123' }],
    ['text=true', { text: 'true' }],
  ])('reads %s by the type of the field', (form, expected) => {
    expect(read(scalars, form)).toEqual(expected);
  });

  it('keeps unknown keys, at every level, for zod to report', () => {
    const schema = z.strictObject({ card: z.strictObject({ exp_month: z.int() }) });
    expect(read(schema, 'card[exp_month]=1&card[foo]=2&bar[baz]=3')).toEqual({
      card: { exp_month: 1, foo: '2' },
      bar: { baz: '3' },
    });
  });

  it('reads through optional, nullable, default, refined, transformed and piped schemas', () => {
    const schema = z.strictObject({
      a: z.int().optional(),
      b: z.int().nullable(),
      c: z.int().default(1),
      d: z.int().refine((value) => value > 0),
      e: z.int().transform((value) => value * 2),
      f: z.int().pipe(z.int().max(9)),
      g: z.intersection(z.object({ x: z.int() }), z.object({ y: z.boolean() })),
    });
    expect(read(schema, 'a=1&b=2&c=3&d=4&e=5&f=6&g[x]=7&g[y]=true')).toEqual({
      a: 1,
      b: 2,
      c: 3,
      d: 4,
      e: 5,
      f: 6,
      g: { x: 7, y: true },
    });
  });

  it('leaves alone what JSON Schema cannot express', () => {
    const schema = z.strictObject({ a: z.custom<string>(), b: z.unknown(), c: z.date() });
    expect(read(schema, 'a=1&b=true&c=2')).toEqual({ a: '1', b: 'true', c: '2' });
  });

  it('reads literals and enums of numbers and booleans', () => {
    const schema = z.strictObject({
      a: z.literal(1),
      b: z.literal(true),
      c: z.literal(['x', 2, false]),
      d: z.literal([1, '2']),
    });
    expect(read(schema, 'a=1&b=true&c=2&d=2')).toEqual({ a: 1, b: true, c: 2, d: '2' });
    expect(read(schema, 'a=2&b=false&c=x&d=1')).toEqual({ a: '2', b: 'false', c: 'x', d: 1 });
  });

  it('reads lists: indexed, appended, with holes, of objects and of fixed length', () => {
    const schema = z.strictObject({
      items: z.array(z.strictObject({ quantity: z.int() })).optional(),
      counts: z.array(z.int()).optional(),
      pair: z.tuple([z.int(), z.boolean()]).optional(),
    });
    expect(read(schema, 'items[5][quantity]=2&items[3][quantity]=1')).toEqual({
      items: [{ quantity: 1 }, { quantity: 2 }],
    });
    expect(read(schema, 'counts[]=1&counts[]=x&pair[0]=1&pair[1]=true')).toEqual({
      counts: [1, 'x'],
      pair: [1, true],
    });
    expect(read(schema, 'counts=1&items[a]=1')).toEqual({ counts: '1', items: { a: '1' } });
  });

  it('keeps the keys of a map that look like indexes', () => {
    const metadata = z.record(z.string(), z.string());
    const schema = z.strictObject({ metadata: z.union([unset, metadata]) });
    expect(read(schema, 'metadata[0]=a&metadata[1]=b')).toEqual({
      metadata: { '0': 'a', '1': 'b' },
    });
    expect(read(schema, 'metadata[42]=1')).toEqual({ metadata: { '42': '1' } });
    expect(schema.parse(read(schema, 'metadata[0]=a'))).toEqual({ metadata: { '0': 'a' } });
  });

  it('does not take a list for an object with named fields', () => {
    const schema = z.strictObject({ card: z.strictObject({ name: z.string() }) });
    expect(read(schema, 'card[]=x')).toEqual({ card: ['x'] });
  });

  it.each([
    [z.union([unset, z.string()]), 'a=12', '12'],
    [z.union([unset, z.int()]), 'a=12', 12],
    [z.union([unset, z.int()]), 'a=', ''],
    [z.union([unset, z.int()]), 'a=x', 'x'],
    [z.union([unset, z.array(z.int())]), 'a=', ''],
    [z.union([unset, z.array(z.int())]), 'a[0]=1', [1]],
    [z.union([unset, z.strictObject({ b: z.int() })]), 'a=', ''],
    [z.union([unset, z.strictObject({ b: z.int() })]), 'a[b]=1', { b: 1 }],
    [z.union([z.literal('now'), z.int()]), 'a=now', 'now'],
    [z.union([z.literal('now'), z.int()]), 'a=1735689600', 1735689600],
    [z.union([z.int(), z.strictObject({ gte: z.int() })]), 'a=1', 1],
    [z.union([z.int(), z.strictObject({ gte: z.int() })]), 'a[gte]=1', { gte: 1 }],
    [z.union([z.string(), z.int()]), 'a=1', '1'],
    [z.union([z.int(), z.string()]), 'a=1', 1],
  ])('picks the branch of a union that the value fits, the first of equals (%#)', (a, form, as) => {
    expect(read(z.strictObject({ a }), form)).toEqual({ a: as });
  });

  it('picks among objects by their discriminator', () => {
    const schema = z.strictObject({
      method: z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('card'), value: z.int() }),
        z.strictObject({ type: z.literal('bank'), value: z.string() }),
      ]),
    });
    expect(read(schema, 'method[type]=card&method[value]=1')).toMatchObject({
      method: { value: 1 },
    });
    expect(read(schema, 'method[type]=bank&method[value]=1')).toMatchObject({
      method: { value: '1' },
    });
  });

  it('picks among objects by the fields they know and need', () => {
    const schema = z.strictObject({
      item: z.union([
        z.strictObject({ price: z.string(), quantity: z.string() }),
        z.strictObject({ plan: z.string(), quantity: z.int() }),
      ]),
    });
    expect(read(schema, 'item[plan]=p&item[quantity]=1')).toEqual({
      item: { plan: 'p', quantity: 1 },
    });
    expect(read(schema, 'item[price]=p&item[quantity]=1')).toEqual({
      item: { price: 'p', quantity: '1' },
    });
  });

  it('reads named and recursive schemas', () => {
    const Category = z.strictObject({
      rank: z.int(),
      get children() {
        return z.array(Category).optional();
      },
    });
    const named = z.strictObject({ on: z.boolean() }).meta({ id: 'with/slash~tilde' });
    const schema = z.strictObject({ a: Category, b: named });
    expect(read(schema, 'a[rank]=1&a[children][0][children][0][rank]=3&b[on]=true')).toEqual({
      a: { rank: 1, children: [{ children: [{ rank: 3 }] }] },
      b: { on: true },
    });
    expect(read(Category, 'children[0][rank]=1')).toEqual({ children: [{ rank: 1 }] });
  });

  it('keeps values that JSON gave a type, even the wrong one', () => {
    const coerce = compileCoercer(scalars);
    const body = '{"count":1.5,"rate":2,"flag":null,"text":123}';
    expect(coerce(parseJson(body))).toEqual({ count: 1.5, rate: 2, flag: null, text: 123 });
    expect(coerce(parseJson('{"flag":true}'))).toEqual({ flag: true });
  });

  it('does not change its input', () => {
    const tree = parseForm('count=1&items[0]=1&metadata[0]=x');
    const before = structuredClone({ ...tree });
    const schema = z.object({
      count: z.int(),
      items: z.array(z.int()),
      metadata: z.record(z.string(), z.string()),
    });
    compileCoercer(schema)(tree);
    expect({ ...tree }).toEqual(before);
  });

  it('reads back any typed value from its text', () => {
    const schema = z.strictObject({
      count: z.int(),
      flag: z.boolean(),
      text: z.string(),
      list: z.array(z.int()).min(1),
      map: z.record(z.string(), z.union([unset, z.string()])),
    });
    const coerce = compileCoercer(schema);
    const texts = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    const keys = fc.stringMatching(/^[a-z0-9_]{1,12}$/).filter((key) => key !== '__proto__');
    const values = fc.record({
      count: fc.maxSafeInteger(),
      flag: fc.boolean(),
      text: texts,
      list: fc.array(fc.maxSafeInteger(), { minLength: 1 }),
      map: fc.dictionary(keys, texts, { minKeys: 1 }),
    });
    fc.assert(
      fc.property(values, ({ list, map, ...rest }) => {
        const form = new URLSearchParams(Object.entries(rest).map(([k, v]) => [k, String(v)]));
        list.forEach((count, index) => form.set(`list[${index}]`, String(count)));
        for (const [key, text] of Object.entries(map)) form.set(`map[${key}]`, text);
        expect(schema.parse(coerce(parseForm(form.toString())))).toEqual({ list, map, ...rest });
      }),
    );
  });
});
