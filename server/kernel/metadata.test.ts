import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeMetadata, metadata, type MetadataChange } from './metadata';

const keys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));

describe('mergeMetadata', () => {
  it('adds, replaces and keeps keys', () => {
    expect(mergeMetadata({ a: '1', b: '2' }, { b: '3', c: '4' })).toEqual({
      a: '1',
      b: '3',
      c: '4',
    });
  });

  it('removes a key whose value is empty or null, and only that', () => {
    expect(mergeMetadata({ a: '1', b: '2', c: '3' }, { a: '', b: null, d: '' })).toEqual({
      c: '3',
    });
  });

  it('removes all keys for an empty string and none for nothing', () => {
    expect(mergeMetadata({ a: '1' }, '')).toEqual({});
    expect(mergeMetadata({ a: '1' }, undefined)).toEqual({ a: '1' });
    expect(mergeMetadata({ a: '1' }, {})).toEqual({ a: '1' });
  });

  it('takes fifty keys, forty characters in a key and five hundred in a value', () => {
    const full = { ...keys(49), [`😀${'k'.repeat(39)}`]: `😀${'v'.repeat(499)}` };
    expect(mergeMetadata({}, full)).toEqual(full);
  });

  it('counts keys after the change', () => {
    expect(Object.keys(mergeMetadata(keys(50), { k0: '', other: 'v' }))).toHaveLength(50);
    expect(() => mergeMetadata(keys(50), { other: 'v', another: 'v' })).toThrow(
      expect.objectContaining({
        status: 400,
        message: "Metadata can have up to 50 keys, but you've set 52.",
        details: { param: 'metadata' },
      }),
    );
  });

  it('refuses a value of 501 characters, naming its key', () => {
    const value = 'v'.repeat(501);
    expect(() => mergeMetadata({}, { order: value })).toThrow(
      expect.objectContaining({
        status: 400,
        message: `Metadata values can have up to 500 characters, but you passed in a value that is 501 characters. Invalid value: ${value}`,
        details: { param: 'metadata[order]' },
      }),
    );
  });

  it('refuses a key of 41 characters', () => {
    const key = 'k'.repeat(41);
    expect(() => mergeMetadata({}, { [key]: 'v' })).toThrow(
      expect.objectContaining({
        status: 400,
        message: `Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters. Invalid key: ${key}`,
        details: { param: 'metadata' },
      }),
    );
  });

  it.each(['', 'a[b', 'a]b'])('refuses the key %j', (key) => {
    expect(() => mergeMetadata({}, { [key]: 'v' })).toThrow(/cannot be empty or contain square/);
  });

  it('treats names of the language as keys like any other', () => {
    const change = JSON.parse(
      '{"__proto__":"x","constructor":"y","toString":"z"}',
    ) as MetadataChange;
    const merged = mergeMetadata({}, change);
    expect(Object.entries(merged)).toEqual(Object.entries(change));
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(mergeMetadata(merged, JSON.parse('{"__proto__":"","constructor":""}'))).toEqual({
      toString: 'z',
    });
  });

  const anyKey = fc.string({ minLength: 1, maxLength: 12 }).filter((key) => !/[[\]]/.test(key));
  const anyMetadata = fc.dictionary(anyKey, fc.string({ minLength: 1 }), { maxKeys: 20 });
  const anyChange = fc.dictionary(anyKey, fc.option(fc.string()), { maxKeys: 20 });

  it('holds exactly what was not removed, and changes neither argument', () => {
    fc.assert(
      fc.property(anyMetadata, anyChange, (before, change) => {
        const copies = structuredClone([before, change]);
        const merged = mergeMetadata(before, change);
        for (const key of new Set([...Object.keys(before), ...Object.keys(change)])) {
          const wanted = Object.hasOwn(change, key) ? change[key] : before[key];
          const removed = wanted === null || wanted === '';
          expect(Object.hasOwn(merged, key)).toBe(!removed);
          if (!removed) expect(merged[key]).toBe(wanted);
        }
        expect([before, change]).toEqual(copies);
      }),
    );
  });

  it('does no more when a change is made twice', () => {
    fc.assert(
      fc.property(anyMetadata, anyChange, (before, change) => {
        const once = mergeMetadata(before, change);
        expect(mergeMetadata(once, change)).toEqual(once);
      }),
    );
  });
});

describe('metadata', () => {
  it('takes text as it is, and of JSON numbers and booleans their text', () => {
    expect(metadata.parse({ a: 'x', b: '12', c: 12.5, d: true, e: null, f: '' })).toEqual({
      a: 'x',
      b: '12',
      c: '12.5',
      d: 'true',
      e: null,
      f: '',
    });
  });

  it('takes an empty string, or null, as the removal of all', () => {
    expect(metadata.parse('')).toBe('');
    expect(metadata.parse(null)).toBe('');
  });

  it.each([['text'], [12], [['a']], [{ a: ['b'] }], [{ a: { b: 'c' } }]])('refuses %j', (input) => {
    expect(metadata.safeParse(input).success).toBe(false);
  });
});
