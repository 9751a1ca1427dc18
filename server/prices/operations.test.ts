import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { meters } from '@/server/meters';
import { prices, products } from '@/server/prices';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

const { create, retrieve, update, list, search } = prices.operations;

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
// Lists look at all there is: each group of tests has a project of its own.
const inNewProject = () =>
  beforeAll(async () => {
    tenant = await world.project();
  });

const newPrice = (input: object) =>
  tenant.ctx.transaction((tx) =>
    create.run(tx, create.input.parse({ currency: 'gbp', unit_amount: 1000, ...input })),
  );
const change = (id: string, input: object) =>
  tenant.ctx.transaction((tx) => update.run(tx, update.input.parse({ id, ...input })));
const newProduct = (input: object = {}) =>
  tenant.ctx.transaction((tx) =>
    products.operations.create.run(
      tx,
      products.operations.create.input.parse({ name: 'Tea', ...input }),
    ),
  );
const newMeter = async (event_name: string) => {
  const { create, deactivate } = meters.operations;
  const input = { display_name: 'Calls', event_name, default_aggregation: { formula: 'sum' } };
  const { id } = await tenant.ctx.transaction((tx) => create.run(tx, create.input.parse(input)));
  const stop = () => tenant.ctx.transaction((tx) => deactivate.run(tx, { id }));
  return { id, stop };
};
const get = (id: string, scope = tenant.scope) => retrieve.run(scope, { id });
const idsOf = ({ data }: { data: readonly { id: string }[] }) => data.map(({ id }) => id);
const listed = async (params: object) =>
  idsOf(await list.run(tenant.scope, list.input.parse(params)));
const found = async (query: string) => idsOf(await search.run(tenant.scope, { query }));
const eventsOf = (id: string) =>
  world.admin`select type, data -> 'previous_attributes' as previous from events
    where related_object = ${id} order by id`.then((rows) =>
    rows.map(({ type, previous }) => [type, previous] as const),
  );

/** The id in a field that may be expanded, and here is not. */
const idOf = (reference: string | object | null | undefined): string =>
  typeof reference === 'string' ? reference : '';

const refuses = (input: object) =>
  expect(create.input.safeParse({ currency: 'gbp', ...input }).success).toBe(false);

