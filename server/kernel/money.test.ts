import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CURRENCIES,
  currencyOf,
  formatAmount,
  formatMoney,
  isCurrency,
  minimumCharge,
} from './currencies';
import {
  AMOUNT_MAX,
  assertAmount,
  assertChargeable,
  multiplyRound,
  roundHalfUp,
  split,
} from './money';

describe('roundHalfUp', () => {
  it.each([
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [-5n, -2n, 3n],
    [4n, 3n, 1n],
    [5n, 3n, 2n],
    [-1n, 3n, 0n],
    [0n, 7n, 0n],
  ])('rounds %s / %s to %s', (numerator, denominator, rounded) => {
    expect(roundHalfUp(numerator, denominator)).toBe(rounded);
  });

  it('is never further than half from the quotient', () => {
    fc.assert(
      fc.property(
        fc.bigInt(),
        fc.bigInt().filter((n) => n !== 0n),
        (numerator, denominator) => {
          const twiceError = 2n * (roundHalfUp(numerator, denominator) * denominator - numerator);
          const bound = denominator < 0n ? -denominator : denominator;
          expect(twiceError <= bound && twiceError >= -bound).toBe(true);
        },
      ),
    );
  });
});

describe('multiplyRound', () => {
  it.each([
    [999, 175, 1_000, 175],
    [1_000, 20, 100, 200],
    [5, 1, 2, 3],
    [-5, 1, 2, -3],
    [0, 1, 3, 0],
    [-1, 1, 3, 0],
  ])('takes of %i pence %i / %i, which is %i', (amount, numerator, denominator, product) => {
    expect(multiplyRound(amount, numerator, denominator)).toBe(product);
  });

  it('is exact where the product exceeds what a float can hold', () => {
    expect(multiplyRound(9_007_199_254_740_991, 2_592_000, 2_592_000)).toBe(9_007_199_254_740_991);
    expect(multiplyRound(99_999_999, 31_535_999, 31_536_000)).toBe(99_999_996);
  });

  it('mirrors itself in zero', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1 }), (amount, numerator, denominator) => {
        fc.pre(numerator <= denominator);
        const product = multiplyRound(amount, numerator, denominator);
        expect(multiplyRound(-amount, numerator, denominator) + product).toBe(0);
      }),
    );
  });

  it('throws rather than answer with what is no whole amount', () => {
    expect(() => multiplyRound(0.5, 1, 1)).toThrow(RangeError);
    expect(() => multiplyRound(1, 1, 0)).toThrow(RangeError);
    expect(() => multiplyRound(Number.MAX_SAFE_INTEGER, 2, 1)).toThrow(RangeError);
  });
});

describe('split', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [2, [1, 1, 1], [1, 1, 0]],
    [10, [1, 2, 7], [1, 2, 7]],
    [1, [1, 3], [0, 1]],
    [5, [0, 1], [0, 5]],
    [0, [0, 0], [0, 0]],
    [0, [], []],
  ])('divides %i by the weights %j into %j', (total, weights, parts) => {
    expect(split(total, weights)).toEqual(parts);
  });

  it('adds up, and gives nobody a penny more or less than the exact share', () => {
    const amounts = fc.maxSafeInteger();
    const weights = fc
      .array(fc.nat({ max: 99_999_999 }), { minLength: 1, maxLength: 50 })
      .filter((all) => all.some((weight) => weight > 0));
    fc.assert(
      fc.property(amounts, weights, (total, all) => {
        const parts = split(total, all).map(BigInt);
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(BigInt(total));
        const whole = BigInt(all.reduce((sum, weight) => sum + weight, 0));
        parts.forEach((part, index) => {
          const error = part * whole - BigInt(total) * BigInt(all[index]!);
          expect(error < whole && error > -whole).toBe(true);
        });
      }),
    );
  });

  it('never gives more to a smaller weight, and mirrors itself in zero', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(), { minLength: 1 }), (total, weights) => {
        fc.pre(weights.some((weight) => weight > 0));
        const sorted = weights.toSorted((a, b) => b - a);
        const parts = split(total, sorted);
        expect(parts).toEqual(parts.toSorted((a, b) => b - a));
        expect(split(-total, sorted).map((part) => 0 - part)).toEqual(parts);
      }),
    );
  });

  it('throws where there is nothing to divide by', () => {
    expect(() => split(1, [])).toThrow(RangeError);
    expect(() => split(1, [0, 0])).toThrow(RangeError);
    expect(() => split(1, [2, -1])).toThrow(RangeError);
    expect(() => split(1.5, [1])).toThrow(RangeError);
  });
});

