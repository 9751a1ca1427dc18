import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { coupons } from '@/server/coupons';
import { customers } from '@/server/customers';
import { findInvoice, linesOf, toInvoice } from '@/server/invoices';
import { meter_events, meters } from '@/server/meters';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import type Stripe from 'stripe';
import { cancel, create, pause, resume, retrieve } from './operations';
import { dueSubscriptions } from './due';
import { at, customerWith, events, priceOf, travel, typesOf } from './travel.case';
import { update } from './update';

let world: TestWorld;
let tenant: TestTenant;
let customer: Stripe.Customer;
let gold: Stripe.Price;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  await world.admin`update subscriptions set due_at = null`;
  await world.admin`update invoices set due_at = null`;
  world.now = new Date('2026-01-31T10:00:00Z');
  tenant = await world.project();
  customer = await customerWith(tenant);
  gold = await priceOf(tenant);
});

type Given = Partial<Parameters<typeof ask<typeof create>>[2]>;

const subscribe = (given: Given = {}) =>
  ask(tenant, create, { customer: customer.id, items: [{ price: gold.id }], ...given });

const show = ({ id }: Stripe.Subscription) => ask(tenant, retrieve, { id });

interface Billed {
  readonly id: string;
  readonly status: string;
  readonly total: number;
  readonly period: string;
  readonly billing_reason: string;
}

/** Every invoice so far, oldest first. */
async function invoicesOf({ id }: Stripe.Subscription): Promise<Billed[]> {
  const rows = await world.admin<
    (Omit<Billed, 'period' | 'total'> & { period_end: string; total: string })[]
  >`
    select id, status, total, period_end, billing_reason from invoices where subscription = ${id} order by id`;
  return rows.map(({ period_end, ...row }) => ({
    ...row,
    total: Number(row.total),
    period: new Date(Number(period_end) * 1000).toISOString().slice(0, 10),
  }));
}

