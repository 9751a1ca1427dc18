import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { expectContract } from '@/e2e/support/contract';
import { customers } from '@/server/customers';
import type { Command } from '@/server/kernel/operation';
import { meter_events, meters, usageOf } from '@/server/meters';
import { test_clocks } from '@/server/test_clocks';
import { createApi, type Api } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

const { create, retrieve, update, deactivate, reactivate, list, listEventSummaries } =
  meters.operations;
const { create: report, adjust } = meter_events.operations;

let world: TestWorld;
let api: Api;
let tenant: TestTenant;
let customer: string;

beforeAll(async () => {
  world = await createWorld();
  api = createApi(world);
});
afterAll(() => world.close());

/** Noon: days and hours begin around it. */
const NOON = Date.UTC(2026, 2, 1, 12) / 1000;
const HOUR = 3_600;
const DAY = 24 * HOUR;

beforeEach(async () => {
  world.now = new Date(NOON * 1000);
  tenant = await world.project();
  customer = (await run(customers.operations.create, {})).id;
});

const run = <S extends z.ZodType, A extends { object: string }>(
  command: Command<S, A>,
  input: z.input<S>,
  who = tenant,
) => who.ctx.transaction((tx) => command.run(tx, command.input.parse(input)));

const newMeter = (formula: 'count' | 'last' | 'sum' = 'sum', given: object = {}) =>
  run(create, {
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula },
    ...given,
  });

/** Usage of the customer, `at` seconds after noon. */
const use = (value: string | number, at = 0, given: object = {}) =>
  run(report, {
    event_name: 'calls',
    payload: { stripe_customer_id: customer, value: String(value) },
    timestamp: NOON + at,
    ...given,
  });

const used = (meter: string, from = -DAY, to = DAY) =>
  usageOf(tenant.scope, meter, customer, NOON + from, NOON + to);

const eventsOf = (id: string) =>
  world.admin`select type, data -> 'previous_attributes' as previous from events
    where related_object = ${id} order by id`.then((rows) =>
    rows.map(({ type, previous }) => [type, previous] as const),
  );

const missing = { status: 404, details: { code: 'resource_missing' } };

describe('POST /v1/billing/meters', () => {
  it('creates one with Stripe’s keys, and announces it', async () => {
    const meter = await newMeter();
    expectContract(meter);
    expect(meter).toMatchObject({
      object: 'billing.meter',
      customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' },
      default_aggregation: { formula: 'sum' },
      display_name: 'Calls',
      event_name: 'calls',
      event_time_window: null,
      status: 'active',
      status_transitions: { deactivated_at: null },
      value_settings: { event_payload_key: 'value' },
    });
    expect(await retrieve.run(tenant.scope, { id: meter.id })).toEqual(meter);
    expect(await eventsOf(meter.id)).toEqual([['billing.meter.created', null]]);
  });

  it('gives an event name to one of many that want it at once', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => newMeter()));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tries) {
      if (one.status === 'fulfilled') continue;
      expect(one.reason).toMatchObject({
        status: 400,
        details: { code: 'resource_already_exists', param: 'event_name' },
      });
    }
  });
});

describe('POST /v1/billing/meters/:id', () => {
  it('changes its name alone', async () => {
    const { id } = await newMeter();
    world.now = new Date((NOON + 60) * 1000);
    const meter = await run(update, { id, display_name: 'API calls' });
    expect(meter).toMatchObject({ display_name: 'API calls', updated: NOON + 60, created: NOON });
    expect((await eventsOf(id)).at(-1)).toEqual([
      'billing.meter.updated',
      { display_name: 'Calls', updated: NOON },
    ]);
    expect(update.input.safeParse({ id, event_name: 'other' }).success).toBe(false);
  });

  it('stops it, starts it, and leaves its event name to another meanwhile', async () => {
    const { id } = await newMeter();
    const stopped = await run(deactivate, { id });
    expectContract(stopped);
    expect(stopped).toMatchObject({
      status: 'inactive',
      status_transitions: { deactivated_at: NOON },
    });
    await expect(run(deactivate, { id })).rejects.toMatchObject({ status: 400 });

    const other = await newMeter();
    await expect(run(reactivate, { id })).rejects.toMatchObject({
      details: { code: 'resource_already_exists' },
    });
    await run(deactivate, { id: other.id });
    expect(await run(reactivate, { id })).toMatchObject({
      status: 'active',
      status_transitions: { deactivated_at: null },
    });
    await expect(run(reactivate, { id })).rejects.toMatchObject({ status: 400 });
    expect((await eventsOf(id)).map(([type]) => type)).toEqual([
      'billing.meter.created',
      'billing.meter.deactivated',
      'billing.meter.reactivated',
    ]);
  });

  it('cannot see one that is unknown or of another project', async () => {
    const { id } = await newMeter();
    const other = await world.project();
    for (const command of [update, deactivate, reactivate]) {
      await expect(run(command, { id: 'mtr_none' })).rejects.toMatchObject(missing);
      await expect(run(command, { id }, other)).rejects.toMatchObject(missing);
    }
    await expect(retrieve.run(other.scope, { id })).rejects.toMatchObject(missing);
  });
});

