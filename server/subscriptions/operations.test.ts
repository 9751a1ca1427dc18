import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { coupons } from '@/server/coupons';
import { customers } from '@/server/customers';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import type Stripe from 'stripe';
import { subscriptions } from './index';
import { includeSubscriptions } from './includes';
import { cancel, create, deleteDiscount, list, migrate, retrieve, search } from './operations';
import { at, customerWith, priceOf, travel, typesOf } from './travel.case';

let world: TestWorld;
let tenant: TestTenant;
let customer: Stripe.Customer;
let gold: Stripe.Price;
let yearly: Stripe.Price;
let active: Stripe.Subscription;
let trialing: Stripe.Subscription;
let canceled: Stripe.Subscription;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
  customer = await customerWith(tenant);
  gold = await priceOf(tenant);
  yearly = await priceOf(tenant, { recurring: { interval: 'year' } });
  const items = [{ price: gold.id }];
  active = await ask(tenant, create, { customer: customer.id, items, metadata: { order: '7' } });
  trialing = await ask(tenant, create, {
    customer: customer.id,
    items: [{ price: yearly.id }],
    trial_period_days: 7,
  });
  canceled = await ask(tenant, create, { customer: customer.id, items });
  await ask(tenant, cancel, { id: canceled.id });
});
afterAll(() => world.close());

type Filters = Parameters<typeof ask<typeof list>>[2];

const listed = async (filters: Filters): Promise<string[]> =>
  (await ask(tenant, list, filters)).data.map(({ id }) => id);

describe('GET /v1/subscriptions', () => {
  it('lists the newest first, without the canceled ones', async () => {
    expect(await listed({})).toEqual([trialing.id, active.id]);
    expect(await listed({ limit: 1 })).toEqual([trialing.id]);
    expect(await listed({ starting_after: trialing.id })).toEqual([active.id]);
    expect(await listed({ ending_before: active.id })).toEqual([trialing.id]);
  });

  it('filters by status, with words for all and for those that have ended', async () => {
    expect(await listed({ status: 'all' })).toEqual([canceled.id, trialing.id, active.id]);
    expect(await listed({ status: 'ended' })).toEqual([canceled.id]);
    expect(await listed({ status: 'canceled' })).toEqual([canceled.id]);
    expect(await listed({ status: 'trialing' })).toEqual([trialing.id]);
  });

  it('filters by what is billed, whom, how and when', async () => {
    expect(await listed({ price: yearly.id })).toEqual([trialing.id]);
    expect(await listed({ plan: gold.id })).toEqual([active.id]);
    expect(await listed({ customer: customer.id })).toEqual([trialing.id, active.id]);
    expect(await listed({ customer: 'cus_none' })).toEqual([]);
    expect(await listed({ collection_method: 'send_invoice' })).toEqual([]);
    expect(await listed({ created: { gt: active.created } })).toEqual([]);
    expect(await listed({ current_period_end: { lt: at('2026-03-20T00:00:00Z') } })).toEqual([
      trialing.id,
    ]);
    expect(await listed({ current_period_start: at('2026-03-01T12:00:00Z') })).toHaveLength(2);
  });

  it('refuses a cursor of another project', async () => {
    const other = await world.project();
    await expect(ask(other, list, { starting_after: active.id })).rejects.toMatchObject({
      status: 400,
      details: { param: 'starting_after' },
    });
  });
});

describe('GET /v1/subscriptions/search', () => {
  it('finds by metadata and status', async () => {
    const found = async (query: string) =>
      (await ask(tenant, search, { query })).data.map(({ id }) => id);
    expect(await found('metadata["order"]:"7"')).toEqual([active.id]);
    expect(await found('status:"canceled"')).toEqual([canceled.id]);
    expect(await found('status:"active" AND created>0')).toEqual([active.id]);
  });
});

describe('GET /v1/subscriptions/:id', () => {
  it('shows it in the SDK’s own shape', async () => {
    const shown = await ask(tenant, retrieve, { id: active.id });
    expectContract(shown);
    expect(shown).toMatchObject({ id: active.id, metadata: { order: '7' } });
  });

  it('is not found in another project, nor where it never was', async () => {
    const missing = { status: 404, details: { code: 'resource_missing' } };
    const other = await world.project();
    await expect(ask(other, retrieve, { id: active.id })).rejects.toMatchObject(missing);
    await expect(ask(tenant, retrieve, { id: 'sub_none' })).rejects.toMatchObject(missing);
  });
});