describe('a renewal', () => {
  it('bills every period once, on the last day of months without the anchor’s', async () => {
    const subscription = await subscribe();
    await travel(world, '2026-05-15T00:00:00Z');
    expect(
      (await invoicesOf(subscription)).map(({ period, status, total }) => [period, status, total]),
    ).toEqual([
      ['2026-01-31', 'paid', 1_000],
      ['2026-02-28', 'paid', 1_000],
      ['2026-03-31', 'paid', 1_000],
      ['2026-04-30', 'paid', 1_000],
    ]);
    const renewed = await show(subscription);
    expectContract(renewed);
    expect(renewed).toMatchObject({
      status: 'active',
      items: {
        data: [
          {
            current_period_start: at('2026-04-30T10:00:00Z'),
            current_period_end: at('2026-05-31T10:00:00Z'),
          },
        ],
      },
    });
  });

  it('leaves an hour to add to the draft, then charges it', async () => {
    const subscription = await subscribe();
    await travel(world, '2026-02-28T10:59:59Z');
    const [, draft] = await invoicesOf(subscription);
    expect(draft).toMatchObject({ status: 'draft', billing_reason: 'subscription_cycle' });
    expect((await show(subscription)).latest_invoice).toBe(draft?.id);
    await travel(world, '2026-02-28T11:00:00Z');
    expect((await invoicesOf(subscription))[1]).toMatchObject({ status: 'paid' });
  });

  it('is announced a week ahead, by an invoice that is not there yet', async () => {
    await subscribe();
    await travel(world, '2026-02-21T09:59:59Z');
    expect(await typesOf(tenant, 'invoice.upcoming')).toEqual([]);
    await travel(world, '2026-02-21T10:00:00Z');
    const upcoming = (await events(tenant)).filter(({ type }) => type === 'invoice.upcoming');
    expect(upcoming).toHaveLength(1);
    expect(upcoming[0]?.data.object).toMatchObject({
      object: 'invoice',
      total: 1_000,
      status: 'draft',
    });
    expect(upcoming[0]?.data.object).not.toHaveProperty('id');
  });

  it('tells what changed', async () => {
    const subscription = await subscribe();
    await travel(world, '2026-02-28T10:00:00Z');
    const updated = (await events(tenant)).findLast(
      ({ type }) => type === 'customer.subscription.updated',
    );
    expect(updated?.data.previous_attributes).toMatchObject({
      latest_invoice: subscription.latest_invoice,
      items: { data: [{ current_period_end: at('2026-02-28T10:00:00Z') }] },
    });
    expect((await typesOf(tenant, 'customer.subscription', 'invoice.created')).slice(-2)).toEqual([
      'invoice.created',
      'customer.subscription.updated',
    ]);
  });

  it('is done by one of two workers that come to it', async () => {
    const subscription = await subscribe();
    world.now = new Date('2026-02-28T10:00:00Z');
    await Promise.all(
      [1, 2].map(() => tenant.ctx.transaction((tx) => dueSubscriptions.run(tx, subscription.id))),
    );
    // The announcement was due first, then the renewal; whoever is late finds the next.
    await Promise.all(
      [1, 2, 3].map(() =>
        tenant.ctx.transaction((tx) => dueSubscriptions.run(tx, subscription.id)),
      ),
    );
    expect(await invoicesOf(subscription)).toHaveLength(2);
  });

  it('bills three periods in order when the clock jumps over them', async () => {
    const subscription = await subscribe();
    world.now = new Date('2026-04-30T10:00:00Z');
    await travel(world, '2026-04-30T10:00:00Z');
    expect((await invoicesOf(subscription)).map(({ period }) => period)).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
    ]);
  });

  it('bills each of two intervals when it is its turn, and both at once when it is both’s', async () => {
    const yearly = await priceOf(tenant, {
      unit_amount: 5_000,
      recurring: { interval: 'month', interval_count: 3 },
    });
    const subscription = await subscribe({ items: [{ price: gold.id }, { price: yearly.id }] });
    await travel(world, '2026-05-01T00:00:00Z');
    expect((await invoicesOf(subscription)).map(({ total }) => total)).toEqual([
      6_000, 1_000, 1_000, 6_000,
    ]);
  });

  it('asks for usage behind and licences ahead', async () => {
    const meter = await ask(tenant, meters.operations.create, {
      display_name: 'Calls',
      event_name: 'calls',
      default_aggregation: { formula: 'sum' },
    });
    const metered = await priceOf(tenant, {
      unit_amount: 3,
      product_data: { name: 'Calls' },
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    });
    const subscription = await subscribe({ items: [{ price: gold.id }, { price: metered.id }] });
    expect((await invoicesOf(subscription))[0]).toMatchObject({ total: 1_000 });
    world.now = new Date('2026-02-10T00:00:00Z');
    await ask(tenant, meter_events.operations.create, {
      event_name: 'calls',
      payload: { stripe_customer_id: customer.id, value: '40' },
    });
    await travel(world, '2026-03-01T00:00:00Z');
    const [, second] = await invoicesOf(subscription);
    const lines = await linesOf(tenant.scope, second?.id ?? '');
    expect(
      lines.map(({ description, amount, period_end }) => [description, amount, period_end]),
    ).toEqual([
      ['1 × Gold (at £10.00 / month)', 1_000, at('2026-03-31T10:00:00Z')],
      ['40 × Calls (at £0.03 / month)', 120, at('2026-02-28T10:00:00Z')],
    ]);
  });

  it('spends a discount that is for one invoice', async () => {
    const coupon = await ask(tenant, coupons.operations.create, {
      percent_off: 50,
      duration: 'once',
    });
    const subscription = await subscribe({ discounts: [{ coupon: coupon.id }] });
    expect((await show(subscription)).discounts).toEqual([]);
    await travel(world, '2026-03-01T00:00:00Z');
    expect((await invoicesOf(subscription)).map(({ total }) => total)).toEqual([500, 1_000]);
  });

  it('bills the last period only until the end, and ends there', async () => {
    const subscription = await subscribe({ cancel_at: at('2026-03-14T22:00:00Z') });
    await travel(world, '2026-06-01T00:00:00Z');
    // 14.5 of the 31 days from 28 February.
    expect((await invoicesOf(subscription)).map(({ total }) => total)).toEqual([1_000, 468]);
    expect(await show(subscription)).toMatchObject({
      status: 'canceled',
      ended_at: at('2026-03-14T22:00:00Z'),
    });
  });

  it('does not come to one that ends with the period', async () => {
    const subscription = await subscribe({ cancel_at_period_end: true });
    await travel(world, '2026-06-01T00:00:00Z');
    expect(await invoicesOf(subscription)).toHaveLength(1);
    expect(await show(subscription)).toMatchObject({
      status: 'canceled',
      cancel_at_period_end: true,
      canceled_at: at('2026-01-31T10:00:00Z'),
      ended_at: at('2026-02-28T10:00:00Z'),
    });
    expect((await typesOf(tenant, 'customer.subscription', 'invoice.upcoming')).slice(-1)).toEqual([
      'customer.subscription.deleted',
    ]);
  });
});

