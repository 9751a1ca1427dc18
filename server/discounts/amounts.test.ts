import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discountAmounts, type Applied, type DiscountableLine, type Reduction } from './amounts';

const NOTHING: Reduction = {
  percent_off: null,
  amount_off: null,
  currency: null,
  currency_options: null,
  applies_to: null,
};

const percent = (hundredths: number, more: Partial<Reduction> = {}): Applied => ({
  id: `di_${hundredths}`,
  coupon: { ...NOTHING, percent_off: hundredths, ...more },
});

const pence = (amount_off: number, more: Partial<Reduction> = {}): Applied => ({
  id: `di_${amount_off}p`,
  coupon: { ...NOTHING, amount_off, currency: 'gbp', ...more },
});

const line = (amount: number, more: Partial<DiscountableLine> = {}): DiscountableLine => ({
  amount,
  product: 'prod_a',
  discountable: true,
  discounts: [],
  ...more,
});

/** What is taken off, by line and discount, without the names. */
const amounts = (
  lines: readonly DiscountableLine[],
  discounts: readonly Applied[] = [],
  currency = 'gbp',
): number[][] =>
  discountAmounts(lines, discounts, currency).map((taken) => taken.map(({ amount }) => amount));

const totalOf = (taken: readonly (readonly { amount: number }[])[]): number =>
  taken.flat().reduce((sum, { amount }) => sum + amount, 0);

describe("Stripe's own examples", () => {
  // https://docs.stripe.com/api/coupons/create
  it.each([
    { subtotal: 100, amount_off: 200, total: 0 },
    { subtotal: 300, amount_off: 200, total: 100 },
  ])('$amount_off off $subtotal leaves $total', ({ subtotal, amount_off, total }) => {
    const taken = discountAmounts([line(subtotal)], [pence(amount_off)], 'gbp');
    expect(subtotal - totalOf(taken)).toBe(total);
  });

  // https://docs.stripe.com/api/coupons/object#coupon_object-percent_off
  it('50 % off 100 leaves 50', () => {
    expect(amounts([line(100)], [percent(5_000)])).toEqual([[50]]);
  });
});

describe('one discount', () => {
  it.each<[name: string, lines: DiscountableLine[], discount: Applied, expected: number[][]]>([
    ['is a percentage of each line', [line(1000), line(500)], percent(2_000), [[200], [100]]],
    ['is rounded half up on the line', [line(333), line(5)], percent(5_000), [[167], [3]]],
    ['has hundredths of a percent', [line(10_000)], percent(3_333), [[3333]]],
    ['takes everything at 100 %', [line(999), line(1)], percent(10_000), [[999], [1]]],
    ['splits an amount in proportion', [line(3000), line(1000)], pence(1000), [[750], [250]]],
    ['splits to the penny', [line(100), line(100), line(100)], pence(100), [[34], [33], [33]]],
    ['takes no more than there is', [line(30), line(20)], pence(500), [[30], [20]]],
    ['leaves a free line', [line(0), line(80)], pence(50), [[0], [50]]],
    ['leaves a credit', [line(-400), line(1000)], percent(1_000), [[0], [100]]],
    [
      'leaves what is not discountable',
      [line(1000, { discountable: false }), line(1000)],
      pence(100),
      [[], [100]],
    ],
    [
      'is for the products of its coupon',
      [line(1000), line(1000, { product: 'prod_b' }), line(1000, { product: null })],
      percent(1_000, { applies_to: ['prod_b'] }),
      [[], [100], []],
    ],
    [
      'is on the line that has it',
      [line(1000, { discounts: [percent(1_000)] }), line(1000)],
      pence(0),
      [[100, 0], [0]],
    ],
  ])('%s', (_name, lines, discount, expected) => {
    expect(amounts(lines, [discount])).toEqual(expected);
  });

  it('takes an amount in a further currency, and nothing in one it does not have', () => {
    const coupon = pence(500, { currency_options: { eur: { amount_off: 600 } } });
    expect(amounts([line(1000)], [coupon], 'eur')).toEqual([[600]]);
    expect(amounts([line(1000)], [coupon], 'usd')).toEqual([[0]]);
  });

  it('of an amount is taken once over the lines that share it', () => {
    const shared = pence(300);
    const tiers = [line(1000, { discounts: [shared] }), line(500, { discounts: [shared] })];
    expect(amounts(tiers)).toEqual([[200], [100]]);
  });
});

