import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { prices, products } from '@/server/prices';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

const { create, retrieve, update, remove, list, search } = products.operations;

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

const newProduct = (input: object = {}) =>
  tenant.ctx.transaction((tx) => create.run(tx, create.input.parse({ name: 'Tea', ...input })));
const change = (id: string, input: object) =>
  tenant.ctx.transaction((tx) => update.run(tx, update.input.parse({ id, ...input })));
const erase = (id: string) => tenant.ctx.transaction((tx) => remove.run(tx, { id }));
const newPrice = (product: string) =>
  tenant.ctx.transaction((tx) =>
    prices.operations.create.run(tx, { currency: 'gbp', unit_amount: 100, product }),
  );
const get = (id: string, scope = tenant.scope) => retrieve.run(scope, { id });
const eventsOf = (id: string) =>
  world.admin`select type, data -> 'previous_attributes' as previous from events
    where related_object = ${id} order by id`.then((rows) =>
    rows.map(({ type, previous }) => [type, previous] as const),
  );

const refuses = (input: object) =>
  expect(create.input.safeParse({ name: 'Tea', ...input }).success).toBe(false);

/** The id in a field that may be expanded, and here is not. */
const idOf = (reference: string | object | null | undefined): string =>
  typeof reference === 'string' ? reference : '';

const FULL = {
  active: false,
  description: 'Leaves',
  images: ['https://example.com/tea.png'],
  marketing_features: [{ name: 'Warm' }],
  metadata: { shelf: '3' },
  package_dimensions: { height: 1.5, length: 2, weight: 3, width: 4 },
  shippable: true,
  statement_descriptor: 'TEA SHOP',
  tax_code: 'txcd_10000000',
  type: 'good',
  unit_label: 'bag',
  url: 'https://example.com/tea',
};

describe('POST /v1/products', () => {
  it('creates a product with nothing but a name', async () => {
    const product = await newProduct();
    expectContract(product);
    expect(product).toMatchObject({
      active: true,
      default_price: null,
      images: [],
      marketing_features: [],
      name: 'Tea',
      package_dimensions: null,
      shippable: null,
      tax_details: null,
      type: 'service',
      url: null,
    });
    expect(await get(product.id)).toEqual(product);
    expect(await eventsOf(product.id)).toEqual([['product.created', null]]);
  });

  it('creates one with everything, under an id of the caller', async () => {
    const product = await newProduct({ id: 'tea-1', ...FULL });
    expectContract(product);
    expect(product).toMatchObject({ id: 'tea-1', ...FULL });
    expect(product.tax_details).toEqual({ performance_location: null, tax_code: FULL.tax_code });
    expect(await get('tea-1')).toEqual(product);
  });

  it('creates its default price with it', async () => {
    const product = await newProduct({
      default_price_data: {
        currency: 'gbp',
        unit_amount_decimal: '12.5',
        recurring: { interval: 'month' },
        currency_options: { eur: { unit_amount: 15 } },
        metadata: { a: 'b' },
        tax_behavior: 'inclusive',
      },
    });
    const id = idOf(product.default_price);
    const price = await prices.operations.retrieve.run(tenant.scope, { id });
    expect(price).toMatchObject({
      product: product.id,
      unit_amount_decimal: '12.5',
      type: 'recurring',
      metadata: { a: 'b' },
      tax_behavior: 'inclusive',
    });
    expect(await eventsOf(id)).toEqual([
      ['plan.created', null],
      ['price.created', null],
    ]);
    expect((await get(product.id)).default_price).toBe(id);
  });

  it('names the parameter of a default price that cannot be', async () => {
    await expect(
      newProduct({ id: 'half', default_price_data: { currency: 'gbp' } }),
    ).rejects.toMatchObject({ details: { param: 'default_price_data[unit_amount]' } });
    await expect(get('half')).rejects.toMatchObject({ status: 404 });
  });

  it('refuses an id in use, also by a request of the same moment', async () => {
    await newProduct({ id: 'taken' });
    const exists = {
      status: 400,
      message: 'Product already exists.',
      details: { code: 'resource_already_exists', param: 'id' },
    };
    await expect(newProduct({ id: 'taken' })).rejects.toMatchObject(exists);
    const both = await Promise.allSettled([newProduct({ id: 'race' }), newProduct({ id: 'race' })]);
    const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject(exists);
    // Another project may use the same id.
    const other = await world.project();
    const same = await other.ctx.transaction((tx) => create.run(tx, { id: 'taken', name: 'Mine' }));
    expect(same).toMatchObject({ id: 'taken', name: 'Mine' });
    expect((await get('taken')).name).toBe('Tea');
  });

  it('refuses what the schema does not have', () => {
    refuses({ name: '' });
    refuses({ statement_descriptor: 'a"b' });
    refuses({ statement_descriptor: '1234' });
    refuses({ statement_descriptor: 'a'.repeat(23) });
    refuses({ images: Array.from({ length: 9 }, () => 'https://example.com/i.png') });
    refuses({ marketing_features: Array.from({ length: 16 }, () => ({ name: 'x' })) });
    refuses({ package_dimensions: { height: 1, length: 1, weight: 1 } });
    refuses({ tax_code: 'food' });
    refuses({ unit_label: 'thirteen char' });
    refuses({ url: 'not a url' });
    refuses({ type: 'gift' });
    refuses({ features: [] });
  });
});

