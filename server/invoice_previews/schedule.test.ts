import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import { expectContract } from '@/e2e/support/contract';
import { customers } from '@/server/customers';
import { invoices } from '@/server/invoices';
import { prices } from '@/server/prices';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { subscription_schedules } from '@/server/subscription_schedules';
import { createPreview } from './operations';

let world: TestWorld;
let tenant: TestTenant;
let customer: Stripe.Customer;
let silver: Stripe.Price;
let gold: Stripe.Price;

const at = (iso: string): number => Date.parse(iso) / 1000;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  world.now = new Date('2026-04-01T00:00:00Z');
  tenant = await world.project();
  customer = await ask(tenant, customers.operations.create, { payment_method: 'pm_card_visa' });
  [silver, gold] = [await priceOf(1_000), await priceOf(3_000)];
});

const priceOf = (unit_amount: number): Promise<Stripe.Price> =>
  ask(tenant, prices.operations.create, {
    currency: 'gbp',
    unit_amount,
    recurring: { interval: 'month' },
    product_data: { name: 'Paper' },
  });

const month = { interval: 'month' as const };

const { create, list, retrieve } = subscription_schedules.operations;

const preview = async (
  given: Parameters<typeof ask<typeof createPreview>>[2],
): Promise<Stripe.Invoice> => {
  const before = await ask(tenant, list, {});
  const invoice = await ask(tenant, createPreview, given);
  expectContract(invoice);
  // It was only a rehearsal.
  expect(await ask(tenant, list, {})).toEqual(before);
  return invoice;
};

describe('POST /v1/invoices/create_preview of a schedule', () => {
  it('shows the renewal as the next phase has it', async () => {
    const { id, subscription } = await ask(tenant, create, {
      customer: customer.id,
      phases: [
        { items: [{ price: silver.id }], duration: month },
        { items: [{ price: gold.id }], duration: month },
      ],
    });
    const next = { total: 3_000, period_end: at('2026-05-01T00:00:00Z'), customer: customer.id };
    expect(await preview({ schedule: id })).toMatchObject(next);
    expect(await preview({ subscription: String(subscription) })).toMatchObject(next);
    expect(await preview({ customer: customer.id })).toMatchObject(next);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({ status: 'active' });
  });

  it('shows the first invoice of one that starts later, and of one that is not made', async () => {
    const { id } = await ask(tenant, create, {
      customer: customer.id,
      start_date: at('2026-06-01T00:00:00Z'),
      phases: [{ items: [{ price: silver.id, quantity: 2 }], duration: month }],
    });
    expect(await preview({ schedule: id })).toMatchObject({
      total: 2_000,
      lines: { data: [{ period: { start: at('2026-06-01T00:00:00Z') } }] },
    });
    const phases = [{ items: [{ price: gold.id }], start_date: 'now' as const, duration: month }];
    expect(await preview({ customer: customer.id, schedule_details: { phases } })).toMatchObject({
      total: 3_000,
      lines: { data: [{ period: { start: at('2026-04-01T00:00:00Z') } }] },
    });
    expect(await preview({ customer_details: {}, schedule_details: { phases } })).toMatchObject({
      total: 3_000,
      customer: null,
    });
  });

  it('shows what a change of the current phase costs, and charges nothing', async () => {
    const { id, phases } = await ask(tenant, create, {
      customer: customer.id,
      phases: [{ items: [{ price: silver.id }], duration: { ...month, interval_count: 2 } }],
    });
    world.now = new Date('2026-04-16T00:00:00Z');
    const changed = [
      {
        items: [{ price: silver.id, quantity: 3 }],
        start_date: phases[0]?.start_date ?? 0,
        end_date: phases[0]?.end_date ?? 0,
      },
    ];
    const details = { phases: changed };
    expect(
      await preview({
        schedule: id,
        schedule_details: { ...details, proration_behavior: 'always_invoice' },
      }),
    ).toMatchObject({ total: 1_000, status: 'draft' });
    expect(await preview({ schedule: id, schedule_details: details })).toMatchObject({
      total: 4_000,
    });
    const made = await ask(tenant, invoices.operations.list, { customer: customer.id });
    expect(made.data).toHaveLength(1);
  });

  it.each([
    ['an unknown schedule', () => ({ schedule: 'sub_sched_0' }), 'schedule'],
    [
      'what is of subscriptions',
      () => ({ customer: customer.id, schedule_details: {}, preview_mode: 'next' as const }),
      'preview_mode',
    ],
    [
      'a new schedule without phases',
      () => ({ customer: customer.id, schedule_details: {} }),
      'schedule_details[phases]',
    ],
  ])('refuses %s', async (_name, given, param) => {
    await expect(ask(tenant, createPreview, given())).rejects.toMatchObject({ details: { param } });
  });
});