describe('GET /v1/billing/meters', () => {
  it('lists both ways, and by status', async () => {
    const names = ['a', 'b', 'c'].map((event_name) => ({ event_name }));
    const [first, second, third] = [
      await newMeter('sum', names[0]),
      await newMeter('count', names[1]),
      await newMeter('last', names[2]),
    ].map(({ id }) => id);
    await run(deactivate, { id: second! });
    const ids = async (params: z.input<typeof list.input>) =>
      (await list.run(tenant.scope, params)).data.map(({ id }) => id);
    expect(await ids({})).toEqual([third, second, first]);
    expect(await ids({ starting_after: third!, limit: 1 })).toEqual([second]);
    expect(await ids({ ending_before: first!, limit: 1 })).toEqual([second]);
    expect(await ids({ status: 'inactive' })).toEqual([second]);
    expect(await ids({ status: 'active' })).toEqual([third, first]);
  });
});

describe('POST /v1/billing/meter_events', () => {
  it('takes what a client sends as a form, and answers it', async () => {
    const meter = await newMeter();
    const { body } = await api({
      key: tenant.secretKey,
      method: 'POST',
      path: '/v1/billing/meter_events',
      body: `event_name=calls&payload[value]=25&payload[stripe_customer_id]=${customer}&payload[region]=eu`,
    });
    expect(body).toMatchObject({
      object: 'billing.meter_event',
      event_name: 'calls',
      created: NOON,
      timestamp: NOON,
      payload: { value: '25', stripe_customer_id: customer, region: 'eu' },
    });
    expect(body['identifier']).toMatch(/^mtr_evt_/);
    expect(await used(meter.id)).toBe('25');
  });

  it('counts once what is reported twice, also at once', async () => {
    const meter = await newMeter();
    const tries = await Promise.allSettled(
      Array.from({ length: 5 }, () => use(7, 0, { identifier: 'order-1' })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(use(9, 0, { identifier: 'order-1' })).rejects.toMatchObject({
      status: 400,
      message: 'An event already exists with identifier order-1.',
      shouldRetry: false,
    });
    expect(await used(meter.id)).toBe('7');
  });

  it('takes the keys that the meter names', async () => {
    const meter = await newMeter('sum', {
      customer_mapping: { event_payload_key: 'who', type: 'by_id' },
      value_settings: { event_payload_key: 'tokens' },
    });
    await use(1, 0, { payload: { who: customer, tokens: '1.5' } });
    expect(await used(meter.id)).toBe('1.5');
    await expect(use(1)).rejects.toMatchObject({
      details: { code: 'meter_event_no_customer_defined', param: 'payload[who]' },
    });
  });

  it.each([
    ['', 'meter_event_invalid_value'],
    ['many', 'meter_event_invalid_value'],
    ['1e3', 'meter_event_invalid_value'],
    ['1234567890123456', 'meter_event_value_too_many_digits'],
    ['0.1234567890123', 'meter_event_value_too_many_digits'],
  ])('refuses the value %j', async (value, code) => {
    await newMeter();
    await expect(use(value)).rejects.toMatchObject({
      status: 400,
      details: { code, param: 'payload[value]' },
    });
  });

  it('refuses a customer that does not exist, and one of another project', async () => {
    await newMeter();
    const payload = (id: string) => ({ payload: { stripe_customer_id: id, value: '1' } });
    const error = {
      status: 400,
      details: { code: 'resource_missing', param: 'payload[stripe_customer_id]' },
    };
    await expect(use(1, 0, payload('cus_none'))).rejects.toMatchObject(error);
    const other = await world.project();
    const theirs = (await run(customers.operations.create, {}, other)).id;
    await expect(use(1, 0, payload(theirs))).rejects.toMatchObject(error);
  });

  it('refuses an event that no meter counts', async () => {
    await expect(use(1)).rejects.toMatchObject({ details: { code: 'no_meter' } });
    const { id } = await newMeter();
    await run(deactivate, { id });
    await expect(use(1)).rejects.toMatchObject({
      details: { code: 'archived_meter', param: 'event_name' },
    });
  });

  it('refuses what is older than 35 days, or more than 5 minutes ahead', async () => {
    await newMeter();
    await use(1, -35 * DAY);
    await expect(use(1, -35 * DAY - 1)).rejects.toMatchObject({
      message: `The event timestamp cannot be more than 35 days in past. Expected a timestamp greater than or equal to ${NOON - 35 * DAY}.`,
      details: { code: 'timestamp_too_far_in_past', param: 'timestamp' },
    });
    await use(1, 300);
    await expect(use(1, 301)).rejects.toMatchObject({
      details: { code: 'timestamp_in_future', param: 'timestamp' },
    });
  });

  it('is at the time of the customer’s test clock', async () => {
    const meter = await newMeter();
    const frozen_time = NOON + 100 * DAY;
    const clock = await run(test_clocks.operations.create, { frozen_time });
    customer = (await run(customers.operations.create, { test_clock: clock.id })).id;
    expect(await use(3, 0, { timestamp: undefined })).toMatchObject({ timestamp: frozen_time });
    await expect(use(1)).rejects.toMatchObject({ details: { code: 'timestamp_too_far_in_past' } });
    expect(await used(meter.id, 100 * DAY, 101 * DAY)).toBe('3');
  });
});

describe('POST /v1/billing/meter_event_adjustments', () => {
  const cancel = (identifier: string, event_name = 'calls') =>
    run(adjust, { event_name, type: 'cancel', cancel: { identifier } });

  it('takes an event back, once', async () => {
    const meter = await newMeter();
    await use(5, 0, { identifier: 'a' });
    await use(7, 0, { identifier: 'b' });
    world.now = new Date((NOON + DAY) * 1000);
    const adjustment = await cancel('a');
    expectContract(adjustment);
    expect(adjustment).toEqual({
      object: 'billing.meter_event_adjustment',
      cancel: { identifier: 'a' },
      event_name: 'calls',
      livemode: false,
      status: 'complete',
      type: 'cancel',
    });
    expect(await used(meter.id)).toBe('7');
    await expect(cancel('a')).rejects.toMatchObject({ status: 400 });
    await expect(use(5, 0, { identifier: 'a' })).rejects.toMatchObject({ status: 400 });
  });

  it('refuses after 24 hours, and what was not reported', async () => {
    await newMeter();
    await use(5, 0, { identifier: 'a' });
    const unknown = {
      status: 400,
      details: { code: 'resource_missing', param: 'cancel[identifier]' },
    };
    await expect(cancel('b')).rejects.toMatchObject(unknown);
    await expect(cancel('a', 'others')).rejects.toMatchObject(unknown);
    world.now = new Date((NOON + DAY + 1) * 1000);
    await expect(cancel('a')).rejects.toMatchObject({
      status: 400,
      details: { param: 'cancel[identifier]' },
    });
  });
});

describe('usage', () => {
  it('is the sum, the number or the last of what was reported, exactly', async () => {
    const sum = await newMeter('sum');
    for (const value of ['0.1', '0.2', '-0.05', '100000000000000.000000000001']) await use(value);
    expect(await used(sum.id)).toBe('100000000000000.250000000001');
    await run(deactivate, { id: sum.id });

    const count = await newMeter('count');
    await use('ignored');
    await use('');
    expect(await used(count.id)).toBe('2');
    await run(deactivate, { id: count.id });

    const last = await newMeter('last');
    await use(5, -60);
    await use(9, -60);
    await use(4, -120);
    expect(await used(last.id)).toBe('9');
  });

  it('is of one customer, from the first second to before the last', async () => {
    const { id } = await newMeter();
    await use(1, -HOUR);
    await use(10, -1);
    await use(100, 0);
    expect(await used(id, -HOUR, 0)).toBe('11');
    expect(await used(id, -HOUR + 1, 1)).toBe('110');
    expect(await used(id, 0, 0)).toBe('0');
    customer = (await run(customers.operations.create, {})).id;
    expect(await used(id)).toBe('0');
  });

  it('is never less than nothing', async () => {
    const { id } = await newMeter();
    await use(-5);
    expect(await used(id)).toBe('0');
  });

  it('of a meter that is reported by the hour takes the last of each hour', async () => {
    const { id } = await newMeter('sum', { event_time_window: 'hour' });
    await use(5, -2 * HOUR);
    await use(7, -2 * HOUR + 10);
    await use(100, -1);
    await use(1, 0);
    expect(await used(id)).toBe('108');
  });

  it('sees what the same transaction reported', async () => {
    const { id } = await newMeter();
    const told = await tenant.ctx.transaction(async (tx) => {
      const payload = { stripe_customer_id: customer, value: '3' };
      await report.run(tx, { event_name: 'calls', payload });
      return usageOf(tx, id, customer, NOON, NOON + 1);
    });
    expect(told).toBe('3');
  });
});

describe('GET /v1/billing/meters/:id/event_summaries', () => {
  const summaries = (id: string, given: object = {}) =>
    listEventSummaries.run(
      tenant.scope,
      listEventSummaries.input.parse({
        id,
        customer,
        start_time: NOON - 12 * HOUR,
        end_time: NOON + 12 * HOUR,
        ...given,
      }),
    );
  const valuesOf = ({ data }: Awaited<ReturnType<typeof summaries>>) =>
    data.map((one) => [(one.start_time - NOON) / HOUR, one.aggregated_value]);

  it('tells the whole, also where it is nothing', async () => {
    const { id } = await newMeter();
    expect(valuesOf(await summaries(id))).toEqual([[-12, 0]]);
    await use('2.5');
    await use('-4', -60);
    const page = await summaries(id);
    for (const one of page.data) expectContract(one);
    expect(page).toMatchObject({
      has_more: false,
      data: [
        {
          object: 'billing.meter_event_summary',
          aggregated_value: -1.5,
          meter: id,
          start_time: NOON - 12 * HOUR,
          end_time: NOON + 12 * HOUR,
        },
      ],
    });
    expect(await summaries(id, { starting_after: page.data[0]?.id })).toMatchObject({ data: [] });
  });

  it('groups by hour and day, the newest first, without those where nothing was', async () => {
    const { id } = await newMeter();
    for (const hour of [-8, -8, -3, -1, 0]) await use(hour + 10, hour * HOUR + 59);
    const hourly = { value_grouping_window: 'hour' };
    expect(valuesOf(await summaries(id, hourly))).toEqual([
      [0, 10],
      [-1, 9],
      [-3, 7],
      [-8, 4],
    ]);
    expect(valuesOf(await summaries(id, { value_grouping_window: 'day' }))).toEqual([[-12, 30]]);
  });

  it('pages both ways', async () => {
    const { id } = await newMeter();
    for (const hour of [-8, -6, -3, -1, 0]) await use(1, hour * HOUR);
    const hourly = { value_grouping_window: 'hour', limit: 2 };
    const first = await summaries(id, hourly);
    expect(valuesOf(first).map(([hour]) => hour)).toEqual([0, -1]);
    expect(first.has_more).toBe(true);
    const second = await summaries(id, { ...hourly, starting_after: first.data[1]?.id });
    expect(valuesOf(second).map(([hour]) => hour)).toEqual([-3, -6]);
    const third = await summaries(id, { ...hourly, starting_after: second.data[1]?.id });
    expect(valuesOf(third).map(([hour]) => hour)).toEqual([-8]);
    expect(third.has_more).toBe(false);
    const back = await summaries(id, { ...hourly, ending_before: third.data[0]?.id });
    expect(back).toMatchObject({ data: second.data, has_more: true });
    await expect(summaries(id, { ...hourly, starting_after: 'mtrusg_1' })).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'starting_after' },
    });
    const both = { starting_after: first.data[0]?.id, ending_before: first.data[1]?.id };
    await expect(summaries(id, { ...hourly, ...both })).rejects.toMatchObject({
      details: { code: 'parameters_exclusive' },
    });
  });

  it.each([
    [{ start_time: NOON - 61 }, 'start_time'],
    [{ end_time: NOON + 61 }, 'end_time'],
    [{ end_time: NOON - 12 * HOUR }, 'end_time'],
    [{ value_grouping_window: 'hour', end_time: NOON + 60 }, 'end_time'],
    [{ value_grouping_window: 'day', start_time: NOON - HOUR }, 'start_time'],
    [{ customer: 'cus_none' }, 'customer'],
  ])('refuses %j', async (given, param) => {
    const { id } = await newMeter();
    await expect(summaries(id, given)).rejects.toMatchObject({ status: 400, details: { param } });
  });

  it('knows no meter of another project', async () => {
    await expect(summaries('mtr_none')).rejects.toMatchObject(missing);
  });
});
