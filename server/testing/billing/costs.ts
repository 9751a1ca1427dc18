/**
 * What things cost, to check the engine's prices, discounts and taxes by: unit by unit, line by
 * line.
 *
 * Sources: https://docs.stripe.com/products-prices/pricing-models (tiers),
 * .../billing/subscriptions/coupons, .../billing/taxes/tax-rates. Where they leave the rounding
 * open it is half up, once a line.
 */
import type { Every } from './calendar';
import { dealt, decimal, plus, rounded, sum, times, whole, type Fraction } from './money';

export interface Tier {
  readonly upTo: number | null;
  readonly unit: string;
  readonly flat: string | null;
}

export type Scheme =
  | { readonly kind: 'each'; readonly unit: string }
  | {
      readonly kind: 'packages';
      readonly unit: string;
      readonly size: number;
      readonly round: 'up' | 'down';
    }
  | { readonly kind: 'graduated' | 'volume'; readonly tiers: readonly Tier[] };

/** A price. */
export interface Offer {
  readonly name: string;
  readonly every: Every;
  readonly scheme: Scheme;
}

/** What so many of them cost for a whole period: an amount for each line of the invoice. */
export function linesOf({ scheme }: Offer, quantity: number): bigint[] {
  switch (scheme.kind) {
    case 'each':
      return [many(quantity, scheme.unit)];
    case 'packages': {
      const packages = quantity / scheme.size;
      return [
        many(scheme.round === 'up' ? Math.ceil(packages) : Math.floor(packages), scheme.unit),
      ];
    }
    case 'volume': {
      const tier = scheme.tiers[tierOf(scheme.tiers, quantity)]!;
      return [many(quantity, tier.unit), ...flatOf(tier)];
    }
    case 'graduated':
      return scheme.tiers.flatMap((tier, index) => {
        let units = 0;
        for (let unit = 1; unit <= quantity; unit++) {
          if (tierOf(scheme.tiers, unit) === index) units += 1;
        }
        return units === 0 && index > 0 ? [] : [many(units, tier.unit), ...flatOf(tier)];
      });
  }
}

const many = (quantity: number, unit: string): bigint =>
  rounded(times(whole(quantity), decimal(unit)));

const flatOf = ({ flat }: Tier): bigint[] => (flat === null ? [] : [rounded(decimal(flat))]);

const tierOf = (tiers: readonly Tier[], unit: number): number =>
  tiers.findIndex(({ upTo }) => upTo === null || unit <= upTo);

/** Takes off a percentage (`12.5`), or an amount in pence. */
export interface Coupon {
  readonly name: string;
  readonly off: { readonly percent: string } | { readonly amount: number };
  /** For one invoice, for so many months, or for good. */
  readonly lasts: 'once' | 'forever' | number;
}

export interface Discountable {
  readonly amount: bigint;
  readonly isDiscountable: boolean;
}

/** What the coupons, one after the other, take off each line. */
export function discountsOf(lines: readonly Discountable[], coupons: readonly Coupon[]): bigint[] {
  let left = lines.map(({ amount, isDiscountable }) =>
    isDiscountable && amount > 0n ? amount : 0n,
  );
  const before = left;
  for (const { off } of coupons) {
    const amounts =
      'percent' in off
        ? left.map((amount) => percentOf(amount, off.percent))
        : dealt(least(BigInt(off.amount), sum(left)), left);
    left = left.map((amount, index) => amount - amounts[index]!);
  }
  return before.map((amount, index) => amount - left[index]!);
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

const hundredth = (percent: string): Fraction => times(decimal(percent), { over: 1n, under: 100n });

const percentOf = (amount: bigint, percent: string): bigint =>
  rounded(times(whole(amount), hundredth(percent)));

export interface Rate {
  readonly name: string;
  readonly percent: string;
  readonly isInclusive: boolean;
}

/** The tax of each rate on a line of which `amount` is left. */
export function taxesOf(amount: bigint, rates: readonly Rate[]): bigint[] {
  const inclusive = rates.map((rate) => (rate.isInclusive ? hundredth(rate.percent) : whole(0)));
  const together = inclusive.reduce(plus, whole(0));
  // In 120 there are 20, if the tax is 20 %: 120 × 0.2 ÷ 1.2.
  const gross = plus(together, whole(1));
  const within = rounded({
    over: amount * together.over * gross.under,
    under: together.under * gross.over,
  });
  const parts = dealt(within, weightsOf(inclusive));
  return rates.map((rate, index) =>
    rate.isInclusive ? parts[index]! : percentOf(amount - within, rate.percent),
  );
}

/** Fractions as whole numbers in the same proportion. */
function weightsOf(fractions: readonly Fraction[]): bigint[] {
  const common = fractions.reduce((product, { under }) => product * under, 1n);
  return fractions.map(({ over, under }) => over * (common / under));
}
