import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { expectContract } from '@/e2e/support/contract';
import type { Command } from '@/server/kernel/operation';
import { newId } from '@/server/kernel/ids';
import { meters } from '@/server/meters';
import {
  addInlinePrice,
  findPrices,
  plans,
  prices,
  products,
  requireActivePrice,
  requirePrice,
} from '@/server/prices';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

const { create, retrieve, update, remove, list } = plans.operations;

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

const run = <S extends z.ZodType, A extends { object: string }>(
  command: Command<S, A>,
  input: z.input<S>,
  who = tenant,
) => who.ctx.transaction((tx) => command.run(tx, command.input.parse(input)));

const MONTHLY = { currency: 'gbp', amount: 1_000, interval: 'month' } as const;
const newPlan = (given: object = {}, who = tenant) =>
  run(create, { ...MONTHLY, product: { name: 'Gold' }, ...given }, who);

const eventsOf = (id: string) =>
  world.admin`select type, data -> 'previous_attributes' as previous from events
    where related_object = ${id} order by id`.then((rows) =>
    rows.map(({ type, previous }) => [type, previous] as const),
  );

const idOf = (reference: string | object | null | undefined): string =>
  typeof reference === 'string' ? reference : '';

const missing = { status: 404, details: { code: 'resource_missing' } };

/** A subscription to it, as far as prices can see one. */
const subscribe = async (price: string) => {
  const { projectId } = tenant;
  await world.admin.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`insert into subscription_items
      (project_id, livemode, id, subscription, price, current_period_start, current_period_end,
        discounts, metadata, tax_rates, created)
      values (${projectId}, false, ${newId('subscription_item')}, ${newId('subscription')}, ${price}, 0, 1,
        '[]', '{}', '[]', 0)`;
  });
};

describe('POST /v1/plans', () => {
  it('creates a recurring price, with a product of its own', async () => {
    const plan = await newPlan({
      interval_count: 3,
      nickname: 'Quarterly',
      metadata: { a: 'b' },
      trial_period_days: 14,
      transform_usage: { divide_by: 5, round: 'up' },
    });
    expectContract(plan);
    expect(plan).toMatchObject({
      object: 'plan',
      active: true,
      amount: 1_000,
      amount_decimal: '1000',
      billing_scheme: 'per_unit',
      currency: 'gbp',
      interval: 'month',
      interval_count: 3,
      metadata: { a: 'b' },
      meter: null,
      nickname: 'Quarterly',
      tiers_mode: null,
      transform_usage: { divide_by: 5, round: 'up' },
      trial_period_days: 14,
      usage_type: 'licensed',
    });
    expect(await retrieve.run(tenant.scope, { id: plan.id })).toEqual(plan);
    expect(await products.load?.(tenant.scope, [idOf(plan.product)])).toMatchObject([
      { name: 'Gold' },
    ]);
    const price = await prices.operations.retrieve.run(tenant.scope, { id: plan.id });
    expect(price).toMatchObject({
      unit_amount: 1_000,
      recurring: { interval: 'month', interval_count: 3, trial_period_days: 14 },
      transform_quantity: { divide_by: 5, round: 'up' },
    });
    expect(await eventsOf(plan.id)).toEqual([
      ['plan.created', null],
      ['price.created', null],
    ]);
  });

  it('takes an id, a product that is there, a meter and tiers', async () => {
    const meter = await run(meters.operations.create, {
      display_name: 'Calls',
      event_name: 'calls',
      default_aggregation: { formula: 'sum' },
    });
    const product = idOf((await newPlan()).product);
    const plan = await newPlan({
      id: 'gold-metered',
      product,
      amount: undefined,
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: [
        { up_to: 10, unit_amount: 5 },
        { up_to: 'inf', unit_amount_decimal: '4.5' },
      ],
      usage_type: 'metered',
      meter: meter.id,
    });
    expectContract(plan);
    expect(plan).toMatchObject({
      id: 'gold-metered',
      amount: null,
      amount_decimal: null,
      meter: meter.id,
      product,
      tiers_mode: 'graduated',
      usage_type: 'metered',
    });
    expect(plan).not.toHaveProperty('tiers');
    const tiers = await plans.includes?.['tiers']?.(tenant.scope, [plan.id]);
    expect(tiers?.get(plan.id)).toMatchObject([
      { up_to: 10, unit_amount: 5 },
      { up_to: null, unit_amount: null, unit_amount_decimal: '4.5' },
    ]);
    await expect(newPlan({ id: 'gold-metered' })).rejects.toMatchObject({
      status: 400,
      message: 'Plan already exists.',
      details: { code: 'resource_already_exists', param: 'id' },
    });
  });

  it.each([
    [
      { amount: undefined },
      'amount',
      'Plans require an `amount` or `amount_decimal` parameter to be set.',
    ],
    [
      { amount_decimal: '1' },
      'amount',
      'You may only specify one of these parameters: amount, amount_decimal.',
    ],
    [{ interval_count: 37 }, 'interval_count', undefined],
    [{ usage_type: 'metered' }, 'meter', undefined],
    [{ usage_type: 'metered', meter: 'mtr_none' }, 'meter', "No such billing_meter: 'mtr_none'"],
    [{ product: 'prod_none' }, 'product', "No such product: 'prod_none'"],
    [
      {
        amount: undefined,
        billing_scheme: 'tiered',
        tiers_mode: 'volume',
        tiers: [{ up_to: 'inf', unit_amount: 1, unit_amount_decimal: '1' }],
      },
      'tiers[0][unit_amount]',
      'You may only specify one of these parameters: tiers[0][unit_amount], tiers[0][unit_amount_decimal].',
    ],
  ])('refuses %j, in the words of plans', async (given, param, message) => {
    await expect(newPlan(given)).rejects.toMatchObject({
      status: 400,
      details: { param },
      ...(message === undefined ? {} : { message }),
    });
  });
});

