import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

const HOUR = 3_600;

describe('meters through the official SDK', () => {
  it('count what is reported once, and not what is taken back', async () => {
    const customer = (await stripe.customers.create()).id;
    const meter = await stripe.billing.meters.create({
      display_name: 'Tokens',
      event_name: 'tokens',
      default_aggregation: { formula: 'sum' },
    });
    const report = (value: string, identifier: string) =>
      stripe.billing.meterEvents.create({
        event_name: 'tokens',
        identifier,
        payload: { stripe_customer_id: customer, value },
      });
    const { timestamp } = await report('25', 'first');
    await report('17', 'second');
    await expect(report('25', 'first')).rejects.toMatchObject({
      statusCode: 400,
      message: 'An event already exists with identifier first.',
    });
    await stripe.billing.meterEventAdjustments.create({
      event_name: 'tokens',
      type: 'cancel',
      cancel: { identifier: 'second' },
    });
    const start_time = timestamp - (timestamp % HOUR);
    const summaries = await stripe.billing.meters.listEventSummaries(meter.id, {
      customer,
      start_time,
      end_time: start_time + HOUR,
      value_grouping_window: 'hour',
    });
    expect(summaries.data).toMatchObject([{ aggregated_value: 25, meter: meter.id, start_time }]);
    expect(await stripe.billing.meters.deactivate(meter.id)).toMatchObject({ status: 'inactive' });
    expect(await stripe.billing.meters.reactivate(meter.id)).toMatchObject({ status: 'active' });
  });

  it('are what metered prices stand on', async () => {
    const meter = await stripe.billing.meters.create({
      display_name: 'Calls',
      event_name: 'calls',
      default_aggregation: { formula: 'count' },
    });
    const price = await stripe.prices.create({
      currency: 'gbp',
      unit_amount: 2,
      product_data: { name: 'Calls' },
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    });
    const found = await stripe.prices.list({ recurring: { meter: meter.id } });
    expect(found.data.map(({ id }) => id)).toEqual([price.id]);
  });
});