describe('POST /v1/prices', () => {
  inNewProject();

  it('creates a one-time price of a product', async () => {
    const product = await newProduct();
    const price = await newPrice({ product: product.id, nickname: '', metadata: { a: 'b' } });
    expectContract(price);
    expect(price).toMatchObject({
      active: true,
      billing_scheme: 'per_unit',
      currency: 'gbp',
      livemode: false,
      lookup_key: null,
      metadata: { a: 'b' },
      nickname: null,
      product: product.id,
      recurring: null,
      tax_behavior: 'unspecified',
      type: 'one_time',
      unit_amount: 1000,
      unit_amount_decimal: '1000',
    });
    expect(price).not.toHaveProperty('tiers');
    expect(price).not.toHaveProperty('currency_options');
    expect(await get(price.id)).toEqual(price);
    expect(await eventsOf(price.id)).toEqual([['price.created', null]]);
  });

  it('creates a recurring price and its product at once', async () => {
    const price = await newPrice({
      product_data: { name: 'Club' },
      recurring: { interval: 'month', interval_count: 3, trial_period_days: 14 },
      transform_quantity: { divide_by: 5, round: 'up' },
      currency: 'GBP',
    });
    expectContract(price);
    expect(price).toMatchObject({
      currency: 'gbp',
      recurring: {
        interval: 'month',
        interval_count: 3,
        meter: null,
        trial_period_days: 14,
        usage_type: 'licensed',
      },
      transform_quantity: { divide_by: 5, round: 'up' },
      type: 'recurring',
    });
    const product = idOf(price.product);
    expect(await products.load?.(tenant.scope, [product])).toMatchObject([{ name: 'Club' }]);
    expect(await eventsOf(product)).toEqual([['product.created', null]]);
  });

  it('creates tiers in several currencies, which are included when asked for', async () => {
    const tiers = [
      { up_to: 10, unit_amount: 500 },
      { up_to: 'inf', unit_amount_decimal: '450.5' },
    ];
    const price = await newPrice({
      unit_amount: undefined,
      product_data: { name: 'Seats' },
      recurring: { interval: 'year' },
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers,
      currency_options: { EUR: { tiers } },
    });
    expect(price).toMatchObject({
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      unit_amount: null,
      unit_amount_decimal: null,
    });
    const perUnit = await newPrice({ product_data: { name: 'Tea' } });
    const ids = [price.id, perUnit.id];
    const tiersOf = await prices.includes?.['tiers']?.(tenant.scope, ids);
    const optionsOf = await prices.includes?.['currency_options']?.(tenant.scope, ids);
    expect([...(tiersOf?.keys() ?? [])]).toEqual([price.id]);
    expect(tiersOf?.get(price.id)).toMatchObject([
      { up_to: 10, unit_amount: 500 },
      { up_to: null, unit_amount: null, unit_amount_decimal: '450.5' },
    ]);
    expect(Object.keys(optionsOf?.get(price.id) ?? {})).toEqual(['gbp', 'eur']);
    for (const id of ids) {
      const full = { ...(await get(id)), currency_options: optionsOf?.get(id) };
      expectContract(tiersOf?.has(id) === true ? { ...full, tiers: tiersOf.get(id) } : full);
    }
  });

  it('creates a metered price on a meter, and one whose amount the customer chooses', async () => {
    const meter = (await newMeter('calls')).id;
    const metered = await newPrice({
      product_data: { name: 'Calls' },
      recurring: { interval: 'month', usage_type: 'metered', meter },
      unit_amount: undefined,
      unit_amount_decimal: '0.25',
    });
    expectContract(metered);
    expect(metered).toMatchObject({
      recurring: { usage_type: 'metered', meter },
      unit_amount: null,
      unit_amount_decimal: '0.25',
    });
    const gift = await newPrice({
      product_data: { name: 'Gift' },
      unit_amount: undefined,
      custom_unit_amount: { enabled: true, minimum: 100 },
    });
    expectContract(gift);
    expect(gift.custom_unit_amount).toEqual({ minimum: 100, maximum: null, preset: null });
  });

  it('refuses a meter that does not exist or does not count, naming it', async () => {
    const metered = (meter: string) =>
      newPrice({
        product_data: { name: 'Calls' },
        recurring: { interval: 'month', usage_type: 'metered', meter },
      });
    await expect(metered('mtr_none')).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'recurring[meter]' },
    });
    const { id, stop } = await newMeter('stopped');
    await stop();
    await expect(metered(id)).rejects.toMatchObject({
      status: 400,
      details: { param: 'recurring[meter]' },
    });
  });

  it('moves a lookup key from the price that has it, and says so of both', async () => {
    const product = (await newProduct()).id;
    const first = await newPrice({ product, lookup_key: 'basic' });
    await change(first.id, { active: false });
    await expect(newPrice({ product, lookup_key: 'basic' })).rejects.toMatchObject({
      status: 400,
      message: `A price (\`${first.id}\`) already uses that lookup key.`,
      details: { param: 'lookup_key' },
    });
    const second = await newPrice({ product, lookup_key: 'basic', transfer_lookup_key: true });
    expect(second.lookup_key).toBe('basic');
    expect((await get(first.id)).lookup_key).toBeNull();
    expect((await eventsOf(first.id)).at(-1)).toEqual(['price.updated', { lookup_key: 'basic' }]);
    expect(await eventsOf(second.id)).toEqual([['price.created', null]]);
  });

  it('gives one lookup key to one of many that want it at once', async () => {
    const product = (await newProduct()).id;
    const wanted = await Promise.allSettled(
      Array.from({ length: 4 }, () => newPrice({ product, lookup_key: 'contended' })),
    );
    const refused = wanted.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(3);
    for (const error of refused) expect(error).toMatchObject({ details: { param: 'lookup_key' } });
  });

  it.each([
    ['two products', { product: 'p', product_data: { name: 'x' } }, 'product'],
    ['an unknown product', { product: 'prod_none' }, 'product'],
    [
      'tiers of a one-time price',
      { unit_amount: undefined, billing_scheme: 'tiered', tiers_mode: 'volume' },
      'interval',
    ],
    [
      'tiers without their mode',
      { unit_amount: undefined, billing_scheme: 'tiered', recurring: { interval: 'day' } },
      'tiers_mode',
    ],
    ['the mode of tiers without them', { tiers_mode: 'volume' }, 'tiers_mode'],
    [
      'tiers with a transformed quantity',
      {
        unit_amount: undefined,
        billing_scheme: 'tiered',
        tiers_mode: 'volume',
        recurring: { interval: 'day' },
        transform_quantity: { divide_by: 2, round: 'up' },
      },
      'transform_quantity',
    ],
    [
      'a chosen amount that recurs',
      {
        unit_amount: undefined,
        custom_unit_amount: { enabled: true },
        recurring: { interval: 'day' },
      },
      'custom_unit_amount',
    ],
    [
      'more than three years',
      { recurring: { interval: 'month', interval_count: 37 } },
      'recurring[interval_count]',
    ],
    [
      'metered usage without a meter',
      { recurring: { interval: 'month', usage_type: 'metered' } },
      'recurring[meter]',
    ],
    [
      'a meter without metered usage',
      { recurring: { interval: 'month', meter: 'mtr_1' } },
      'recurring[meter]',
    ],
    [
      'its own currency among the others',
      { currency_options: { gbp: { unit_amount: 1 } } },
      'currency_options[gbp]',
    ],
  ])('refuses %s', async (_, input, param) => {
    const inSome = 'product' in input ? {} : { product_data: { name: 'x' } };
    await expect(newPrice({ ...inSome, ...input })).rejects.toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      details: { param },
    });
  });

  it('refuses to be without a product', async () => {
    await expect(newPrice({})).rejects.toMatchObject({
      status: 400,
      message: 'You must specify either `product` or `product_data` when creating a price.',
    });
  });

  it('refuses what the schema does not have', () => {
    refuses({ currency: 'xyz' });
    refuses({ unit_amount: -1 });
    refuses({ unit_amount_decimal: '1.0000000000001' });
    refuses({ unit_amount_decimal: '-1' });
    refuses({ custom_unit_amount: { enabled: false } });
    refuses({ currency_options: { zzz: { unit_amount: 1 } } });
    refuses({ lookup_key: 'k'.repeat(201) });
    refuses({ recurring: { interval: 'hour' } });
  });
});