describe('a trial', () => {
  it('is told to end three days ahead, and is paid for from its end', async () => {
    const subscription = await subscribe({ trial_period_days: 14 });
    await travel(world, '2026-02-11T10:00:00Z');
    expect(await typesOf(tenant, 'customer.subscription')).toEqual([
      'customer.subscription.created',
      'customer.subscription.trial_will_end',
    ]);
    await travel(world, '2026-02-14T10:00:00Z');
    expect(await show(subscription)).toMatchObject({
      status: 'active',
      items: { data: [{ current_period_end: at('2026-03-14T10:00:00Z') }] },
    });
    await travel(world, '2026-02-14T11:00:00Z');
    expect(await invoicesOf(subscription)).toMatchObject([
      { total: 0, billing_reason: 'subscription_create' },
      { total: 1_000, billing_reason: 'subscription_cycle', status: 'paid' },
    ]);
  });

  it('pauses without a card where that was asked, and resumes with a new cycle', async () => {
    customer = await customerWith(tenant, null);
    const subscription = await subscribe({
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    });
    await travel(world, '2026-03-01T00:00:00Z');
    expect((await show(subscription)).status).toBe('paused');
    expect((await typesOf(tenant, 'customer.subscription')).slice(-2)).toEqual([
      'customer.subscription.updated',
      'customer.subscription.paused',
    ]);
    await ask(tenant, customers.operations.attachPaymentMethod, {
      id: 'pm_card_visa',
      customer: customer.id,
    }).then(({ id }) =>
      ask(tenant, customers.operations.update, {
        id: customer.id,
        invoice_settings: { default_payment_method: id },
      }),
    );
    const resumed = await ask(tenant, resume, { id: subscription.id });
    expect(resumed).toMatchObject({
      status: 'active',
      billing_cycle_anchor: at('2026-03-01T00:00:00Z'),
    });
    expect((await invoicesOf(subscription)).at(-1)).toMatchObject({ status: 'paid', total: 1_000 });
    expect(await typesOf(tenant, 'customer.subscription.resumed')).toHaveLength(1);
    await travel(world, '2026-04-02T00:00:00Z');
    expect(await invoicesOf(subscription)).toHaveLength(3);
  });

  it('goes on where it was for what is left of the period, if the anchor is to stay', async () => {
    customer = await customerWith(tenant, null);
    const subscription = await subscribe({
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    });
    await travel(world, '2026-02-28T10:00:00Z');
    const resumed = await ask(tenant, resume, {
      id: subscription.id,
      billing_cycle_anchor: { type: 'unchanged' },
    });
    expect(resumed).toMatchObject({
      status: 'active',
      items: { data: [{ current_period_end: at('2026-03-14T10:00:00Z') }] },
    });
    // Half of the 28 days from 14 February, on the next invoice.
    const [item] =
      await world.admin`select amount, invoice from invoice_items where subscription = ${subscription.id}`;
    expect(item).toMatchObject({ amount: '500', invoice: null });
  });

  it('waits for the payment to resume where that was asked, and in vain for 23 hours', async () => {
    customer = await customerWith(tenant, 'pm_card_chargeCustomerFail');
    const subscription = await subscribe({
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    });
    await ask(tenant, customers.operations.update, {
      id: customer.id,
      invoice_settings: { default_payment_method: '' },
    });
    await travel(world, '2026-02-20T00:00:00Z');
    const { id } = await show(subscription);
    await ask(tenant, resume, { id, payment_behavior: 'resume_on_payment_success' });
    expect((await show(subscription)).status).toBe('paused');
    expect((await invoicesOf(subscription)).at(-1)?.status).toBe('open');
    await travel(world, '2026-02-20T23:00:00Z');
    expect((await show(subscription)).status).toBe('paused');
    expect((await invoicesOf(subscription)).at(-1)?.status).toBe('void');
  });

  it('ends the subscription without a card where that was asked', async () => {
    customer = await customerWith(tenant, null);
    const subscription = await subscribe({
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
    });
    await travel(world, '2026-03-01T00:00:00Z');
    expect((await show(subscription)).status).toBe('canceled');
  });
});