describe('several discounts', () => {
  it('are taken in order, each of what is left', () => {
    expect(amounts([line(10_000)], [percent(2_000), pence(500)])).toEqual([[2000, 500]]);
    expect(amounts([line(10_000)], [pence(500), percent(2_000)])).toEqual([[500, 1900]]);
    expect(amounts([line(10_000)], [percent(1_000), percent(1_000)])).toEqual([[1000, 900]]);
  });

  it("take a line's own first", () => {
    const lines = [line(10_000, { discounts: [pence(5_000)] }), line(5_000)];
    expect(amounts(lines, [percent(1_000)])).toEqual([[5000, 500], [500]]);
  });

  it('weigh an amount by what is left of the lines', () => {
    const lines = [line(1000, { discounts: [percent(5_000)] }), line(500)];
    expect(amounts(lines, [pence(100)])).toEqual([[500, 50], [50]]);
  });

  it('name the discounts in the order they are taken', () => {
    const [taken] = discountAmounts(
      [line(100, { discounts: [pence(7)] })],
      [percent(1_000)],
      'gbp',
    );
    expect(taken).toEqual([
      { discount: 'di_7p', amount: 7 },
      { discount: 'di_1000', amount: 9 },
    ]);
  });
});

const coupon = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }).map((percent_off) => ({ ...NOTHING, percent_off })),
  fc
    .integer({ min: 1, max: 20_000 })
    .map((amount_off) => ({ ...NOTHING, amount_off, currency: 'gbp' })),
);
const product = fc.constantFrom('prod_a', 'prod_b', null);
const applied = (prefix: string) =>
  fc.array(fc.tuple(coupon, fc.option(fc.constant(['prod_a']))), { maxLength: 4 }).map((list) =>
    list.map(([reduction, applies_to], index): Applied => ({
      id: `${prefix}${index}`,
      coupon: { ...reduction, applies_to },
    })),
  );
const anyLines = fc
  .tuple(
    applied('own'),
    fc.array(
      fc.record({
        amount: fc.integer({ min: -5_000, max: 50_000 }),
        product,
        discountable: fc.boolean(),
        mask: fc.nat(15),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  )
  .map(([own, list]) =>
    list.map(({ mask, ...rest }): DiscountableLine => ({
      ...rest,
      discounts: own.filter((_, index) => (mask & (1 << index)) > 0),
    })),
  );

describe('any discounts on any lines', () => {
  it('take nothing below zero, and leave nothing below zero', () => {
    fc.assert(
      fc.property(anyLines, applied('inv'), (lines, discounts) => {
        const taken = discountAmounts(lines, discounts, 'gbp');
        for (const [index, one] of lines.entries()) {
          const off = taken[index] ?? [];
          expect(off.every(({ amount }) => Number.isSafeInteger(amount) && amount >= 0)).toBe(true);
          expect(totalOf([off])).toBeLessThanOrEqual(Math.max(one.amount, 0));
          if (!one.discountable) expect(off).toEqual([]);
        }
      }),
    );
  });

  it('take exactly the amount of a coupon, or all that is left for it', () => {
    fc.assert(
      fc.property(anyLines, coupon, (lines, reduction) => {
        fc.pre(reduction.amount_off !== null);
        const before = discountAmounts(lines, [], 'gbp');
        const after = discountAmounts(lines, [{ id: 'last', coupon: reduction }], 'gbp');
        const open = lines
          .filter(({ discountable }) => discountable)
          .reduce((sum, { amount }) => sum + Math.max(amount, 0), 0);
        const left = open - totalOf(before);
        expect(totalOf(after) - totalOf(before)).toBe(Math.min(reduction.amount_off ?? 0, left));
      }),
    );
  });

  it('of percentages take from each line within half a penny of the exact part', () => {
    fc.assert(
      fc.property(anyLines, fc.integer({ min: 1, max: 10_000 }), (lines, hundredths) => {
        const plain = lines.map((one) => ({ ...one, discounts: [] }));
        const taken = amounts(plain, [percent(hundredths)]);
        for (const [index, { amount, discountable }] of plain.entries()) {
          if (!discountable) continue;
          const exact = (Math.max(amount, 0) * hundredths) / 10_000;
          expect(Math.abs((taken[index]?.[0] ?? 0) - exact)).toBeLessThanOrEqual(0.5);
        }
      }),
    );
  });
});
