import { describe, expect, it } from 'vitest';
import { describe as line } from './description';
import { isWhole, stretchesBetween, stretchFrom } from './periods';
import { nextOccurrence, termsOf } from './terms';
import { at } from './travel.case';

const MONTHLY = { interval: 'month', interval_count: 1 } as const;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

describe('a stretch', () => {
  it('ends at the next boundary from the anchor, of which it may be a part', () => {
    const stretch = stretchFrom(
      at('2026-01-31T00:00:00Z'),
      MONTHLY,
      at('2026-02-10T00:00:00Z'),
      null,
    );
    expect(iso(stretch.end)).toBe('2026-02-28');
    expect(isWhole(stretch)).toBe(false);
  });

  it('does not go on after the end', () => {
    const end = at('2026-02-15T00:00:00Z');
    expect(
      stretchFrom(at('2026-02-01T00:00:00Z'), MONTHLY, at('2026-02-01T00:00:00Z'), end),
    ).toMatchObject({ end });
  });

  it('is cut at every boundary between two times, and none is left out', () => {
    const stretches = stretchesBetween(
      at('2026-03-15T00:00:00Z'),
      MONTHLY,
      at('2026-01-01T00:00:00Z'),
      at('2026-03-20T00:00:00Z'),
    );
    expect(stretches.map(({ start, end }) => [iso(start), iso(end)])).toEqual([
      ['2026-01-01', '2026-01-15'],
      ['2026-01-15', '2026-02-15'],
      ['2026-02-15', '2026-03-15'],
      ['2026-03-15', '2026-03-20'],
    ]);
    expect(stretches.map(isWhole)).toEqual([false, true, true, false]);
  });
});

describe('the anchor', () => {
  it.each([
    [{ day_of_month: 31 }, '2026-02-10T08:30:15Z', '2026-02-28T08:30:15Z'],
    [{ day_of_month: 1 }, '2026-02-10T08:30:15Z', '2026-03-01T08:30:15Z'],
    [{ day_of_month: 10, hour: 9 }, '2026-02-10T08:30:15Z', '2026-02-10T09:00:00Z'],
    [{ day_of_month: 10, hour: 8 }, '2026-02-10T08:30:15Z', '2026-03-10T08:00:00Z'],
    [{ day_of_month: 29, month: 2 }, '2026-03-01T00:00:00Z', '2027-02-28T00:00:00Z'],
  ])('of %j after %s is %s', (config, from, expected) => {
    expect(nextOccurrence(config, at(from))).toBe(at(expected));
  });

  it('is the end of the trial where there is one', () => {
    const now = at('2026-03-01T00:00:00Z');
    const every = { ...MONTHLY, meter: null, trial_period_days: null, usage_type: 'licensed' };
    const terms = termsOf({ trial_period_days: 14 }, [every], now);
    expect(terms).toMatchObject({ anchor: at('2026-03-15T00:00:00Z'), start: now });
    expect(terms.trial_end).toBe(terms.anchor);
  });
});

describe('a description', () => {
  const cost = {
    amount: 0,
    quantity: 2,
    quantity_decimal: '2',
    unit_amount_decimal: '1000',
    tier: null,
  };

  it.each([
    [cost, MONTHLY, '2 × Gold (at £10.00 / month)'],
    [cost, { interval: 'month', interval_count: 3 }, '2 × Gold (at £10.00 / every 3 months)'],
    [{ ...cost, unit_amount_decimal: '0.5' }, MONTHLY, '2 × Gold (at £0.005 / month)'],
    [{ ...cost, tier: { index: 0, flat: false } }, MONTHLY, '2 × Gold (Tier 1 at £10.00 / month)'],
    [
      { ...cost, tier: { index: 1, flat: true } },
      MONTHLY,
      'Gold (Tier 2 flat fee at £10.00 / month)',
    ],
  ] as const)('of %j is %s', (given, every, expected) => {
    expect(line(given, 'Gold', 'gbp', every)).toBe(expected);
  });
});
