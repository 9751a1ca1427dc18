import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { expectContract } from '@/e2e/support/contract';
import { customers } from '@/server/customers';
import type { Command } from '@/server/kernel/operation';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import {
  create,
  createForCustomer,
  list,
  listOfCustomer,
  remove,
  removeOfCustomer,
  retrieve,
  retrieveOfCustomer,
} from './operations';

const { create: createCustomer, remove: removeCustomer } = customers.operations;

let world: TestWorld;
let tenant: TestTenant;
let customer: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

beforeAll(async () => {
  tenant = await world.project();
  customer = (await run(createCustomer, {})).id;
});

/** Runs a command in a transaction of its own, as a request does. */
const run = <S extends z.ZodType, A extends { object: string }>(
  command: Command<S, A>,
  input: z.input<S>,
  who = tenant,
) => who.ctx.transaction((tx) => command.run(tx, command.input.parse(input)));

const events = (id: string) =>
  world.admin`select type, data from events where related_object = ${id} order by id`;

const GB = { type: 'gb_vat', value: 'GB123456789' } as const;

describe('POST /v1/customers/:customer/tax_ids', () => {
  it('creates one that nobody has verified, and announces it', async () => {
    const taxId = await run(createForCustomer, { customer, ...GB });
    expectContract(taxId);
    expect(taxId).toMatchObject({
      object: 'tax_id',
      country: 'GB',
      customer,
      owner: { type: 'customer', customer },
      type: 'gb_vat',
      value: 'GB123456789',
      verification: { status: 'unavailable', verified_address: null, verified_name: null },
    });
    expect(await events(taxId.id)).toMatchObject([
      { type: 'customer.tax_id.created', data: { object: { id: taxId.id } } },
    ]);
  });

  it('refuses a value that is not of the type', async () => {
    await expect(
      run(createForCustomer, { customer, type: 'gb_vat', value: '12' }),
    ).rejects.toMatchObject({
      status: 400,
      message: 'Invalid value for gb_vat.',
      details: { code: 'tax_id_invalid', param: 'value' },
    });
  });

  it('refuses a type that does not exist', () => {
    expect(
      createForCustomer.input.safeParse({ customer, type: 'xx_vat', value: '1' }).success,
    ).toBe(false);
  });

  it('cannot see a customer that is unknown, deleted or of another project', async () => {
    const deleted = await run(createCustomer, {});
    await run(removeCustomer, { id: deleted.id });
    const missing = { status: 404, details: { code: 'resource_missing' } };
    await expect(run(createForCustomer, { customer: 'cus_none', ...GB })).rejects.toMatchObject(
      missing,
    );
    await expect(run(createForCustomer, { customer: deleted.id, ...GB })).rejects.toMatchObject(
      missing,
    );
    await expect(
      run(createForCustomer, { customer, ...GB }, await world.project()),
    ).rejects.toMatchObject(missing);
  });
});

describe('GET /v1/customers/:customer/tax_ids/:id', () => {
  it('answers it to its customer, and not to another', async () => {
    const taxId = await run(createForCustomer, { customer, ...GB });
    const other = await run(createCustomer, {});
    expect(await retrieveOfCustomer.run(tenant.scope, { customer, id: taxId.id })).toEqual(taxId);
    await expect(
      retrieveOfCustomer.run(tenant.scope, { customer: other.id, id: taxId.id }),
    ).rejects.toMatchObject({ status: 404, message: `No such tax_id: '${taxId.id}'` });
  });
});

describe('GET /v1/customers/:customer/tax_ids', () => {
  it('lists those of the customer both ways, the newest first', async () => {
    const { id } = await run(createCustomer, {
      tax_id_data: [
        GB,
        { type: 'eu_vat', value: 'DE123456789' },
        { type: 'us_ein', value: '12-3456789' },
      ],
    });
    const all = await listOfCustomer.run(tenant.scope, { customer: id });
    expect(all.data.map(({ type }) => type)).toEqual(['us_ein', 'eu_vat', 'gb_vat']);
    const [newest, , oldest] = all.data;
    const after = { customer: id, limit: 1, starting_after: newest!.id };
    expect(await listOfCustomer.run(tenant.scope, after)).toMatchObject({
      data: [{ type: 'eu_vat' }],
      has_more: true,
    });
    const before = { customer: id, limit: 1, ending_before: oldest!.id };
    expect(await listOfCustomer.run(tenant.scope, before)).toMatchObject({
      data: [{ type: 'eu_vat' }],
      has_more: true,
    });
  });
});

describe('DELETE /v1/customers/:customer/tax_ids/:id', () => {
  it('deletes it, and announces what it was', async () => {
    const taxId = await run(createForCustomer, { customer, ...GB });
    const stub = await run(removeOfCustomer, { customer, id: taxId.id });
    expectContract(stub);
    expect(stub).toEqual({ id: taxId.id, object: 'tax_id', deleted: true });
    await expect(retrieve.run(tenant.scope, { id: taxId.id })).rejects.toMatchObject({
      status: 404,
    });
    expect(await events(taxId.id)).toMatchObject([
      { type: 'customer.tax_id.created' },
      { type: 'customer.tax_id.deleted', data: { object: { value: 'GB123456789' } } },
    ]);
  });

  it('cannot delete that of another customer', async () => {
    const taxId = await run(createForCustomer, { customer, ...GB });
    const other = await run(createCustomer, {});
    await expect(run(removeOfCustomer, { customer: other.id, id: taxId.id })).rejects.toMatchObject(
      { status: 404 },
    );
    expect(await retrieve.run(tenant.scope, { id: taxId.id })).toEqual(taxId);
  });
});

describe('/v1/tax_ids', () => {
  it("keeps the project's own apart from those of customers, and announces nothing", async () => {
    const fresh = await world.project();
    const own = await run(create, { ...GB }, fresh);
    expectContract(own);
    expect(own).toMatchObject({ customer: null, owner: { type: 'self' }, verification: null });
    expect(await events(own.id)).toHaveLength(0);

    const { id } = await run(createCustomer, {}, fresh);
    const owner = { type: 'customer', customer: id } as const;
    const theirs = await run(create, { type: 'eu_vat', value: 'EL123456789', owner }, fresh);
    expect(theirs).toMatchObject({ customer: id, country: 'GR' });

    expect(await list.run(fresh.scope, {})).toMatchObject({ data: [{ id: own.id }] });
    expect(await list.run(fresh.scope, { owner: { type: 'self' } })).toMatchObject({
      data: [{ id: own.id }],
    });
    expect(await list.run(fresh.scope, { owner })).toMatchObject({ data: [{ id: theirs.id }] });

    expect(await run(remove, { id: own.id }, fresh)).toMatchObject({ deleted: true });
    expect(await run(remove, { id: theirs.id }, fresh)).toMatchObject({ deleted: true });
    expect(await list.run(fresh.scope, {})).toMatchObject({ data: [], has_more: false });
  });

  it('names the parameter of an owner that does not exist', async () => {
    const owner = { type: 'customer', customer: 'cus_none' } as const;
    const missing = {
      status: 400,
      details: { param: 'owner[customer]', code: 'resource_missing' },
    };
    await expect(run(create, { ...GB, owner })).rejects.toMatchObject(missing);
    await expect(list.run(tenant.scope, { owner })).rejects.toMatchObject(missing);
  });

  it('cannot see that of another project', async () => {
    const other = await world.project();
    const { id } = await run(create, { ...GB });
    await expect(retrieve.run(other.scope, { id })).rejects.toMatchObject({ status: 404 });
    await expect(run(remove, { id }, other)).rejects.toMatchObject({ status: 404 });
  });
});
