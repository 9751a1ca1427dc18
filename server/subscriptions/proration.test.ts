import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Period } from '@/server/kernel/calendar';
import {
  chargeFor,
  creditsOf,
  moveEnd,
  prorate,
  share,
  type Cost,
  type Debit,
  type Proration,
  type Sold,
} from './proration';

const at = (text: string): number => Date.parse(`${text}Z`) / 1000;

const sold = (name: string, quantity = 1): Sold => ({
  subscription_item: 'si_1',
  price: `price_${name}`,
  product: `prod_${name}`,
  name,
  quantity,
  tax_rates: null,
});

const debit = (
  name: string,
  amount: number,
  period: Period,
  given: Partial<Debit> = {},
): Debit => ({
  sold: sold(name),
  amount,
  credited: 0,
  period,
  until: period.end,
  ...given,
  source: { invoice: 'inv_1', line: `il_${name}`, invoice_item: null },
});

const cost = (name: string, amount: number, period: Period): Cost => ({
  sold: sold(name),
  amount,
  period,
});

const amounts = (lines: readonly Proration[]): number[] => lines.map(({ amount }) => amount);
const total = (lines: readonly Proration[]): number =>
  lines.reduce((sum, { amount }) => sum + amount, 0);

describe('the worked examples of Stripe', () => {
  // https://docs.stripe.com/billing/subscriptions/prorations
  it('bills 5 USD more for an upgrade from 10 to 20 USD halfway', () => {
    const april = { start: at('2026-04-01T00:00'), end: at('2026-05-01T00:00') };
    const lines = prorate(
      [{ debits: [debit('A', 1000, april)], after: cost('B', 2000, april) }],
      at('2026-04-16T00:00'),
      null,
    );
    expect(amounts(lines)).toEqual([-500, 1000]);
  });

  // The same page, "Preview a proration": the example response, with its timestamps.
  it('previews -1.66 and 5.41 USD for a switch from Silver to Gold five days before the end', () => {
    const period = { start: 1_596_749_288, end: 1_599_427_688 };
    const lines = prorate(
      [
        {
          debits: [debit('Silver plan', 1000, period)],
          after: cost('Gold plan', 3252, period),
        },
      ],
      1_598_982_148,
      null,
    );
    expect(lines).toMatchObject([
      {
        amount: -166,
        description: 'Unused time on Silver plan after 01 Sep 2020',
        period: { start: 1_598_982_148, end: 1_599_427_688 },
        credits: { invoice: 'inv_1', line: 'il_Silver plan' },
      },
      {
        amount: 541,
        description: 'Remaining time on Gold plan after 01 Sep 2020',
        period: { start: 1_598_982_148, end: 1_599_427_688 },
        credits: null,
      },
    ]);
    expect(total(lines) + 3252).toBe(3627);
  });

  // The same page, "Calculation logic with no prorations", billing mode flexible.
  it('credits what was billed on 1 April, not the price that was never paid', () => {
    const april = { start: at('2026-04-01T00:00'), end: at('2026-05-01T00:00') };
    // On 11 April it was changed to 20 USD without prorations: there is no debit of that.
    const lines = prorate(
      [{ debits: [debit('10', 1000, april)], after: cost('10', 1000, april) }],
      at('2026-04-21T00:00'),
      null,
    );
    expect(amounts(lines)).toEqual([-333, 333]);
  });

  // The same page, "Calculation logic for coupons applied to multiple subscription items".
  it('credits 4.17 USD for half of an item that cost 10 USD less 1.66 of a coupon', () => {
    const february = { start: at('2026-02-01T00:00'), end: at('2026-03-01T00:00') };
    const lines = prorate(
      [{ debits: [debit('10', 1000 - 166, february)], after: null }],
      at('2026-02-15T00:00'),
      null,
    );
    expect(amounts(lines)).toEqual([-417]);
  });

  // https://docs.stripe.com/api/subscriptions/update: 100 on 1 May, 200 from the middle of May on.
  it('bills 250 on 1 June: 200 for June and 50 for the second half of May', () => {
    const may = { start: at('2026-05-01T00:00'), end: at('2026-06-01T00:00') };
    const lines = prorate(
      [{ debits: [debit('100', 10_000, may)], after: cost('200', 20_000, may) }],
      at('2026-05-16T12:00'),
      null,
    );
    expect(total(lines) + 20_000).toBe(25_000);
  });
});

