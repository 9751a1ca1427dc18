import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import { expectContract } from '@/e2e/support/contract';
import { coupons } from '@/server/coupons';
import { findInvoice, invoice_items, invoices, toInvoice } from '@/server/invoices';
import { ask } from '@/server/testing/ask';
import { meter_events, meters } from '@/server/meters';
import { prices } from '@/server/prices';
import { test_clocks } from '@/server/test_clocks';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { customers } from '@/server/customers';
import { cancel, create, retrieve } from './operations';
import { at, customerWith, events, priceOf, travel } from './travel.case';
import { update } from './update';

let world: TestWorld;
let tenant: TestTenant;
let customer: Stripe.Customer;
let silver: Stripe.Price;
let gold: Stripe.Price;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** A month of thirty days, and the middle of it. */
const START = '2026-04-01T00:00:00Z';
const MIDDLE = '2026-04-16T00:00:00Z';

beforeEach(async () => {
  world.now = new Date(START);
  tenant = await world.project();
  customer = await customerWith(tenant);
  silver = await priceOf(tenant, { unit_amount: 1000 });
  gold = await priceOf(tenant, { unit_amount: 2000 });
});

type Given = Partial<Parameters<typeof ask<typeof create>>[2]>;
type Change = Omit<Parameters<typeof ask<typeof update>>[2], 'id'>;

const subscribe = (given: Given = {}) =>
  ask(tenant, create, { customer: customer.id, items: [{ price: silver.id }], ...given });

const change = ({ id }: Stripe.Subscription, given: Change) =>
  ask(tenant, update, { id, ...given });

const itemOf = ({ items }: Stripe.Subscription, index = 0): Stripe.SubscriptionItem => {
  const one = items.data[index];
  if (one === undefined) throw new Error(`There is no item ${index}.`);
  return one;
};

const switchTo = (subscription: Stripe.Subscription, price: Stripe.Price, given: Change = {}) =>
  change(subscription, { items: [{ id: itemOf(subscription).id, price: price.id }], ...given });

const pending = async (): Promise<Stripe.InvoiceItem[]> => {
  const { data } = await ask(tenant, invoice_items.operations.list, {
    customer: customer.id,
    pending: true,
  });
  return data.toReversed();
};

const invoiceOf = async ({ latest_invoice }: Stripe.Subscription): Promise<Stripe.Invoice> => {
  const row = await findInvoice(tenant.scope, String(latest_invoice));
  if (row === null) throw new Error('There is no invoice.');
  return toInvoice(tenant.scope, row);
};

const amountsOf = ({ lines }: Stripe.Invoice): number[] => lines.data.map(({ amount }) => amount);

