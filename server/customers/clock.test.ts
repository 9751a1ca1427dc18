/** Customers that live by a test clock. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { test_clocks } from '@/server/test_clocks';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { adjustBalance } from './index';
import { create, list, remove, retrieve, update } from './operations';

const clocks = test_clocks.operations;
const START = Date.parse('2031-05-31T00:00:00Z') / 1000;

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const newClock = async (): Promise<string> => {
  tenant = await world.project();
  return (await ask(tenant, clocks.create, { frozen_time: START })).id;
};

const statusOf = async (id: string): Promise<unknown> =>
  (await world.admin`select status from customers where id = ${id}`)[0]?.['status'];

describe('a customer on a test clock', () => {
  it('is created at the time of its clock, and announced at the time of the wall', async () => {
    const test_clock = await newClock();
    const customer = await ask(tenant, create, {
      test_clock,
      balance: 500,
      payment_method: 'pm_card_visa',
      tax_id_data: [{ type: 'gb_vat', value: 'GB123456789' }],
    });
    expectContract(customer);
    expect(customer).toMatchObject({ test_clock, created: START });
    const [event] = await world.admin`
      select created::int, data->'object'->>'test_clock' as clock from events
      where related_object = ${customer.id} and type = 'customer.created'`;
    expect(event).toEqual({ created: world.now.getTime() / 1000, clock: test_clock });
    const times = await world.admin`
      select l.created::int as line, t.created::int as tax_id
      from customer_balance_transactions l join tax_ids t on t.customer = l.customer
      where l.customer = ${customer.id}`;
    expect(times).toEqual([{ line: START, tax_id: START }]);
  });

  it('has its balance changed at the time of its clock', async () => {
    const test_clock = await newClock();
    const { id } = await ask(tenant, create, { test_clock });
    await tenant.ctx.transaction((tx) =>
      adjustBalance(tx, id, { amount: 1, currency: 'gbp', type: 'adjustment' }),
    );
    await ask(tenant, update, { id, balance: 3 });
    expect(
      await world.admin`select created::int from customer_balance_transactions where customer = ${id}`,
    ).toEqual([{ created: START }, { created: START }]);
  });

  it('is expanded to its clock', async () => {
    const test_clock = await newClock();
    expect(await test_clocks.load!(tenant.scope, [test_clock])).toEqual([
      await ask(tenant, clocks.retrieve, { id: test_clock }),
    ]);
  });

  it('is listed with its clock, and only then', async () => {
    const test_clock = await newClock();
    const there = await ask(tenant, create, { test_clock, email: 'ada@example.com' });
    const here = await ask(tenant, create, { email: 'ada@example.com' });
    const listed = async (params: Parameters<typeof ask<typeof list>>[2]) =>
      (await ask(tenant, list, params)).data.map(({ id }) => id);
    expect(await listed({})).toEqual([here.id]);
    expect(await listed({ email: 'ada@example.com' })).toEqual([here.id]);
    expect(await listed({ test_clock })).toEqual([there.id]);
    expect(await listed({ test_clock: 'clock_none' })).toEqual([]);
  });

  it('has any number of others beside it', async () => {
    const test_clock = await newClock();
    for (let index = 0; index < 5; index += 1) await ask(tenant, create, { test_clock });
    expect((await ask(tenant, list, { test_clock })).data).toHaveLength(5);
  });

  it("refuses a clock that is unknown, deleted or another project's", async () => {
    const theirs = await newClock();
    const gone = await newClock();
    await ask(tenant, clocks.remove, { id: gone });
    for (const test_clock of ['clock_none', gone, theirs]) {
      await expect(ask(tenant, create, { test_clock })).rejects.toMatchObject({
        status: 400,
        message: `No such billingclock: '${test_clock}'`,
        details: { code: 'resource_missing', param: 'test_clock' },
      });
    }
  });

  it('is not changed by a request while its clock advances', async () => {
    const test_clock = await newClock();
    const { id } = await ask(tenant, create, { test_clock });
    await ask(tenant, clocks.advance, { id: test_clock, frozen_time: START + 1 });
    const underway = {
      status: 429,
      message: `Test clock advancement underway - cannot perform modifications: ${test_clock}`,
    };
    await expect(ask(tenant, create, { test_clock })).rejects.toMatchObject(underway);
    await expect(ask(tenant, update, { id, name: 'Ada' })).rejects.toMatchObject(underway);
    await expect(ask(tenant, remove, { id })).rejects.toMatchObject(underway);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({ id, name: null });
  });
});

describe('the deletion of a test clock', () => {
  it('deletes its customers, announces each, and touches no other', async () => {
    const test_clock = await newClock();
    const other = await ask(tenant, clocks.create, { frozen_time: START });
    const [first, second, gone] = [
      await ask(tenant, create, { test_clock, payment_method: 'pm_card_visa' }),
      await ask(tenant, create, { test_clock }),
      await ask(tenant, create, { test_clock }),
    ];
    const elsewhere = await ask(tenant, create, { test_clock: other.id });
    const here = await ask(tenant, create, {});
    await ask(tenant, remove, { id: gone.id });

    await ask(tenant, clocks.remove, { id: test_clock });
    expect(await statusOf(first.id)).toBe('deleted');
    expect(await statusOf(second.id)).toBe('deleted');
    expect(await statusOf(elsewhere.id)).toBe('active');
    expect(await statusOf(here.id)).toBe('active');
    const deleted = await world.admin`
      select related_object as customer from events
      where type = 'customer.deleted' and project_id = ${tenant.projectId} order by id`;
    expect(deleted.map(({ customer }) => customer as unknown)).toEqual([
      gone.id,
      first.id,
      second.id,
    ]);
    expect(
      await world.admin`select status from payment_methods where customer = ${first.id}`,
    ).toEqual([]);
  });

  it('leaves nobody behind who comes at the same moment', async () => {
    const test_clock = await newClock();
    const [, ...arrivals] = await Promise.allSettled([
      ask(tenant, clocks.remove, { id: test_clock }),
      ...Array.from({ length: 5 }, () => ask(tenant, create, { test_clock })),
    ]);
    for (const arrival of arrivals) {
      if (arrival.status === 'fulfilled') expect(await statusOf(arrival.value.id)).toBe('deleted');
      else expect(arrival.reason).toMatchObject({ details: { param: 'test_clock' } });
    }
  });
});
