import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';
import { arrival, at, receiverOf, traveller } from '@/e2e/support/traveller';

const { stripe } = await served();
const receiver = await receiverOf(stripe);

const { testClocks } = stripe.testHelpers;

describe('test clocks through the official SDK', () => {
  it('are made, advanced, listed and deleted with all that lives by them', async () => {
    const clock = await testClocks.create({ frozen_time: at('2026-01-01'), name: 'January' });
    expect(clock).toMatchObject({ status: 'ready', frozen_time: at('2026-01-01') });
    const customer = await stripe.customers.create({
      test_clock: clock.id,
      expand: ['test_clock'],
    });
    expect(customer.test_clock).toMatchObject({ id: clock.id, name: 'January' });
    const advancing = await testClocks.advance(clock.id, { frozen_time: at('2026-02-01') });
    expect(advancing.status).toBe('advancing');
    await arrival(stripe, clock.id);
    expect(await testClocks.retrieve(clock.id)).toMatchObject({ frozen_time: at('2026-02-01') });
    expect((await testClocks.list({ limit: 1 })).data).toMatchObject([{ id: clock.id }]);
    expect((await stripe.customers.list({ test_clock: clock.id })).data).toHaveLength(1);
    await expect(
      testClocks.advance(clock.id, { frozen_time: at('2026-01-15') }),
    ).rejects.toMatchObject({ statusCode: 400 });
    expect(await testClocks.del(clock.id)).toMatchObject({ deleted: true });
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
  });

  it('take a monthly subscription through three years', async () => {
    const ada = await traveller(stripe, receiver, '2024-01-31T10:00');
    const price = await stripe.prices.create({
      currency: 'gbp',
      unit_amount: 1_000,
      recurring: { interval: 'month' },
      product_data: { name: 'Gold' },
    });
    const subscription = await stripe.subscriptions.create({
      customer: ada.id,
      items: [{ price: price.id }],
    });
    const began = performance.now();
    await ada.travelTo('2027-01-31T12:00');
    const seconds = (performance.now() - began) / 1_000;
    process.stdout.write(`Three years of a monthly subscription took ${seconds.toFixed(1)} s.\n`);

    const days: string[] = [];
    let paid = 0;
    for await (const invoice of stripe.invoices.list({
      subscription: subscription.id,
      limit: 100,
    })) {
      expect(invoice.status).toBe('paid');
      paid += invoice.amount_paid;
      const [line] = invoice.lines.data;
      days.unshift(new Date(line!.period.start * 1_000).toISOString().slice(0, 16));
    }
    expect(paid).toBe(37_000);
    expect(new Set(days).size).toBe(37);
    // The last day of a month that is shorter than the anchor's, and the anchor's own day again.
    expect(days.slice(0, 4)).toEqual([
      '2024-01-31T10:00',
      '2024-02-29T10:00',
      '2024-03-31T10:00',
      '2024-04-30T10:00',
    ]);
    expect(days.slice(12, 15)).toEqual([
      '2025-01-31T10:00',
      '2025-02-28T10:00',
      '2025-03-31T10:00',
    ]);
    const charges = await stripe.charges.list({ customer: ada.id, limit: 100 });
    expect(charges.data).toHaveLength(37);
    expect(await ada.types('invoice.paid')).toHaveLength(37);
  });
});