describe('POST /v1/subscriptions/:id, items', () => {
  it('leaves credits and charges of a new price to the next invoice', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    const after = await switchTo(before, gold);
    expectContract(after);
    expect(itemOf(after)).toMatchObject({ id: itemOf(before).id, price: { id: gold.id } });
    expect(after.latest_invoice).toBe(before.latest_invoice);
    const [charge, credit] = await pending();
    expectContract(credit);
    expect(credit).toMatchObject({
      amount: -500,
      proration: true,
      discountable: false,
      description: 'Unused time on Gold after 16 Apr 2026',
      period: { start: at(MIDDLE), end: at('2026-05-01T00:00:00Z') },
      proration_details: {
        credited_items: {
          type: 'invoice_line_items',
          invoice_line_item_details: { invoice: before.latest_invoice },
        },
      },
    });
    expect(charge).toMatchObject({
      amount: 1000,
      description: 'Remaining time on Gold after 16 Apr 2026',
      proration_details: { credited_items: null },
    });
  });

  it('invoices them at once with always_invoice', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    const after = await switchTo(before, gold, { proration_behavior: 'always_invoice' });
    const invoice = await invoiceOf(after);
    expectContract(invoice);
    expect(invoice).toMatchObject({
      status: 'paid',
      billing_reason: 'subscription_update',
      total: 500,
    });
    expect(amountsOf(invoice)).toEqual([-500, 1000]);
    expect(await pending()).toEqual([]);
  });

  it('credits and charges nothing with none', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    const after = await switchTo(before, gold, { proration_behavior: 'none' });
    expect(itemOf(after).price.id).toBe(gold.id);
    expect(await pending()).toEqual([]);
  });

  it('credits what was billed and not what was never paid', async () => {
    // Stripe's example: https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations
    const before = await subscribe();
    await travel(world, '2026-04-11T00:00:00Z');
    await switchTo(before, gold, { proration_behavior: 'none' });
    await travel(world, '2026-04-21T00:00:00Z');
    const after = await switchTo(before, silver, { proration_behavior: 'always_invoice' });
    const invoice = await invoiceOf(after);
    expect(amountsOf(invoice)).toEqual([-333, 333]);
    expect(invoice.total).toBe(0);
  });

  it('credits what it costs now in billing mode classic, as Stripe documents', async () => {
    const before = await subscribe({ billing_mode: { type: 'classic' } });
    await travel(world, '2026-04-11T00:00:00Z');
    await switchTo(before, gold, { proration_behavior: 'none' });
    await travel(world, '2026-04-21T00:00:00Z');
    const after = await switchTo(before, silver, { proration_behavior: 'always_invoice' });
    expect((await invoiceOf(after)).total).toBe(-334);
  });

  it('credits an item less its part of a coupon', async () => {
    // Stripe's example: 5 USD off 10 and 20 USD, of which the former goes after half a month.
    world.now = new Date('2026-02-01T00:00:00Z');
    const five = await ask(tenant, coupons.operations.create, {
      amount_off: 500,
      currency: 'gbp',
      duration: 'forever',
    });
    const before = await subscribe({
      items: [{ price: silver.id }, { price: gold.id }],
      discounts: [{ coupon: five.id }],
    });
    await travel(world, '2026-02-15T00:00:00Z');
    const after = await change(before, {
      items: [{ id: itemOf(before).id, deleted: true }],
      proration_behavior: 'always_invoice',
    });
    expect(after.items.data).toHaveLength(1);
    expect((await invoiceOf(after)).total).toBe(-417);
  });

  it('refers a second change of a period to what the first one charged', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    await change(before, { items: [{ id: itemOf(before).id, quantity: 3 }] });
    const [first] = await pending();
    await travel(world, '2026-04-23T12:00:00Z');
    await change(before, { items: [{ id: itemOf(before).id, quantity: 2 }] });
    const items = await pending();
    expect(items.map(({ amount }) => amount)).toEqual([1500, -500, 500, -750]);
    expect(items[3]).toMatchObject({
      description: 'Unused time on 3 × Gold after 23 Apr 2026',
      proration_details: {
        credited_items: { type: 'invoice_item', invoice_item: first?.id },
      },
    });
    // £10 for half a month of one, £30 for a quarter of three, £20 for a quarter of two.
    await travel(world, '2026-05-01T01:00:00Z');
    const renewed = await ask(tenant, retrieve, { id: before.id });
    expect((await invoiceOf(renewed)).total).toBe(2000 + 500 + 750 + 500 - 1000);
  });

  it('counts from proration_date', async () => {
    const before = await subscribe();
    await travel(world, '2026-04-20T00:00:00Z');
    const after = await switchTo(before, gold, {
      proration_behavior: 'always_invoice',
      proration_date: at(MIDDLE),
    });
    const invoice = await invoiceOf(after);
    expect(invoice.total).toBe(500);
    expect(invoice.parent?.subscription_details?.subscription_proration_date).toBe(at(MIDDLE));
  });

  it('adds an item for the rest of the period, and takes one away', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    const added = await change(before, { items: [{ price: gold.id, quantity: 2 }] });
    expect(added.items.data.map(({ quantity }) => quantity)).toEqual([1, 2]);
    await change(added, { items: [{ id: itemOf(added, 1).id, deleted: true }] });
    expect((await pending()).map(({ amount }) => amount)).toEqual([2000, -2000]);
  });

  it('tells what the items were before', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    await switchTo(before, gold);
    const told = (await events(tenant)).findLast(
      ({ type }) => type === 'customer.subscription.updated',
    );
    expect(told?.data.previous_attributes).toMatchObject({
      items: { data: [{ price: { id: silver.id } }] },
    });
  });

  it.each([
    ['an item of nobody', { items: [{ id: 'si_missing', quantity: 2 }] }, 'items[0][id]'],
    ['an item without a price', { items: [{ quantity: 2 }] }, 'items[0][price]'],
    ['a price that is not there', { items: [{ price: 'price_missing' }] }, 'items[0][price]'],
    ['two ends', { cancel_at: 1_900_000_000, cancel_at_period_end: true }, 'cancel_at'],
    ['an end in the past', { cancel_at: 1 }, 'cancel_at'],
    ['a date of another period', { proration_date: 1 }, 'proration_date'],
    ['days without an invoice to send', { days_until_due: 3 }, 'days_until_due'],
  ] as const)('refuses %s', async (_, given, param) => {
    const subscription = await subscribe();
    await expect(change(subscription, given as Change)).rejects.toMatchObject({
      status: 400,
      details: { param },
    });
  });

  it('refuses to take the last item away', async () => {
    const subscription = await subscribe();
    const refusal = change(subscription, {
      items: [{ id: itemOf(subscription).id, deleted: true }],
    });
    await expect(refusal).rejects.toThrow('A subscription must have at least one active plan.');
  });
});

