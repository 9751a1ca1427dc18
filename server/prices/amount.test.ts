import { describe, expect, it } from 'vitest';
import { ApiError } from '@/server/kernel/errors';
import { mergeOptions, toAmount, type GivenAmount } from './amount';

const refusalOf = (work: () => unknown): ApiError => {
  try {
    work();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
};

const perUnit = (given: GivenAmount) => toAmount(given, 'per_unit', 'gbp');
const tiered = (tiers: GivenAmount['tiers']) => toAmount({ tiers }, 'tiered', 'gbp').tiers;

describe('an amount per unit', () => {
  it.each([
    ['0', 0, '0'],
    ['2000', 2000, '2000'],
    ['2000.000', 2000, '2000'],
    ['007.50', null, '7.5'],
    ['0.000000000001', null, '0.000000000001'],
    ['99999999', 99_999_999, '99999999'],
  ])('reads the decimal %s exactly', (unit_amount_decimal, whole, decimal) => {
    expect(perUnit({ unit_amount_decimal })).toEqual({
      custom_unit_amount: null,
      unit_amount: whole,
      unit_amount_decimal: decimal,
    });
  });

  it('shows whole pence as a decimal too', () => {
    expect(perUnit({ unit_amount: 999 })).toMatchObject({
      unit_amount: 999,
      unit_amount_decimal: '999',
    });
  });

  it('refuses a decimal above the greatest amount, naming it', () => {
    const { details } = refusalOf(() => perUnit({ unit_amount_decimal: '99999999.1' }));
    expect(details).toEqual({ code: 'amount_too_large', param: 'unit_amount_decimal' });
  });

  it('refuses none at all, and more than one kind', () => {
    expect(refusalOf(() => perUnit({})).message).toBe(
      'Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.',
    );
    expect(refusalOf(() => perUnit({ unit_amount: 1, unit_amount_decimal: '1' })).message).toBe(
      'You may only specify one of these parameters: unit_amount, unit_amount_decimal.',
    );
  });

  it('refuses tiers', () => {
    const tiers = [{ up_to: 'inf' as const, unit_amount: 1 }];
    expect(refusalOf(() => perUnit({ unit_amount: 1, tiers })).details.param).toBe('tiers');
  });
});

describe('an amount that the customer chooses', () => {
  it('keeps its bounds', () => {
    const custom_unit_amount = { enabled: true, minimum: 100, maximum: 900, preset: 500 } as const;
    expect(perUnit({ custom_unit_amount })).toEqual({
      custom_unit_amount: { minimum: 100, maximum: 900, preset: 500 },
      unit_amount: null,
      unit_amount_decimal: null,
    });
  });

  it.each([
    [{ minimum: 29 }, 'minimum'],
    [{ minimum: 100, maximum: 99 }, 'maximum'],
    [{ maximum: 29 }, 'maximum'],
    [{ minimum: 100, preset: 99 }, 'preset'],
    [{ maximum: 100, preset: 101 }, 'preset'],
  ])('refuses the bounds %o', (bounds, field) => {
    const refused = refusalOf(() => perUnit({ custom_unit_amount: { enabled: true, ...bounds } }));
    expect(refused.details.param).toBe(`custom_unit_amount[${field}]`);
  });
});

describe('tiers', () => {
  it('are kept with the last one open', () => {
    expect(
      tiered([
        { up_to: 10, unit_amount: 500 },
        { up_to: 'inf', flat_amount: 100, unit_amount_decimal: '0.5' },
      ]),
    ).toEqual([
      {
        flat_amount: null,
        flat_amount_decimal: null,
        unit_amount: 500,
        unit_amount_decimal: '500',
        up_to: 10,
      },
      {
        flat_amount: 100,
        flat_amount_decimal: '100',
        unit_amount: null,
        unit_amount_decimal: '0.5',
        up_to: null,
      },
    ]);
  });

  it.each([
    ['none', []],
    ['a last one that ends', [{ up_to: 10, unit_amount: 1 }]],
    [
      'bounds that do not grow',
      [
        { up_to: 10, unit_amount: 2 },
        { up_to: 10, unit_amount: 1 },
        { up_to: 'inf' as const, unit_amount: 1 },
      ],
    ],
    [
      'an open one before the last',
      [
        { up_to: 'inf' as const, unit_amount: 2 },
        { up_to: 'inf' as const, unit_amount: 1 },
      ],
    ],
  ])('are refused with %s', (_, tiers) => {
    expect(refusalOf(() => tiered(tiers)).details.param).toBe('tiers');
  });

  it('are refused without an amount, or with one given twice, naming the tier', () => {
    expect(refusalOf(() => tiered([{ up_to: 'inf' }])).details.param).toBe('tiers[0]');
    expect(
      refusalOf(() => tiered([{ up_to: 'inf', flat_amount: 1, flat_amount_decimal: '1' }])).details
        .param,
    ).toBe('tiers[0][flat_amount]');
  });

  it('are refused beside a unit amount', () => {
    const given = { unit_amount: 1, tiers: [{ up_to: 'inf' as const, unit_amount: 1 }] };
    expect(refusalOf(() => toAmount(given, 'tiered', 'gbp')).details.param).toBe('unit_amount');
  });
});

describe('further currencies', () => {
  const at = { scheme: 'per_unit', currency: 'gbp', place: null } as const;
  const eur = mergeOptions(null, { eur: { unit_amount: 1200 } }, at);

  it('have an amount each, of unspecified tax behavior', () => {
    expect(eur).toEqual({
      eur: {
        custom_unit_amount: null,
        tax_behavior: 'unspecified',
        unit_amount: 1200,
        unit_amount_decimal: '1200',
      },
    });
  });

  it('are added to those that were there, which may change in part', () => {
    const given = { eur: { tax_behavior: 'inclusive' as const }, usd: { unit_amount: 1300 } };
    expect(mergeOptions(eur, given, at)).toMatchObject({
      eur: { tax_behavior: 'inclusive', unit_amount: 1200 },
      usd: { tax_behavior: 'unspecified', unit_amount: 1300 },
    });
    expect(mergeOptions(eur, { eur: { unit_amount: 5 } }, at)['eur']?.unit_amount).toBe(5);
  });

  it('refuse the own currency of the price, and to be without an amount', () => {
    expect(refusalOf(() => mergeOptions(null, { gbp: { unit_amount: 1 } }, at)).details.param).toBe(
      'currency_options[gbp]',
    );
    expect(refusalOf(() => mergeOptions(null, { usd: {} }, at)).details.param).toBe(
      'currency_options[usd][unit_amount]',
    );
  });

  it('refuse to decide twice whether taxes are included', () => {
    const decided = mergeOptions(eur, { eur: { tax_behavior: 'inclusive' } }, at);
    const again = { eur: { tax_behavior: 'exclusive' as const } };
    expect(refusalOf(() => mergeOptions(decided, again, at)).details.param).toBe(
      'currency_options[eur][tax_behavior]',
    );
  });
});
