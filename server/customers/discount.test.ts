import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi, type Api, type Body } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { lockCustomer, requireCustomer, spendDiscount } from './index';

let world: TestWorld;
let tenant: TestTenant;
let api: Api;

beforeAll(async () => {
  world = await createWorld();
  api = createApi(world);
  tenant = await world.project();
});
afterAll(() => world.close());

const ask = (method: string, path: string, body?: unknown) =>
  api({
    key: tenant.secretKey,
    method,
    path: `/v1/${path}`,
    ...(body === undefined ? {} : { body }),
  });

const post = async (path: string, body: unknown = {}): Promise<Body> => {
  const reply = await ask('POST', path, body);
  if (reply.status !== 200) throw new Error(reply.text);
  return reply.body;
};
const get = async (path: string): Promise<Body> => (await ask('GET', path)).body;

const coupon = async (terms: object = {}) =>
  (await post('coupons', { percent_off: 10, duration: 'forever', ...terms })).id;

const eventsOf = (id: string) => world.admin<{ type: string; data: Record<string, unknown> }[]>`
  select type, data from events where data #>> '{object,customer}' = ${id} and type like '%discount%'
    or related_object = ${id} and type = 'customer.updated' order by events.id`;

describe('POST /v1/customers/:id/discount', () => {
  it('gives a customer a discount, which is in the customer everywhere', async () => {
    const { id } = await post('customers', { email: 'ada@example.com' });
    const given = await coupon();
    const discount = await post(`customers/${id}/discount`, { coupon: given });
    expect(discount).toMatchObject({
      object: 'discount',
      customer: id,
      source: { coupon: given, type: 'coupon' },
      subscription: null,
    });
    expect(await get(`customers/${id}`)).toMatchObject({ discount });
    expect((await get('customers?email=ada@example.com')).data).toMatchObject([{ id, discount }]);
    expect((await get('customers/search?query=email:"ada@example.com"')).data).toMatchObject([
      { id, discount },
    ]);
    const expanded = await get(`customers/${id}?expand[]=discount.source.coupon`);
    expect(expanded['discount']).toMatchObject({ source: { coupon: { id: given } } });
    expect(await eventsOf(id)).toMatchObject([
      { type: 'customer.discount.created', data: { object: discount } },
      {
        type: 'customer.updated',
        data: { object: { discount }, previous_attributes: { discount: null } },
      },
    ]);
  });

  it('replaces the discount that there was', async () => {
    const { id } = await post('customers');
    const first = await post(`customers/${id}/discount`, { coupon: await coupon() });
    const second = await post(`customers/${id}/discount`, { coupon: await coupon() });
    expect(await get(`customers/${id}`)).toMatchObject({ discount: { id: second.id } });
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual([
      'customer.discount.created',
      'customer.updated',
      'customer.discount.updated',
      'customer.updated',
    ]);
    const [, , updated] = await eventsOf(id);
    expect(updated?.data).toMatchObject({
      object: { id: second.id },
      previous_attributes: { id: first.id },
    });
  });

  it('takes a promotion code', async () => {
    const { id } = await post('customers');
    const code = await post('promotion_codes', {
      promotion: { type: 'coupon', coupon: await coupon() },
    });
    expect(await post(`customers/${id}/discount`, { promotion_code: code.id })).toMatchObject({
      promotion_code: code.id,
    });
  });

  it('refuses what cannot be redeemed, and names the parameter', async () => {
    const { id } = await post('customers');
    const refusal = async (body: unknown) =>
      (await ask('POST', `customers/${id}/discount`, body)).body.error;
    expect(await refusal({ coupon: 'NONE' })).toMatchObject({
      code: 'resource_missing',
      param: 'coupon',
    });
    expect(await refusal({})).toMatchObject({ code: 'parameter_missing', param: 'coupon' });
    expect(await refusal({ coupon: 'A', promotion_code: 'B' })).toMatchObject({
      code: 'parameters_exclusive',
    });
    const reply = await ask('POST', 'customers/cus_none/discount', { coupon: await coupon() });
    expect(reply).toMatchObject({ status: 404, body: { error: { code: 'resource_missing' } } });
  });
});

describe('DELETE /v1/customers/:id/discount', () => {
  it('takes the discount off, and then finds none', async () => {
    const { id } = await post('customers');
    const discount = await post(`customers/${id}/discount`, { coupon: await coupon() });
    const { end, ...rest } = discount;
    expect(end).toBeNull();
    expect((await ask('DELETE', `customers/${id}/discount`)).body).toEqual({
      ...rest,
      deleted: true,
    });
    expect(await get(`customers/${id}`)).toMatchObject({ discount: null });
    expect((await eventsOf(id)).slice(2)).toMatchObject([
      { type: 'customer.discount.deleted' },
      {
        type: 'customer.updated',
        data: { previous_attributes: { discount: { id: discount.id } } },
      },
    ]);
    expect(await ask('DELETE', `customers/${id}/discount`)).toMatchObject({
      status: 404,
      body: { error: { message: `No active discount for customer: ${id}` } },
    });
  });
});

describe('a discount that has ended', () => {
  it("is not in the customer any more, by the customer's own clock", async () => {
    const start = world.now.getTime() / 1000;
    const clock = await post('test_helpers/test_clocks', { frozen_time: start });
    const { id } = await post('customers', { test_clock: clock.id });
    const month = { duration: 'repeating', duration_in_months: 1 };
    await post(`customers/${id}/discount`, { coupon: await coupon(month) });
    const before = world.now;
    world.now = new Date('2027-01-01T00:00:00Z');
    expect(await get(`customers/${id}`)).toMatchObject({ discount: { start } });
    const end = Date.UTC(2026, 3, 1, 12) / 1000;
    await world.admin`update test_clocks set frozen_time = ${end} where id = ${clock.id}`;
    expect(await get(`customers/${id}`)).toMatchObject({ discount: null });
    world.now = before;
  });
});

describe('spendDiscount', () => {
  const spent = async (id: string) =>
    tenant.ctx.transaction(async (tx) => spendDiscount(tx, await lockCustomer(tx, id)));

  it('takes off a discount that was for one invoice, and leaves another', async () => {
    const { id } = await post('customers');
    await post(`customers/${id}/discount`, { coupon: await coupon({ duration: 'once' }) });
    expect(await spent(id)).toMatchObject({ discount: null });
    const lasting = await post(`customers/${id}/discount`, { coupon: await coupon() });
    expect(await spent(id)).toMatchObject({ discount: lasting.id });
    expect(await requireCustomer(tenant.scope, id)).toMatchObject({ discount: lasting.id });
  });
});