describe('POST /v1/subscriptions/:id, prices that are not one amount', () => {
  it('prorates the sum of tiers as one line', async () => {
    const tiered = await priceOf(tenant, {
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: [
        { up_to: 5, unit_amount: 100, flat_amount: 301 },
        { up_to: 'inf', unit_amount: 50 },
      ],
    });
    const before = await subscribe({ items: [{ price: tiered.id, quantity: 7 }] });
    expect((await invoiceOf(before)).total).toBe(901);
    await travel(world, MIDDLE);
    await change(before, { items: [{ id: itemOf(before).id, quantity: 9 }] });
    // Each of the three lines is given back by itself; half of 301 is rounded up.
    expect((await pending()).map(({ amount }) => amount)).toEqual([501, -50, -151, -250]);
  });

  it('bills what was used of a metered item that goes or costs something else', async () => {
    const meter = await ask(tenant, meters.operations.create, {
      default_aggregation: { formula: 'sum' },
      display_name: 'Calls',
      event_name: 'calls',
    });
    const metered = (unit_amount: number) =>
      priceOf(tenant, {
        unit_amount,
        recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
      });
    const [cheap, dear] = [await metered(10), await metered(15)];
    const before = await subscribe({ items: [{ price: silver.id }, { price: cheap.id }] });
    const use = (value: string) =>
      ask(tenant, meter_events.operations.create, {
        event_name: 'calls',
        payload: { stripe_customer_id: customer.id, value },
      });
    await travel(world, '2026-04-05T00:00:00Z');
    await use('10');
    await travel(world, MIDDLE);
    const changed = await change(before, {
      items: [{ id: itemOf(before, 1).id, price: dear.id }],
    });
    expect(await pending()).toMatchObject([{ amount: 100, proration: false }]);
    await travel(world, '2026-04-20T00:00:00Z');
    await use('5');
    await travel(world, '2026-04-25T00:00:00Z');
    await change(changed, { items: [{ id: itemOf(before, 1).id, deleted: true }] });
    // As each was priced when it was used: 10 for 10p, 5 for 15p.
    expect((await pending()).map(({ amount }) => amount)).toEqual([100, 75]);
  });

  it('prorates an item of another interval to its own period', async () => {
    const yearly = await priceOf(tenant, { unit_amount: 36_500, recurring: { interval: 'year' } });
    const before = await subscribe();
    await travel(world, MIDDLE);
    const after = await change(before, { items: [{ price: yearly.id }] });
    expect(after.billing_cycle_anchor).toBe(at(START));
    expect(itemOf(after, 1)).toMatchObject({
      current_period_start: at(START),
      current_period_end: at('2027-04-01T00:00:00Z'),
    });
    expect((await pending()).map(({ amount }) => amount)).toEqual([35_000]);
  });
});