describe('assertAmount', () => {
  it('takes zero and the greatest amount', () => {
    expect(() => assertAmount(0, 'gbp')).not.toThrow();
    expect(() => assertAmount(AMOUNT_MAX, 'gbp')).not.toThrow();
  });

  it.each([
    [1.5, 'Invalid integer: 1.5', 'parameter_invalid_integer'],
    [Number.NaN, 'Invalid integer: NaN', 'parameter_invalid_integer'],
    [-1, 'This value must be greater than or equal to 0.', 'parameter_invalid_integer'],
    [100_000_000, 'Amount must be no more than £999,999.99', 'amount_too_large'],
  ])('refuses %d', (amount, message, code) => {
    expect(() => assertAmount(amount, 'gbp', 'unit_amount')).toThrow(
      expect.objectContaining({ status: 400, message, details: { code, param: 'unit_amount' } }),
    );
  });
});

describe('assertChargeable', () => {
  it.each([
    [30, 'gbp'],
    [1, 'bam'],
    [500, 'isk'],
    [5_120, 'kwd'],
    [AMOUNT_MAX, 'usd'],
  ])('takes %i %s', (amount, currency) => {
    expect(() => assertChargeable(amount, currency)).not.toThrow();
  });

  it.each([
    [0, 'gbp', 'This value must be greater than or equal to 1.', 'parameter_invalid_integer'],
    [29, 'gbp', 'Amount must be at least £0.30 gbp', 'amount_too_small'],
    [49, 'jpy', 'Amount must be at least ¥50 jpy', 'amount_too_small'],
    [100_000_000, 'usd', 'Amount must be no more than $999,999.99', 'amount_too_large'],
    [
      550,
      'isk',
      'Invalid amount. Charged amounts in ISK must be evenly divisible by 100.',
      undefined,
    ],
    [
      5_124,
      'kwd',
      'Invalid amount. Charged amounts in KWD must be evenly divisible by 10.',
      undefined,
    ],
  ])('refuses %i %s', (amount, currency, message, code) => {
    expect(() => assertChargeable(amount, currency)).toThrow(
      expect.objectContaining({ status: 400, message, details: { code, param: 'amount' } }),
    );
  });
});

describe('CURRENCIES', () => {
  const rows = Object.entries(CURRENCIES);
  const codesWithExponent = (exponent: number) =>
    rows
      .filter(([, row]) => row.exponent === exponent)
      .map(([code]) => code)
      .join(' ');

  it('has three letters, three digits and no number twice', () => {
    for (const [code, { numeric }] of rows) {
      expect(code).toMatch(/^[a-z]{3}$/);
      expect(numeric).toMatch(/^\d{3}$/);
    }
    expect(new Set(rows.map(([, { numeric }]) => numeric)).size).toBe(rows.length);
  });

  it('counts in the units that Stripe does', () => {
    expect(codesWithExponent(0)).toBe(
      'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf',
    );
    expect(codesWithExponent(3)).toBe('bhd jod kwd omr tnd');
    // In hundredths that must be zero, as Stripe's "special cases" say.
    expect(currencyOf('ugx')).toMatchObject({ exponent: 2, step: 100 });
    expect(currencyOf('isk')).toMatchObject({ exponent: 2, step: 100 });
  });

  it('has no minimum that the step forbids', () => {
    for (const [, { minimum = 0, step = 1 }] of rows) expect(minimum % step).toBe(0);
  });

  it('answers for a code', () => {
    expect(isCurrency('gbp')).toBe(true);
    expect(isCurrency('GBP')).toBe(false);
    expect(isCurrency('constructor')).toBe(false);
    expect(currencyOf('gbp').numeric).toBe('826');
    expect(minimumCharge('gbp')).toBe(30);
    expect(minimumCharge('bam')).toBe(1);
    expect(() => currencyOf('xyz')).toThrow(RangeError);
  });

  it.each([
    [30, 'gbp', '£0.30', '£0.30 gbp'],
    [-30, 'gbp', '-£0.30', '-£0.30 gbp'],
    [50, 'jpy', '¥50', '¥50 jpy'],
    [50, 'cad', '$0.50', '$0.50 cad'],
    [5_120, 'kwd', 'KWD 5.120', 'KWD 5.120'],
    [9_007_199_254_740_991, 'usd', '$90,071,992,547,409.91', '$90,071,992,547,409.91 usd'],
  ])('shows %i %s as %s', (amount, currency, money, named) => {
    expect(formatMoney(amount, currency)).toBe(money);
    expect(formatAmount(amount, currency)).toBe(named);
  });
});
