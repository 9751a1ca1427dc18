import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredTier } from '@/db/schema/prices';
import { fromScaled, ONE, toScaled } from '@/server/kernel/decimal';
import { costOf, isOffered, type Costed } from './cost';

const PLAIN: Costed = {
  id: 'price_1',
  billing_scheme: 'per_unit',
  currency: 'usd',
  currency_options: null,
  tiers: null,
  tiers_mode: null,
  transform_quantity: null,
  unit_amount_decimal: '1000',
};

const perUnit = (unit_amount_decimal: string, changes: Partial<Costed> = {}): Costed => ({
  ...PLAIN,
  unit_amount_decimal,
  ...changes,
});

type TierText = readonly [up_to: number | null, unit: string | null, flat?: string];

const tierOf = ([up_to, unit, flat]: TierText): StoredTier => ({
  flat_amount: null,
  flat_amount_decimal: flat ?? null,
  unit_amount: null,
  unit_amount_decimal: unit,
  up_to,
});

const tiered = (tiers_mode: 'graduated' | 'volume', ...tiers: readonly TierText[]): Costed => ({
  ...PLAIN,
  billing_scheme: 'tiered',
  unit_amount_decimal: null,
  tiers_mode,
  tiers: tiers.map(tierOf),
});

const sum = (numbers: readonly number[]): number => numbers.reduce((added, one) => added + one, 0);
const amountsOf = (price: Costed, quantity: number | string) =>
  costOf(price, quantity, 'usd').map(({ amount }) => amount);
const total = (price: Costed, quantity: number | string) => sum(amountsOf(price, quantity));

describe('tiers', () => {
  /** https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing */
  const FONTS = [
    [5, '700'],
    [10, '650'],
    [null, '600'],
  ] as const;

  it.each([
    [1, 700],
    [5, 3_500],
    [6, 3_900],
    [20, 12_000],
    [25, 15_000],
  ])('by volume charge %i fonts as Stripe does: %i', (fonts, cents) => {
    expect(amountsOf(tiered('volume', ...FONTS), fonts)).toEqual([cents]);
  });

  it.each([
    [1, [700]],
    [5, [3_500]],
    [6, [3_500, 650]],
    [20, [3_500, 3_250, 6_000]],
    [25, [3_500, 3_250, 9_000]],
  ])('in graduation charge %i fonts as Stripe does, a line a tier: %j', (fonts, cents) => {
    expect(amountsOf(tiered('graduated', ...FONTS), fonts)).toEqual(cents);
  });

  /** https://docs.stripe.com/billing/subscriptions/usage-based-v1/use-cases/flat-fee-and-overages */
  it.each([
    [1_000, [0]],
    [1_001, [0, 4]],
    [3_500, [0, 10_000]],
  ])(
    'charge nothing for the first thousand of %i, and 0.04 USD for the others',
    (tokens, cents) => {
      expect(amountsOf(tiered('graduated', [1_000, '0'], [null, '4']), tokens)).toEqual(cents);
    },
  );

  it('have their flat fees beside their units', () => {
    const price = tiered('graduated', [5, '500', '1000'], [10, null, '200.5'], [null, '100', '1']);
    expect(costOf(price, 7, 'usd')).toEqual([
      {
        amount: 2_500,
        quantity: 5,
        quantity_decimal: '5',
        unit_amount_decimal: '500',
        tier: { index: 0, flat: false },
      },
      {
        amount: 1_000,
        quantity: 1,
        quantity_decimal: '1',
        unit_amount_decimal: '1000',
        tier: { index: 0, flat: true },
      },
      {
        amount: 201,
        quantity: 1,
        quantity_decimal: '1',
        unit_amount_decimal: '200.5',
        tier: { index: 1, flat: true },
      },
    ]);
    const byVolume = { ...price, tiers_mode: 'volume' } as const;
    expect(amountsOf(byVolume, 11)).toEqual([1_100, 1]);
  });

  it('hold a quantity of zero in the first of them, whose flat fee is due', () => {
    const tiers = [[5, '500', '1000'] as const, [null, '100', '7'] as const];
    expect(amountsOf(tiered('graduated', ...tiers), 0)).toEqual([0, 1_000]);
    expect(amountsOf(tiered('volume', ...tiers), 0)).toEqual([0, 1_000]);
  });

  it('end within a unit where usage has decimals', () => {
    const price = tiered('graduated', [1, '100'], [null, '50']);
    expect(costOf(price, '2.5', 'usd')).toMatchObject([
      { amount: 100, quantity: 1, quantity_decimal: '1' },
      { amount: 75, quantity: 1, quantity_decimal: '1.5' },
    ]);
  });
});

