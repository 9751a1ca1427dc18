/** Random prices and coupons, for histories to choose from. */
import fc from 'fast-check';
import type { Every } from './calendar';
import type { Coupon, Offer, Rate, Scheme, Tier } from './costs';

/** What there is to choose from. */
export interface Market {
  readonly offers: readonly Offer[];
  readonly coupons: readonly Coupon[];
  readonly rates: readonly Rate[];
}

export const INTERVALS: readonly Every[] = [
  { unit: 'day', count: 1 },
  { unit: 'day', count: 10 },
  { unit: 'week', count: 1 },
  { unit: 'week', count: 2 },
  { unit: 'month', count: 1 },
  { unit: 'month', count: 3 },
  { unit: 'month', count: 6 },
  { unit: 'year', count: 1 },
  { unit: 'year', count: 2 },
];

const OFFERS_EACH = 7;

const unit = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 50, max: 30_000 }).map(String) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 5_001, max: 99_999 }).map((whole) => `${whole}.${whole % 97}`),
  },
);

const tiers: fc.Arbitrary<Tier[]> = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(unit, fc.option(unit)), { minLength: 4, maxLength: 4 }),
  )
  .map(([ends, costs]) =>
    [...ends.toSorted((one, other) => one - other), null].map((upTo, index) => {
      const [each = '1', flat = null] = costs[index] ?? [];
      return { upTo, unit: each, flat };
    }),
  );

const scheme: fc.Arbitrary<Scheme> = fc.oneof(
  { weight: 4, arbitrary: unit.map((each): Scheme => ({ kind: 'each', unit: each })) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('packages' as const),
      unit,
      size: fc.integer({ min: 2, max: 7 }),
      // Of what is rounded down a few are free, and what is free goes by other rules.
      round: fc.constant('up' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('graduated' as const, 'volume'), tiers }),
  },
);

const coupon: fc.Arbitrary<Omit<Coupon, 'name'>> = fc.record({
  off: fc.oneof(
    fc.constantFrom('5', '10', '12.5', '33.33', '50', '100').map((percent) => ({ percent })),
    fc.integer({ min: 1, max: 9_000 }).map((amount) => ({ amount })),
  ),
  lasts: fc.oneof(
    fc.constantFrom('once' as const, 'forever' as const),
    fc.integer({ min: 1, max: 5 }),
  ),
});

const RATES: readonly Rate[] = [
  { name: 'VAT', percent: '20', isInclusive: true },
  { name: 'reduced VAT', percent: '5', isInclusive: true },
  { name: 'sales tax', percent: '7.25', isInclusive: false },
  { name: 'city tax', percent: '0.875', isInclusive: false },
  { name: 'TVA', percent: '8.1', isInclusive: false },
];

const named = <T>(kind: string, many: readonly T[]): (T & { name: string })[] =>
  many.map((one, index) => ({ ...one, name: `${kind} ${index}` }));

export function market(seed: number): Market {
  const schemes = fc.sample(scheme, { seed, numRuns: INTERVALS.length * OFFERS_EACH });
  return {
    offers: named(
      'offer',
      schemes.map((one, index) => ({ scheme: one, every: INTERVALS[index % INTERVALS.length]! })),
    ),
    coupons: named('coupon', fc.sample(coupon, { seed, numRuns: 24 })),
    rates: RATES,
  };
}
