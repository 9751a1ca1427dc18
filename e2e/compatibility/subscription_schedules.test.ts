import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerProcess } from '@/e2e/support/process';
import { startServer } from '@/e2e/support/server';
import { strictStripe } from '@/e2e/support/stripe';

let server: ServerProcess;
let stripe: Stripe;
beforeAll(async () => {
  server = await startServer();
  stripe = strictStripe(server);
});
afterAll(() => server.stop());

const at = (iso: string): number => Date.parse(iso) / 1000;

const priceOf = (unit_amount: number, name: string): Promise<Stripe.Price> =>
  stripe.prices.create({
    currency: 'gbp',
    unit_amount,
    recurring: { interval: 'month' },
    product_data: { name },
  });

/** A customer with a card, who lives by a clock. */
async function customerAt(iso: string): Promise<{ customer: string; clock: string }> {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: at(iso) });
  const customer = await stripe.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    test_clock: clock.id,
  });
  return { customer: customer.id, clock: clock.id };
}

async function advance(clock: string, iso: string): Promise<void> {
  await stripe.testHelpers.testClocks.advance(clock, { frozen_time: at(iso) });
  await expect
    .poll(async () => (await stripe.testHelpers.testClocks.retrieve(clock)).status, {
      timeout: 30_000,
    })
    .toBe('ready');
}

const totals = async (customer: string): Promise<number[]> =>
  (await stripe.invoices.list({ customer, limit: 100 })).data
    .toReversed()
    .map(({ total }) => total);

describe('subscription schedules through the official SDK', () => {
  it('upgrades after an introduction, and is paid in full by instalments', async () => {
    const { customer, clock } = await customerAt('2026-01-31T00:00:00Z');
    const [print, digital] = [await priceOf(1_000, 'Print'), await priceOf(2_000, 'Digital')];
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' });
    const schedule = await stripe.subscriptionSchedules.create({
      customer,
      start_date: 'now',
      end_behavior: 'cancel',
      phases: [
        {
          items: [{ price: print.id }],
          discounts: [{ coupon: coupon.id }],
          duration: { interval: 'month', interval_count: 2 },
        },
        {
          items: [{ price: print.id }, { price: digital.id, quantity: 2 }],
          duration: { interval: 'month', interval_count: 3 },
          metadata: { edition: 'both' },
        },
      ],
      expand: ['subscription', 'phases.items.price', 'phases.discounts.coupon'],
    });
    expect(schedule).toMatchObject({
      status: 'active',
      subscription: { object: 'subscription', status: 'active', schedule: schedule.id },
      phases: [
        {
          discounts: [{ coupon: { percent_off: 50 } }],
          items: [{ price: { unit_amount: 1_000 } }],
        },
        {},
      ],
    });
    await advance(clock, '2026-04-15T00:00:00Z');
    const current = await stripe.subscriptionSchedules.retrieve(schedule.id);
    expect(current.current_phase).toEqual({
      start_date: at('2026-03-31T00:00:00Z'),
      end_date: at('2026-06-30T00:00:00Z'),
    });
    const preview = await stripe.invoices.createPreview({ schedule: schedule.id });
    expect(preview.total).toBe(5_000);
    await advance(clock, '2026-12-01T00:00:00Z');
    expect(await stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({
      status: 'completed',
      completed_at: at('2026-06-30T00:00:00Z'),
    });
    expect(await totals(customer)).toEqual([500, 500, 5_000, 5_000, 5_000]);
    const [subscription] = (await stripe.subscriptions.list({ customer, status: 'all' })).data;
    expect(subscription).toMatchObject({ status: 'canceled', metadata: { edition: 'both' } });
  });

  it('plans a downgrade for the end of the period of a subscription that there is', async () => {
    const { customer, clock } = await customerAt('2026-03-01T00:00:00Z');
    const [premium, basic] = [await priceOf(3_000, 'Premium'), await priceOf(1_000, 'Basic')];
    const subscription = await stripe.subscriptions.create({
      customer,
      items: [{ price: premium.id }],
    });
    const schedule = await stripe.subscriptionSchedules.create({
      from_subscription: subscription.id,
    });
    const [phase] = schedule.phases;
    const updated = await stripe.subscriptionSchedules.update(schedule.id, {
      phases: [
        {
          items: [{ price: premium.id, quantity: 1 }],
          start_date: phase?.start_date ?? 0,
          end_date: phase?.end_date ?? 0,
        },
        { items: [{ price: basic.id }], duration: { interval: 'month' } },
      ],
    });
    expect(updated.phases.map(({ start_date }) => start_date)).toEqual([
      at('2026-03-01T00:00:00Z'),
      at('2026-04-01T00:00:00Z'),
    ]);
    await expect(
      stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }),
    ).rejects.toThrow('managed by the subscription schedule');
    await advance(clock, '2026-04-01T02:00:00Z');
    const released = await stripe.subscriptionSchedules.release(schedule.id);
    expect(released).toMatchObject({ status: 'released', released_subscription: subscription.id });
    await advance(clock, '2026-05-01T02:00:00Z');
    expect(await totals(customer)).toEqual([3_000, 1_000, 1_000]);
  });

  it('cancels one that has not started, and finds it by that', async () => {
    const customer = await stripe.customers.create();
    const price = await priceOf(1_000, 'Never');
    const schedule = await stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: Math.floor(Date.now() / 1000) + 86_400,
      phases: [{ items: [{ price: price.id }] }],
    });
    const waiting = await stripe.subscriptionSchedules.list({
      customer: customer.id,
      scheduled: true,
    });
    expect(waiting.data.map(({ id }) => id)).toEqual([schedule.id]);
    const canceled = await stripe.subscriptionSchedules.cancel(schedule.id);
    expect(canceled).toMatchObject({ status: 'canceled', subscription: null });
    const found = await stripe.subscriptionSchedules.list({
      canceled_at: { gte: schedule.created },
    });
    expect(found.data.map(({ id }) => id)).toContain(schedule.id);
  });
});