describe('POST /v1/subscriptions/:id, periods', () => {
  it('begins a period at once where the interval changes, and gives back the rest', async () => {
    const yearly = await priceOf(tenant, { unit_amount: 20_000, recurring: { interval: 'year' } });
    const before = await subscribe();
    await travel(world, MIDDLE);
    const after = await switchTo(before, yearly);
    expect(after.billing_cycle_anchor).toBe(at(MIDDLE));
    expect(itemOf(after)).toMatchObject({
      current_period_start: at(MIDDLE),
      current_period_end: at('2027-04-16T00:00:00Z'),
    });
    const invoice = await invoiceOf(after);
    expect(amountsOf(invoice)).toEqual([-500, 20_000]);
    expect(invoice).toMatchObject({ status: 'paid', total: 19_500 });
  });

  it('keeps the cycle where the interval changes and that is asked for', async () => {
    const yearly = await priceOf(tenant, { unit_amount: 36_500, recurring: { interval: 'year' } });
    const before = await subscribe();
    await travel(world, MIDDLE);
    const after = await switchTo(before, yearly, { billing_cycle_anchor: { type: 'unchanged' } });
    expect(itemOf(after)).toMatchObject({
      current_period_start: at(START),
      current_period_end: at('2027-04-01T00:00:00Z'),
    });
    expect((await pending()).map(({ amount }) => amount)).toEqual([35_000, -500]);
  });

  it('begins a period at once where something begins to cost', async () => {
    const free = await priceOf(tenant, { unit_amount: 0 });
    const before = await subscribe({ items: [{ price: free.id }] });
    await travel(world, MIDDLE);
    const after = await switchTo(before, gold);
    expect(after.billing_cycle_anchor).toBe(at(MIDDLE));
    expect(await invoiceOf(after)).toMatchObject({ total: 2000, status: 'paid' });
  });

  it('begins a period when it is asked to', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    const after = await change(before, { billing_cycle_anchor: { type: 'now' } });
    expect(itemOf(after).current_period_end).toBe(at('2026-05-16T00:00:00Z'));
    expect((await invoiceOf(after)).total).toBe(500);
  });

  it('ends a trial now and charges', async () => {
    const before = await subscribe({ trial_period_days: 14 });
    await travel(world, '2026-04-05T00:00:00Z');
    const after = await change(before, { trial_end: 'now' });
    expect(after).toMatchObject({ status: 'active', trial_end: at('2026-04-05T00:00:00Z') });
    expect(itemOf(after).current_period_end).toBe(at('2026-05-05T00:00:00Z'));
    expect(await invoiceOf(after)).toMatchObject({ total: 1000, status: 'paid' });
  });

  it.each([
    ['pause', 'paused', 'customer.subscription.paused'],
    ['cancel', 'canceled', 'customer.subscription.deleted'],
  ] as const)('ends a trial with nothing to pay with as its settings say: %s', async (...row) => {
    const [missing_payment_method, status, type] = row;
    const other = await customerWith(tenant, null);
    const before = await subscribe({
      customer: other.id,
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method } },
    });
    await travel(world, '2026-04-05T00:00:00Z');
    const after = await change(before, { trial_end: 'now', metadata: { a: '1' } });
    expectContract(after);
    expect(after).toMatchObject({
      status,
      metadata: { a: '1' },
      trial_end: at('2026-04-05T00:00:00Z'),
      latest_invoice: before.latest_invoice,
    });
    expect((await events(tenant)).at(-1)?.type).toBe(type);
  });

  it('begins a trial in the middle of a period, and gives back the rest', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    const trial_end = at('2026-04-30T00:00:00Z');
    const after = await change(before, { trial_end });
    expect(after).toMatchObject({ status: 'trialing', trial_end, billing_cycle_anchor: trial_end });
    expect(await invoiceOf(after)).toMatchObject({ total: -500, status: 'paid' });
    const credited = await ask(tenant, customers.operations.retrieve, { id: customer.id });
    expect(credited).toMatchObject({ balance: -500 });
  });

  it('moves the end of a trial without an invoice', async () => {
    const before = await subscribe({ trial_period_days: 14 });
    const trial_end = at('2026-04-30T00:00:00Z');
    const after = await change(before, { trial_end });
    expect(after).toMatchObject({ status: 'trialing', trial_end });
    expect(after.latest_invoice).toBe(before.latest_invoice);
    expect(itemOf(after).current_period_end).toBe(trial_end);
  });

  it('prorates nothing during a trial', async () => {
    const before = await subscribe({ trial_period_days: 14 });
    await switchTo(before, gold);
    expect(await pending()).toEqual([]);
  });
});

