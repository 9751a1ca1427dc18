import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import { expectContract } from '@/e2e/support/contract';
import { timed } from '@/server/schedule';
import { ctxOf } from '@/server/context';
import { coupons } from '@/server/coupons';
import { customers } from '@/server/customers';
import { invoices } from '@/server/invoices';
import { prices } from '@/server/prices';
import { subscriptions } from '@/server/subscriptions';
import { tax_rates } from '@/server/tax_rates';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import type { Timed } from '@/server/kernel/due';
import { test_clocks } from '@/server/test_clocks';
import { advanceClocks, runTimed } from '@/server/timed';
import { cancel, create, list, release, retrieve, update } from './operations';

let world: TestWorld;
let tenant: TestTenant;
let clock: Stripe.TestHelpers.TestClock;
let customer: Stripe.Customer;
let silver: Stripe.Price;
let gold: Stripe.Price;

const at = (iso: string): number => Date.parse(iso) / 1000;

const START = '2026-01-31T00:00:00Z';

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  world.now = new Date('2026-03-01T12:00:00Z');
  tenant = await world.project();
  clock = await ask(tenant, test_clocks.operations.create, { frozen_time: at(START) });
  customer = await ask(tenant, customers.operations.create, {
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    test_clock: clock.id,
  });
  [silver, gold] = [await priceOf(1_000, 'Silver'), await priceOf(3_000, 'Gold')];
});

const priceOf = (
  unit_amount: number,
  name: string,
  interval: 'month' | 'week' | 'year' = 'month',
): Promise<Stripe.Price> =>
  ask(tenant, prices.operations.create, {
    currency: 'gbp',
    unit_amount,
    recurring: { interval },
    product_data: { name },
  });

type Given = Partial<Parameters<typeof ask<typeof create>>[2]>;

const months = (interval_count: number) => ({ interval: 'month' as const, interval_count });

const schedule = async (given: Given = {}): Promise<Stripe.SubscriptionSchedule> => {
  const made = await ask(tenant, create, {
    customer: customer.id,
    phases: [{ items: [{ price: silver.id }], duration: months(1) }],
    ...given,
  });
  expectContract(made);
  return made;
};

const system = () => ({
  ...world.runtime,
  ctxOf: (who: Parameters<typeof ctxOf>[1]) => ctxOf(world.runtime, who),
});

const advance = async (iso: string): Promise<void> => {
  await ask(tenant, test_clocks.operations.advance, { id: clock.id, frozen_time: at(iso) });
  await advanceClocks(timed)(system());
  const { status } = await ask(tenant, test_clocks.operations.retrieve, { id: clock.id });
  expect(status).toBe('ready');
};

const subscriptionOf = (one: Stripe.SubscriptionSchedule): Promise<Stripe.Subscription> =>
  ask(tenant, subscriptions.operations.retrieve, {
    id: String(one.subscription ?? one.released_subscription),
  });

const seen = (one: Stripe.SubscriptionSchedule) => ask(tenant, retrieve, { id: one.id });

const billed = async (): Promise<{ total: number; status: string | null; lines: string[] }[]> => {
  const page = await ask(tenant, invoices.operations.list, { customer: customer.id, limit: 100 });
  return page.data.toReversed().map(({ total, status, lines }) => ({
    total,
    status,
    lines: lines.data.map(
      ({
        amount,
        proration,
        period,
      }: { amount: number; period: Stripe.InvoiceLineItem.Period } & {
        proration?: boolean;
      }) =>
        `${amount} ${day(period.start)}–${day(period.end)}${proration === true ? ' prorated' : ''}`,
    ),
  }));
};

const totals = async (): Promise<number[]> => (await billed()).map(({ total }) => total);

const day = (time: number): string => new Date(time * 1000).toISOString().slice(0, 10);

const eventsOf = (...prefixes: string[]): Promise<string[]> =>
  tenant.ctx.transaction(async (tx) =>
    (await tx.objects<{ type: string }>('select type from events order by id', []))
      .map(({ type }) => type)
      .filter((type) => prefixes.some((prefix) => type.startsWith(prefix))),
  );

const lastEvent = (type: string) =>
  tenant.ctx.transaction(async (tx) => {
    const found = await tx.objects<{
      data: { object: Stripe.SubscriptionSchedule; previous_attributes?: object };
    }>('select data from events where type = $1 order by id desc limit 1', [type]);
    return found[0]?.data;
  });

const datesOf = ({ phases }: Stripe.SubscriptionSchedule): string[] => [
  ...phases.map(({ start_date }) => day(start_date)),
  day(phases.at(-1)?.end_date ?? 0),
];

