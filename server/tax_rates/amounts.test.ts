import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taxOf } from './amounts';

/** In percent. */
const rate = (percentage: number, inclusive: boolean, id = `txr_${percentage}`) => ({
  id,
  inclusive,
  percentage: percentage * 10_000,
});
const on = (percentage: number) => rate(percentage, false);
const within = (percentage: number) => rate(percentage, true);
const amounts = (...args: Parameters<typeof taxOf>) => taxOf(...args).map(({ amount }) => amount);

describe('a tax', () => {
  /** https://support.stripe.com/questions/inclusive-and-exclusive-tax-options-in-the-tax-rate-api-and-stripe-tax */
  it('of 10 % is in the 600 EUR of a price, or makes them 660, as with Stripe', () => {
    expect(taxOf(60_000, [on(10)])).toEqual([
      {
        rate: 'txr_10',
        amount: 6_000,
        taxable_amount: 60_000,
        inclusive: false,
        taxability_reason: 'not_available',
      },
    ]);
    expect(taxOf(60_000, [within(10)])).toEqual([
      {
        rate: 'txr_10',
        amount: 5_455,
        taxable_amount: 54_545,
        inclusive: true,
        taxability_reason: 'not_available',
      },
    ]);
  });

  /** https://support.stripe.com/questions/rounding-rules-for-stripe-fees */
  it.each([
    [43, 6],
    [484, 73],
  ])('of 15 %% on %i cents is rounded as Stripe does: %i', (cents, tax) => {
    expect(amounts(cents, [on(15)])).toEqual([tax]);
  });

  it.each([
    [1_000, on(20), 200],
    [1_000, within(20), 167],
    [1_200, within(20), 200],
    [1_000, on(7.25), 73],
    [200, on(7.25), 15],
    [1_000, on(0), 0],
    [1_000, within(0), 0],
    [1_000, within(100), 500],
    [1, within(20), 0],
    [10, on(5), 1],
    [9, on(5), 0],
    [1_000_000, on(0.0001), 1],
    [0, on(20), 0],
    [-1_000, on(20), -200],
    [-1_000, within(20), -167],
    [-10, on(5), -1],
  ])('of %i pence at %j is %i', (amount, one, tax) => {
    expect(amounts(amount, [one])).toEqual([tax]);
  });
});

describe('several taxes', () => {
  it('on top are each asked of the net alone', () => {
    expect(taxOf(1_000, [on(5), on(9.975)])).toMatchObject([
      { amount: 50, taxable_amount: 1_000 },
      { amount: 100, taxable_amount: 1_000 },
    ]);
  });

  it('within are taken out together', () => {
    expect(taxOf(1_150, [within(5), within(10)])).toMatchObject([
      { amount: 50, taxable_amount: 1_000 },
      { amount: 100, taxable_amount: 1_000 },
    ]);
    // 14.975 / 114.975 of 999 is 130.12; of which 5 are 43.44 and 9.975 are 86.67.
    expect(taxOf(999, [within(5), within(9.975)])).toMatchObject([
      { amount: 43, taxable_amount: 869 },
      { amount: 87, taxable_amount: 869 },
    ]);
  });

  it('of both kinds are asked of what is left without those within', () => {
    expect(taxOf(1_200, [on(10), within(20)])).toMatchObject([
      { rate: 'txr_10', amount: 100, taxable_amount: 1_000, inclusive: false },
      { rate: 'txr_20', amount: 200, taxable_amount: 1_000, inclusive: true },
    ]);
  });
});

describe('a customer who pays no tax', () => {
  it.each([
    ['exempt', 'customer_exempt'],
    ['reverse', 'reverse_charge'],
  ] as const)('because of `%s` is told why', (exempt, taxability_reason) => {
    expect(taxOf(1_000, [on(20), within(10)], exempt)).toEqual([
      { rate: 'txr_20', amount: 0, taxable_amount: 0, inclusive: false, taxability_reason },
      { rate: 'txr_10', amount: 0, taxable_amount: 0, inclusive: true, taxability_reason },
    ]);
  });
});

describe('whatever the amount and the rates', () => {
  const amount = fc.integer({ min: -99_999_999, max: 99_999_999 });
  const rates = fc.array(
    fc.record({
      id: fc.constant('txr_1'),
      inclusive: fc.boolean(),
      percentage: fc.integer({ min: 0, max: 1_000_000 }),
    }),
    { maxLength: 5 },
  );
  const included = (taxes: ReturnType<typeof taxOf>) =>
    taxes.reduce((sum, tax) => sum + (tax.inclusive ? tax.amount : 0), 0);

  it('net and inclusive taxes add up to the amount', () => {
    fc.assert(
      fc.property(amount, rates, (gross, given) => {
        const taxes = taxOf(gross, given);
        for (const { taxable_amount } of taxes) {
          expect(taxable_amount + included(taxes)).toBe(gross);
        }
      }),
    );
  });

  it('each is its exact share, to less than a penny', () => {
    fc.assert(
      fc.property(amount, rates, (gross, given) => {
        const sum = given.reduce((all, one) => all + (one.inclusive ? one.percentage : 0), 0);
        taxOf(gross, given).forEach(({ amount: tax, taxable_amount }, index) => {
          const { inclusive, percentage } = given[index]!;
          const exact = inclusive
            ? (gross * percentage) / (1_000_000 + sum)
            : (taxable_amount * percentage) / 1_000_000;
          expect(Math.abs(tax - exact)).toBeLessThan(inclusive ? 1.000001 : 0.500001);
        });
      }),
    );
  });

  it('taxes of a credit are the opposite of those of the charge', () => {
    fc.assert(
      fc.property(amount, rates, (gross, given) => {
        const opposite = taxOf(-gross, given).map(({ amount: tax }) => 0 - tax);
        expect(opposite).toEqual(amounts(gross, given));
      }),
    );
  });
});
