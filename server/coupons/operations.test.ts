import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { expectContract } from '@/e2e/support/contract';
import type { Command } from '@/server/kernel/operation';
import { products } from '@/server/prices';
import { createApi, type Api } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { create, list, remove, retrieve, update } from './operations';

let world: TestWorld;
let tenant: TestTenant;
let api: Api;

beforeAll(async () => {
  world = await createWorld();
  api = createApi(world);
  tenant = await world.project();
});
afterAll(() => world.close());

/** Runs a command in a transaction of its own, as a request does. */
const run = <S extends z.ZodType, A extends { object: string }>(
  command: Command<S, A>,
  input: z.input<S>,
  who = tenant,
) => who.ctx.transaction((tx) => command.run(tx, command.input.parse(input)));

const events = (id: string, type: string) =>
  world.admin<{ data: { object: object; previous_attributes?: object } }[]>`
    select data from events where related_object = ${id} and type = ${type} order by id`;

/** Unix seconds, so many days from now. */
const inDays = (days: number) => world.now.getTime() / 1000 + days * 86_400;

const product = async () => (await run(products.operations.create, { name: 'Boat' })).id;

const missing = { status: 404, details: { code: 'resource_missing', param: 'id' } };

describe('POST /v1/coupons', () => {
  it('creates a percentage that is taken off once', async () => {
    const coupon = await run(create, { percent_off: 25.5 });
    expectContract(coupon);
    expect(coupon).toMatchObject({
      object: 'coupon',
      amount_off: null,
      created: inDays(0),
      currency: null,
      duration: 'once',
      duration_in_months: null,
      livemode: false,
      max_redemptions: null,
      metadata: {},
      name: null,
      percent_off: 25.5,
      redeem_by: null,
      times_redeemed: 0,
      valid: true,
    });
    expect(coupon.id).toMatch(/^[\dA-Za-z]{12}$/);
    expect(await events(coupon.id, 'coupon.created')).toMatchObject([{ data: { object: coupon } }]);
    expect(await retrieve.run(tenant.scope, { id: coupon.id })).toEqual(coupon);
  });

  it('keeps everything that is said', async () => {
    const said = {
      id: 'WELCOME-5',
      amount_off: 500,
      currency: 'gbp',
      duration: 'repeating' as const,
      duration_in_months: 3,
      max_redemptions: 20,
      metadata: { campaign: 'spring' },
      name: 'Welcome',
      redeem_by: inDays(30),
    };
    const coupon = await run(create, { ...said, currency_options: { EUR: { amount_off: 600 } } });
    expectContract(coupon);
    expect(coupon).toMatchObject({ ...said, percent_off: null, valid: true });
  });

  it.each([0.01, 12.34, 33.3, 100])('takes %s percent exactly', async (percent_off) => {
    expect(await run(create, { percent_off })).toMatchObject({ percent_off });
  });

  it.each([0, -1, 100.01, 12.345])('refuses %s percent', (percent_off) => {
    expect(create.input.safeParse({ percent_off }).success).toBe(false);
  });

  it.each([
    ['no reduction', {}, { code: 'parameter_missing' }],
    [
      'two reductions',
      { percent_off: 1, amount_off: 1, currency: 'gbp' },
      { code: 'parameters_exclusive', param: 'percent_off' },
    ],
    ['an amount without its currency', { amount_off: 1 }, { param: 'currency' }],
    [
      'repeating without months',
      { percent_off: 1, duration: 'repeating' as const },
      { param: 'duration_in_months' },
    ],
    [
      'months without repeating',
      { percent_off: 1, duration_in_months: 2 },
      { param: 'duration_in_months' },
    ],
    ['a last day that has passed', { percent_off: 1, redeem_by: 1 }, { param: 'redeem_by' }],
    [
      'a last day in six years',
      { percent_off: 1, redeem_by: 1_962_000_000 },
      { param: 'redeem_by' },
    ],
    [
      'currencies of a percentage',
      { percent_off: 1, currency_options: { eur: { amount_off: 1 } } },
      { param: 'currency_options' },
    ],
    [
      'its own currency as a further one',
      { amount_off: 1, currency: 'gbp', currency_options: { gbp: { amount_off: 1 } } },
      { param: 'currency_options[gbp]' },
    ],
    [
      'a product that does not exist',
      { percent_off: 1, applies_to: { products: ['prod_none'] } },
      { code: 'resource_missing', param: 'applies_to[products][0]' },
    ],
  ])('refuses %s', async (_what, input, details) => {
    await expect(run(create, input)).rejects.toMatchObject({ status: 400, details });
  });

  it('refuses an id in use, and takes that of a deleted coupon', async () => {
    await run(create, { id: 'TWICE', percent_off: 10 });
    const taken = { details: { code: 'resource_already_exists', param: 'id' } };
    await expect(run(create, { id: 'TWICE', percent_off: 20 })).rejects.toMatchObject(taken);
    await run(remove, { id: 'TWICE' });
    expect(await run(create, { id: 'TWICE', percent_off: 20 })).toMatchObject({ percent_off: 20 });
  });

  it('gives one of two who want the same id at once that id', async () => {
    const both = await Promise.allSettled([
      run(create, { id: 'RACE', percent_off: 10 }),
      run(create, { id: 'RACE', percent_off: 20 }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { details: { code: 'resource_already_exists' } },
    });
  });
});

describe('GET /v1/coupons/:id', () => {
  it('shows products and currencies where they are expanded', async () => {
    const boat = await product();
    const { id } = await run(create, {
      amount_off: 500,
      currency: 'gbp',
      currency_options: { eur: { amount_off: 600 } },
      applies_to: { products: [boat] },
    });
    const path = `/v1/coupons/${id}?expand[]=applies_to&expand[]=currency_options`;
    expect((await api({ key: tenant.secretKey, path })).body).toMatchObject({
      applies_to: { products: [boat] },
      currency_options: { gbp: { amount_off: 500 }, eur: { amount_off: 600 } },
    });
    const plain = await api({ key: tenant.secretKey, path: `/v1/coupons/${id}` });
    expect(plain.body).not.toHaveProperty('applies_to');
  });

  it('is not valid when its last second has passed', async () => {
    const { id } = await run(create, { percent_off: 10, redeem_by: inDays(1) });
    const there = (seconds: number) => ({
      ...tenant.scope,
      now: new Date((inDays(1) + seconds) * 1000),
    });
    expect(await retrieve.run(there(0), { id })).toMatchObject({ valid: true });
    expect(await retrieve.run(there(1), { id })).toMatchObject({ valid: false });
  });

  it("finds none that does not exist, and none of another's", async () => {
    const { id } = await run(create, { percent_off: 10 });
    const other = await world.project();
    await expect(retrieve.run(tenant.scope, { id: 'NONE' })).rejects.toMatchObject(missing);
    await expect(retrieve.run(other.scope, { id })).rejects.toMatchObject(missing);
  });
});

describe('POST /v1/coupons/:id', () => {
  it('changes name and metadata, and adds currencies', async () => {
    const { id } = await run(create, {
      amount_off: 500,
      currency: 'gbp',
      name: 'Old',
      metadata: { a: '1', b: '2' },
    });
    await run(update, { id, currency_options: { eur: { amount_off: 600 } } });
    const coupon = await run(update, {
      id,
      name: 'New',
      metadata: { a: '' },
      currency_options: { usd: { amount_off: 700 } },
    });
    expectContract(coupon);
    expect(coupon).toMatchObject({ name: 'New', metadata: { b: '2' } });
    const [, event] = await events(id, 'coupon.updated');
    expect(event?.data.previous_attributes).toEqual({
      name: 'Old',
      metadata: { a: '1' },
    });
    const path = `/v1/coupons/${id}?expand[]=currency_options`;
    expect((await api({ key: tenant.secretKey, path })).body['currency_options']).toEqual({
      gbp: { amount_off: 500 },
      eur: { amount_off: 600 },
      usd: { amount_off: 700 },
    });
  });

  it('removes the name where it is empty', async () => {
    const { id } = await run(create, { percent_off: 10, name: 'Spring' });
    expect(await run(update, { id, name: '' })).toMatchObject({ name: null });
  });

  it('changes nothing of what is taken off', () => {
    expect(update.input.safeParse({ id: 'x', percent_off: 20 }).success).toBe(false);
  });

  it("finds none that does not exist, and none of another's", async () => {
    const { id } = await run(create, { percent_off: 10 });
    const other = await world.project();
    await expect(run(update, { id: 'NONE' })).rejects.toMatchObject(missing);
    await expect(run(update, { id }, other)).rejects.toMatchObject(missing);
  });
});

describe('DELETE /v1/coupons/:id', () => {
  it('deletes a coupon, which is then not found', async () => {
    const { id } = await run(create, { percent_off: 10 });
    const deleted = await run(remove, { id });
    expectContract(deleted);
    expect(deleted).toEqual({ id, object: 'coupon', deleted: true });
    expect(await events(id, 'coupon.deleted')).toMatchObject([{ data: { object: { id } } }]);
    await expect(retrieve.run(tenant.scope, { id })).rejects.toMatchObject(missing);
    await expect(run(remove, { id })).rejects.toMatchObject(missing);
    await expect(run(update, { id })).rejects.toMatchObject(missing);
  });
});

describe('GET /v1/coupons', () => {
  it('lists the newest first, whatever their ids are, forwards and backwards', async () => {
    const shop = await world.project();
    const start = world.now;
    for (const [minute, id] of ['MIDDLE', 'ZEBRA', 'APPLE', 'GONE'].entries()) {
      world.now = new Date(start.getTime() + minute * 60_000);
      await run(create, { id, percent_off: 10 }, shop);
    }
    world.now = start;
    await run(remove, { id: 'GONE' }, shop);
    const ids = async (input: z.input<typeof list.input>) => {
      const { data, has_more } = await list.run(shop.scope, list.input.parse(input));
      return [...data.map((one) => one.id), has_more];
    };
    expect(await ids({})).toEqual(['APPLE', 'ZEBRA', 'MIDDLE', false]);
    expect(await ids({ limit: 2 })).toEqual(['APPLE', 'ZEBRA', true]);
    expect(await ids({ starting_after: 'ZEBRA' })).toEqual(['MIDDLE', false]);
    expect(await ids({ ending_before: 'MIDDLE', limit: 1 })).toEqual(['ZEBRA', true]);
    const created = start.getTime() / 1000 + 60;
    expect(await ids({ created })).toEqual(['ZEBRA', false]);
    expect(await ids({ created: { lt: created } })).toEqual(['MIDDLE', false]);
  });

  it('pages through those that are made in one second', async () => {
    const shop = await world.project();
    for (const id of ['B', 'A', 'C']) await run(create, { id, percent_off: 10 }, shop);
    const seen: string[] = [];
    let after: string | undefined;
    for (let pages = 0; pages < 3; pages++) {
      const page = await list.run(shop.scope, { limit: 1, starting_after: after });
      after = page.data[0]?.id;
      seen.push(after ?? '');
    }
    expect(seen).toEqual(['C', 'B', 'A']);
  });

  it('refuses a cursor that does not exist', async () => {
    await expect(list.run(tenant.scope, { starting_after: 'NONE' })).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'starting_after' },
    });
  });
});
