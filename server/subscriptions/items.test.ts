import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import { expectContract } from '@/e2e/support/contract';
import { invoice_items } from '@/server/invoices';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { create, list, loadItems, remove, retrieve, update } from './items';
import { create as createSubscription, retrieve as retrieveSubscription } from './operations';
import { customerWith, events, priceOf, travel } from './travel.case';

let world: TestWorld;
let tenant: TestTenant;
let subscription: Stripe.Subscription;
let gold: Stripe.Price;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const START = '2026-04-01T00:00:00Z';
const MIDDLE = '2026-04-16T00:00:00Z';

beforeEach(async () => {
  world.now = new Date(START);
  tenant = await world.project();
  const customer = await customerWith(tenant);
  const silver = await priceOf(tenant, { unit_amount: 1000 });
  gold = await priceOf(tenant, { unit_amount: 2000 });
  subscription = await ask(tenant, createSubscription, {
    customer: customer.id,
    items: [{ price: silver.id, metadata: { tier: 'silver' } }],
  });
  await travel(world, MIDDLE);
});

const first = (): Stripe.SubscriptionItem => {
  const [one] = subscription.items.data;
  if (one === undefined) throw new Error('There is no item.');
  return one;
};

const amounts = async (): Promise<number[]> => {
  const { data } = await ask(tenant, invoice_items.operations.list, { pending: true });
  return data.map(({ amount }) => amount).toReversed();
};

describe('POST /v1/subscription_items', () => {
  it('adds an item, for the rest of the period', async () => {
    const item = await ask(tenant, create, {
      subscription: subscription.id,
      price: gold.id,
      quantity: 2,
      metadata: { seat: 'yes' },
    });
    expectContract(item);
    expect(item).toMatchObject({
      subscription: subscription.id,
      price: { id: gold.id },
      quantity: 2,
      metadata: { seat: 'yes' },
      current_period_end: first().current_period_end,
    });
    expect(await amounts()).toEqual([2000]);
    const told = (await events(tenant)).findLast(({ type }) =>
      type.endsWith('subscription.updated'),
    );
    expect(told?.data.previous_attributes).toMatchObject({ items: { data: [{ id: first().id }] } });
  });

  it('answers the item where the payment was asked for', async () => {
    const item = await ask(tenant, create, {
      subscription: subscription.id,
      price: gold.id,
      proration_behavior: 'always_invoice',
    });
    expect(item).toMatchObject({ object: 'subscription_item', price: { id: gold.id } });
    expect(await amounts()).toEqual([]);
  });

  it.each([
    ['without a price', {}, 'price'],
    ['with a price that is there already', { price: 'silver' }, 'items'],
    ['of a subscription that is not there', { subscription: 'sub_missing' }, 'subscription'],
  ])('refuses one %s', async (_, given: { price?: string; subscription?: string }, param) => {
    const price = given.price === 'silver' ? first().price.id : gold.id;
    const refusal = ask(tenant, create, {
      subscription: given.subscription ?? subscription.id,
      ...(param === 'price' ? {} : { price }),
    });
    await expect(refusal).rejects.toMatchObject({ status: 400, details: { param } });
  });
});

describe('POST /v1/subscription_items/:id', () => {
  it('changes how many there are', async () => {
    const item = await ask(tenant, update, { id: first().id, quantity: 3 });
    expectContract(item);
    expect(item).toMatchObject({ id: first().id, quantity: 3, metadata: { tier: 'silver' } });
    expect(await amounts()).toEqual([1500, -500]);
  });

  it('changes the price, of which there is one then, and what is noted', async () => {
    await ask(tenant, update, { id: first().id, quantity: 3, proration_behavior: 'none' });
    const item = await ask(tenant, update, {
      id: first().id,
      price: gold.id,
      metadata: { tier: '' },
    });
    expect(item).toMatchObject({ price: { id: gold.id }, quantity: 1, metadata: {} });
  });

  it('does not know an item of another project', async () => {
    const stranger = await world.project();
    await expect(ask(stranger, update, { id: first().id })).rejects.toMatchObject({ status: 404 });
  });
});

describe('GET /v1/subscription_items', () => {
  it('lists the items of a subscription both ways, and retrieves each', async () => {
    const added = await ask(tenant, create, { subscription: subscription.id, price: gold.id });
    const page = await ask(tenant, list, { subscription: subscription.id, limit: 1 });
    expect(page).toMatchObject({ has_more: true, data: [{ id: added.id }] });
    const rest = await ask(tenant, list, {
      subscription: subscription.id,
      starting_after: added.id,
    });
    expect(rest.data.map(({ id }) => id)).toEqual([first().id]);
    const back = await ask(tenant, list, {
      subscription: subscription.id,
      ending_before: first().id,
    });
    expect(back.data).toEqual([await ask(tenant, retrieve, { id: added.id })]);
    expect(await loadItems(tenant.scope, [added.id, 'si_missing'])).toHaveLength(1);
  });

  it('does not know one that is not there', async () => {
    await expect(ask(tenant, retrieve, { id: 'si_missing' })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('DELETE /v1/subscription_items/:id', () => {
  it('takes an item away and gives back the rest of its period', async () => {
    const added = await ask(tenant, create, { subscription: subscription.id, price: gold.id });
    const gone = await ask(tenant, remove, { id: first().id });
    expectContract(gone);
    expect(gone).toEqual({ id: first().id, object: 'subscription_item', deleted: true });
    const after = await ask(tenant, retrieveSubscription, { id: subscription.id });
    expect(after.items.data.map(({ id }) => id)).toEqual([added.id]);
    expect(await amounts()).toEqual([1000, -500]);
  });

  it('refuses to take the last one away', async () => {
    await expect(ask(tenant, remove, { id: first().id })).rejects.toThrow(
      'A subscription must have at least one active plan.',
    );
  });
});
