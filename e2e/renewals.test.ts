import { describe, expect, it } from 'vitest';
import { renewals } from './crash/renewals';

/** `npm run test:crash -- --renewals 5000 --workers 8` is the long form of this. */
describe('many renewals at one moment, by workers that are killed', () => {
  it('bill and charge every subscription once', { timeout: 300_000 }, async () => {
    const due = 200;
    const report = await renewals({ due, workers: 3, random: Math.random, say: () => undefined });
    expect(report.kills).toBeGreaterThanOrEqual(3);
    expect(report).toMatchObject({
      invoices: due,
      paid: due,
      charges: due,
      doubled: 0,
      periods: due,
    });
  });
});