describe('a payment that fails', () => {
  const failing = async (after_retries: string) => {
    await world.admin`update projects set settings = ${world.admin.json({ billing: { after_retries } })} where id = ${tenant.projectId}`;
    const subscription = await subscribe();
    const bad = await ask(tenant, customers.operations.attachPaymentMethod, {
      id: 'pm_card_chargeCustomerFail',
      customer: customer.id,
    });
    await ask(tenant, customers.operations.update, {
      id: customer.id,
      invoice_settings: { default_payment_method: bad.id },
    });
    await travel(world, '2026-02-28T11:00:00Z');
    return subscription;
  };

  it('makes it past due, and cancels it when all tries have failed', async () => {
    const subscription = await failing('cancel');
    expect((await show(subscription)).status).toBe('past_due');
    await travel(world, '2026-03-14T11:00:00Z');
    expect(await show(subscription)).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
    });
    expect(await typesOf(tenant, 'invoice.payment_failed')).toHaveLength(5);
    await travel(world, '2026-06-01T00:00:00Z');
    expect(await invoicesOf(subscription)).toHaveLength(2);
  });

  it('makes it unpaid where the project wants that, with drafts that stay drafts', async () => {
    const subscription = await failing('unpaid');
    await travel(world, '2026-05-01T00:00:00Z');
    expect((await show(subscription)).status).toBe('unpaid');
    expect((await invoicesOf(subscription)).map(({ status }) => status)).toEqual([
      'paid',
      'open',
      'draft',
      'draft',
    ]);
  });

  it('is made good by another card, with which it is tried at once', async () => {
    const subscription = await failing('cancel');
    const good = await ask(tenant, customers.operations.attachPaymentMethod, {
      id: 'pm_card_visa',
      customer: customer.id,
    });
    await ask(tenant, customers.operations.update, {
      id: customer.id,
      invoice_settings: { default_payment_method: good.id },
    });
    await travel(world, world.now.getTime() / 1000 + 60);
    expect((await show(subscription)).status).toBe('active');
    expect((await invoicesOf(subscription))[1]).toMatchObject({ status: 'paid' });
  });
});

describe('a pause of the collection', () => {
  const paused = async (behavior: 'keep_as_draft' | 'mark_uncollectible' | 'void') => {
    const subscription = await subscribe();
    await ask(tenant, update, {
      id: subscription.id,
      pause_collection: { behavior, resumes_at: at('2026-03-15T00:00:00Z') },
    });
    await travel(world, '2026-05-01T00:00:00Z');
    return subscription;
  };

  it.each([
    ['keep_as_draft', 'draft'],
    ['mark_uncollectible', 'uncollectible'],
    ['void', 'void'],
  ] as const)('leaves invoices as %s says, until it resumes', async (behavior, status) => {
    const subscription = await paused(behavior);
    expect((await invoicesOf(subscription)).map((invoice) => invoice.status)).toEqual([
      'paid',
      status,
      'paid',
      'paid',
    ]);
    expect(await show(subscription)).toMatchObject({ status: 'active', pause_collection: null });
  });
});