describe('packages', () => {
  const packages = (unit: string, divide_by: number, round: 'up' | 'down') =>
    perUnit(unit, { transform_quantity: { divide_by, round } });

  /** https://docs.stripe.com/billing/subscriptions/quantity-transformation */
  it.each([
    [1, 1_000],
    [3, 1_000],
    [5, 1_000],
    [6, 2_000],
    [7, 2_000],
  ])('of five users are charged as Stripe does: %i users, %i', (users, cents) => {
    expect(amountsOf(packages('1000', 5, 'up'), users)).toEqual([cents]);
  });

  /** https://docs.stripe.com/billing/subscriptions/usage-based/transform-quantities */
  it('of an hour are charged as Stripe does: 150 minutes are 30 USD', () => {
    expect(costOf(packages('1000', 60, 'up'), '150', 'usd')).toEqual([
      {
        amount: 3_000,
        quantity: 150,
        quantity_decimal: '150',
        unit_amount_decimal: '1000',
        tier: null,
      },
    ]);
  });

  it.each([
    [4, 0],
    [5, 1_000],
    [9, 1_000],
    [10, 2_000],
  ])('rounded down leave a part out: %i users, %i', (users, cents) => {
    expect(amountsOf(packages('1000', 5, 'down'), users)).toEqual([cents]);
  });

  it('are opened by the smallest part of a unit', () => {
    expect(amountsOf(packages('1000', 5, 'up'), '5.000000000001')).toEqual([2_000]);
    expect(amountsOf(packages('1000', 5, 'up'), 0)).toEqual([0]);
  });
});

describe('a unit', () => {
  /** https://docs.stripe.com/billing/subscriptions/decimal-amounts */
  it('of 0.05 cents, thirty times, is 1.5 cents and rounded to 2, as Stripe does', () => {
    expect(amountsOf(perUnit('0.05'), 30)).toEqual([2]);
  });

  it.each([
    ['0.000000000001', 499_999_999_999, 0],
    ['0.000000000001', 500_000_000_000, 1],
    ['99999999', 1, 99_999_999],
    ['0.1', '0.000000000001', 0],
    ['1234.5', '1.000000000001', 1_235],
  ])('of %s, %s times, is rounded once: %i', (unit, quantity, pence) => {
    expect(amountsOf(perUnit(unit), quantity)).toEqual([pence]);
  });

  it('has its own amount in each currency that it is offered in', () => {
    const option = {
      custom_unit_amount: null,
      tax_behavior: 'unspecified',
      unit_amount: 9,
    } as const;
    const price = perUnit('7', {
      currency_options: { eur: { ...option, unit_amount_decimal: '9' } },
    });
    expect(costOf(price, 2, 'usd')[0]?.amount).toBe(14);
    expect(costOf(price, 2, 'eur')[0]?.amount).toBe(18);
    expect(['usd', 'eur', 'gbp'].map((code) => isOffered(price, code))).toEqual([
      true,
      true,
      false,
    ]);
    expect(() => costOf(price, 2, 'gbp')).toThrow('price_1 is not offered in gbp.');
  });

  it('has no cost that the customer has yet to choose, and none less than nothing', () => {
    expect(() => costOf(perUnit('1', { unit_amount_decimal: null }), 1, 'usd')).toThrow(RangeError);
    expect(() => costOf(perUnit('1'), -1, 'usd')).toThrow(RangeError);
  });
});

describe('whatever the price', () => {
  const scaled = (max: bigint) => fc.bigInt({ min: 0n, max }).map(fromScaled);
  const unit = scaled(10_000n * ONE);
  const quantity = scaled(100_000n * ONE);
  const ends = fc.uniqueArray(fc.integer({ min: 1, max: 100_000 }), { maxLength: 4 });
  const tiersOf = fc
    .tuple(ends, fc.array(fc.tuple(unit, fc.option(unit)), { minLength: 5 }))
    .map(([upTo, amounts]): TierText[] =>
      [...upTo.toSorted((one, other) => one - other), null].map((end, index) => {
        const [each, flat] = amounts[index]!;
        return [end, each, flat ?? undefined] as TierText;
      }),
    );
  const units = (lines: ReturnType<typeof costOf>) =>
    lines
      .filter(({ tier }) => tier?.flat !== true)
      .reduce((added, line) => added + toScaled(line.quantity_decimal), 0n);

  it('holds every unit in one line, and each line is its quantity times its amount', () => {
    fc.assert(
      fc.property(
        tiersOf,
        quantity,
        fc.constantFrom('graduated', 'volume'),
        (tiers, many, mode) => {
          const lines = costOf(tiered(mode, ...tiers), many, 'usd');
          expect(units(lines)).toBe(toScaled(many));
          for (const { amount, quantity_decimal, unit_amount_decimal } of lines) {
            const exact = toScaled(quantity_decimal) * toScaled(unit_amount_decimal ?? '0');
            const error = BigInt(amount) * ONE * ONE - exact;
            expect(error > -(ONE * ONE) / 2n && error <= (ONE * ONE) / 2n).toBe(true);
          }
        },
      ),
    );
  });

  it('costs the same in tiers that do not differ as in none', () => {
    fc.assert(
      fc.property(unit, fc.integer({ min: 0, max: 99_999 }), (each, many) => {
        const plain = total(perUnit(each), many);
        expect(total(tiered('volume', [50, each], [null, each]), many)).toBe(plain);
        // A line is rounded by itself: two of them are off by a penny at most.
        const split = total(tiered('graduated', [50, each], [null, each]), many);
        expect(Math.abs(split - plain)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('costs no less for more, but by volume', () => {
    fc.assert(
      fc.property(tiersOf, quantity, quantity, (tiers, one, other) => {
        const [less, more] = toScaled(one) <= toScaled(other) ? [one, other] : [other, one];
        const price = tiered('graduated', ...tiers);
        expect(total(price, less)).toBeLessThanOrEqual(total(price, more));
      }),
    );
  });
});
