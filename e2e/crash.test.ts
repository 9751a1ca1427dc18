import { describe, expect, it } from 'vitest';
import { storm } from './crash/storm';

/** `npm run test:crash -- --cycles 1000` is the long form of this. */
describe('a server that is killed under load', () => {
  it('loses nothing, doubles nothing and leaves nothing open', { timeout: 180_000 }, async () => {
    const report = await storm({
      cycles: 8,
      shoppers: 4,
      random: Math.random,
      say: () => undefined,
    });
    expect(report.acknowledged).toBeGreaterThan(50);
    expect(report.deliveries).toBeGreaterThanOrEqual(2 * report.events);
    expect(Object.values(report.deaths).reduce((sum, count) => sum + count)).toBe(8);
  });
});