describe('a pause by request', () => {
  it('gives back what is left, bills nothing, and resumes with a new cycle', async () => {
    const { id } = await subscribe();
    world.now = new Date('2026-02-14T10:00:00Z');
    const paused = await ask(tenant, pause, { id });
    expectContract(paused);
    expect(paused.status).toBe('paused');
    await travel(world, '2026-06-01T00:00:00Z');
    const resumed = await ask(tenant, resume, { id });
    expect(resumed).toMatchObject({
      status: 'active',
      billing_cycle_anchor: at('2026-06-01T00:00:00Z'),
    });
    // £10.00 ahead, less the half of 28 days that was given back.
    expect((await invoicesOf(paused)).map(({ total }) => total)).toEqual([1_000, 500]);
  });

  it('asks for what was used at once, where an invoice is wanted', async () => {
    const subscription = await subscribe();
    world.now = new Date('2026-02-14T10:00:00Z');
    await ask(tenant, pause, {
      id: subscription.id,
      invoicing_behavior: 'invoice',
      bill_for: { unused_time_from: { type: 'item_current_period_start' } },
    });
    expect((await invoicesOf(subscription)).map(({ total }) => total)).toEqual([1_000, -1_000]);
  });

  it('charges nothing twice when it resumes in the same period', async () => {
    const subscription = await subscribe();
    const { id } = subscription;
    world.now = new Date('2026-02-14T10:00:00Z');
    await ask(tenant, pause, { id, bill_for: { unused_time_from: { type: 'none' } } });
    await ask(tenant, resume, { id, billing_cycle_anchor: { type: 'unchanged' } });
    await travel(world, '2026-03-01T00:00:00Z');
    expect((await invoicesOf(subscription)).map(({ total }) => total)).toEqual([1_000, 1_000]);
  });

  it('refuses one that is paused already', async () => {
    const { id } = await subscribe();
    await ask(tenant, pause, { id });
    await expect(ask(tenant, pause, { id })).rejects.toMatchObject({ status: 400 });
  });
});

describe('an end by request', () => {
  it('gives back what was paid ahead, and asks for it on a last invoice', async () => {
    const subscription = await subscribe();
    world.now = new Date('2026-02-14T10:00:00Z');
    const ended = await ask(tenant, cancel, {
      id: subscription.id,
      prorate: true,
      invoice_now: true,
      cancellation_details: { feedback: 'too_complex' },
    });
    expectContract(ended);
    expect(ended).toMatchObject({
      status: 'canceled',
      ended_at: at('2026-02-14T10:00:00Z'),
      cancellation_details: { feedback: 'too_complex', reason: 'cancellation_requested' },
    });
    // Half of the 28 days from 31 January.
    const last = await findInvoice(tenant.scope, String(ended.latest_invoice));
    expect(last).toMatchObject({ total: -500 });
    if (last !== null) expectContract(await toInvoice(tenant.scope, last));
  });

  it('stops the collection of what is open', async () => {
    customer = await customerWith(tenant);
    const subscription = await subscribe({ collection_method: 'send_invoice', days_until_due: 3 });
    await ask(tenant, cancel, { id: subscription.id });
    const invoice = await findInvoice(tenant.scope, String(subscription.latest_invoice));
    expect(invoice).toMatchObject({ status: 'draft', auto_advance: false, due_at: null });
  });

  it('comes with the end of the customer', async () => {
    const subscription = await subscribe();
    await ask(tenant, customers.operations.remove, { id: customer.id });
    expect((await show(subscription)).status).toBe('canceled');
  });

  it('refuses one that has ended, that never was, and that is of another project', async () => {
    const { id } = await subscribe();
    await ask(tenant, cancel, { id });
    const missing = { status: 404, details: { code: 'resource_missing' } };
    await expect(ask(tenant, cancel, { id })).rejects.toMatchObject(missing);
    await expect(ask(tenant, cancel, { id: 'sub_none' })).rejects.toMatchObject(missing);
    const other = await world.project();
    await expect(ask(other, cancel, { id })).rejects.toMatchObject(missing);
  });
});
