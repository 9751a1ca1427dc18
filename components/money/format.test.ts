import { describe, expect, it } from 'vitest';
import { CURRENCIES as OF_THE_API } from '@/server/kernel/currencies';
import { CURRENCIES, decimalsOf } from './currencies';
import { formatMoney, parseMoney, plainMoney } from './format';

it('is counted as the API counts it, in every currency that the API takes', () => {
  expect(CURRENCIES.map((code) => [code, decimalsOf(code)])).toEqual(
    Object.entries(OF_THE_API).map(([code, { exponent }]) => [code, exponent]),
  );
});

describe('an amount', () => {
  it.each([
    [4_250, 'gbp', '£42.50', '42.50'],
    [500, 'jpy', 'JP¥500', '500'],
    [1_234, 'kwd', 'KWD 1.234', '1.234'],
    [-5, 'gbp', '-£0.05', '-0.05'],
    // A browser shows no fraction of these; the API counts them in hundredths.
    [150_000, 'lbp', 'LBP 1,500.00', '1500.00'],
    // Counted in hundredths that are always zero: 5 ISK is 500.
    [500, 'isk', 'ISK 5', '5.00'],
  ])('of %i in %s is %s, and %s in a spreadsheet', (amount, currency, shown, plain) => {
    expect(formatMoney(amount, currency, 'en-GB').replaceAll(/\s/g, ' ')).toBe(shown);
    expect(plainMoney(amount, currency)).toBe(plain);
  });

  it.each([
    ['42.5', 'gbp', 4_250],
    [' 42,50 ', 'gbp', 4_250],
    ['42', 'jpy', 42],
    ['42.5', 'jpy', null],
    ['42.505', 'gbp', null],
    ['-1', 'gbp', null],
    ['', 'gbp', null],
    ['1e3', 'gbp', null],
  ])('typed as %s in %s is %s', (typed, currency, amount) => {
    expect(parseMoney(typed, currency)).toBe(amount);
  });
});
