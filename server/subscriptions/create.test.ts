import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { findInvoice, toInvoice } from '@/server/invoices';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import type Stripe from 'stripe';
import { create, retrieve } from './operations';
import { at, customerWith, events, priceOf, travel, typesOf } from './travel.case';

let world: TestWorld;
let tenant: TestTenant;
let customer: Stripe.Customer;
let gold: Stripe.Price;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  world.now = new Date('2026-03-01T12:00:00Z');
  tenant = await world.project();
  customer = await customerWith(tenant);
  gold = await priceOf(tenant);
});

type Given = Partial<Parameters<typeof ask<typeof create>>[2]>;

const subscribe = (given: Given = {}) =>
  ask(tenant, create, { customer: customer.id, items: [{ price: gold.id }], ...given });

const invoiceOf = async ({ latest_invoice }: Stripe.Subscription): Promise<Stripe.Invoice> => {
  const row = await findInvoice(tenant.scope, String(latest_invoice));
  if (row === null) throw new Error('There is no invoice.');
  return toInvoice(tenant.scope, row);
};

describe('POST /v1/subscriptions', () => {
  it('charges the first period and is active', async () => {
    const subscription = await subscribe({ items: [{ price: gold.id, quantity: 2 }] });
    expectContract(subscription);
    expect(subscription).toMatchObject({
      status: 'active',
      billing_cycle_anchor: at('2026-03-01T12:00:00Z'),
      currency: 'gbp',
      items: {
        data: [
          {
            quantity: 2,
            current_period_start: at('2026-03-01T12:00:00Z'),
            current_period_end: at('2026-04-01T12:00:00Z'),
          },
        ],
      },
    });
    expect(await invoiceOf(subscription)).toMatchObject({
      status: 'paid',
      total: 2_000,
      billing_reason: 'subscription_create',
      lines: { data: [{ description: '2 × Gold (at £10.00 / month)', amount: 2_000 }] },
    });
  });

  it('tells what happens in its order, the change of the status last', async () => {
    await subscribe();
    expect(await typesOf(tenant, 'customer.subscription', 'invoice.', 'payment_intent')).toEqual([
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'invoice.updated',
      'payment_intent.created',
      'payment_intent.succeeded',
      'invoice.paid',
      'customer.subscription.updated',
      'invoice.payment_succeeded',
      'invoice.updated',
    ]);
    const updated = (await events(tenant)).find(
      ({ type }) => type === 'customer.subscription.updated',
    );
    expect(updated?.data.previous_attributes).toEqual({ status: 'incomplete' });
  });

  it('is incomplete while the payer is to confirm the payment', async () => {
    const subscription = await subscribe({ payment_behavior: 'default_incomplete' });
    expect(subscription.status).toBe('incomplete');
    expect(await invoiceOf(subscription)).toMatchObject({ status: 'open', attempted: false });
  });

  it('is incomplete where the card is declined, and expires with its invoice after 23 hours', async () => {
    customer = await customerWith(tenant, 'pm_card_chargeCustomerFail');
    const subscription = await subscribe();
    expect(subscription.status).toBe('incomplete');
    await travel(world, '2026-03-02T10:59:59Z');
    expect((await ask(tenant, retrieve, { id: subscription.id })).status).toBe('incomplete');
    await travel(world, '2026-03-02T11:00:00Z');
    const expired = await ask(tenant, retrieve, { id: subscription.id });
    expect(expired).toMatchObject({
      status: 'incomplete_expired',
      ended_at: at('2026-03-02T11:00:00Z'),
    });
    expect((await invoiceOf(expired)).status).toBe('void');
  });

  it('comes to nothing where the card is declined and an error was asked for', async () => {
    customer = await customerWith(tenant, 'pm_card_chargeCustomerFail');
    const refusal = subscribe({ payment_behavior: 'error_if_incomplete' });
    await expect(refusal).rejects.toMatchObject({
      status: 402,
      details: { code: 'card_declined' },
    });
    const [row] =
      await world.admin`select status from subscriptions where customer = ${customer.id}`;
    expect(row?.status).toBe('incomplete_expired');
  });

  it('waits for a customer who has to prove who they are, unless an error was asked for', async () => {
    customer = await customerWith(tenant, 'pm_card_authenticationRequired');
    const subscription = await subscribe();
    expect(subscription.status).toBe('incomplete');
    expect(await invoiceOf(subscription)).toMatchObject({ status: 'open', attempted: true });
    expect(await typesOf(tenant, 'invoice.payment_action_required')).toHaveLength(1);
    await expect(subscribe({ payment_behavior: 'error_if_incomplete' })).rejects.toMatchObject({
      status: 402,
      details: { code: 'subscription_payment_intent_requires_action' },
    });
  });

  it('asks for nothing during a trial, and says so on an invoice', async () => {
    const subscription = await subscribe({ trial_period_days: 14 });
    const trial_end = at('2026-03-15T12:00:00Z');
    expect(subscription).toMatchObject({
      status: 'trialing',
      trial_end,
      billing_cycle_anchor: trial_end,
      items: { data: [{ current_period_end: trial_end }] },
    });
    expect(await invoiceOf(subscription)).toMatchObject({
      status: 'paid',
      total: 0,
      lines: { data: [{ description: 'Trial period for Gold', amount: 0 }] },
    });
    expect(await typesOf(tenant, 'customer.subscription')).toEqual([
      'customer.subscription.created',
    ]);
  });

  it('asks the customer of a trial for a card, where the payment is to be confirmed', async () => {
    customer = await customerWith(tenant, null);
    const subscription = await subscribe({
      trial_period_days: 14,
      payment_behavior: 'default_incomplete',
    });
    expect(subscription.status).toBe('trialing');
    expect(subscription.pending_setup_intent).toMatch(/^seti_/);
  });

  it('charges a stub until the anchor by its share', async () => {
    const subscription = await subscribe({ billing_cycle_anchor: at('2026-03-15T00:00:00Z') });
    const { total, lines } = await invoiceOf(subscription);
    // 13.5 days of the 28 from 15 February to 15 March: £10.00 × 13.5 / 28, half up.
    expect(total).toBe(482);
    expect(lines.data[0]).toMatchObject({
      amount: 482,
      period: { end: at('2026-03-15T00:00:00Z') },
    });
  });

  it('makes no invoice for a stub that is free', async () => {
    const subscription = await subscribe({
      billing_cycle_anchor: at('2026-03-15T00:00:00Z'),
      proration_behavior: 'none',
    });
    expect(subscription).toMatchObject({ status: 'active', latest_invoice: null });
  });

  it('asks for the time since the start that it was dated back to', async () => {
    const subscription = await subscribe({
      backdate_start_date: at('2026-02-01T12:00:00Z'),
      billing_cycle_anchor: at('2026-04-01T12:00:00Z'),
    });
    expect(subscription.start_date).toBe(at('2026-02-01T12:00:00Z'));
    const { lines } = await invoiceOf(subscription);
    expect(lines.data.map(({ amount, period }) => [amount, period.start])).toEqual([
      [1_000, at('2026-02-01T12:00:00Z')],
      [1_000, at('2026-03-01T12:00:00Z')],
    ]);
  });

  it('is active before an invoice that is to be sent is paid', async () => {
    const subscription = await subscribe({ collection_method: 'send_invoice', days_until_due: 30 });
    expect(subscription.status).toBe('active');
    expect(await invoiceOf(subscription)).toMatchObject({ status: 'draft', auto_advance: true });
  });

  it('puts fees on the first invoice, before what recurs', async () => {
    const fee = await priceOf(tenant, {
      recurring: undefined,
      unit_amount: 500,
      product_data: { name: 'Setup' },
    });
    const { lines } = await invoiceOf(await subscribe({ add_invoice_items: [{ price: fee.id }] }));
    expect(lines.data.map(({ amount }) => amount)).toEqual([500, 1_000]);
  });

  it('ends at the earliest period end where that is asked', async () => {
    const yearly = await priceOf(tenant, { recurring: { interval: 'year' } });
    const items = [{ price: gold.id }, { price: yearly.id }];
    const soon = await subscribe({ items, cancel_at_period_end: true });
    expect(soon.cancel_at).toBe(at('2026-04-01T12:00:00Z'));
    const late = await subscribe({ items, cancel_at: 'max_period_end' });
    expect(late.cancel_at).toBe(at('2027-03-01T12:00:00Z'));
  });

  it('asks only for the time until it ends', async () => {
    const subscription = await subscribe({ cancel_at: at('2026-03-17T00:00:00Z') });
    // 15.5 of the 31 days of March.
    expect((await invoiceOf(subscription)).total).toBe(500);
  });

  describe('400', () => {
    const refused = async (given: Given, param: string) => {
      await expect(subscribe(given)).rejects.toMatchObject({ status: 400, details: { param } });
    };

    it('refuses the same price twice', () =>
      refused({ items: [{ price: gold.id }, { price: gold.id }] }, 'items'));

    it('refuses a price that does not recur, is archived or does not exist', async () => {
      const once = await priceOf(tenant, { recurring: undefined });
      await refused({ items: [{ price: once.id }] }, 'items[0][price]');
      const gone = await priceOf(tenant, { active: false });
      await refused({ items: [{ price: gone.id }] }, 'items[0][price]');
      await refused({ items: [{ price: 'price_none' }] }, 'items[0][price]');
    });

    it.each([
      ['that is charged', {}],
      ['whose invoice is sent', { collection_method: 'send_invoice', days_until_due: 30 }],
      [
        'that makes no invoice yet',
        { billing_cycle_anchor: at('2026-03-20T00:00:00Z'), proration_behavior: 'none' },
      ],
    ] as const)('refuses a second currency after a subscription %s', async (_, given) => {
      await subscribe(given);
      const dollars = await priceOf(tenant, { currency: 'usd' });
      await refused({ items: [{ price: dollars.id }] }, 'currency');
    });

    it('refuses intervals that are not multiples of the shortest', async () => {
      const every = async (interval: 'day' | 'week' | 'month' | 'year', interval_count = 1) => {
        const { id } = await priceOf(tenant, { recurring: { interval, interval_count } });
        return { price: id };
      };
      await refused({ items: [await every('week'), { price: gold.id }] }, 'items');
      await refused({ items: [await every('month', 2), await every('month', 3)] }, 'items');
      const items = [await every('year'), await every('month', 3), { price: gold.id }];
      expect((await subscribe({ items })).items.data).toHaveLength(3);
      expect(await subscribe({ items: [await every('day'), await every('week')] })).toMatchObject({
        status: 'active',
      });
    });

    it('refuses to show prorations and their discounts apart', () => {
      const given = { type: 'flexible', flexible: { proration_discounts: 'itemized' } };
      expect(
        create.input.safeParse({ customer: customer.id, items: [], billing_mode: given }).success,
      ).toBe(false);
    });

    it('refuses a customer that nothing could be charged of', async () => {
      customer = await customerWith(tenant, null);
      await expect(subscribe()).rejects.toMatchObject({ details: { code: 'resource_missing' } });
    });

    it('refuses days without an invoice to send, and one to send without days', async () => {
      await refused({ days_until_due: 3 }, 'days_until_due');
      await refused({ collection_method: 'send_invoice' }, 'days_until_due');
    });

    it('refuses an anchor that is later than the next natural billing date', () =>
      refused({ billing_cycle_anchor: at('2026-04-02T00:00:00Z') }, 'billing_cycle_anchor'));

    it('refuses two ways to say when a trial ends', () =>
      refused({ trial_end: at('2026-04-02T00:00:00Z'), trial_period_days: 3 }, 'trial_end'));

    it('refuses to hold what there is nothing before', () =>
      refused({ payment_behavior: 'pending_if_incomplete' }, 'payment_behavior'));

    it('refuses a customer that does not exist, or is of another project', async () => {
      await refused({ customer: 'cus_none' }, 'customer');
      const mine = customer.id;
      tenant = await world.project();
      gold = await priceOf(tenant);
      await refused({ customer: mine }, 'customer');
    });
  });
});
