import { describe, expect, it } from 'vitest';
import { boundaryAfter, boundaryBefore, dayOf, DAY, told, type Every } from './calendar';
import { discountsOf, linesOf, taxesOf, type Coupon, type Offer, type Tier } from './costs';
import type { Bill, Dated, Deed, History } from './history';
import { reckon } from './model';
import { dealt, decimal, rounded } from './money';

const at = (text: string): number =>
  Date.parse(`${text.length > 10 ? text : `${text}T00:00`}Z`) / 1000;

const MONTHLY: Every = { unit: 'month', count: 1 };

const boundaries = (anchor: string, every: Every, count: number): string[] => {
  const found: number[] = [];
  for (let last = at(anchor); found.length < count; found.push(last)) {
    last = boundaryAfter(at(anchor), every, last);
  }
  return found.map((one) => told(one).slice(0, 10));
};

describe('the calendar', () => {
  it('agrees with the system on every day until 2059', () => {
    for (let day = 0; day < 32_000; day++) {
      const { year, month, day: number } = dayOf(day * DAY);
      expect(Date.UTC(year, month - 1, number)).toBe(day * DAY * 1000);
    }
  });

  // https://docs.stripe.com/billing/subscriptions/billing-cycle
  it('takes the last day of a month that has no such day', () => {
    expect(boundaries('2025-01-31', MONTHLY, 4)).toEqual([
      '2025-02-28',
      '2025-03-31',
      '2025-04-30',
      '2025-05-31',
    ]);
    expect(boundaries('2024-01-30', MONTHLY, 2)).toEqual(['2024-02-29', '2024-03-30']);
  });

  it('has the 29th of February every four years', () => {
    expect(boundaries('2024-02-29', { unit: 'year', count: 1 }, 4)).toEqual([
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ]);
  });

  it('counts days and weeks, whatever month they are in', () => {
    expect(boundaries('2024-02-27', { unit: 'day', count: 3 }, 2)).toEqual([
      '2024-03-01',
      '2024-03-04',
    ]);
    expect(boundaries('2024-02-16', { unit: 'week', count: 2 }, 2)).toEqual([
      '2024-03-01',
      '2024-03-15',
    ]);
  });

  it('reaches back from an anchor that is ahead', () => {
    expect(told(boundaryBefore(at('2024-03-31'), MONTHLY, at('2024-03-10')))).toBe(
      '2024-02-29 00:00:00',
    );
    expect(boundaryBefore(at('2024-03-31'), MONTHLY, at('2024-03-31'))).toBe(at('2024-03-31'));
  });
});