describe('POST /v1/subscriptions/:id, its end', () => {
  it('ends with the period, and takes it back', async () => {
    const before = await subscribe();
    const ending = await change(before, {
      cancel_at_period_end: true,
      cancellation_details: { feedback: 'too_expensive' },
    });
    expect(ending).toMatchObject({
      cancel_at: at('2026-05-01T00:00:00Z'),
      cancel_at_period_end: true,
      canceled_at: at(START),
      cancellation_details: { feedback: 'too_expensive', reason: 'cancellation_requested' },
    });
    const after = await change(ending, { cancel_at_period_end: false });
    expect(after).toMatchObject({
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      cancellation_details: { reason: null },
    });
    expect(await pending()).toEqual([]);
  });

  it('gives back what is behind an end within the period, and asks for it again', async () => {
    const before = await subscribe();
    const ending = await change(before, { cancel_at: at('2026-04-25T00:00:00Z') });
    expect(itemOf(ending).current_period_end).toBe(at('2026-04-25T00:00:00Z'));
    expect((await pending()).map(({ amount }) => amount)).toEqual([-200]);
    const later = await change(ending, { cancel_at: at('2026-04-28T00:00:00Z') });
    expect((await pending()).map(({ amount }) => amount)).toEqual([-200, 100]);
    const after = await change(later, { cancel_at: '' });
    expect(itemOf(after).current_period_end).toBe(at('2026-05-01T00:00:00Z'));
    expect((await pending()).map(({ amount }) => amount)).toEqual([-200, 100, 100]);
  });

  it('ends with the period also where it was to end before', async () => {
    const before = await subscribe();
    const early = await change(before, { cancel_at: at('2026-04-25T00:00:00Z') });
    const after = await change(early, { cancel_at_period_end: true });
    expect(after).toMatchObject({
      cancel_at: at('2026-05-01T00:00:00Z'),
      cancel_at_period_end: true,
    });
    expect((await pending()).map(({ amount }) => amount)).toEqual([-200, 200]);
  });

  it('refuses more than notes once it is canceled', async () => {
    const before = await subscribe();
    await ask(tenant, cancel, { id: before.id });
    await expect(change(before, { description: 'Late' })).rejects.toThrow(
      'A canceled subscription can only update its cancellation_details and metadata.',
    );
    const noted = await change(before, { metadata: { note: 'left' } });
    expect(noted.metadata).toEqual({ note: 'left' });
  });

  it('does not know a subscription of another project', async () => {
    const { id } = await subscribe();
    const stranger = await world.project();
    await expect(ask(stranger, update, { id })).rejects.toMatchObject({ status: 404 });
  });
});

