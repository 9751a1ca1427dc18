import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { expectContract } from '@/e2e/support/contract';
import { customers } from '@/server/customers';
import type { Command } from '@/server/kernel/operation';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { create, list, retrieve, update } from './operations';

const {
  create: createCustomer,
  remove: removeCustomer,
  retrieve: retrieveCustomer,
  update: updateCustomer,
} = customers.operations;

let world: TestWorld;
let tenant: TestTenant;
let customer: string;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

beforeEach(async () => {
  customer = (await run(createCustomer, {})).id;
});

/** Runs a command in a transaction of its own, as a request does. */
const run = <S extends z.ZodType, A extends { object: string }>(
  command: Command<S, A>,
  input: z.input<S>,
  who = tenant,
) => who.ctx.transaction((tx) => command.run(tx, command.input.parse(input)));

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);

const takes = (amount: number) =>
  create.input.safeParse({ customer: 'cus_1', amount, currency: 'gbp' }).success;

const missing = { status: 404, details: { code: 'resource_missing' } };

describe('POST /v1/customers/:customer/balance_transactions', () => {
  it('changes the balance, gives the customer a currency, and announces the customer', async () => {
    const line = await run(create, {
      customer,
      amount: -500,
      currency: 'GBP',
      description: 'For the trouble',
      metadata: { case: '7' },
    });
    expectContract(line);
    expect(line).toMatchObject({
      object: 'customer_balance_transaction',
      amount: -500,
      currency: 'gbp',
      customer,
      description: 'For the trouble',
      ending_balance: -500,
      metadata: { case: '7' },
      type: 'adjustment',
    });
    expect(await retrieveCustomer.run(tenant.scope, { id: customer })).toMatchObject({
      balance: -500,
      currency: 'gbp',
    });
    const [event] = await world.admin`
      select data from events where related_object = ${customer} and type = 'customer.updated'`;
    expect(event?.['data']).toMatchObject({
      object: { balance: -500 },
      previous_attributes: { balance: 0, currency: null },
    });
  });

  it('adds up 64 adjustments that arrive together, each line following the one before', async () => {
    const amounts = Array.from(
      { length: 64 },
      (_, index) => (index % 2 === 0 ? 1 : -1) * (index + 1),
    );
    await Promise.all(amounts.map((amount) => run(create, { customer, amount, currency: 'gbp' })));
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    expect(await retrieveCustomer.run(tenant.scope, { id: customer })).toMatchObject({
      balance: total,
    });
    const lines = await world.admin<{ amount: string; ending_balance: string }[]>`
      select amount, ending_balance from customer_balance_transactions where customer = ${customer}`;
    expect(lines).toHaveLength(64);
    // Every line but the first begins where another ended: one chain from zero to the total.
    const starts = lines.map((line) => Number(line.ending_balance) - Number(line.amount));
    const ends = lines.map((line) => Number(line.ending_balance));
    expect(sorted([...starts, total])).toEqual(sorted([...ends, 0]));
  });

  it('shares the ledger with the balance that is set on the customer', async () => {
    await run(create, { customer, amount: 300, currency: 'usd' });
    await run(updateCustomer, { id: customer, balance: -200 });
    const { data } = await list.run(tenant.scope, { customer });
    expect(data).toMatchObject([
      { amount: -500, ending_balance: -200, currency: 'usd', type: 'adjustment' },
      { amount: 300, ending_balance: 300 },
    ]);
  });

  it("refuses a currency that is not the customer's", async () => {
    await run(create, { customer, amount: 300, currency: 'gbp' });
    await expect(run(create, { customer, amount: 300, currency: 'usd' })).rejects.toMatchObject({
      status: 400,
      details: { param: 'currency' },
    });
    expect(await retrieveCustomer.run(tenant.scope, { id: customer })).toMatchObject({
      balance: 300,
    });
  });

  it('refuses an amount that is no safe sum of money', () => {
    expect([1.5, 100_000_000, -100_000_000].map(takes)).toEqual([false, false, false]);
    expect([99_999_999, -99_999_999].map(takes)).toEqual([true, true]);
  });

  it('cannot see a customer that is unknown, deleted or of another project', async () => {
    const input = { amount: 1, currency: 'gbp' };
    await expect(run(create, { customer: 'cus_none', ...input })).rejects.toMatchObject(missing);
    await expect(run(create, { customer, ...input }, await world.project())).rejects.toMatchObject(
      missing,
    );
    await run(removeCustomer, { id: customer });
    await expect(run(create, { customer, ...input })).rejects.toMatchObject(missing);
  });
});

describe('GET /v1/customers/:customer/balance_transactions/:id', () => {
  it('answers a line to its customer, and not to another', async () => {
    const line = await run(create, { customer, amount: 5, currency: 'gbp' });
    expect(await retrieve.run(tenant.scope, { customer, id: line.id })).toEqual(line);
    const other = await run(createCustomer, {});
    await expect(
      retrieve.run(tenant.scope, { customer: other.id, id: line.id }),
    ).rejects.toMatchObject(missing);
    await expect(
      retrieve.run((await world.project()).scope, { customer, id: line.id }),
    ).rejects.toMatchObject(missing);
  });
});

describe('POST /v1/customers/:customer/balance_transactions/:id', () => {
  it('changes description and metadata, and unsets them by an empty string', async () => {
    const line = await run(create, {
      customer,
      amount: 5,
      currency: 'gbp',
      description: 'a',
      metadata: { a: '1', b: '2' },
    });
    const changed = await run(update, { customer, id: line.id, metadata: { a: '', c: '3' } });
    expect(changed).toEqual({ ...line, metadata: { b: '2', c: '3' } });
    const cleared = await run(update, { customer, id: line.id, description: '', metadata: '' });
    expect(cleared).toEqual({ ...line, description: null, metadata: {} });
  });

  it('knows no way to change the amount', () => {
    expect(update.input.safeParse({ customer, id: 'cbtxn_1', amount: 1 }).success).toBe(false);
  });

  it('cannot see a line of another customer', async () => {
    const line = await run(create, { customer, amount: 5, currency: 'gbp' });
    const other = await run(createCustomer, {});
    await expect(
      run(update, { customer: other.id, id: line.id, description: 'x' }),
    ).rejects.toMatchObject(missing);
  });
});

describe('GET /v1/customers/:customer/balance_transactions', () => {
  it('lists both ways, the newest first, and within a time', async () => {
    const now = world.now;
    for (const [amount, day] of [
      [1, '2026-03-02T00:00:00Z'],
      [2, '2026-03-03T00:00:00Z'],
      [3, '2026-03-04T00:00:00Z'],
    ] as const) {
      world.now = new Date(day);
      await run(create, { customer, amount, currency: 'gbp' });
    }
    world.now = now;
    const amounts = async (params: object) =>
      (await list.run(tenant.scope, { customer, ...params })).data.map(({ amount }) => amount);

    const { data } = await list.run(tenant.scope, { customer });
    expect(data.map(({ amount }) => amount)).toEqual([3, 2, 1]);
    expect(await amounts({ starting_after: data[0]!.id, limit: 1 })).toEqual([2]);
    expect(await amounts({ ending_before: data[2]!.id, limit: 1 })).toEqual([2]);
    expect(await amounts({ created: { gte: Date.UTC(2026, 2, 3) / 1000 } })).toEqual([3, 2]);
    await expect(list.run(tenant.scope, { customer: 'cus_none' })).rejects.toMatchObject(missing);
  });
});