describe('money', () => {
  it('is rounded to the nearest penny, and half away from zero', () => {
    expect(['0.49', '0.5', '1.5', '2.4999'].map((text) => rounded(decimal(text)))).toEqual([
      0n,
      1n,
      2n,
      2n,
    ]);
    expect(rounded({ over: -3n, under: 2n })).toBe(-2n);
  });

  it('is dealt out to the last penny', () => {
    expect(dealt(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(dealt(-10n, [2n, 1n])).toEqual([-7n, -3n]);
    expect(dealt(0n, [0n])).toEqual([0n]);
  });
});

const offer = (scheme: Offer['scheme'], every = MONTHLY, name = 'A'): Offer => ({
  name,
  every,
  scheme,
});
const each = (unit: string, every?: Every, name?: string): Offer =>
  offer({ kind: 'each', unit }, every, name);

describe('a price', () => {
  // https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
  const FONTS: Tier[] = [
    { upTo: 5, unit: '700', flat: null },
    { upTo: 10, unit: '650', flat: null },
    { upTo: null, unit: '600', flat: null },
  ];

  it.each([
    ['volume', 1, [700n]],
    ['volume', 6, [3900n]],
    ['volume', 25, [15_000n]],
    ['graduated', 5, [3500n]],
    ['graduated', 6, [3500n, 650n]],
    ['graduated', 20, [3500n, 3250n, 6000n]],
  ] as const)('by %s costs for %i what Stripe says', (kind, quantity, amounts) => {
    expect(linesOf(offer({ kind, tiers: FONTS }), quantity)).toEqual(amounts);
  });

  // https://docs.stripe.com/billing/subscriptions/quantity-transformation
  it('of packages of five costs 10 USD for five users, and 20 for six', () => {
    const packages = offer({ kind: 'packages', unit: '1000', size: 5, round: 'up' });
    expect([5, 6].map((users) => linesOf(packages, users))).toEqual([[1000n], [2000n]]);
  });

  // https://docs.stripe.com/billing/subscriptions/decimal-amounts
  it('of 0.05 cents, thirty times, is 2 cents', () => {
    expect(linesOf(each('0.05'), 30)).toEqual([2n]);
  });
});

const coupon = (off: Coupon['off'], lasts: Coupon['lasts'] = 'forever'): Coupon => ({
  name: 'coupon',
  off,
  lasts,
});

describe('coupons', () => {
  const lines = [1000n, 500n].map((amount) => ({ amount, isDiscountable: true }));

  it('are taken off one after the other', () => {
    const [tenth, five] = [coupon({ percent: '10' }), coupon({ amount: 500 })];
    expect(discountsOf(lines, [tenth, five])).toEqual([433n, 217n]);
    expect(discountsOf(lines, [five, tenth])).toEqual([400n, 200n]);
  });

  // https://docs.stripe.com/api/coupons/create
  it('take no more than there is', () => {
    expect(discountsOf(lines, [coupon({ amount: 2000 })])).toEqual([1000n, 500n]);
  });
});

describe('taxes', () => {
  const rate = (percent: string, isInclusive: boolean) => ({ name: percent, percent, isInclusive });

  // https://support.stripe.com/questions/inclusive-and-exclusive-tax-options-in-the-tax-rate-api-and-stripe-tax
  it('of 10 % are in 600 EUR, or come on top of them', () => {
    expect(taxesOf(60_000n, [rate('10', true)])).toEqual([5455n]);
    expect(taxesOf(60_000n, [rate('10', false)])).toEqual([6000n]);
  });

  it('are of the net, where one is inclusive', () => {
    expect(taxesOf(1200n, [rate('20', true), rate('5', false)])).toEqual([200n, 50n]);
    expect(taxesOf(-1200n, [rate('20', true), rate('5', false)])).toEqual([-200n, -50n]);
  });
});

const history = (
  given: Partial<History> & Pick<History, 'born' | 'until' | 'wishes'>,
): History => ({
  name: 'Example',
  trialDays: null,
  anchor: null,
  prorating: 'create_prorations',
  coupons: [],
  rates: [],
  fee: null,
  collection: 'charge_automatically',
  deeds: [],
  ...given,
});

const one = (what: Offer, quantity = 1) => [{ offer: what, quantity, rates: [] }];

const dated = (when: number | string, deed: Deed): Dated => ({
  at: typeof when === 'number' ? when : at(when),
  deed,
});

const change = (when: number | string, what: Offer, prorating = 'create_prorations' as const) =>
  dated(when, { does: 'change_item', item: 0, offer: what, quantity: 1, prorating, looksBack: 0 });

const totals = (bills: readonly Bill[]): number[] => bills.map(({ total }) => total);
const lineAmounts = (bill: Bill | undefined): number[] =>
  bill?.lines.map(({ amount }) => amount) ?? [];

describe('the worked examples of Stripe', () => {
  // https://docs.stripe.com/billing/subscriptions/prorations
  it('add up to 25 USD on 1 May for an upgrade from 10 to 20 USD halfway through April', () => {
    const { bills } = reckon(
      history({
        born: at('2026-04-01'),
        until: at('2026-05-02'),
        wishes: one(each('1000')),
        deeds: [change('2026-04-16', each('2000'))],
      }),
    );
    expect(lineAmounts(bills[1])).toEqual([-500, 1000, 2000]);
    expect(totals(bills)).toEqual([1000, 2500]);
  });

  // The same page, "Preview a proration": the example response, with its timestamps.
  it('add up to 36.27 USD for a switch from Silver to Gold', () => {
    const [silver, gold] = [each('1000', MONTHLY, 'Silver'), each('3252', MONTHLY, 'Gold')];
    const { bills } = reckon(
      history({
        born: 1_596_749_288,
        until: 1_599_427_688,
        wishes: one(silver),
        deeds: [change(1_598_982_148, gold)],
      }),
    );
    expect(lineAmounts(bills[1])).toEqual([-166, 541, 3252]);
    expect(bills[1]).toMatchObject({
      total: 3627,
      period: { start: 1_596_749_288, end: 1_599_427_688 },
    });
  });

  // https://docs.stripe.com/api/subscriptions/update: 100 on 1 May, 200 from the middle of May on.
  it('bill 250 on 1 June with prorations, and 200 without', () => {
    const [low, high] = [each('10000', MONTHLY, 'low'), each('20000', MONTHLY, 'high')];
    const may = { born: at('2026-05-01'), until: at('2026-06-01'), wishes: one(low) };
    const halfway = '2026-05-16T12:00';
    expect(totals(reckon(history({ ...may, deeds: [change(halfway, high)] })).bills)).toEqual([
      10_000, 25_000,
    ]);
    const without = dated(halfway, {
      does: 'change_item',
      item: 0,
      offer: high,
      quantity: 1,
      prorating: 'none',
      looksBack: 0,
    });
    expect(totals(reckon(history({ ...may, deeds: [without] })).bills)).toEqual([10_000, 20_000]);
  });

  // The same page: the interval changes, the unused time is credited and the new price charged at once.
  it('begin the billing cycle anew when the interval changes', () => {
    const [monthly, yearly] = [each('1000'), each('10000', { unit: 'year', count: 1 }, 'B')];
    const { bills } = reckon(
      history({
        born: at('2026-04-01'),
        until: at('2027-04-16'),
        wishes: one(monthly),
        deeds: [change('2026-04-16', yearly)],
      }),
    );
    expect(bills.map((bill) => [told(bill.at), bill.total])).toEqual([
      ['2026-04-01 00:00:00', 1000],
      ['2026-04-16 00:00:00', 9500],
      ['2027-04-16 00:00:00', 10_000],
    ]);
  });

  // https://docs.stripe.com/billing/subscriptions/billing-cycle
  it('charge a share until the first boundary, or nothing', () => {
    const anchored = {
      born: at('2026-05-15'),
      until: at('2026-06-01'),
      anchor: at('2026-06-01'),
      wishes: one(each('3100')),
    };
    expect(totals(reckon(history(anchored)).bills)).toEqual([1700, 3100]);
    expect(totals(reckon(history({ ...anchored, prorating: 'none' })).bills)).toEqual([3100]);
  });

  // https://docs.stripe.com/billing/subscriptions/trials
  it('ask for nothing in a trial, and bill from its end on', () => {
    const { bills } = reckon(
      history({
        born: at('2026-01-17'),
        until: at('2026-03-01'),
        trialDays: 14,
        wishes: one(each('1000')),
      }),
    );
    expect(bills.map((bill) => [told(bill.at), bill.total])).toEqual([
      ['2026-01-17 00:00:00', 0],
      ['2026-01-31 00:00:00', 1000],
      ['2026-02-28 00:00:00', 1000],
    ]);
  });
});

describe('a history', () => {
  const born = at('2026-04-01');
  const monthly = { born, until: at('2026-06-02'), wishes: one(each('1000')) };

  it('gives back the rest at the end that somebody sets, and asks for it when they take it back', () => {
    const cancel_at = { does: 'cancel_at', seconds: 5 * DAY, prorating: 'always_invoice' } as const;
    const take_back = { does: 'take_back', prorating: 'always_invoice' } as const;
    const told = {
      ...monthly,
      deeds: [dated('2026-04-11', cancel_at), dated('2026-04-12', take_back)],
    };
    expect(totals(reckon(history(told)).bills)).toEqual([1000, -500, 500, 1000, 1000]);
    expect(reckon(history({ ...told, deeds: told.deeds.slice(0, 1) }))).toMatchObject({
      balance: -500,
    });
  });

  it('ends at the end of the period with what waits for an invoice', () => {
    const deeds = [
      change('2026-04-16', each('2000')),
      dated('2026-04-17', { does: 'cancel_at_period_end', prorating: 'none' }),
    ];
    expect(totals(reckon(history({ ...monthly, deeds })).bills)).toEqual([1000, 500]);
  });

  it('drops prorations with an end at once, unless they are to be invoiced', () => {
    const end = (prorates: boolean, invoicesNow: boolean) => {
      const deeds = [
        change('2026-04-16', each('2000')),
        dated('2026-04-21', { does: 'cancel', prorates, invoicesNow }),
      ];
      return totals(reckon(history({ ...monthly, deeds })).bills);
    };
    expect(end(false, false)).toEqual([1000]);
    expect(end(true, false)).toEqual([1000]);
    expect(end(false, true)).toEqual([1000, 500]);
    // 1000 × 1/3 is left of what was charged for the second half.
    expect(end(true, true)).toEqual([1000, 500 - 667]);
  });

  it('asks for nothing that is void, and so gives nothing back of it', () => {
    const deeds = [
      dated('2026-04-20', { does: 'pause', behavior: 'void', days: null }),
      dated('2026-05-10', { does: 'unpause' }),
      change('2026-05-16T12:00', each('2000')),
    ];
    const { bills } = reckon(history({ ...monthly, deeds }));
    expect(bills.map(({ status, total }) => [status, total])).toEqual([
      ['paid', 1000],
      ['void', 1000],
      ['paid', 3000],
    ]);
  });

  it('takes a credit off the invoices that follow', () => {
    const deeds = [dated('2026-04-02', { does: 'charge_once', amount: -1500, isOwn: false })];
    const { bills, balance } = reckon(history({ ...monthly, deeds }));
    expect(bills.map(({ total, due }) => [total, due])).toEqual([
      [1000, 1000],
      [-500, 0],
      [1000, 500],
    ]);
    expect(balance).toBe(0);
  });

  it('has coupons for one invoice, and for some months', () => {
    const [once, months] = [coupon({ amount: 100 }, 'once'), coupon({ percent: '10' }, 1)];
    expect(totals(reckon(history({ ...monthly, coupons: [once] })).bills)).toEqual([
      900, 1000, 1000,
    ]);
    expect(totals(reckon(history({ ...monthly, coupons: [months] })).bills)).toEqual([
      900, 1000, 1000,
    ]);
  });

  it('does nothing after the end, and nothing in a trial that is not for trials', () => {
    const deeds = [
      dated('2026-04-02', { does: 'reset_cycle', prorating: 'none' }),
      dated('2026-04-03', { does: 'end_trial' }),
      dated('2026-04-04', { does: 'cancel', prorates: false, invoicesNow: false }),
      dated('2026-04-05', { does: 'unpause' }),
    ] as const;
    const { done, bills } = reckon(history({ ...monthly, trialDays: 7, deeds }));
    expect(done.map(({ deed }) => deed.does)).toEqual(['end_trial', 'cancel']);
    expect(bills.map(({ reason, total }) => [reason, total])).toEqual([
      ['subscription_create', 0],
      ['subscription_update', 1000],
    ]);
  });
});
