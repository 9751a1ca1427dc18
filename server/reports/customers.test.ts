import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customers } from '@/server/customers';
import { invoice_items, invoices } from '@/server/invoices';
import { payment_intents } from '@/server/payment_intents';
import { prices } from '@/server/prices';
import { refunds } from '@/server/refunds';
import { subscriptions } from '@/server/subscriptions';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { customersWorth, filteredCustomers, type CustomerFilters } from './customers';

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

const customer = async (): Promise<string> =>
  (
    await ask(tenant, customers.operations.create, {
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    })
  ).id;

const pay = (who: string, amount: number, currency: string, more: object = {}) =>
  ask(tenant, payment_intents.operations.create, {
    amount,
    currency,
    customer: who,
    confirm: true,
    payment_method: 'pm_card_visa',
    payment_method_types: ['card'],
    ...more,
  });

describe('what customers are worth', () => {
  it('is what they paid and kept, by currency, whatever was only authorized', async () => {
    const ada = await customer();
    const { id } = await pay(ada, 1_000, 'gbp');
    await ask(tenant, refunds.operations.create, { payment_intent: id, amount: 250 });
    await pay(ada, 400, 'usd');
    const held = await pay(ada, 900, 'gbp', { capture_method: 'manual' });
    const part = await pay(ada, 700, 'gbp', { capture_method: 'manual' });
    await ask(tenant, payment_intents.operations.capture, { id: part.id, amount_to_capture: 500 });
    expect(held.status).toBe('requires_capture');
    const nobody = await customer();
    const found = await customersWorth(tenant.scope, [ada, nobody, 'cus_none']);
    expect(found.get(ada)).toEqual({
      spent: { gbp: 1_250, usd: 400 },
      open: {},
      mrr: {},
      subscriptions: 0,
    });
    expect(found.get(nobody)).toEqual({ spent: {}, open: {}, mrr: {}, subscriptions: 0 });
    expect(found.size).toBe(3);
  });

  it('is what is open on their invoices, and how many subscriptions they have', async () => {
    const grace = await customer();
    const price = await ask(tenant, prices.operations.create, {
      currency: 'gbp',
      unit_amount: 1_500,
      recurring: { interval: 'month' },
      product_data: { name: 'Gold' },
    });
    await ask(tenant, subscriptions.operations.create, {
      customer: grace,
      items: [{ price: price.id }],
    });
    await ask(tenant, subscriptions.operations.create, {
      customer: grace,
      items: [{ price: price.id }],
      trial_period_days: 7,
    });
    await ask(tenant, invoice_items.operations.create, {
      customer: grace,
      amount: 330,
      currency: 'gbp',
    });
    const draft = await ask(tenant, invoices.operations.create, {
      customer: grace,
      collection_method: 'send_invoice',
      days_until_due: 7,
      pending_invoice_items_behavior: 'include',
    });
    const before = await customersWorth(tenant.scope, [grace]);
    expect(before.get(grace)).toMatchObject({ spent: { gbp: 1_500 }, open: {}, subscriptions: 2 });
    await ask(tenant, invoices.operations.finalize, { id: draft.id });
    const after = await customersWorth(tenant.scope, [grace]);
    expect(after.get(grace)?.open).toEqual({ gbp: 330 });
  });

  it("is nothing of another project's", async () => {
    const [mine, other] = [await customer(), await world.project()];
    await pay(mine, 100, 'gbp');
    expect((await customersWorth(other.scope, [mine])).get(mine)?.spent).toEqual({});
  });
});

describe('customers that pass filters', () => {
  const those = async (filters: CustomerFilters): Promise<string[]> =>
    (await filteredCustomers(tenant.scope, {}, filters)).data.map(({ id }) => id);

  it('are told apart by their subscriptions and their debts', async () => {
    tenant = await world.project();
    const [ada, grace, alan] = [await customer(), await customer(), await customer()];
    const { id: price } = await ask(tenant, prices.operations.create, {
      currency: 'gbp',
      unit_amount: 1_000,
      recurring: { interval: 'month' },
      product_data: { name: 'Tea' },
    });
    const subscribe = (who: string) =>
      ask(tenant, subscriptions.operations.create, { customer: who, items: [{ price }] });
    await subscribe(ada);
    const { id: late } = await subscribe(grace);
    await world.admin`update subscriptions set status = 'past_due' where id = ${late}`;
    await world.admin`update invoices set status = 'open' where customer = ${grace}`;
    expect(await those({ standing: 'subscribed' })).toEqual([ada]);
    expect(await those({ standing: 'past_due' })).toEqual([grace]);
    expect(await those({ standing: 'unsubscribed' })).toEqual([alan]);
    expect(await those({ standing: 'owing' })).toEqual([grace]);
    expect(await those({ currency: 'gbp' })).toEqual([grace, ada]);
    expect(await those({})).toEqual([alan, grace, ada]);
  });

  it('are told apart by country and metadata, all filters at once', async () => {
    tenant = await world.project();
    const make = (country: string, plan: string) =>
      ask(tenant, customers.operations.create, { address: { country }, metadata: { plan } });
    const gold = await make('GB', 'gold');
    await make('GB', 'silver');
    await make('FR', 'gold');
    expect(await those({ country: 'gb', metadata: { plan: 'gold' } })).toEqual([gold.id]);
    expect(await those({ metadata: { plan: 'gol' } })).toEqual([]);
  });
});
