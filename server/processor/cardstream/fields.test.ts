import { describe, expect, it } from 'vitest';
import {
  asRecord,
  decodeFields,
  encode,
  encodeFields,
  recordOf,
  valueOf,
  type Fields,
} from './fields';

describe('encode', () => {
  it.each([
    [' ', '+'],
    ['~', '%7E'],
    ['*', '%2A'],
    ["!'()", '%21%27%28%29'],
    ['[]', '%5B%5D'],
    ['-_.aZ9', '-_.aZ9'],
    ['£', '%C2%A3'],
    ['\u{1F4B7}', '%F0%9F%92%B7'],
    ['a+b%', 'a%2Bb%25'],
  ])('writes %s as PHP does', (text, encoded) => {
    expect(encode(text)).toBe(encoded);
  });
});

describe('decodeFields', () => {
  it('keeps the order, of names that look like numbers too', () => {
    const fields: Fields = [
      ['items[10]', 'b'],
      ['2', 'c'],
      ['items[2]', 'a'],
      ['1', ''],
    ];
    expect(decodeFields(encodeFields(fields))).toEqual(fields);
  });

  it('separates at the first equals sign', () => {
    expect(decodeFields('a=b==&c&=d&')).toEqual([
      ['a', 'b=='],
      ['c', ''],
      ['', 'd'],
    ]);
  });

  it('keeps line ends', () => {
    expect(decodeFields('a=1%0D%0A2&b=x\ny')).toEqual([
      ['a', '1\r\n2'],
      ['b', 'x\ny'],
    ]);
  });

  it.each(['a=%', 'a=%4', 'a=%zz', 'a=%C2'])('refuses what is no form: %s', (body) => {
    expect(() => decodeFields(body)).toThrow(URIError);
  });
});

describe('a record', () => {
  const FIELDS: Fields = [
    ['threeDSRequest[creq]', 'one'],
    ['threeDSRequestor', 'no part of it'],
    ['threeDSRequest[a]', 'two'],
    ['threeDSRef', 'ref'],
  ];

  it('is read and written in its order', () => {
    const parts = recordOf(FIELDS, 'threeDSRequest');
    expect(parts).toEqual([
      ['creq', 'one'],
      ['a', 'two'],
    ]);
    expect(asRecord('threeDSResponse', parts)).toEqual([
      ['threeDSResponse[creq]', 'one'],
      ['threeDSResponse[a]', 'two'],
    ]);
  });

  it('is told from a field of a longer name', () => {
    expect(valueOf(FIELDS, 'threeDSRequest')).toBeNull();
    expect(valueOf([...FIELDS, ['threeDSRef', 'last']], 'threeDSRef')).toBe('last');
  });
});