describe('POST /v1/products/:id', () => {
  it('updates, says what was before, and unsets by an empty string', async () => {
    const product = await newProduct({ ...FULL, metadata: { shelf: '3', row: '1' } });
    world.now = new Date(world.now.getTime() + 5_000);
    const updated = await change(product.id, {
      description: '',
      images: '',
      marketing_features: '',
      metadata: { row: '' },
      name: 'Green tea',
      package_dimensions: '',
      statement_descriptor: '',
      tax_code: '',
      unit_label: '',
      url: '',
    });
    expectContract(updated);
    expect(updated).toEqual({
      ...product,
      description: null,
      images: [],
      marketing_features: [],
      metadata: { shelf: '3' },
      name: 'Green tea',
      package_dimensions: null,
      statement_descriptor: null,
      tax_code: null,
      tax_details: null,
      unit_label: null,
      updated: product.updated + 5,
      url: null,
    });
    expect(await get(product.id)).toEqual(updated);
    expect((await eventsOf(product.id)).at(-1)).toEqual([
      'product.updated',
      expect.objectContaining({
        description: 'Leaves',
        metadata: { row: '1' },
        name: 'Tea',
        updated: product.updated,
      }),
    ]);
  });

  it('makes another price the default one, or none', async () => {
    const product = await newProduct({ default_price_data: { currency: 'gbp', unit_amount: 5 } });
    const price = await newPrice(product.id);
    expect((await change(product.id, { default_price: price.id })).default_price).toBe(price.id);
    expect((await change(product.id, { default_price: '' })).default_price).toBeNull();
  });

  it('refuses an unknown price, one of another product, and one that is archived', async () => {
    const product = await newProduct();
    const foreign = await newPrice((await newProduct()).id);
    const archived = await newPrice(product.id);
    await tenant.ctx.transaction((tx) =>
      prices.operations.update.run(tx, { id: archived.id, active: false }),
    );
    for (const default_price of ['price_none', foreign.id, archived.id]) {
      await expect(change(product.id, { default_price })).rejects.toMatchObject({
        status: 400,
        details: { param: 'default_price' },
      });
    }
  });

  it('answers 404 for an unknown product, and for one of another project', async () => {
    const product = await newProduct();
    const stranger = await world.project();
    const missing = { status: 404, details: { code: 'resource_missing', param: 'id' } };
    await expect(get('prod_none')).rejects.toMatchObject(missing);
    await expect(change('prod_none', {})).rejects.toMatchObject(missing);
    await expect(erase('prod_none')).rejects.toMatchObject(missing);
    await expect(get(product.id, stranger.scope)).rejects.toMatchObject(missing);
    for (const operation of [update, remove]) {
      await expect(
        stranger.ctx.transaction(async (tx) => operation.run(tx, { id: product.id })),
      ).rejects.toMatchObject(missing);
    }
  });
});

describe('DELETE /v1/products/:id', () => {
  it('deletes a product without prices', async () => {
    const product = await newProduct();
    const deleted = await erase(product.id);
    expectContract(deleted);
    expect(deleted).toEqual({ id: product.id, object: 'product', deleted: true });
    await expect(get(product.id)).rejects.toMatchObject({ status: 404 });
    expect((await eventsOf(product.id)).at(-1)).toEqual(['product.deleted', null]);
  });

  it('refuses while there are prices, archived ones too', async () => {
    const product = await newProduct();
    const price = await newPrice(product.id);
    await tenant.ctx.transaction((tx) =>
      prices.operations.update.run(tx, { id: price.id, active: false }),
    );
    await expect(erase(product.id)).rejects.toMatchObject({
      status: 400,
      message: 'This product cannot be deleted because it has one or more user-created prices.',
    });
  });

  it('leaves no price without its product when one is added at the same moment', async () => {
    const product = await newProduct();
    const [erased, added] = await Promise.allSettled([erase(product.id), newPrice(product.id)]);
    expect([erased.status, added.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused =
      erased.status === 'rejected' ? erased.reason : (added as PromiseRejectedResult).reason;
    expect(refused).toMatchObject({ status: 400, type: 'invalid_request_error' });
  });
});

describe('GET /v1/products', () => {
  it('lists both ways, and by every filter', async () => {
    tenant = await world.project();
    const service = (await newProduct({ url: 'https://example.com/a' })).id;
    world.now = new Date(world.now.getTime() + 60_000);
    const good = (await newProduct({ type: 'good', shippable: true, active: false })).id;
    const third = (await newProduct({ shippable: false })).id;
    const listed = async (params: object) =>
      (await list.run(tenant.scope, list.input.parse(params))).data.map(({ id }) => id);
    expect(await listed({})).toEqual([third, good, service]);
    expect(await listed({ limit: 1, starting_after: third })).toEqual([good]);
    expect(await listed({ ending_before: service })).toEqual([third, good]);
    expect(await listed({ active: true })).toEqual([third, service]);
    expect(await listed({ shippable: true })).toEqual([good]);
    expect(await listed({ type: 'good' })).toEqual([good]);
    expect(await listed({ url: 'https://example.com/a' })).toEqual([service]);
    expect(await listed({ ids: [service, 'none'] })).toEqual([service]);
    expect(await listed({ created: { gte: Math.floor(world.now.getTime() / 1000) } })).toEqual([
      third,
      good,
    ]);
    await expect(listed({ ids: [good], starting_after: third })).rejects.toMatchObject({
      message: 'You may only specify one of these parameters: ids, starting_after.',
    });
  });

  it('searches by every field', async () => {
    tenant = await world.project();
    const product = await newProduct({
      ...FULL,
      active: true,
      name: 'Earl Grey',
      description: 'black leaves',
    });
    await newProduct({ name: 'Other' });
    for (const query of [
      'name:"earl"',
      'description~"leav" AND active:"true"',
      'shippable:"true"',
      'metadata["shelf"]:"3"',
      'url:"https://example.com/tea"',
    ]) {
      const page = await search.run(tenant.scope, { query });
      expect(page.data).toEqual([product]);
    }
  });
});
