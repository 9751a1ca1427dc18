import { describe, expect, it } from 'vitest';
import { cardStorm } from './crash/cardstream';
import { storm } from './crash/storm';

/** `npm run test:crash -- --cycles 1000` is the long form of this. */
describe('a server that is killed under load', () => {
  it('loses nothing, doubles nothing and leaves nothing open', { timeout: 300_000 }, async () => {
    const report = await storm({
      cycles: 8,
      shoppers: 4,
      random: Math.random,
      say: () => undefined,
    });
    expect(report.acknowledged).toBeGreaterThan(8);
    expect(report.deliveries).toBeGreaterThanOrEqual(2 * report.events);
    expect(Object.values(report.deaths).reduce((sum, count) => sum + count)).toBe(8);
  });
});

/** `npm run test:crash -- --cardstream 10000` is the long form of this. */
describe('a gateway that loses answers, and a server that is killed', () => {
  it('end with both books the same, and nothing left open', { timeout: 300_000 }, async () => {
    const report = await cardStorm({
      payments: 40,
      shoppers: 6,
      random: Math.random,
      say: () => undefined,
    });
    expect(report.payments).toBeGreaterThanOrEqual(40);
    expect(report.lost).toBeGreaterThan(0);
  });
});
