import { describe, expect, it } from 'vitest';
import type { LineRow } from '@/server/invoices';
import { creditLine, customLine, totalsOf, type Credited } from './lines';

/** A line of £9.99 for three, £1.01 off, 20 % tax on top and nothing within. */
const line = (changes: Partial<LineRow> = {}): LineRow => ({
  projectId: 1,
  livemode: false,
  id: 'il_1',
  invoice: 'inv_1',
  position: 0,
  amount: 999,
  currency: 'gbp',
  description: 'Three of them',
  discount_amounts: [{ amount: 101, discount: 'di_1' }],
  discountable: true,
  discounts: [],
  invoice_item: null,
  metadata: {},
  period_end: 0,
  period_start: 0,
  price: null,
  product: null,
  proration: false,
  proration_details: null,
  quantity: 3,
  quantity_decimal: null,
  subscription: null,
  subscription_item: null,
  subtotal: 999,
  tax_rates: null,
  taxes: [tax('exclusive', 180, 898)],
  unit_amount_decimal: '333',
  ...changes,
});

function tax(behavior: 'exclusive' | 'inclusive', amount: number, taxable_amount: number) {
  return {
    amount,
    tax_behavior: behavior,
    tax_rate_details: { tax_rate: 'txr_1' },
    taxability_reason: 'standard_rated',
    taxable_amount,
    type: 'tax_rate_details',
  } as const;
}

const NONE: ReadonlySet<string> = new Set();

describe('a part of an invoice line', () => {
  it('takes its share of discounts and taxes with it', () => {
    expect(creditLine(line(), { amount: 500 }, [], 'lines[0]')).toMatchObject({
      amount: 500,
      discount_amounts: [{ amount: 51, discount: 'di_1' }],
      quantity: null,
      taxes: [{ amount: 90, taxable_amount: 449 }],
      unit_amount: null,
    });
  });

  it.each([
    [[1, 997, 1]],
    [[333, 333, 333]],
    [[500, 499]],
    [[7, 7, 7, 7, 971]],
    [Array.from({ length: 999 }, () => 1)],
  ])('adds up to the line, however it was divided (%#)', (parts) => {
    const done: Credited[] = [];
    for (const amount of parts) done.push(creditLine(line(), { amount }, done, 'lines[0]'));
    const { total, discount_amount, total_taxes } = totalsOf(done, NONE);
    expect([
      total,
      discount_amount,
      total_taxes[0]?.amount,
      total_taxes[0]?.taxable_amount,
    ]).toEqual([999 - 101 + 180, 101, 180, 898]);
  });

  it('is a quantity of it, to the penny also where it does not divide', () => {
    const dear = line({ amount: 1000 });
    const done: Credited[] = [];
    for (let index = 0; index < 3; index++) {
      done.push(creditLine(dear, { quantity: 1 }, done, 'lines[0]'));
    }
    expect(done.map(({ amount }) => amount)).toEqual([333, 334, 333]);
    expect(done[0]).toMatchObject({ quantity: 1, unit_amount: 333, unit_amount_decimal: '333' });
  });

  it('is what is left where nothing is said', () => {
    const first = creditLine(line(), { amount: 400 }, [], 'lines[0]');
    expect(creditLine(line(), {}, [first], 'lines[1]').amount).toBe(599);
  });

  const part = (amount: number, quantity: number | null) => [{ amount, quantity }];
  it.each([
    ['more than is left', { amount: 600 }, part(400, null), 'lines[0][amount]'],
    ['a larger quantity than is left', { quantity: 3 }, part(333, 1), 'lines[0][quantity]'],
    ['an amount after a quantity', { amount: 1 }, part(333, 1), 'lines[0][amount]'],
    ['a quantity after an amount', { quantity: 1 }, part(333, null), 'lines[0][quantity]'],
    ['both', { amount: 1, quantity: 1 }, [], 'lines[0][amount]'],
    ['what is used up', {}, part(999, null), 'lines[0][invoice_line_item]'],
  ])('refuses %s', (_, given, before, param) => {
    expect(() => creditLine(line(), given, before, 'lines[0]')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ param }) }),
    );
  });

  it('refuses a line that gives something back itself', () => {
    expect(() => creditLine(line({ amount: -5 }), {}, [], 'lines[0]')).toThrow(
      /no positive amount/,
    );
  });
});

describe('a line of its own', () => {
  const rate = {
    id: 'txr_2',
    inclusive: true,
    percentage: 200_000,
  } as never;
  const customer = { customer_tax_exempt: 'none' } as const;

  it('is a quantity of a unit amount, rounded once', () => {
    const given = { type: 'custom_line_item', description: 'Sorry', quantity: 3 } as const;
    const custom = customLine({ ...given, unit_amount_decimal: '33.5' }, [], customer, 'lines[0]');
    expect(custom).toMatchObject({ amount: 101, quantity: 3, unit_amount: null });
  });

  it('has the taxes that are within it taken out of the totals that are without', () => {
    const given = { type: 'custom_line_item', description: 'Sorry', unit_amount: 120 } as const;
    const custom = customLine(given, [rate], customer, 'lines[0]');
    expect(totalsOf([custom], NONE)).toMatchObject({
      subtotal: 120,
      subtotal_excluding_tax: 100,
      total: 120,
      total_excluding_tax: 100,
    });
  });

  it.each([
    ['description', { type: 'custom_line_item', unit_amount: 1 }],
    ['unit_amount', { type: 'custom_line_item', description: 'Sorry' }],
  ] as const)('needs its %s', (name, given) => {
    expect(() => customLine(given, [], customer, 'lines[0]')).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ code: 'parameter_missing', param: `lines[0][${name}]` }),
      }),
    );
  });
});

it('leaves the discounts of the whole invoice out of the subtotal', () => {
  const credited = creditLine(line(), {}, [], 'lines[0]');
  expect(totalsOf([credited], new Set(['di_1'])).subtotal).toBe(999);
  expect(totalsOf([credited], NONE).subtotal).toBe(898);
});
