import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { resourceMissing, type ApiError } from '@/server/kernel/errors';
import { compileCoercer } from './coerce';
import { parseForm, parseJson, type Tree } from './form';
import { toApiError } from './invalid';

function refusalOf(schema: z.ZodType, tree: Tree): ApiError {
  const input = compileCoercer(schema)(tree);
  const result = schema.safeParse(input);
  if (result.success) throw new Error('it was accepted');
  return toApiError(result.error, input);
}

/** The error an integrator receives for a form that the schema refuses. */
const refusal = (schema: z.ZodType, form: string): ApiError => refusalOf(schema, parseForm(form));

/** `error.message`, `error.code` and `error.param` of the answer for the field `a`. */
function answer(a: z.ZodType, form: string): (string | undefined)[] {
  const { message, details } = refusal(z.strictObject({ a }), form);
  return [message, details.code, details.param];
}

const unset = z.literal('');
const EMPTY =
  "You passed an empty string for 'a'. We assume empty values are an attempt to unset a parameter; however 'a' cannot be unset. You should remove 'a' from your request or supply a non-empty value.";

describe('toApiError', () => {
  it('answers with status 400 and the type invalid_request_error', () => {
    expect(refusal(z.strictObject({ amount: z.int() }), '')).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      message: 'Missing required param: amount.',
      details: { code: 'parameter_missing', param: 'amount' },
    });
  });

  const INTEGER = 'parameter_invalid_integer';
  it.each([
    [z.int(), 'a=abc', 'Invalid integer: abc', INTEGER],
    [z.int(), 'a=10.5', 'Invalid integer: 10.5', INTEGER],
    [z.int(), 'a=9007199254740993', 'Invalid integer: ****0993', INTEGER],
    [z.int(), 'a[b]=1', 'Invalid integer: {"b":"1"}', INTEGER],
    [z.int().min(1), 'a=0', 'This value must be greater than or equal to 1.', INTEGER],
    [z.int().positive(), 'a=0', 'This value must be greater than 0.', INTEGER],
    [z.int().max(100), 'a=101', 'This value must be less than or equal to 100.', INTEGER],
    [z.int().multipleOf(5), 'a=3', 'This value must be a multiple of 5.', INTEGER],
    [z.int(), 'a=', EMPTY, 'parameter_invalid_empty'],
    [z.boolean(), 'a=abc', 'Invalid boolean: abc', undefined],
    [z.boolean(), 'a=', EMPTY, 'parameter_invalid_empty'],
    [z.strictObject({}), 'a=abc', 'Invalid object', undefined],
    [z.record(z.string(), z.string()), 'a=abc', 'Invalid object', undefined],
    [z.array(z.string()), 'a=abc', 'Invalid array', undefined],
    [z.array(z.string()), 'a[b]=abc', 'Invalid array', undefined],
    [
      z.array(z.string()).max(1),
      'a[]=x&a[]=y',
      'Invalid array: must have at most 1 items',
      undefined,
    ],
    [z.string(), 'a[b]=1', 'Invalid string: {"b":"1"}', undefined],
    [z.string().min(1), 'a=', EMPTY, 'parameter_invalid_empty'],
    [z.string().min(3), 'a=xy', 'Invalid string: xy; must be at least 3 characters', undefined],
    [z.string().max(3), 'a=wxyz', 'Invalid string: wxyz; must be at most 3 characters', undefined],
    [z.string().regex(/^x/), 'a=y', 'Invalid string: y', undefined],
    [z.string().regex(/^x/, 'Start with x.'), 'a=y', 'Start with x.', undefined],
    [z.string().regex(/^x/, 'Start with x.'), 'a=', EMPTY, 'parameter_invalid_empty'],
    [z.email(), 'a=otameshi%40com', 'Invalid email address: otameshi@com', 'email_invalid'],
    [z.url(), 'a=example', 'Not a valid URL', 'url_invalid'],
    [z.never(), 'a=1', 'Received unknown parameter: a', 'parameter_unknown'],
  ])('says what Stripe says of a wrong value (%#: %s)', (schema, form, message, code) => {
    expect(answer(schema, form)).toEqual([message, code, 'a']);
  });

  it('shortens a long text as Stripe does', () => {
    expect(answer(z.string().max(30), `a=${'n'.repeat(256)}`)[0]).toBe(
      'Invalid string: nnnnnnnnnn...nnnnnnnnnn; must be at most 30 characters',
    );
  });

  it.each([
    [['manual'], 'Invalid a: must be manual'],
    [['automatic', 'manual'], 'Invalid a: must be one of automatic or manual'],
    [['x', 'y', 'z'], 'Invalid a: must be one of x, y, or z'],
    [['', 'x', 'y'], 'Invalid a: must be one of x or y'],
  ])('lists the choices of the enum %j', (choices, message) => {
    expect(answer(z.enum(choices), 'a=other')).toEqual([message, undefined, 'a']);
  });

  it('names all unknown parameters by their path, before anything else', () => {
    const schema = z.strictObject({
      amount: z.int(),
      card: z.strictObject({ name: z.string().optional() }),
      items: z.array(z.strictObject({ price: z.string() })),
    });
    const { message, details } = refusal(
      schema,
      'card[foo]=1&items[0][price]=p&items[1][bar]=2&baz=3',
    );
    expect(message).toBe('Received unknown parameters: card[foo], items[1][bar], baz');
    expect(details).toEqual({ code: 'parameter_unknown', param: 'card[foo]' });
  });

  it('writes the path of a nested parameter with brackets', () => {
    const schema = z.strictObject({ a: z.array(z.strictObject({ b: z.int(), c: z.int() })) });
    expect(refusal(schema, 'a[0][b]=1&a[0][c]=2&a[1][b]=1').details).toEqual({
      code: 'parameter_missing',
      param: 'a[1][c]',
    });
  });

  it.each([
    [z.union([unset, z.int()]), 'a=x', 'Invalid integer: x', 'a'],
    [z.union([z.literal('now'), z.int()]), 'a=x', 'Invalid integer: x', 'a'],
    [z.union([z.literal('now'), z.int()]), 'a=', EMPTY, 'a'],
    [z.union([z.literal('now'), z.int()]), '', 'Missing required param: a.', 'a'],
    [z.union([unset, z.enum(['x', 'y'])]), 'a=z', 'Invalid a: must be one of x or y', 'a'],
    [
      z.union([unset, z.string().max(2)]),
      'a=xyz',
      'Invalid string: xyz; must be at most 2 characters',
      'a',
    ],
    [z.union([unset, z.strictObject({ b: z.int() })]), 'a=x', 'Invalid object', 'a'],
    [z.union([unset, z.strictObject({ b: z.int() })]), 'a[b]=x', 'Invalid integer: x', 'a[b]'],
    [z.union([unset, z.array(z.int())]), 'a=x', 'Invalid array', 'a'],
    [z.union([unset, z.array(z.int())]), 'a[0]=1&a[1]=x', 'Invalid integer: x', 'a[1]'],
    [
      z.union([z.int(), z.strictObject({ gte: z.int() })]),
      'a[gt]=1',
      'Received unknown parameter: a[gt]',
      'a[gt]',
    ],
    [z.union([z.int(), z.string()], 'Say when.'), 'a[]=1', 'Say when.', 'a'],
  ])('reports the branch of a union that fits best (%#: %s)', (schema, form, message, param) => {
    const [actual, , name] = answer(schema, form);
    expect([actual, name]).toEqual([message, param]);
  });

  it('reports the branch whose type was named', () => {
    const card = z.strictObject({ type: z.literal('card'), number: z.string(), year: z.int() });
    const bank = z.strictObject({ type: z.literal('bank'), iban: z.string() });
    for (const union of [z.union([bank, card]), z.discriminatedUnion('type', [bank, card])]) {
      expect(answer(union, 'a[type]=card')[2]).toBe('a[number]');
      expect(answer(union, 'a[type]=bank')[2]).toBe('a[iban]');
    }
    const union = z.discriminatedUnion('type', [bank, card]);
    expect(answer(union, 'a[type]=cash')[0]).toBe('Invalid a[type]: must be one of bank or card');
    expect(answer(union, 'a[iban]=x')[0]).toBe('Missing required param: a[type].');
  });

  it('says of metadata what Stripe says, naming the map and the length', () => {
    const schema = z.strictObject({
      metadata: z.record(z.string().max(40), z.union([unset, z.string().max(500)])),
    });
    const key = refusal(schema, `metadata[${'k'.repeat(41)}]=x`);
    expect(key.message).toBe(
      `Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid key: ${'k'.repeat(41)}`,
    );
    expect(key.details.param).toBe('metadata');
    const value = refusal(schema, `metadata[note]=${'v'.repeat(501)}`);
    expect(value.message).toBe(
      'Metadata values can have up to 500 characters, but you passed in a value that is 501 characters. Invalid value: vvvvvvvvvv...vvvvvvvvvv',
    );
  });

  it('refuses the key of another map by its own rule', () => {
    const schema = z.strictObject({ options: z.record(z.string().regex(/^[a-z]+$/), z.string()) });
    const { message, details } = refusal(schema, 'options[GBP]=x');
    expect([message, details.param]).toEqual(['Invalid string: GBP', 'options[GBP]']);
  });

  it.each([
    ['a', 'a=4242424242424242x', 'Invalid integer: ****4242x'],
    ['a', 'a=4242+4242+4242+4242x', 'Invalid integer: ****4242x'],
    ['number', 'number=4242x', 'Invalid integer: [redacted]'],
    ['cvc', 'cvc=12x', 'Invalid integer: [redacted]'],
  ])('repeats no card number or code (%s, %s)', (name, form, message) => {
    expect(refusal(z.strictObject({ [name]: z.int() }), form).message).toBe(message);
  });

  it('answers with the error that a refinement makes', () => {
    const customer = z.string().refine(() => false, {
      params: { apiError: (param: string) => resourceMissing('customer', 'cus_1', param) },
    });
    expect(
      refusal(z.strictObject({ owner: z.strictObject({ customer }) }), 'owner[customer]=cus_1'),
    ).toEqual(resourceMissing('customer', 'cus_1', 'owner[customer]'));
  });

  it('answers with the message of a refinement, without param for the request as a whole', () => {
    const field = z.string().refine(() => false, 'Nothing will do.');
    expect(answer(field, 'a=x')).toEqual(['Nothing will do.', undefined, 'a']);
    const whole = z.strictObject({ a: z.string() }).refine(() => false, 'Nothing will do.');
    expect(refusal(whole, 'a=x').details).toEqual({});
  });

  it('refuses the wrong types of JSON', () => {
    const schema = z.strictObject({ a: z.union([z.string(), z.array(z.string())]) });
    expect(refusalOf(schema, parseJson('{"a":12}')).message).toBe('Invalid string: 12');
    expect(refusalOf(schema, parseJson('{"a":null}')).message).toBe('Invalid string: null');
  });
});