describe('DELETE /v1/subscriptions/:id/discount', () => {
  it('takes the discounts off, and refuses where there is none', async () => {
    const coupon = await ask(tenant, coupons.operations.create, {
      percent_off: 10,
      duration: 'forever',
    });
    const { id } = await ask(tenant, create, {
      customer: customer.id,
      items: [{ price: gold.id }],
      discounts: [{ coupon: coupon.id }],
    });
    expectContract(await ask(tenant, deleteDiscount, { id }));
    expect((await ask(tenant, retrieve, { id })).discounts).toEqual([]);
    await expect(ask(tenant, deleteDiscount, { id })).rejects.toMatchObject({ status: 404 });
    await ask(tenant, cancel, { id });
  });
});

describe('a default payment method', () => {
  it('is the one that the first invoice was paid with, where that was asked for', async () => {
    const { id } = await ask(tenant, create, {
      customer: customer.id,
      items: [{ price: gold.id }],
      payment_settings: { save_default_payment_method: 'on_subscription' },
    });
    const { default_payment_method } = await ask(tenant, retrieve, { id });
    expect(default_payment_method).toBe(customer.invoice_settings.default_payment_method);
  });

  it('must be attached to the customer', async () => {
    const other = await customerWith(tenant);
    const foreign = other.invoice_settings.default_payment_method;
    await expect(
      ask(tenant, create, {
        customer: customer.id,
        items: [{ price: gold.id }],
        default_payment_method: String(foreign),
      }),
    ).rejects.toMatchObject({ status: 400, details: { param: 'default_payment_method' } });
  });
});

describe('what waits for an invoice', () => {
  it('is billed at its own interval', async () => {
    const { id } = await ask(tenant, create, {
      customer: customer.id,
      items: [{ price: yearly.id }],
      pending_invoice_item_interval: { interval: 'week' },
    });
    const first = await ask(tenant, retrieve, { id });
    expect(first.next_pending_invoice_item_invoice).toBe(at('2026-03-08T12:00:00Z'));
    await travel(world, '2026-03-08T12:00:00Z');
    const then = await ask(tenant, retrieve, { id });
    expect(then.next_pending_invoice_item_invoice).toBe(at('2026-03-15T12:00:00Z'));
    expect(then.latest_invoice).toBe(first.latest_invoice);
  });
});

describe('POST /v1/subscriptions/:id/migrate', () => {
  it('bills in the mode flexible from now on, once', async () => {
    const { id } = await ask(tenant, create, {
      customer: customer.id,
      items: [{ price: gold.id }],
      billing_mode: { type: 'classic' },
    });
    const migrated = await ask(tenant, migrate, { id, billing_mode: { type: 'flexible' } });
    expectContract(migrated);
    expect(migrated.billing_mode).toEqual({
      flexible: { proration_discounts: 'included' },
      type: 'flexible',
      updated_at: Math.floor(world.now.getTime() / 1000),
    });
    const again = ask(tenant, migrate, { id, billing_mode: { type: 'flexible' } });
    await expect(again).rejects.toMatchObject({ status: 400 });
    await expect(
      ask(tenant, create, {
        customer: customer.id,
        items: [{ price: gold.id }, { price: yearly.id }],
        billing_mode: { type: 'classic' },
      }),
    ).rejects.toMatchObject({ status: 400, details: { param: 'items' } });
  });
});

describe('the subscriptions of a customer', () => {
  it('are its newest ones that are not canceled, as a list', async () => {
    const none = await customerWith(tenant);
    const lists = await includeSubscriptions(tenant.scope, [customer.id, none.id]);
    const own = await listed({ customer: customer.id });
    expect(lists.get(customer.id)?.data.map(({ id }) => id)).toEqual(own);
    expect(lists.get(none.id)).toMatchObject({ object: 'list', data: [], has_more: false });
  });
});

describe('the resource', () => {
  it('loads many at once, as expanding does', async () => {
    const loaded = await subscriptions.load?.(tenant.scope, [active.id, canceled.id, 'sub_none']);
    expect(loaded?.map(({ id }) => id).toSorted()).toEqual([active.id, canceled.id].toSorted());
  });

  it('is canceled with its customer, and tells so', async () => {
    const gone = await customerWith(tenant);
    await ask(tenant, create, { customer: gone.id, items: [{ price: gold.id }] });
    const before = (await typesOf(tenant, 'customer.subscription.deleted')).length;
    await ask(tenant, customers.operations.remove, { id: gone.id });
    expect(await typesOf(tenant, 'customer.subscription.deleted')).toHaveLength(before + 1);
  });
});