describe('POST /v1/plans/:id', () => {
  it('changes it, and announces it under both names', async () => {
    const { id } = await newPlan({ nickname: 'Old', metadata: { a: 'b' } });
    const plan = await run(update, {
      id,
      active: false,
      nickname: '',
      metadata: { c: 'd' },
      trial_period_days: 7,
    });
    expectContract(plan);
    expect(plan).toMatchObject({
      active: false,
      nickname: null,
      metadata: { a: 'b', c: 'd' },
      trial_period_days: 7,
    });
    const words = { active: true, nickname: 'Old', metadata: { c: null } };
    expect((await eventsOf(id)).slice(2)).toEqual([
      ['plan.updated', { ...words, trial_period_days: null }],
      ['price.updated', { ...words, recurring: { trial_period_days: null } }],
    ]);
  });

  it('says nothing of the plan where only the price changed', async () => {
    const { id } = await newPlan();
    await run(prices.operations.update, { id, lookup_key: 'gold' });
    expect((await eventsOf(id)).slice(2)).toEqual([['price.updated', { lookup_key: null }]]);
  });

  it('moves to another product, until somebody subscribes', async () => {
    const { id } = await newPlan();
    const product = idOf((await newPlan()).product);
    expect((await run(update, { id, product })).product).toBe(product);
    await subscribe(id);
    expect((await run(update, { id, product })).product).toBe(product);
    const other = idOf((await newPlan()).product);
    await expect(run(update, { id, product: other })).rejects.toMatchObject({
      status: 400,
      details: { param: 'product' },
    });
  });

  it('finds no price that does not recur, no unknown plan and none of another project', async () => {
    const once = await run(prices.operations.create, {
      currency: 'gbp',
      unit_amount: 1,
      product_data: { name: 'Once' },
    });
    const other = await world.project();
    const { id } = await newPlan();
    await expect(run(update, { id: once.id })).rejects.toMatchObject(missing);
    await expect(retrieve.run(tenant.scope, { id: once.id })).rejects.toMatchObject(missing);
    await expect(run(update, { id: 'plan_none' })).rejects.toMatchObject({
      message: "No such plan: 'plan_none'",
    });
    await expect(run(update, { id }, other)).rejects.toMatchObject(missing);
    await expect(retrieve.run(other.scope, { id })).rejects.toMatchObject(missing);
    await expect(run(remove, { id }, other)).rejects.toMatchObject(missing);
  });
});