describe('POST /v1/subscriptions/:id, on a test clock', () => {
  it('counts by the clock of the customer', async () => {
    const clock = await ask(tenant, test_clocks.operations.create, { frozen_time: at(MIDDLE) });
    customer = await ask(tenant, customers.operations.create, {
      test_clock: clock.id,
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const before = await subscribe();
    const after = await switchTo(before, gold);
    // No time has passed there: all of it is given back, and all of it is charged.
    expect(await pending()).toMatchObject([
      { amount: 2000, test_clock: clock.id, period: { start: at(MIDDLE) } },
      { amount: -1000, test_clock: clock.id },
    ]);
    expect(after.billing_cycle_anchor).toBe(at(MIDDLE));
  });
});

describe('POST /v1/subscriptions/:id, settings', () => {
  it('changes and unsets what is noted, without a proration', async () => {
    const before = await subscribe({ description: 'A', metadata: { a: '1', b: '2' } });
    const after = await change(before, {
      description: '',
      metadata: { a: '' },
      collection_method: 'send_invoice',
      days_until_due: 14,
      pause_collection: { behavior: 'void' },
      pending_invoice_item_interval: { interval: 'week' },
      trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
    });
    expectContract(after);
    expect(after).toMatchObject({
      description: null,
      metadata: { b: '2' },
      collection_method: 'send_invoice',
      days_until_due: 14,
      pause_collection: { behavior: 'void', resumes_at: null },
      next_pending_invoice_item_invoice: at('2026-04-08T00:00:00Z'),
      trial_settings: { end_behavior: { missing_payment_method: 'cancel' } },
    });
    const resumed = await change(after, {
      pause_collection: '',
      pending_invoice_item_interval: '',
    });
    expect(resumed).toMatchObject({
      pause_collection: null,
      next_pending_invoice_item_invoice: null,
    });
    expect(await pending()).toEqual([]);
  });

  it('replaces discounts, and takes them off', async () => {
    const tenth = await ask(tenant, coupons.operations.create, {
      percent_off: 10,
      duration: 'forever',
    });
    const before = await subscribe();
    const given = await change(before, { discounts: [{ coupon: tenth.id }] });
    expect(given.discounts).toHaveLength(1);
    const after = await change(given, { discounts: '' });
    expect(after.discounts).toEqual([]);
    const types = (await events(tenant)).map(({ type }) => type);
    expect(types.filter((type) => type.startsWith('customer.discount'))).toEqual([
      'customer.discount.created',
      'customer.discount.deleted',
    ]);
  });

  it('charges what remains at the discounted price', async () => {
    const half = await ask(tenant, coupons.operations.create, {
      percent_off: 50,
      duration: 'forever',
    });
    const before = await subscribe({ discounts: [{ coupon: half.id }] });
    await travel(world, MIDDLE);
    await switchTo(before, gold);
    expect((await pending()).map(({ amount }) => amount)).toEqual([500, -250]);
  });

  it('leaves what is asked for once to the next invoice', async () => {
    const setup = await ask(tenant, prices.operations.create, {
      currency: 'gbp',
      product: String(silver.product),
      unit_amount: 700,
    });
    const before = await subscribe();
    await change(before, { add_invoice_items: [{ price: setup.id }] });
    expect(await pending()).toMatchObject([{ amount: 700, proration: false }]);
  });
});

describe('POST /v1/subscriptions/:id, payment_behavior', () => {
  const payWith = async (test: string) => {
    const { attachPaymentMethod, update: set } = customers.operations;
    const card = await ask(tenant, attachPaymentMethod, {
      id: test,
      customer: customer.id,
    });
    await ask(tenant, set, {
      id: customer.id,
      invoice_settings: { default_payment_method: card.id },
    });
  };

  const decline = () => payWith('pm_card_chargeCustomerFail');

  const accept = async (): Promise<string> => {
    const { attachPaymentMethod } = customers.operations;
    const card = await ask(tenant, attachPaymentMethod, {
      id: 'pm_card_visa',
      customer: customer.id,
    });
    return card.id;
  };

  it('changes nothing with error_if_incomplete where the card is declined', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    await decline();
    const refusal = switchTo(before, gold, {
      proration_behavior: 'always_invoice',
      payment_behavior: 'error_if_incomplete',
    });
    await expect(refusal).rejects.toMatchObject({
      status: 402,
      details: { code: 'card_declined' },
    });
    expect(await ask(tenant, retrieve, { id: before.id })).toEqual(before);
    expect(await pending()).toEqual([]);
    const [made] = (await ask(tenant, invoices.operations.list, { subscription: before.id })).data;
    expect(made).toMatchObject({ status: 'void' });
    // Nobody owes what is void.
    expect(await ask(tenant, customers.operations.retrieve, { id: customer.id })).toMatchObject({
      delinquent: false,
    });
    // What was credited on the void invoice was not credited.
    await switchTo(before, gold);
    expect((await pending()).map(({ amount }) => amount)).toEqual([1000, -500]);
  });

  it('changes nothing with error_if_incomplete where the customer has to act', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    await payWith('pm_card_authenticationRequired');
    const refusal = switchTo(before, gold, {
      proration_behavior: 'always_invoice',
      payment_behavior: 'error_if_incomplete',
    });
    await expect(refusal).rejects.toMatchObject({
      status: 402,
      details: { code: 'subscription_payment_intent_requires_action' },
    });
    expect(await ask(tenant, retrieve, { id: before.id })).toEqual(before);
    const [made] = (await ask(tenant, invoices.operations.list, { subscription: before.id })).data;
    expect(made).toMatchObject({ status: 'void' });
    const told = (await events(tenant)).map(({ type }) => type);
    expect(told).toContain('invoice.payment_action_required');
    // It is void by then.
    expect(told).not.toContain('invoice.payment_failed');
  });

  it('applies a change with error_if_incomplete where it is paid', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    const after = await switchTo(before, gold, {
      proration_behavior: 'always_invoice',
      payment_behavior: 'error_if_incomplete',
    });
    expect(after).toMatchObject({ pending_update: null, status: 'active' });
    expect(itemOf(after).price.id).toBe(gold.id);
    expect(await invoiceOf(after)).toMatchObject({ status: 'paid', total: 500 });
  });

  it('keeps a change pending until its invoice is paid', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    await decline();
    const waiting = await switchTo(before, gold, {
      proration_behavior: 'always_invoice',
      payment_behavior: 'pending_if_incomplete',
    });
    expectContract(waiting);
    expect(itemOf(waiting).price.id).toBe(silver.id);
    expect(waiting).toMatchObject({
      status: 'active',
      pending_update: {
        expires_at: at('2026-04-16T23:00:00Z'),
        subscription_items: [{ price: { id: gold.id } }],
      },
    });
    const { id } = await invoiceOf(waiting);
    await ask(tenant, invoices.operations.pay, { id, payment_method: await accept() });
    const after = await ask(tenant, retrieve, { id: before.id });
    expect(after.pending_update).toBeNull();
    expect(itemOf(after).price.id).toBe(gold.id);
    const types = (await events(tenant)).map(({ type }) => type);
    expect(types).toContain('customer.subscription.pending_update_applied');
  });

  it('gives a pending change up when its time is over', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    await decline();
    const waiting = await switchTo(before, gold, {
      proration_behavior: 'always_invoice',
      payment_behavior: 'pending_if_incomplete',
    });
    await travel(world, '2026-04-16T23:00:00Z');
    const after = await ask(tenant, retrieve, { id: before.id });
    expect(after.pending_update).toBeNull();
    expect(itemOf(after).price.id).toBe(silver.id);
    expect((await invoiceOf(waiting)).status).toBe('void');
    const types = (await events(tenant)).map(({ type }) => type);
    expect(types).toContain('customer.subscription.pending_update_expired');
  });

  it('puts another pending change in the place of the first', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    await decline();
    const held: Change = {
      proration_behavior: 'always_invoice',
      payment_behavior: 'pending_if_incomplete',
    };
    const first = await switchTo(before, gold, held);
    const second = await change(before, {
      items: [{ id: itemOf(before).id, quantity: 5 }],
      ...held,
    });
    expect((await invoiceOf(first)).status).toBe('void');
    expect(second.pending_update?.subscription_items).toMatchObject([
      { price: { id: silver.id }, quantity: 5 },
    ]);
    expect(await invoiceOf(second)).toMatchObject({ status: 'open', total: 2000 });
  });

  it('refuses to hold what no invoice is made for', async () => {
    const before = await subscribe();
    const refusal = change(before, {
      description: 'Later',
      payment_behavior: 'pending_if_incomplete',
    });
    await expect(refusal).rejects.toMatchObject({ details: { param: 'description' } });
  });

  it('applies a change and falls behind with allow_incomplete', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    await decline();
    const after = await switchTo(before, gold, { proration_behavior: 'always_invoice' });
    expect(after.status).toBe('past_due');
    expect(itemOf(after).price.id).toBe(gold.id);
    expect(await invoiceOf(after)).toMatchObject({ status: 'open', attempted: true });
  });

  it('leaves the payment to the payer with default_incomplete', async () => {
    const before = await subscribe();
    await travel(world, MIDDLE);
    const after = await switchTo(before, gold, {
      proration_behavior: 'always_invoice',
      payment_behavior: 'default_incomplete',
    });
    expect(after.status).toBe('past_due');
    expect(await invoiceOf(after)).toMatchObject({ status: 'open', attempted: false });
  });
});
