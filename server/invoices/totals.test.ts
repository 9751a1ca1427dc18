import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Applied } from '@/server/discounts';
import type { TaxRateRow } from '@/server/tax_rates';
import { computeTotals, type LineToCompute } from './totals';

const rate = (id: string, percentage: number, inclusive: boolean): TaxRateRow => ({
  id,
  projectId: 1,
  livemode: false,
  status: 'active',
  country: null,
  description: null,
  display_name: 'VAT',
  inclusive,
  jurisdiction: null,
  metadata: {},
  percentage,
  state: null,
  tax_type: null,
  created: 0,
});

const VAT = rate('txr_vat', 200_000, false);
const VAT_WITHIN = rate('txr_within', 200_000, true);

const off = (id: string, terms: Partial<Applied['coupon']>): Applied => ({
  id,
  coupon: {
    percent_off: null,
    amount_off: null,
    currency: 'gbp',
    currency_options: null,
    applies_to: null,
    ...terms,
  },
});

const line = (amount: number, more: Partial<LineToCompute> = {}): LineToCompute => ({
  amount,
  product: null,
  discountable: amount >= 0,
  discounts: [],
  rates: [],
  ...more,
});

type Terms = Parameters<typeof computeTotals>[1];

const compute = (lines: readonly LineToCompute[], terms: Partial<Terms> = {}) =>
  computeTotals(lines, { currency: 'gbp', discounts: [], exempt: 'none', ...terms });

const totalsOf = (lines: readonly LineToCompute[], terms: Partial<Terms> = {}) =>
  compute(lines, terms).totals;

describe('the totals of an invoice', () => {
  it('is the sum of its lines where nothing is discounted or taxed', () => {
    expect(totalsOf([line(1000), line(-250), line(1)])).toEqual({
      subtotal: 751,
      subtotal_excluding_tax: 751,
      total: 751,
      total_excluding_tax: 751,
      total_discount_amounts: [],
      total_taxes: [],
    });
  });

  it('adds an exclusive tax to what the discounts leave', () => {
    const discounts = [off('di_10', { percent_off: 1_000 })];
    expect(totalsOf([line(10_000, { rates: [VAT] })], { discounts })).toMatchObject({
      subtotal: 10_000,
      subtotal_excluding_tax: 10_000,
      total_discount_amounts: [{ discount: 'di_10', amount: 1_000 }],
      total_excluding_tax: 9_000,
      total_taxes: [
        {
          amount: 1_800,
          tax_behavior: 'exclusive',
          tax_rate_details: { tax_rate: 'txr_vat' },
          taxability_reason: 'not_available',
          taxable_amount: 9_000,
          type: 'tax_rate_details',
        },
      ],
      total: 10_800,
    });
  });

  it('finds an inclusive tax in what the discounts leave', () => {
    const discounts = [off('di_50', { percent_off: 5_000 })];
    expect(totalsOf([line(1_200, { rates: [VAT_WITHIN] })], { discounts })).toMatchObject({
      subtotal: 1_200,
      subtotal_excluding_tax: 1_000,
      total: 600,
      total_excluding_tax: 500,
      total_taxes: [{ amount: 100, tax_behavior: 'inclusive', taxable_amount: 500 }],
    });
  });

  it('has the discounts of the lines in its subtotal, and those of the invoice not', () => {
    const own = off('di_line', { amount_off: 300 });
    const discounts = [off('di_invoice', { percent_off: 1_000 })];
    const { lines, totals } = compute([line(1_300, { discounts: [own] }), line(500)], {
      discounts,
    });
    expect(totals).toMatchObject({ subtotal: 1_500, total: 1_350 });
    expect(lines.map(({ discount_amounts }) => discount_amounts)).toEqual([
      [
        { discount: 'di_line', amount: 300 },
        { discount: 'di_invoice', amount: 100 },
      ],
      [{ discount: 'di_invoice', amount: 50 }],
    ]);
    expect(totals.total_discount_amounts).toEqual([
      { discount: 'di_line', amount: 300 },
      { discount: 'di_invoice', amount: 150 },
    ]);
  });

  it('rounds taxes on each line, and not on their sum', () => {
    // 20 % of 3 is 0.6, which is 1 on each of the lines; 20 % of 9 would be 2.
    expect(totalsOf([3, 3, 3].map((amount) => line(amount, { rates: [VAT] }))).total).toBe(12);
  });

  it.each([
    ['exempt', 'customer_exempt'],
    ['reverse', 'reverse_charge'],
  ] as const)('asks a customer who is %s for no tax, and says why', (exempt, reason) => {
    const { lines, totals } = compute([line(1_000, { rates: [VAT, VAT_WITHIN] })], { exempt });
    expect(totals).toMatchObject({ total: 1_000, total_excluding_tax: 1_000 });
    expect(
      lines[0]?.taxes.map(({ amount, taxability_reason }) => [amount, taxability_reason]),
    ).toEqual([
      [0, reason],
      [0, reason],
    ]);
  });
});