describe('DELETE /v1/plans/:id', () => {
  it('leaves nothing of one that nobody subscribed to: id and product are free', async () => {
    const plan = await newPlan({ id: 'silver' });
    const stub = await run(remove, { id: 'silver' });
    expectContract(stub);
    expect(stub).toEqual({ id: 'silver', object: 'plan', deleted: true });
    await expect(retrieve.run(tenant.scope, { id: 'silver' })).rejects.toMatchObject(missing);
    await expect(run(remove, { id: 'silver' })).rejects.toMatchObject(missing);
    expect((await eventsOf('silver')).slice(2)).toEqual([
      ['plan.deleted', null],
      ['price.deleted', null],
    ]);
    const product = idOf(plan.product);
    expect(await run(products.operations.remove, { id: product })).toMatchObject({ deleted: true });
    expect((await newPlan({ id: 'silver', amount: 5 })).amount).toBe(5);
  });

  it('keeps one for its subscribers, and hides it from everybody else', async () => {
    const { id, product } = await newPlan({ id: 'bronze' });
    await subscribe(id);
    await run(remove, { id });
    await expect(retrieve.run(tenant.scope, { id })).rejects.toMatchObject(missing);
    await expect(prices.operations.retrieve.run(tenant.scope, { id })).rejects.toMatchObject(
      missing,
    );
    await expect(run(prices.operations.update, { id })).rejects.toMatchObject(missing);
    await expect(requirePrice(tenant.scope, id)).rejects.toMatchObject({ status: 400 });
    expect(await list.run(tenant.scope, { product: idOf(product) })).toMatchObject({ data: [] });
    expect(
      await prices.operations.search.run(tenant.scope, { query: `product:"${idOf(product)}"` }),
    ).toMatchObject({ data: [] });
    expect(await findPrices(tenant.scope, [id])).toMatchObject([{ id, active: false }]);
    await expect(run(products.operations.remove, { id: idOf(product) })).rejects.toMatchObject({
      status: 400,
    });
    await expect(newPlan({ id })).rejects.toMatchObject({ message: 'Plan already exists.' });
  });

  it('refuses the default price of a product', async () => {
    const product = await run(products.operations.create, {
      name: 'Tea',
      default_price_data: { currency: 'gbp', unit_amount: 1, recurring: { interval: 'month' } },
    });
    await expect(run(remove, { id: idOf(product.default_price) })).rejects.toMatchObject({
      status: 400,
      message: 'This price cannot be deleted because it is the default price of its product.',
    });
  });
});

describe('GET /v1/plans', () => {
  it('lists recurring prices both ways, and filters', async () => {
    const fresh = await world.project();
    const first = await newPlan({}, fresh);
    const product = idOf(first.product);
    const second = await newPlan({ product, active: false }, fresh);
    await run(prices.operations.create, { currency: 'gbp', unit_amount: 1, product }, fresh);
    world.now = new Date(world.now.getTime() + 60_000);
    const third = await newPlan({}, fresh);
    const ids = async (params: z.input<typeof list.input>) =>
      (await list.run(fresh.scope, list.input.parse(params))).data.map(({ id }) => id);
    expect(await ids({})).toEqual([third.id, second.id, first.id]);
    expect(await ids({ starting_after: third.id, limit: 1 })).toEqual([second.id]);
    expect(await ids({ ending_before: first.id, limit: 1 })).toEqual([second.id]);
    expect(await ids({ active: false })).toEqual([second.id]);
    expect(await ids({ product })).toEqual([second.id, first.id]);
    expect(await ids({ created: { gte: third.created } })).toEqual([third.id]);
    await expect(ids({ product: 'prod_none' })).rejects.toMatchObject({ status: 400 });
  });
});

describe('a price for other folders', () => {
  it('is required to exist, and to be active where it is new', async () => {
    const { id } = await newPlan({ active: false });
    expect(await requirePrice(tenant.scope, id, 'items[0][price]')).toMatchObject({ id });
    await expect(requirePrice(tenant.scope, 'price_none', 'items[0][price]')).rejects.toMatchObject(
      { status: 400, details: { code: 'resource_missing', param: 'items[0][price]' } },
    );
    await expect(requireActivePrice(tenant.scope, id, 'items[0][price]')).rejects.toMatchObject({
      status: 400,
      details: { param: 'items[0][price]' },
    });
  });

  it('is described inline, and offered to nobody else', async () => {
    const product = idOf((await newPlan()).product);
    const data = { currency: 'gbp', product, unit_amount: 250 };
    const place = 'items[0][price_data]';
    const row = await tenant.ctx.transaction((tx) =>
      addInlinePrice(tx, { ...data, recurring: { interval: 'week' } }, place),
    );
    expect(row).toMatchObject({ active: false, type: 'recurring', unit_amount: 250 });
    expect(await eventsOf(row.id)).toEqual([
      ['plan.created', null],
      ['price.created', null],
    ]);
    const add = (given: object) =>
      tenant.ctx.transaction((tx) => addInlinePrice(tx, { ...data, ...given }, place));
    await expect(add({ product: 'prod_none' })).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'items[0][price_data][product]' },
    });
    await expect(add({ unit_amount: undefined })).rejects.toMatchObject({
      details: { param: 'items[0][price_data][unit_amount]' },
    });
  });
});
