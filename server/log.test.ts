import { describe, expect, it } from 'vitest';
import { censor, createLogger, scrub } from './log';

/** What one call writes. */
function written(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('info', { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

describe('scrub', () => {
  it.each([
    ['a Visa number', 'paid with 4242424242424242 today', 'paid with [card number] today'],
    ['an Amex number', '378282246310005', '[card number]'],
    ['a number in groups', '4000 0027 6000 3184', '[card number]'],
    ['a number with dashes', '5555-5555-5555-4444', '[card number]'],
    ['a number in JSON', '{"number":"4242424242424242"}', '{"number":"[card number]"}'],
    ['a number in a form', 'card[number]=4242424242424242&a=1', 'card[number]=[card number]&a=1'],
    ['a 19-digit number', '6304000000000000000', '[card number]'],
    ['a secret key', 'Bearer sk_live_4eC39HqLyjWDarjtT1zdp7dc', 'Bearer sk_live_****'],
    ['a test key', 'sk_test_4eC39HqLyjWDarjtT1zdp7dc', 'sk_test_****'],
    ['a restricted key', 'rk_live_4eC39HqLyjWDarjtT1zdp7dc', 'rk_live_****'],
    ['a webhook secret', 'whsec_abc+DEF/123=', 'whsec_****'],
    ['a client secret', 'pi_3Abc_secret_9Zyx', 'pi_3Abc_secret_****'],
    [
      'a payment token',
      'card[token]=eyJwYXltZW50VG9rZW4iOnsiaWQiOjF9fQ==&a=1',
      'card[token]=[payment token]&a=1',
    ],
  ])('masks %s', (_, text, expected) => {
    expect(scrub(text)).toBe(expected);
  });

  it.each([
    ['digits that fail the check', '4242424242424241'],
    ['a run that is too long', '42424242424242424242'],
    ['twelve digits', '424242424242'],
    ['the decimals of a number', '1411.4242424242424242 ms'],
    ['a publishable key', 'pk_test_4eC39HqLyjWDarjtT1zdp7dc'],
    ['an id', 'cus_0NffrFeUfNV2Hi'],
    ['an ISO time', '2026-11-22T16:20:36.123Z'],
  ])('leaves %s alone', (_, text) => {
    expect(scrub(text)).toBe(text);
  });
});

describe('censor', () => {
  it('hides fields by name at every depth, in lists and in bracketed keys', () => {
    const body = {
      Authorization: 'Basic abc',
      'payment_method_data[card][cvc]': '123',
      items: [{ card: { number: '4242', exp_year: 2030 } }],
      secret: null,
    };
    expect(censor(body)).toEqual({
      Authorization: '[censored]',
      'payment_method_data[card][cvc]': '[censored]',
      items: [{ card: { number: '[censored]', exp_year: 2030 } }],
      secret: null,
    });
  });

  it('ends on an object that contains itself', () => {
    const knot: Record<string, unknown> = {};
    knot.self = knot;
    expect(JSON.stringify(censor(knot))).toContain('[censored]');
  });

  it('does not change what it is given', () => {
    const body = { card: { cvc: '123' } };
    censor(body);
    expect(body.card.cvc).toBe('123');
  });
});

describe('createLogger', () => {
  it('writes one JSON line with the level by name and an ISO time', () => {
    const line = written((log) => log.info({ request: 'req_1' }, 'done'));
    expect(JSON.parse(line)).toMatchObject({ level: 'info', request: 'req_1', msg: 'done' });
    expect(JSON.parse(line).time).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(line.trimEnd()).not.toContain('\n');
  });

  it.each<[string, (log: ReturnType<typeof createLogger>) => void]>([
    ['the message', (log) => log.error('card 4242424242424242')],
    ['a value put into the message', (log) => log.error('card %s', '4242424242424242')],
    ['a field', (log) => log.error({ a: { b: { note: '4242424242424242' } } })],
    ['an error', (log) => log.error(new Error('card 4242424242424242'))],
    [
      'the cause of an error',
      (log) => log.error({ err: new Error('x', { cause: new Error('4242424242424242') }) }),
    ],
    ['a child logger', (log) => log.child({ note: '4242424242424242' }).error('x')],
  ])('keeps a card number out of %s', (_, write) => {
    const line = written(write);
    expect(line).not.toContain('4242424242424242');
    expect(line).toContain('[card number]');
  });

  it('keeps the code and the stack of an error', () => {
    const error = Object.assign(new Error('refused'), { code: '23505' });
    const { err } = JSON.parse(written((log) => log.error(error)));
    expect(err).toMatchObject({ type: 'Error', message: 'refused', code: '23505' });
    expect(err.stack).toContain('log.test.ts');
  });

  it('writes nothing below its level', () => {
    expect(written((log) => log.debug('quiet'))).toBe('');
  });
});