describe('prorate', () => {
  const period = { start: 1000, end: 2000 };

  it('names the quantity where there is more than one', () => {
    const seats: Cost = { sold: sold('Seat', 3), amount: 3000, period };
    expect(chargeFor(seats, { start: 1500, end: 2000 })).toMatchObject([
      { amount: 1500, description: 'Remaining time on 3 × Seat after 01 Jan 1970' },
    ]);
  });

  it('gives back each debit by itself where several cover the rest', () => {
    const debits = [debit('A', 1000, period), debit('B', 501, { start: 1500, end: 2000 })];
    expect(creditsOf(debits, 1750)).toMatchObject([
      { amount: -250, credits: { line: 'il_A' } },
      { amount: -251, credits: { line: 'il_B' } },
    ]);
  });

  it('gives back the rest of what is credited in part', () => {
    expect(
      amounts(creditsOf([debit('A', 1000, period, { credited: 250, until: 1750 })], 1500)),
    ).toEqual([-250]);
  });

  it('gives back nothing twice, and nothing that is used', () => {
    expect(creditsOf([debit('A', 1000, period, { credited: 500, until: 1500 })], 1500)).toEqual([]);
    expect(creditsOf([debit('A', 1000, period)], 2000)).toEqual([]);
  });

  it('gives back what was charged since, when the change counts from before', () => {
    expect(creditsOf([debit('B', 500, { start: 1500, end: 2000 })], 1200)).toMatchObject([
      { amount: -500, period: { start: 1500, end: 2000 } },
    ]);
  });

  it('charges up to where the subscription ends', () => {
    const lines = prorate(
      [
        {
          debits: [debit('A', 1000, period, { credited: 250, until: 1750 })],
          after: cost('B', 2000, period),
        },
      ],
      1500,
      1750,
    );
    expect(amounts(lines)).toEqual([-250, 500]);
  });

  it('leaves out what comes to nothing', () => {
    expect(prorate([{ debits: [], after: cost('Free', 0, period) }], 1500, null)).toEqual([]);
  });
});

describe('moveEnd', () => {
  const period = { start: 1000, end: 2000 };
  const endingAt = (until: number) => [
    {
      debits: [debit('A', 1000, period, { credited: 2000 - until, until })],
      after: cost('A', 1000, period),
    },
  ];

  it('gives back what is behind the new end', () => {
    expect(moveEnd(endingAt(2000), 1600)).toMatchObject([
      { amount: -400, period: { start: 1600, end: 2000 } },
    ]);
  });

  it('gives back only what the earlier end did not', () => {
    expect(moveEnd(endingAt(1600), 1300)).toMatchObject([
      { amount: -300, period: { start: 1300, end: 1600 } },
    ]);
  });

  it('asks for it again when the end is taken back', () => {
    expect(moveEnd(endingAt(1600), null)).toMatchObject([
      { amount: 400, period: { start: 1600, end: 2000 } },
    ]);
  });

  it('asks for nothing that was not given back', () => {
    expect(moveEnd(endingAt(2000), null)).toEqual([]);
  });

  it('says nothing of an end that is in a later period', () => {
    expect(moveEnd(endingAt(2000), 2500)).toEqual([]);
  });
});

/** What was charged for an item within one period, as changes came to it. */
interface Ledger {
  readonly debits: Debit[];
  /** Pence, over everything so far. */
  billed: number;
}

function apply(ledger: Ledger, lines: readonly Proration[]): void {
  for (const { amount, period, sold: what, credits } of lines) {
    ledger.billed += amount;
    if (credits === null) {
      const source = { invoice: 'inv_1', line: `il_${ledger.debits.length}`, invoice_item: null };
      ledger.debits.push({ sold: what, amount, credited: 0, period, until: period.end, source });
      continue;
    }
    const index = ledger.debits.findIndex(({ source }) => source?.line === credits.line);
    const given = ledger.debits[index]!;
    const until = Math.min(given.until, period.start);
    ledger.debits[index] = { ...given, credited: given.credited - amount, until };
  }
}

const START = at('2024-01-31T00:00');
const histories = fc.record({
  /** From an hour to three years. */
  length: fc.integer({ min: 3600, max: 3 * 366 * 86_400 }),
  first: fc.integer({ min: 0, max: 2_000_000 }),
  changes: fc.array(
    fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      amount: fc.integer({ min: 0, max: 2_000_000 }),
    }),
    { maxLength: 12 },
  ),
});