describe('POST /v1/subscription_schedules', () => {
  it('starts now: an active subscription, whose first invoice is a draft for an hour', async () => {
    const made = await schedule();
    const subscription = await subscriptionOf(made);
    expect(made).toMatchObject({
      status: 'active',
      current_phase: { start_date: at(START), end_date: at('2026-02-28T00:00:00Z') },
      end_behavior: 'release',
      test_clock: clock.id,
    });
    expect(subscription).toMatchObject({
      status: 'active',
      schedule: made.id,
      cancel_at: null,
      billing_cycle_anchor: at(START),
    });
    expect(await billed()).toMatchObject([{ status: 'draft', total: 1_000 }]);
    await advance('2026-01-31T01:00:00Z');
    expect(await billed()).toMatchObject([{ status: 'paid', total: 1_000 }]);
    expect(await eventsOf('subscription_schedule', 'customer.subscription')).toEqual([
      'customer.subscription.created',
      'subscription_schedule.created',
    ]);
  });

  it('starts at a later date, and has no subscription before', async () => {
    const made = await schedule({ start_date: at('2026-03-01T00:00:00Z') });
    expect(made).toMatchObject({ status: 'not_started', subscription: null, current_phase: null });
    await advance('2026-03-01T00:00:00Z');
    const started = await seen(made);
    expect(started).toMatchObject({
      status: 'active',
      current_phase: { start_date: at('2026-03-01T00:00:00Z') },
    });
    expect(await lastEvent('subscription_schedule.updated')).toMatchObject({
      object: { status: 'active' },
      previous_attributes: { status: 'not_started', subscription: null, current_phase: null },
    });
    expect(await subscriptionOf(started)).toMatchObject({
      start_date: at('2026-03-01T00:00:00Z'),
      schedule: made.id,
    });
  });

  it('is backdated, and bills for the time that has passed', async () => {
    const made = await schedule({
      start_date: at('2026-01-01T00:00:00Z'),
      phases: [
        {
          items: [{ price: silver.id }],
          duration: months(12),
          billing_cycle_anchor: 'phase_start',
        },
      ],
    });
    expect(await subscriptionOf(made)).toMatchObject({
      start_date: at('2026-01-01T00:00:00Z'),
      billing_cycle_anchor: at('2026-01-01T00:00:00Z'),
      items: { data: [{ current_period_end: at('2026-02-01T00:00:00Z') }] },
    });
    expect(await billed()).toMatchObject([{ total: 1_000, lines: ['1000 2026-01-01–2026-02-01'] }]);
  });

  it('counts months from the start, so that a short one costs no days', async () => {
    const one = { items: [{ price: silver.id }], duration: months(1) };
    const made = await schedule({ phases: [one, one, { ...one, duration: months(2) }] });
    expect(datesOf(made)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-05-31']);
  });

  it('lasts as long as its longest price where nothing else is said', async () => {
    const yearly = await priceOf(10_000, 'Yearly', 'year');
    const made = await schedule({
      phases: [{ items: [{ price: silver.id }, { price: yearly.id }] }],
    });
    expect(datesOf(made)).toEqual(['2026-01-31', '2027-01-31']);
  });

  it('keeps what a phase is given, with prices made for it', async () => {
    const rate = await ask(tenant, tax_rates.operations.create, {
      display_name: 'VAT',
      inclusive: false,
      percentage: 20,
    });
    const coupon = await ask(tenant, coupons.operations.create, { percent_off: 50 });
    const made = await schedule({
      metadata: { of: 'the schedule' },
      default_settings: {
        collection_method: 'send_invoice',
        invoice_settings: { days_until_due: 14, footer: 'Thanks' },
      },
      phases: [
        {
          items: [
            {
              price_data: {
                currency: 'gbp',
                product: String(silver.product),
                recurring: { interval: 'month' },
                unit_amount: 500,
              },
              quantity: 3,
              tax_rates: [rate.id],
              metadata: { seat: 'window' },
            },
          ],
          add_invoice_items: [
            {
              price_data: { currency: 'gbp', product: String(silver.product), unit_amount: 250 },
              period: { start: { type: 'phase_start' }, end: { type: 'phase_end' } },
            },
          ],
          default_tax_rates: [rate.id],
          description: 'The first',
          discounts: [{ coupon: coupon.id }],
          duration: months(2),
          metadata: { gone: '', kept: 'yes' },
        },
      ],
    });
    expect(made).toMatchObject({
      metadata: { of: 'the schedule' },
      default_settings: {
        collection_method: 'send_invoice',
        invoice_settings: { days_until_due: 14, footer: 'Thanks' },
      },
      phases: [
        {
          currency: 'gbp',
          default_tax_rates: [{ id: rate.id }],
          discounts: [{ coupon: coupon.id }],
          items: [{ quantity: 3, tax_rates: [{ id: rate.id }], metadata: { seat: 'window' } }],
          metadata: { gone: '', kept: 'yes' },
        },
      ],
    });
    expect(await subscriptionOf(made)).toMatchObject({
      collection_method: 'send_invoice',
      days_until_due: 14,
      description: 'The first',
      metadata: { kept: 'yes' },
      items: { data: [{ quantity: 3, metadata: { seat: 'window' } }] },
    });
    // 250 and three times 500, half off, and a fifth on top.
    expect(await billed()).toMatchObject([{ status: 'draft', total: 1_050 }]);
  });

  it('tries before it bills, until the trial ends within the phase', async () => {
    const made = await schedule({
      phases: [
        {
          items: [{ price: silver.id }],
          trial_end: at('2026-02-10T00:00:00Z'),
          end_date: at('2026-03-10T00:00:00Z'),
        },
      ],
    });
    expect(await subscriptionOf(made)).toMatchObject({ status: 'trialing' });
    await advance('2026-02-10T01:00:00Z');
    expect(await subscriptionOf(made)).toMatchObject({ status: 'active' });
    expect(await totals()).toEqual([0, 1_000]);
  });

  it('plans for a subscription that there is, by its present period', async () => {
    const subscription = await ask(tenant, subscriptions.operations.create, {
      customer: customer.id,
      items: [{ price: silver.id, quantity: 2 }],
      description: 'As it is',
    });
    const made = await ask(tenant, create, { from_subscription: subscription.id });
    expectContract(made);
    expect(made).toMatchObject({
      status: 'active',
      subscription: subscription.id,
      default_settings: { description: 'As it is', collection_method: 'charge_automatically' },
      phases: [{ items: [{ price: silver.id, quantity: 2 }] }],
    });
    expect(datesOf(made)).toEqual(['2026-01-31', '2026-02-28']);
    expect(await subscriptionOf(made)).toMatchObject({ schedule: made.id });
    await advance('2026-02-28T01:00:00Z');
    expect(await seen(made)).toMatchObject({
      status: 'released',
      subscription: null,
      released_subscription: subscription.id,
    });
    expect(await totals()).toEqual([2_000, 2_000]);
    const again = await ask(tenant, create, { from_subscription: subscription.id });
    await expect(ask(tenant, create, { from_subscription: subscription.id })).rejects.toThrow(
      `You cannot migrate a subscription that is already attached to a schedule: \`${again.id}\`.`,
    );
  });

  it('ends with a subscription that is to end', async () => {
    const subscription = await ask(tenant, subscriptions.operations.create, {
      customer: customer.id,
      items: [{ price: silver.id }],
      cancel_at_period_end: true,
    });
    const made = await ask(tenant, create, { from_subscription: subscription.id });
    expect(made).toMatchObject({ end_behavior: 'cancel' });
    await advance('2026-02-28T00:00:00Z');
    expect(await seen(made)).toMatchObject({ status: 'completed' });
    expect(await subscriptionOf(made)).toMatchObject({ status: 'canceled' });
  });

  const refused: [string, () => Given, string][] = [
    ['no phases', () => ({ phases: undefined }), 'phases'],
    ['no customer', () => ({ customer: undefined }), 'customer'],
    [
      'an unknown price',
      () => ({ phases: [{ items: [{ price: 'price_0' }] }] }),
      'phases[0][items][0][price]',
    ],
    [
      'the same price twice',
      () => ({ phases: [{ items: [{ price: silver.id }, { price: silver.id }] }] }),
      'items',
    ],
    [
      'a duration and an end',
      () => ({
        phases: [{ items: [{ price: silver.id }], duration: months(1), end_date: at(START) + 1 }],
      }),
      'phases[0][duration]',
    ],
    [
      'an end before the start',
      () => ({ phases: [{ items: [{ price: silver.id }], end_date: at(START) }] }),
      'phases[0][end_date]',
    ],
    [
      'a phase that is over',
      () => ({
        start_date: at('2025-01-01T00:00:00Z'),
        phases: [{ items: [{ price: silver.id }], duration: months(1) }],
      }),
      'phases[0][end_date]',
    ],
    [
      'a trial beyond the phase',
      () => ({
        phases: [{ items: [{ price: silver.id }], trial_end: at('2027-01-01T00:00:00Z') }],
      }),
      'phases[0][trial_end]',
    ],
    [
      'a trial in a phase that is the anchor',
      () => ({
        phases: [
          { items: [{ price: silver.id }], trial: true, billing_cycle_anchor: 'phase_start' },
        ],
      }),
      'phases[0][billing_cycle_anchor]',
    ],
    [
      'another currency in a later phase',
      () => ({
        phases: [
          { items: [{ price: silver.id }] },
          { items: [{ price: gold.id }], currency: 'eur' },
        ],
      }),
      'phases[1][currency]',
    ],
    [
      'an unknown coupon',
      () => ({ phases: [{ items: [{ price: silver.id }], discounts: [{ coupon: 'none' }] }] }),
      'phases[0][discounts][0][coupon]',
    ],
    [
      'an unknown tax rate',
      () => ({ phases: [{ items: [{ price: silver.id }], default_tax_rates: ['txr_0'] }] }),
      'phases[0][default_tax_rates][0]',
    ],
    [
      'invoices to be sent without a due date',
      () => ({ phases: [{ items: [{ price: silver.id }], collection_method: 'send_invoice' }] }),
      'days_until_due',
    ],
    [
      'an unknown payment method',
      () => ({ default_settings: { default_payment_method: 'pm_0' } }),
      'default_settings[default_payment_method]',
    ],
    [
      'phases beside a subscription',
      () => ({ customer: undefined, from_subscription: 'sub_0' }),
      'phases',
    ],
    [
      'an unknown subscription',
      () => ({ customer: undefined, phases: undefined, from_subscription: 'sub_0' }),
      'from_subscription',
    ],
  ];
  it.each(refused)('refuses %s', async (_name, given, param) => {
    const fields = { customer: customer.id, phases: [{ items: [{ price: silver.id }] }] };
    const input = Object.fromEntries(
      Object.entries({ ...fields, ...given() }).filter(([, value]) => value !== undefined),
    );
    await expect(ask(tenant, create, input)).rejects.toMatchObject({ details: { param } });
  });
});

describe('as time passes', () => {
  it('goes through its phases over a year, and lets the subscription go', async () => {
    const made = await schedule({
      phases: [
        {
          items: [{ price: silver.id }],
          duration: months(3),
          metadata: { tier: 'silver', a: '1' },
        },
        {
          items: [{ price: gold.id, quantity: 2 }],
          duration: months(3),
          metadata: { tier: 'gold', a: '' },
        },
        { items: [{ price: gold.id, quantity: 1 }, { price: silver.id }], duration: months(6) },
      ],
    });
    await advance('2026-06-01T00:00:00Z');
    expect(await seen(made)).toMatchObject({
      current_phase: {
        start_date: at('2026-04-30T00:00:00Z'),
        end_date: at('2026-07-31T00:00:00Z'),
      },
    });
    expect(await subscriptionOf(made)).toMatchObject({
      metadata: { tier: 'gold' },
      items: { data: [{ price: { id: gold.id }, quantity: 2 }] },
    });
    await advance('2027-02-28T02:00:00Z');
    expect(await billed()).toEqual([
      ...['01-31–2026-02-28', '02-28–2026-03-31', '03-31–2026-04-30'].map((period) => ({
        total: 1_000,
        status: 'paid',
        lines: [`1000 2026-${period}`],
      })),
      ...['04-30–2026-05-31', '05-31–2026-06-30', '06-30–2026-07-31'].map((period) => ({
        total: 6_000,
        status: 'paid',
        lines: [`6000 2026-${period}`],
      })),
      ...[
        '2026-07-31–2026-08-31',
        '2026-08-31–2026-09-30',
        '2026-09-30–2026-10-31',
        '2026-10-31–2026-11-30',
        '2026-11-30–2026-12-31',
        '2026-12-31–2027-01-31',
        '2027-01-31–2027-02-28',
        '2027-02-28–2027-03-31',
      ].map((period) => ({
        total: 4_000,
        status: 'paid',
        lines: expect.arrayContaining([`3000 ${period}`, `1000 ${period}`]),
      })),
    ]);
    const after = await seen(made);
    expect(after).toMatchObject({
      status: 'released',
      released_at: at('2027-01-31T00:00:00Z'),
      subscription: null,
      current_phase: null,
    });
    expect(await subscriptionOf(after)).toMatchObject({ status: 'active', schedule: null });
    expect(await eventsOf('subscription_schedule')).toEqual([
      'subscription_schedule.created',
      'subscription_schedule.updated',
      'subscription_schedule.updated',
      'subscription_schedule.expiring',
      'subscription_schedule.released',
    ]);
  });

  it('ends the subscription with the last phase, which is known from its beginning', async () => {
    const made = await schedule({
      end_behavior: 'cancel',
      phases: [
        { items: [{ price: silver.id }], duration: months(1) },
        { items: [{ price: gold.id }], duration: months(1) },
      ],
    });
    expect(await subscriptionOf(made)).toMatchObject({ cancel_at: null });
    await advance('2026-03-01T00:00:00Z');
    expect(await subscriptionOf(made)).toMatchObject({ cancel_at: at('2026-03-31T00:00:00Z') });
    await advance('2026-06-01T00:00:00Z');
    expect(await seen(made)).toMatchObject({
      status: 'completed',
      completed_at: at('2026-03-31T00:00:00Z'),
    });
    expect(await subscriptionOf(made)).toMatchObject({
      status: 'canceled',
      ended_at: at('2026-03-31T00:00:00Z'),
    });
    expect(await totals()).toEqual([1_000, 3_000]);
    expect(await eventsOf('subscription_schedule.c', 'customer.subscription.d')).toEqual([
      'subscription_schedule.created',
      'subscription_schedule.completed',
      'customer.subscription.deleted',
    ]);
  });

  it('prorates a change in the middle of a period, as the phase says', async () => {
    const end_date = at('2026-02-14T00:00:00Z');
    const first = { items: [{ price: silver.id }], end_date };
    const second = { items: [{ price: gold.id }], duration: months(2) };
    for (const [proration_behavior, expected] of [
      ['create_prorations', [1_000, 4_000]],
      ['always_invoice', [1_000, 1_000, 3_000]],
      ['none', [1_000, 3_000]],
    ] as const) {
      customer = await ask(tenant, customers.operations.create, {
        payment_method: 'pm_card_visa',
        invoice_settings: { default_payment_method: 'pm_card_visa' },
        test_clock: (clock = await ask(tenant, test_clocks.operations.create, {
          frozen_time: at(START),
        })).id,
      });
      await schedule({ phases: [first, { ...second, proration_behavior }] });
      await advance('2026-02-28T01:00:00Z');
      expect(await totals()).toEqual(expected);
    }
  });

  it('begins the billing cycle with a phase that asks for it', async () => {
    const made = await schedule({
      phases: [
        { items: [{ price: silver.id }], end_date: at('2026-02-14T00:00:00Z') },
        {
          items: [{ price: silver.id }],
          billing_cycle_anchor: 'phase_start',
          duration: months(2),
        },
      ],
    });
    await advance('2026-02-14T00:00:00Z');
    expect(await subscriptionOf(made)).toMatchObject({
      billing_cycle_anchor: at('2026-02-14T00:00:00Z'),
      items: { data: [{ current_period_end: at('2026-03-14T00:00:00Z') }] },
    });
    expect(await billed()).toMatchObject([
      { total: 1_000 },
      {
        total: 500,
        status: 'draft',
        lines: ['-500 2026-02-14–2026-02-28', '1000 2026-02-14–2026-03-14'],
      },
    ]);
  });

  it('changes the interval where the price of a phase has another', async () => {
    const yearly = await priceOf(20_000, 'Yearly', 'year');
    const made = await schedule({
      phases: [
        { items: [{ price: silver.id }], duration: months(1) },
        { items: [{ price: yearly.id }] },
      ],
    });
    expect(datesOf(made)).toEqual(['2026-01-31', '2026-02-28', '2027-02-28']);
    await advance('2026-04-01T00:00:00Z');
    expect(await totals()).toEqual([1_000, 20_000]);
    expect(await subscriptionOf(made)).toMatchObject({
      items: { data: [{ current_period_end: at('2027-02-28T00:00:00Z') }] },
    });
  });

  it('has a coupon in one phase and not in the next', async () => {
    const coupon = await ask(tenant, coupons.operations.create, {
      percent_off: 50,
      duration: 'forever',
    });
    await schedule({
      phases: [
        {
          items: [{ price: silver.id }],
          discounts: [{ coupon: coupon.id }],
          duration: months(2),
        },
        { items: [{ price: silver.id }], duration: months(2) },
      ],
    });
    await advance('2026-04-01T00:00:00Z');
    expect(await totals()).toEqual([500, 500, 1_000]);
  });

  it('keeps a coupon that two phases have, and leaves out one that is gone', async () => {
    const kept = await ask(tenant, coupons.operations.create, {
      percent_off: 10,
      duration: 'repeating',
      duration_in_months: 12,
    });
    const gone = await ask(tenant, coupons.operations.create, { percent_off: 50 });
    const one = { items: [{ price: silver.id }], duration: months(1) };
    const made = await schedule({
      phases: [
        { ...one, discounts: [{ coupon: kept.id }] },
        { ...one, discounts: [{ coupon: kept.id }], metadata: { second: 'yes' } },
        { ...one, discounts: [{ coupon: gone.id }] },
      ],
    });
    const [discount] = (await subscriptionOf(made)).discounts;
    await ask(tenant, coupons.operations.remove, { id: gone.id });
    await advance('2026-03-01T00:00:00Z');
    expect((await subscriptionOf(made)).discounts).toEqual([discount]);
    await advance('2026-04-01T00:00:00Z');
    expect((await subscriptionOf(made)).discounts).toEqual([]);
    expect(await totals()).toEqual([900, 900, 1_000]);
  });

  it('asks for what a phase adds once, for the period that begins with it', async () => {
    const setup = await ask(tenant, prices.operations.create, {
      currency: 'gbp',
      unit_amount: 250,
      product_data: { name: 'Setup' },
    });
    const one = { items: [{ price: silver.id }], duration: months(1) };
    const made = await schedule({
      phases: [one, { ...one, add_invoice_items: [{ price: setup.id }] }],
    });
    // What was planned is asked for, also when nothing new may be.
    await ask(tenant, prices.operations.update, { id: setup.id, active: false });
    await ask(tenant, prices.operations.update, { id: silver.id, active: false });
    await advance('2026-03-01T00:00:00Z');
    expect(await billed()).toMatchObject([
      { total: 1_000 },
      {
        total: 1_250,
        lines: expect.arrayContaining(['250 2026-02-28–2026-03-31', '1000 2026-02-28–2026-03-31']),
      },
    ]);
    expect(await seen(made)).toMatchObject({ status: 'active' });
  });

  it('tries a second phase, and bills when the trial is over', async () => {
    const made = await schedule({
      phases: [
        { items: [{ price: silver.id }], duration: months(1), trial: true },
        { items: [{ price: gold.id }], duration: months(1) },
      ],
    });
    expect(made.phases[0]).toMatchObject({ trial_end: at('2026-02-28T00:00:00Z') });
    await advance('2026-02-28T01:00:00Z');
    expect(await subscriptionOf(made)).toMatchObject({
      status: 'active',
      items: { data: [{ price: { id: gold.id } }] },
    });
    expect(await totals()).toEqual([0, 3_000]);
  });

  it('goes before what is due at the same instant, whichever worker comes first', async () => {
    // By the wall clock, where nothing says who is first.
    customer = await ask(tenant, customers.operations.create, {
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const made = await schedule({
      phases: [
        { items: [{ price: silver.id }], duration: months(1) },
        { items: [{ price: gold.id }, { price: silver.id }], duration: months(1) },
      ],
    });
    world.now = new Date('2026-04-01T15:30:00Z');
    const isOfSchedules = ({ table }: Timed) => table === 'subscription_schedules';
    const [schedules] = timed.filter(isOfSchedules).map((one) => runTimed(one, () => 0));
    const others = timed.filter((one) => !isOfSchedules(one)).map((one) => runTimed(one, () => 0));
    // Some hours late, and in the wrong order.
    for (let round = 0; round < 3; round++) for (const run of others) await run(system());
    expect((await totals()).at(-1)).toBe(1_000);
    await schedules?.(system());
    for (let round = 0; round < 3; round++) for (const run of others) await run(system());
    expect(await billed()).toMatchObject([
      { total: 1_000, lines: ['1000 2026-03-01–2026-04-01'] },
      { total: 4_000, status: 'draft' },
    ]);
    expect(await seen(made)).toMatchObject({
      current_phase: { start_date: at('2026-04-01T12:00:00Z') },
    });
  });

  it('is aborted when its subscription ends because nobody paid', async () => {
    const made = await schedule({
      phases: [{ items: [{ price: silver.id }], duration: months(12) }],
    });
    await ask(tenant, customers.operations.attachPaymentMethod, {
      id: 'pm_card_chargeCustomerFail',
      customer: customer.id,
    }).then(({ id }) =>
      ask(tenant, customers.operations.update, {
        id: customer.id,
        invoice_settings: { default_payment_method: id },
      }),
    );
    await advance('2026-03-31T00:00:00Z');
    expect(await subscriptionOf(made)).toMatchObject({ status: 'canceled' });
    expect(await seen(made)).toMatchObject({ status: 'canceled', current_phase: null });
    expect(await eventsOf('subscription_schedule')).toEqual([
      'subscription_schedule.created',
      'subscription_schedule.aborted',
    ]);
  });
});

describe('POST /v1/subscription_schedules/:id', () => {
  const two = () => [
    { items: [{ price: silver.id }], duration: months(2) },
    { items: [{ price: gold.id }], duration: months(1) },
  ];

  it('replaces everything of one that has not started', async () => {
    const made = await schedule({ start_date: at('2026-03-01T00:00:00Z') });
    const after = await ask(tenant, update, {
      id: made.id,
      end_behavior: 'cancel',
      metadata: { now: 'later' },
      phases: [
        {
          items: [{ price: gold.id }],
          start_date: at('2026-04-01T00:00:00Z'),
          duration: months(1),
        },
      ],
    });
    expectContract(after);
    expect(after).toMatchObject({ end_behavior: 'cancel', metadata: { now: 'later' } });
    expect(datesOf(after)).toEqual(['2026-04-01', '2026-05-01']);
    expect(await lastEvent('subscription_schedule.updated')).toMatchObject({
      previous_attributes: { end_behavior: 'release', metadata: { now: null } },
    });
  });

  it('starts at once one that was to start later', async () => {
    const made = await schedule({ start_date: at('2026-03-01T00:00:00Z') });
    const after = await ask(tenant, update, {
      id: made.id,
      phases: [{ items: [{ price: gold.id }], start_date: 'now', duration: months(1) }],
    });
    expect(after).toMatchObject({ status: 'active' });
    expect(await subscriptionOf(after)).toMatchObject({
      items: { data: [{ price: { id: gold.id } }] },
    });
  });

  it('changes the current phase and its subscription, and invoices it at once where that is asked', async () => {
    const made = await schedule({ phases: two() });
    await advance('2026-02-14T00:00:00Z');
    const after = await ask(tenant, update, {
      id: made.id,
      proration_behavior: 'always_invoice',
      phases: [
        {
          items: [{ price: silver.id, quantity: 3 }],
          start_date: at(START),
          end_date: at('2026-03-31T00:00:00Z'),
        },
        { items: [{ price: gold.id }], duration: months(1) },
      ],
    });
    expectContract(after);
    expect(after.phases[0]).toMatchObject({ items: [{ quantity: 3 }] });
    expect(await subscriptionOf(made)).toMatchObject({ items: { data: [{ quantity: 3 }] } });
    // Half of a month is left: 500 back, 1,500 for three.
    expect(await billed()).toMatchObject([{ total: 1_000 }, { total: 1_000, status: 'paid' }]);
    expect(datesOf(after)).toEqual(['2026-01-31', '2026-03-31', '2026-04-30']);
  });

  it('ends the current phase now, and enters the next', async () => {
    const made = await schedule({ phases: two() });
    await advance('2026-02-14T00:00:00Z');
    const after = await ask(tenant, update, {
      id: made.id,
      phases: [
        { items: [{ price: silver.id }], start_date: at(START), end_date: 'now' },
        {
          items: [{ price: gold.id }],
          start_date: 'now',
          end_date: at('2026-03-31T00:00:00Z'),
          proration_behavior: 'none',
        },
      ],
    });
    expect(after).toMatchObject({
      current_phase: { start_date: at('2026-02-14T00:00:00Z') },
      phases: [{}, {}],
    });
    expect(await subscriptionOf(made)).toMatchObject({
      items: { data: [{ price: { id: gold.id } }] },
    });
    await advance('2026-02-28T01:00:00Z');
    expect(await totals()).toEqual([1_000, 3_000]);
  });

  it('keeps phases that are over, given or not', async () => {
    const made = await schedule({ phases: two() });
    await advance('2026-04-01T00:00:00Z');
    const current = {
      items: [{ price: gold.id }],
      start_date: at('2026-03-31T00:00:00Z'),
      duration: months(2),
    };
    const past = { ...current, start_date: at(START), duration: months(1) };
    for (const phases of [[current], [past, current]]) {
      const after = await ask(tenant, update, { id: made.id, phases });
      expect(datesOf(after)).toEqual(['2026-01-31', '2026-03-31', '2026-05-31']);
    }
  });

  it('tells the subscription of another end', async () => {
    const made = await schedule();
    await ask(tenant, update, { id: made.id, end_behavior: 'cancel' });
    expect(await subscriptionOf(made)).toMatchObject({ cancel_at: at('2026-02-28T00:00:00Z') });
    await ask(tenant, update, { id: made.id, end_behavior: 'release' });
    expect(await subscriptionOf(made)).toMatchObject({ cancel_at: null });
  });

  it('changes the default settings of the current phase', async () => {
    const made = await schedule();
    const after = await ask(tenant, update, {
      id: made.id,
      default_settings: {
        collection_method: 'send_invoice',
        invoice_settings: { days_until_due: 7 },
      },
    });
    expect(after.default_settings).toMatchObject({
      billing_cycle_anchor: 'automatic',
      collection_method: 'send_invoice',
    });
    expect(await subscriptionOf(made)).toMatchObject({
      collection_method: 'send_invoice',
      days_until_due: 7,
    });
  });

  it.each([
    ['no start', () => ({ items: [{ price: silver.id }] }), 'phases[0][start_date]'],
    [
      'another start of the current phase',
      () => ({ items: [{ price: silver.id }], start_date: at(START) + 1 }),
      'phases[0][start_date]',
    ],
    [
      'an end that has passed',
      () => ({ items: [{ price: silver.id }], start_date: at(START), end_date: at(START) + 60 }),
      'phases[0][end_date]',
    ],
  ])('refuses %s', async (_name, phase, param) => {
    const { id } = await schedule();
    await advance('2026-02-01T00:00:00Z');
    await expect(ask(tenant, update, { id, phases: [phase()] })).rejects.toMatchObject({
      details: { param },
    });
  });

  it('refuses one that is over, and one of another project', async () => {
    const { id } = await schedule();
    const other = await world.project();
    await expect(ask(other, update, { id })).rejects.toMatchObject({ status: 404 });
    await ask(tenant, release, { id });
    for (const one of [update, cancel, release]) {
      await expect(ask(tenant, one, { id })).rejects.toMatchObject({ status: 400 });
    }
  });
});

describe('POST /v1/subscription_schedules/:id/cancel', () => {
  it('cancels the subscription at once, with a last invoice that gives back the rest', async () => {
    const made = await schedule();
    await advance('2026-02-14T00:00:00Z');
    const after = await ask(tenant, cancel, { id: made.id });
    expectContract(after);
    expect(after).toMatchObject({
      status: 'canceled',
      canceled_at: at('2026-02-14T00:00:00Z'),
      current_phase: null,
    });
    expect(await subscriptionOf(made)).toMatchObject({ status: 'canceled' });
    expect(await totals()).toEqual([1_000, -500]);
    expect(await eventsOf('subscription_schedule.c')).toEqual([
      'subscription_schedule.created',
      'subscription_schedule.canceled',
    ]);
  });

  it('gives nothing back where that is not asked for', async () => {
    const made = await schedule();
    await advance('2026-02-14T00:00:00Z');
    await ask(tenant, cancel, { id: made.id, invoice_now: false, prorate: false });
    expect(await totals()).toEqual([1_000]);
  });

  it('cancels one that has not started, which then never starts', async () => {
    const made = await schedule({ start_date: at('2026-03-01T00:00:00Z') });
    await ask(tenant, cancel, { id: made.id });
    await advance('2026-04-01T00:00:00Z');
    expect(await seen(made)).toMatchObject({ status: 'canceled', subscription: null });
    expect(await totals()).toEqual([]);
  });
});

describe('POST /v1/subscription_schedules/:id/release', () => {
  it('leaves the subscription to itself, without the end that was set', async () => {
    const made = await schedule({ end_behavior: 'cancel' });
    expect(await subscriptionOf(made)).toMatchObject({ cancel_at: at('2026-02-28T00:00:00Z') });
    const after = await ask(tenant, release, { id: made.id });
    expectContract(after);
    expect(after).toMatchObject({
      status: 'released',
      released_at: at(START),
      released_subscription: made.subscription,
      subscription: null,
    });
    expect(await subscriptionOf(after)).toMatchObject({
      schedule: null,
      cancel_at: null,
      canceled_at: null,
    });
    await advance('2026-03-01T00:00:00Z');
    expect(await totals()).toEqual([1_000, 1_000]);
  });

  it('keeps the end where that is asked for', async () => {
    const made = await schedule({ end_behavior: 'cancel' });
    const after = await ask(tenant, release, { id: made.id, preserve_cancel_date: true });
    expect(await subscriptionOf(after)).toMatchObject({ cancel_at: at('2026-02-28T00:00:00Z') });
    await advance('2026-03-01T00:00:00Z');
    expect(await subscriptionOf(after)).toMatchObject({ status: 'canceled' });
  });
});

describe('a subscription with a schedule', () => {
  it('does not take another end', async () => {
    const made = await schedule();
    const id = String(made.subscription);
    for (const change of [
      { cancel_at_period_end: true },
      { cancel_at: at('2026-02-10T00:00:00Z') },
    ]) {
      await expect(ask(tenant, subscriptions.operations.update, { id, ...change })).rejects.toThrow(
        `The subscription is managed by the subscription schedule \`${made.id}\`, and updating any cancelation behavior directly is not allowed.`,
      );
    }
  });

  it('splits the current phase when it is changed by itself', async () => {
    const made = await schedule({
      phases: [
        { items: [{ price: silver.id }], duration: months(2) },
        { items: [{ price: gold.id }], duration: months(1) },
      ],
    });
    const { id, items } = await subscriptionOf(made);
    await advance('2026-02-14T00:00:00Z');
    await ask(tenant, subscriptions.operations.update, {
      id,
      items: [{ id: items.data[0]?.id, quantity: 5 }],
      proration_behavior: 'none',
    });
    const after = await seen(made);
    expect(datesOf(after)).toEqual(['2026-01-31', '2026-02-14', '2026-03-31', '2026-04-30']);
    expect(after).toMatchObject({
      current_phase: { start_date: at('2026-02-14T00:00:00Z') },
      phases: [
        { items: [{ quantity: 1 }] },
        { items: [{ quantity: 5 }] },
        { items: [{ price: gold.id }] },
      ],
    });
    // What it does by itself is no change of the plan.
    await advance('2026-04-01T00:00:00Z');
    expect((await seen(made)).phases).toEqual(after.phases);
    expect(await totals()).toEqual([1_000, 5_000, 3_000]);
  });

  it('has the rest of a trial that it ends as a phase without one', async () => {
    const made = await schedule({
      phases: [{ items: [{ price: silver.id }], duration: months(1), trial: true }],
    });
    await advance('2026-02-10T00:00:00Z');
    await ask(tenant, subscriptions.operations.update, {
      id: String(made.subscription),
      trial_end: 'now',
    });
    expect((await seen(made)).phases.map(({ trial_end }) => trial_end)).toEqual([
      at('2026-02-10T00:00:00Z'),
      null,
    ]);
  });

  it('takes its schedule along when it is canceled', async () => {
    const made = await schedule();
    await ask(tenant, subscriptions.operations.cancel, { id: String(made.subscription) });
    expect(await seen(made)).toMatchObject({ status: 'canceled', canceled_at: at(START) });
    expect(await eventsOf('subscription_schedule')).toEqual([
      'subscription_schedule.created',
      'subscription_schedule.canceled',
    ]);
  });

  it('takes it along with its customer, and so does what has not started', async () => {
    const [now, later] = [
      await schedule(),
      await schedule({ start_date: at('2026-03-01T00:00:00Z') }),
    ];
    await ask(tenant, customers.operations.remove, { id: customer.id });
    expect(await seen(now)).toMatchObject({ status: 'canceled' });
    expect(await seen(later)).toMatchObject({ status: 'canceled' });
  });
});

describe('GET /v1/subscription_schedules', () => {
  it('lists by page, by customer, by what happened when, and what has not started', async () => {
    const [one, two, three] = [
      await schedule(),
      await schedule({ start_date: at('2026-03-01T00:00:00Z') }),
      await schedule(),
    ];
    await ask(tenant, release, { id: three.id });
    const ids = async (given: Omit<Parameters<typeof ask<typeof list>>[2], 'customer'> = {}) => {
      const page = await ask(tenant, list, { customer: customer.id, ...given });
      return page.data.map(({ id }) => id);
    };
    expect(await ids()).toEqual([three.id, two.id, one.id]);
    expect(await ids({ limit: 1, starting_after: three.id })).toEqual([two.id]);
    expect(await ids({ ending_before: two.id })).toEqual([three.id]);
    expect(await ids({ scheduled: true })).toEqual([two.id]);
    expect(await ids({ released_at: { gte: at(START) } })).toEqual([three.id]);
    expect(await ids({ canceled_at: { gte: 0 } })).toEqual([]);
    expect(await ids({ completed_at: { gte: 0 } })).toEqual([]);
    expect(await ids({ created: at(START) })).toHaveLength(3);
    // Those on a test clock are listed by their customer only.
    expect((await ask(tenant, list, {})).data).toEqual([]);
  });

  it('does not find another project’s', async () => {
    const { id } = await schedule();
    const other = await world.project();
    await expect(ask(other, retrieve, { id })).rejects.toMatchObject({ status: 404 });
    expect((await ask(other, list, {})).data).toEqual([]);
  });
});