describe('POST /v1/prices/:id', () => {
  inNewProject();

  it('updates all but the amount, and unsets by an empty string', async () => {
    const price = await newPrice({
      product_data: { name: 'Tea' },
      nickname: 'old',
      lookup_key: 'old',
      metadata: { keep: '1', drop: '1' },
    });
    const updated = await change(price.id, {
      active: false,
      nickname: '',
      lookup_key: '',
      metadata: { drop: '' },
      tax_behavior: 'exclusive',
    });
    expectContract(updated);
    const changes = {
      active: false,
      nickname: null,
      lookup_key: null,
      metadata: { keep: '1' },
      tax_behavior: 'exclusive',
    };
    expect(updated).toEqual({ ...price, ...changes });
    expect(await get(price.id)).toEqual(updated);
    expect((await eventsOf(price.id)).at(-1)).toEqual([
      'price.updated',
      {
        active: true,
        nickname: 'old',
        lookup_key: 'old',
        metadata: { drop: '1' },
        tax_behavior: 'unspecified',
      },
    ]);
  });

  it('adds currencies to those there are, and removes all by an empty string', async () => {
    const price = await newPrice({
      product_data: { name: 'Tea' },
      currency_options: { eur: { unit_amount: 1 } },
    });
    const optionsOf = async () => {
      const values = await prices.includes?.['currency_options']?.(tenant.scope, [price.id]);
      return Object.keys(values?.get(price.id) ?? {});
    };
    await change(price.id, { currency_options: { usd: { unit_amount: 2 } } });
    expect(await optionsOf()).toEqual(['gbp', 'eur', 'usd']);
    await change(price.id, { nickname: 'still there' });
    expect(await optionsOf()).toEqual(['gbp', 'eur', 'usd']);
    await change(price.id, { currency_options: '' });
    expect(await optionsOf()).toEqual(['gbp']);
  });

  it('keeps its own lookup key, and takes another one over', async () => {
    const one = await newPrice({ product_data: { name: 'Tea' }, lookup_key: 'one' });
    const two = await newPrice({ product_data: { name: 'Tea' } });
    expect((await change(one.id, { lookup_key: 'one' })).lookup_key).toBe('one');
    await expect(change(two.id, { lookup_key: 'one' })).rejects.toMatchObject({
      details: { param: 'lookup_key' },
    });
    await change(two.id, { lookup_key: 'one', transfer_lookup_key: true });
    expect((await get(one.id)).lookup_key).toBeNull();
    expect((await get(two.id)).lookup_key).toBe('one');
  });

  it('refuses to decide twice whether taxes are included', async () => {
    const price = await newPrice({ product_data: { name: 'Tea' }, tax_behavior: 'inclusive' });
    await change(price.id, { tax_behavior: 'inclusive' });
    await expect(change(price.id, { tax_behavior: 'exclusive' })).rejects.toMatchObject({
      details: { param: 'tax_behavior' },
    });
  });

  it('refuses to archive the default price of a product', async () => {
    const product = await newProduct({ default_price_data: { currency: 'gbp', unit_amount: 5 } });
    await expect(change(idOf(product.default_price), { active: false })).rejects.toMatchObject({
      status: 400,
      message: 'This price cannot be archived because it is the default price of its product.',
    });
  });

  it('answers 404 for an unknown price, and for one of another project', async () => {
    const price = await newPrice({ product_data: { name: 'Tea' } });
    const stranger = await world.project();
    const missing = { status: 404, details: { code: 'resource_missing', param: 'id' } };
    await expect(get('price_none')).rejects.toMatchObject(missing);
    await expect(change('price_none', {})).rejects.toMatchObject(missing);
    await expect(get(price.id, stranger.scope)).rejects.toMatchObject(missing);
    await expect(
      stranger.ctx.transaction((tx) => update.run(tx, { id: price.id })),
    ).rejects.toMatchObject(missing);
  });

  it('refuses the product of another project', async () => {
    const product = await newProduct();
    const stranger = await world.project();
    const input = create.input.parse({ currency: 'gbp', unit_amount: 1, product: product.id });
    await expect(stranger.ctx.transaction((tx) => create.run(tx, input))).rejects.toMatchObject({
      status: 400,
      details: { param: 'product' },
    });
  });
});