const rates = fc.array(fc.record({ percentage: fc.nat(500_000), inclusive: fc.boolean() }), {
  maxLength: 3,
});

const discount = (prefix: string) => (terms: readonly [boolean, number][]) =>
  terms.map(([isPercent, value], index) =>
    off(`${prefix}_${index}`, isPercent ? { percent_off: value % 10_001 } : { amount_off: value }),
  );

const discounts = (prefix: string) =>
  fc
    .array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 20_000 })), { maxLength: 3 })
    .map(discount(prefix));

const lines = fc.array(
  fc
    .tuple(fc.integer({ min: -50_000, max: 100_000 }), rates, fc.boolean(), fc.nat(1e6))
    .chain(([amount, given, discountable, unique]) =>
      discounts(`di_${unique}`).map((own) =>
        line(amount, {
          discountable: discountable && amount >= 0,
          discounts: own,
          rates: given.map(({ percentage, inclusive }, index) =>
            rate(`txr_${index}_${percentage}_${inclusive}`, percentage, inclusive),
          ),
        }),
      ),
    ),
  { maxLength: 8 },
);

const sum = (amounts: readonly number[]) => amounts.reduce((added, one) => added + one, 0);

describe('any invoice', () => {
  it('has lines that add up to its totals, to the penny', () => {
    fc.assert(
      fc.property(lines, discounts('di_of_invoice'), (given, ofInvoice) => {
        const { lines: computed, totals } = compute(given, { discounts: ofInvoice });
        const taken = computed.map(({ discount_amounts }) =>
          sum(discount_amounts.map(({ amount }) => amount)),
        );
        const taxed = (behavior: string) =>
          sum(
            computed.flatMap(({ taxes }) =>
              taxes.filter((tax) => tax.tax_behavior === behavior).map(({ amount }) => amount),
            ),
          );
        const left = given.map(({ amount }, index) => amount - (taken[index] ?? 0));
        expect(totals.total).toBe(sum(left) + taxed('exclusive'));
        expect(totals.total_excluding_tax).toBe(sum(left) - taxed('inclusive'));
        expect(totals.total).toBe(
          totals.total_excluding_tax + sum(totals.total_taxes.map(({ amount }) => amount)),
        );
        expect(sum(totals.total_discount_amounts.map(({ amount }) => amount))).toBe(sum(taken));
        const ofLines = sum(
          computed.flatMap(({ discount_amounts }) =>
            discount_amounts
              .filter((one) => !ofInvoice.some(({ id }) => id === one.discount))
              .map(({ amount }) => amount),
          ),
        );
        expect(totals.subtotal).toBe(sum(given.map(({ amount }) => amount)) - ofLines);
        // A discount never makes a line a credit, and never takes from one.
        given.forEach(({ amount }, index) => {
          expect(left[index]).toBeGreaterThanOrEqual(Math.min(amount, 0));
          expect(taken[index]).toBeGreaterThanOrEqual(0);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('is twice as much with every line twice, where no amount is taken off once', () => {
    fc.assert(
      fc.property(lines, (given) => {
        const bare = given.map((one) => ({ ...one, discounts: [] }));
        const once = totalsOf(bare);
        expect(totalsOf([...bare, ...bare])).toMatchObject({
          subtotal: once.subtotal * 2,
          total: once.total * 2,
          total_excluding_tax: once.total_excluding_tax * 2,
        });
      }),
    );
  });
});
