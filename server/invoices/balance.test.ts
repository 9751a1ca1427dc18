import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settleBalance } from './balance';

const settle = (total: number, balance: number, currency: string | null = 'gbp') =>
  settleBalance(total, { balance, currency }, 'gbp');

describe("a customer's balance on an invoice", () => {
  it.each([
    // total, balance before, due, balance after, what moved it
    [2_000, 0, 2_000, 0, []],
    [2_000, -500, 1_500, 0, [[500, 'applied_to_invoice']]],
    [2_000, -2_500, 0, -500, [[2_000, 'applied_to_invoice']]],
    [2_000, 300, 2_300, 0, [[-300, 'applied_to_invoice']]],
    [-700, 0, 0, -700, [[-700, 'applied_to_invoice']]],
    [-700, 1_000, 300, 0, [[-1_000, 'applied_to_invoice']]],
    // Less than 30 pence cannot be charged: https://docs.stripe.com/currencies
    [29, 0, 0, 29, [[29, 'invoice_too_small']]],
    [30, 0, 30, 0, []],
    [
      1_000,
      -980,
      0,
      20,
      [
        [980, 'applied_to_invoice'],
        [20, 'invoice_too_small'],
      ],
    ],
    [0, 0, 0, 0, []],
  ] as const)('of %d with a balance of %d asks for %d and leaves %d', (...expected) => {
    const [total, balance, due, ending, entries] = expected;
    const effect = settle(total, balance);
    expect(effect).toMatchObject({
      amount_due: due,
      starting_balance: balance,
      ending_balance: ending,
    });
    expect(effect.entries.map(({ amount, type }) => [amount, type])).toEqual(entries);
  });

  it('is left alone when it is kept in another currency', () => {
    expect(settle(2_000, -500, 'usd')).toEqual({
      amount_due: 2_000,
      starting_balance: 0,
      ending_balance: 0,
      entries: [],
    });
  });

  it('neither makes nor loses a penny', () => {
    const amount = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(amount, amount, (total, balance) => {
        const { amount_due, ending_balance, entries } = settle(total, balance);
        expect(amount_due + ending_balance).toBe(total + balance);
        expect(balance + entries.reduce((sum, one) => sum + one.amount, 0)).toBe(ending_balance);
        expect(amount_due === 0 || amount_due >= 30).toBe(true);
      }),
    );
  });
});