describe('GET /v1/prices', () => {
  inNewProject();

  it('lists both ways, and by every filter', async () => {
    const tea = (await newProduct()).id;
    const once = (await newPrice({ product: tea, lookup_key: 'once' })).id;
    world.now = new Date(world.now.getTime() + 60_000);
    const monthly = (
      await newPrice({ product: tea, currency: 'eur', recurring: { interval: 'month' } })
    ).id;
    const meter = (await newMeter('calls')).id;
    const metered = (
      await newPrice({
        product_data: { name: 'Calls' },
        recurring: { interval: 'year', usage_type: 'metered', meter },
      })
    ).id;
    await change(metered, { active: false });
    expect(await listed({})).toEqual([metered, monthly, once]);
    expect(await listed({ limit: 1, starting_after: metered })).toEqual([monthly]);
    expect(await listed({ ending_before: once })).toEqual([metered, monthly]);
    expect(await listed({ active: false })).toEqual([metered]);
    expect(await listed({ currency: 'EUR' })).toEqual([monthly]);
    expect(await listed({ product: tea })).toEqual([monthly, once]);
    expect(await listed({ type: 'one_time' })).toEqual([once]);
    expect(await listed({ recurring: { interval: 'month' } })).toEqual([monthly]);
    expect(await listed({ recurring: { usage_type: 'metered' } })).toEqual([metered]);
    expect(await listed({ recurring: { meter } })).toEqual([metered]);
    expect(await listed({ lookup_keys: ['once', 'none'] })).toEqual([once]);
    expect(await listed({ created: { lt: Math.floor(world.now.getTime() / 1000) } })).toEqual([
      once,
    ]);
    await expect(listed({ product: 'prod_none' })).rejects.toMatchObject({
      status: 400,
      message: "No such product: 'prod_none'",
    });
  });

  it('searches by every field', async () => {
    const cocoa = (await newProduct({ name: 'Cocoa' })).id;
    const price = await newPrice({
      product: cocoa,
      currency: 'usd',
      lookup_key: 'cocoa_daily',
      metadata: { colour: 'brown' },
      recurring: { interval: 'day' },
    });
    for (const query of [
      'currency:"usd" AND active:"true"',
      'lookup_key:"cocoa_daily"',
      `product:"${cocoa}"`,
      'type:"recurring" currency:"usd"',
      'metadata["colour"]:"brown"',
    ]) {
      expect(await found(query)).toEqual([price.id]);
    }
    expect(await found('currency:"usd" AND active:"false"')).toEqual([]);
  });
});