describe('over a whole period', () => {
  it('keeps of every debit the share that was used, to the penny', () => {
    fc.assert(
      fc.property(histories, ({ length, first, changes }) => {
        const period = { start: START, end: START + length };
        const ledger: Ledger = { debits: [debit('0', first, period)], billed: first };
        const instants = instantsOf(changes, period);
        changes.forEach(({ amount }, index) => {
          const after = cost(String(index + 1), amount, period);
          apply(ledger, prorate([{ debits: ledger.debits, after }], instants[index]!, null));
        });

        for (const { amount, credited, period: paid, sold: what } of ledger.debits) {
          // Each is used until the change after the one that charged it.
          const until = instants[Number(what.name)] ?? period.end;
          const used = share(amount, { start: paid.start, end: until }, paid);
          // Half a penny is rounded up in the credit, so it may be rounded down in what is kept.
          expect(Math.abs(amount - credited - used)).toBeLessThanOrEqual(
            isHalf(amount, until - paid.start, paid.end - paid.start) ? 1 : 0,
          );
        }
        expect(ledger.billed).toBe(
          ledger.debits.reduce((sum, { amount, credited }) => sum + amount - credited, 0),
        );
      }),
    );
  });

  it('bills the price by the second, give or take a penny for each change', () => {
    fc.assert(
      fc.property(histories, ({ length, first, changes }) => {
        const period = { start: START, end: START + length };
        const ledger: Ledger = { debits: [debit('0', first, period)], billed: first };
        const instants = instantsOf(changes, period);
        let used = 0n;
        let [price, since] = [first, period.start];
        changes.forEach(({ amount }, index) => {
          const when = instants[index]!;
          apply(
            ledger,
            prorate(
              [{ debits: ledger.debits, after: cost(`${index}`, amount, period) }],
              when,
              null,
            ),
          );
          used += BigInt(price) * BigInt(when - since);
          [price, since] = [amount, when];
        });
        used += BigInt(price) * BigInt(period.end - since);
        // Both sides times the length of the period: no division, no rounding.
        const difference = BigInt(ledger.billed) * BigInt(length) - used;
        expect(difference < 0n ? -difference : difference).toBeLessThanOrEqual(
          BigInt(length) * BigInt(changes.length),
        );
      }),
    );
  });

  it('bills the price where it is changed to the same price, give or take a penny a later change', () => {
    fc.assert(
      fc.property(histories, ({ length, first, changes }) => {
        const period = { start: START, end: START + length };
        const ledger: Ledger = { debits: [debit('0', first, period)], billed: first };
        for (const [index, when] of instantsOf(changes, period).entries()) {
          const again = cost(String(index + 1), first, period);
          apply(ledger, prorate([{ debits: ledger.debits, after: again }], when, null));
          // The first charge repeats its debit exactly; a later one is rounded beside a rounded one.
          expect(Math.abs(ledger.billed - first)).toBeLessThanOrEqual(index);
        }
      }),
    );
  });

  it('never gives back more than was charged, in whatever order changes count from', () => {
    fc.assert(
      fc.property(histories, ({ length, first, changes }) => {
        const period = { start: START, end: START + length };
        const ledger: Ledger = { debits: [debit('0', first, period)], billed: first };
        changes.forEach(({ amount, share: part }, index) => {
          // Not in the order of time: `proration_date` may look back.
          const when = period.start + Math.floor(part * length);
          const after = cost(String(index + 1), amount, period);
          apply(ledger, prorate([{ debits: ledger.debits, after }], when, null));
          for (const one of ledger.debits) {
            expect(one.credited).toBeGreaterThanOrEqual(0);
            expect(one.credited).toBeLessThanOrEqual(one.amount);
          }
        });
        apply(ledger, creditsOf(ledger.debits, period.start));
        expect(ledger.billed).toBe(0);
      }),
    );
  });

  it('comes back to where it was when an end is set and taken back', () => {
    fc.assert(
      fc.property(histories, ({ length, first, changes }) => {
        const period = { start: START, end: START + length };
        const ledger: Ledger = { debits: [debit('0', first, period)], billed: first };
        for (const { share: part } of changes) {
          const end = period.start + Math.floor(part * length);
          const change = () => [{ debits: ledger.debits, after: cost('0', first, period) }];
          apply(ledger, moveEnd(change(), end));
          apply(ledger, moveEnd(change(), null));
        }
        expect(ledger.billed).toBe(first);
      }),
    );
  });
});

const instantsOf = (changes: readonly { share: number }[], { start, end }: Period): number[] =>
  changes
    .map(({ share: part }) => start + Math.floor(part * (end - start)))
    .toSorted((a, b) => a - b);

const isHalf = (amount: number, part: number, whole: number): boolean =>
  (BigInt(amount) * BigInt(part) * 2n) % BigInt(whole) === 0n;
