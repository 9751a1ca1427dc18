import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromScaled, ONE, toScaled } from './decimal';

describe('a decimal', () => {
  it.each([
    ['0', 0n],
    ['1', ONE],
    ['-1.5', -(ONE + ONE / 2n)],
    ['0.05', ONE / 20n],
    ['0.000000000001', 1n],
    ['123456789012345.000000000001', 123_456_789_012_345n * ONE + 1n],
  ])('%s is a whole number of its smallest parts', (text, scaled) => {
    expect(toScaled(text)).toBe(scaled);
    expect(fromScaled(scaled)).toBe(text);
  });

  it('loses zeros that say nothing', () => {
    expect(fromScaled(toScaled('007.500'))).toBe('7.5');
    expect(fromScaled(toScaled('-0.0'))).toBe('0');
  });

  it.each(['', '.5', '5.', '1e3', '0x1', ' 1', '+1', '0.0000000000001', 'NaN'])(
    'is not %j',
    (text) => expect(() => toScaled(text)).toThrow(RangeError),
  );

  it('comes back as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (scaled) => {
        expect(toScaled(fromScaled(scaled))).toBe(scaled);
      }),
    );
  });
});
