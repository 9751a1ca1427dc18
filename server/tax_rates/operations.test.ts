import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { expectContract } from '@/e2e/support/contract';
import type { Command } from '@/server/kernel/operation';
import { tax_rates } from '@/server/tax_rates';
import { createApi, type Api } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { findRates, requireRates } from './use';

const { create, retrieve, update, list } = tax_rates.operations;

let world: TestWorld;
let api: Api;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
  api = createApi(world);
  tenant = await world.project();
});
afterAll(() => world.close());

const run = <S extends z.ZodType, A extends { object: string }>(
  command: Command<S, A>,
  input: z.input<S>,
  who = tenant,
) => who.ctx.transaction((tx) => command.run(tx, command.input.parse(input)));

const VAT = { display_name: 'VAT', inclusive: false, percentage: 20 };
const newRate = (given: object = {}, who = tenant) => run(create, { ...VAT, ...given }, who);

const eventsOf = (id: string) =>
  world.admin`select type, data -> 'previous_attributes' as previous from events
    where related_object = ${id} order by id`.then((rows) =>
    rows.map(({ type, previous }) => [type, previous] as const),
  );

describe('POST /v1/tax_rates', () => {
  it('creates one and announces it', async () => {
    const rate = await newRate({
      country: 'GB',
      description: 'Standard',
      jurisdiction: 'UK',
      tax_type: 'vat',
      metadata: { a: 'b' },
    });
    expectContract(rate);
    expect(rate).toMatchObject({
      object: 'tax_rate',
      active: true,
      country: 'GB',
      description: 'Standard',
      display_name: 'VAT',
      effective_percentage: 20,
      flat_amount: null,
      inclusive: false,
      jurisdiction: 'UK',
      jurisdiction_level: null,
      metadata: { a: 'b' },
      percentage: 20,
      rate_type: 'percentage',
      state: null,
      tax_type: 'vat',
    });
    expect(await retrieve.run(tenant.scope, { id: rate.id })).toEqual(rate);
    expect(await eventsOf(rate.id)).toEqual([['tax_rate.created', null]]);
  });

  it.each([0, 7.25, 8.875, 9.975, 0.0001, 99.9999, 100, 19.6, 4.35, 1.1])(
    'keeps %d percent exactly',
    async (percentage) => {
      expect((await newRate({ percentage })).percentage).toBe(percentage);
    },
  );

  it('reads a percentage from a form, and refuses a fifth decimal', async () => {
    const post = (percentage: string) =>
      api({
        key: tenant.secretKey,
        method: 'POST',
        path: '/v1/tax_rates',
        body: `display_name=VAT&inclusive=true&percentage=${percentage}`,
      });
    expect((await post('7.25')).body).toMatchObject({ percentage: 7.25, inclusive: true });
    expect((await post('7.12345')).body.error).toMatchObject({
      param: 'percentage',
      message: 'Invalid decimal: 7.12345; must contain at maximum four decimal places.',
    });
  });

  it.each([
    { percentage: -1 },
    { percentage: 100.1 },
    { percentage: 0.000_000_1 },
    { country: 'gbr' },
    { tax_type: 'window_tax' },
    { display_name: '' },
    { display_name: 'x'.repeat(51) },
  ])('refuses %j', (given) => {
    expect(create.input.safeParse({ ...VAT, ...given }).success).toBe(false);
  });
});

describe('POST /v1/tax_rates/:id', () => {
  it('changes its words, archives and restores it', async () => {
    const { id } = await newRate({ state: 'CA', metadata: { a: 'b' } });
    const archived = await run(update, {
      id,
      active: false,
      display_name: 'Sales tax',
      state: '',
      metadata: { a: '' },
    });
    expectContract(archived);
    expect(archived).toMatchObject({
      active: false,
      display_name: 'Sales tax',
      state: null,
      metadata: {},
    });
    expect((await run(update, { id, active: false })).active).toBe(false);
    expect((await run(update, { id, active: true })).active).toBe(true);
    expect(await eventsOf(id)).toEqual([
      ['tax_rate.created', null],
      [
        'tax_rate.updated',
        { active: true, display_name: 'VAT', metadata: { a: 'b' }, state: 'CA' },
      ],
      ['tax_rate.updated', {}],
      ['tax_rate.updated', { active: false }],
    ]);
  });

  it('does not change what it asks', () => {
    expect(update.input.safeParse({ id: 'txr_1', percentage: 5 }).success).toBe(false);
    expect(update.input.safeParse({ id: 'txr_1', inclusive: true }).success).toBe(false);
  });

  it('cannot see one that is unknown or of another project', async () => {
    const missing = { status: 404, details: { code: 'resource_missing' } };
    const other = await world.project();
    const { id } = await newRate();
    await expect(run(update, { id: 'txr_none' })).rejects.toMatchObject(missing);
    await expect(run(update, { id }, other)).rejects.toMatchObject(missing);
    await expect(retrieve.run(other.scope, { id })).rejects.toMatchObject(missing);
  });
});

describe('GET /v1/tax_rates', () => {
  it('lists both ways, and filters', async () => {
    const fresh = await world.project();
    const first = await newRate({ inclusive: true }, fresh);
    const second = await newRate({ active: false }, fresh);
    world.now = new Date(world.now.getTime() + 60_000);
    const third = await newRate({}, fresh);
    const ids = async (params: z.input<typeof list.input>) =>
      (await list.run(fresh.scope, list.input.parse(params))).data.map(({ id }) => id);
    expect(await ids({})).toEqual([third.id, second.id, first.id]);
    expect(await ids({ starting_after: third.id, limit: 1 })).toEqual([second.id]);
    expect(await ids({ ending_before: first.id, limit: 1 })).toEqual([second.id]);
    expect(await ids({ active: true })).toEqual([third.id, first.id]);
    expect(await ids({ active: false })).toEqual([second.id]);
    expect(await ids({ inclusive: true })).toEqual([first.id]);
    expect(await ids({ created: { gte: third.created } })).toEqual([third.id]);
  });
});

describe('the rates of something billed', () => {
  it('come in the order that was asked for', async () => {
    const ids = [await newRate(), await newRate(), await newRate()].map(({ id }) => id);
    const order = [ids[2]!, ids[0]!, ids[1]!];
    const found = await requireRates(tenant.scope, order, 'tax_rates');
    expect(found.map(({ id }) => id)).toEqual(order);
    expect(found[0]?.percentage).toBe(200_000);
    expect(await requireRates(tenant.scope, [], 'tax_rates')).toEqual([]);
  });

  it('exist, are active, are named once and are five at most', async () => {
    const { id } = await newRate();
    const archived = (await newRate({ active: false })).id;
    const need = (...ids: string[]) => requireRates(tenant.scope, ids, 'default_tax_rates');
    await expect(need(id, 'txr_none')).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'default_tax_rates[1]' },
    });
    await expect(need(archived)).rejects.toMatchObject({
      details: { param: 'default_tax_rates[0]' },
    });
    await expect(need(id, id)).rejects.toMatchObject({
      details: { param: 'default_tax_rates[1]' },
    });
    await expect(need(id, id, id, id, id, id)).rejects.toMatchObject({
      details: { param: 'default_tax_rates' },
    });
    const found = await findRates(tenant.scope, ['txr_none', archived]);
    expect(found).toMatchObject([{ id: archived, status: 'inactive' }]);
  });
});
