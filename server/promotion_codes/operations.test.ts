import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { expectContract } from '@/e2e/support/contract';
import { coupons } from '@/server/coupons';
import type { Command } from '@/server/kernel/operation';
import { createApi, type Api } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { create, list, retrieve, update } from './operations';

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

const coupon = async (
  more: Partial<z.input<typeof coupons.operations.create.input>> = {},
  who = tenant,
) => (await run(coupons.operations.create, { percent_off: 10, ...more }, who)).id;

const promotion = async (who = tenant) => ({
  type: 'coupon' as const,
  coupon: await coupon({}, who),
});

const customer = async (name: string) =>
  (await api({ key: tenant.secretKey, method: 'POST', path: '/v1/customers', body: { name } })).body
    .id;

const inDays = (days: number) => world.now.getTime() / 1000 + days * 86_400;

const missing = { status: 404, details: { code: 'resource_missing', param: 'id' } };
const taken = { status: 400, details: { code: 'resource_already_exists', param: 'code' } };

describe('POST /v1/promotion_codes', () => {
  it('makes a code up where none is given', async () => {
    const given = await promotion();
    const code = await run(create, { promotion: given });
    expectContract(code);
    expect(code).toMatchObject({
      object: 'promotion_code',
      active: true,
      created: inDays(0),
      customer: null,
      customer_account: null,
      expires_at: null,
      max_redemptions: null,
      metadata: {},
      promotion: given,
      restrictions: {
        first_time_transaction: false,
        minimum_amount: null,
        minimum_amount_currency: null,
      },
      times_redeemed: 0,
    });
    expect(code.id).toMatch(/^promo_/);
    expect(code.code).toMatch(/^[\dA-Z]{8}$/);
    const events = await world.admin`select type from events where related_object = ${code.id}`;
    expect(events).toEqual([{ type: 'promotion_code.created' }]);
    expect(await retrieve.run(tenant.scope, { id: code.id })).toEqual(code);
  });

  it('keeps everything that is said', async () => {
    const said = {
      code: 'Fall-20',
      customer: await customer('Ada'),
      expires_at: inDays(10),
      max_redemptions: 5,
      metadata: { campaign: 'fall' },
      promotion: await promotion(),
      restrictions: {
        first_time_transaction: true,
        minimum_amount: 5000,
        minimum_amount_currency: 'gbp',
        currency_options: { eur: { minimum_amount: 6000 } },
      },
    };
    const code = await run(create, said);
    expectContract(code);
    expect(code).toMatchObject(said);
  });

  it('shows the coupon where it is expanded', async () => {
    const given = await promotion();
    const { id } = await run(create, { promotion: given });
    const path = `/v1/promotion_codes/${id}?expand[]=promotion.coupon`;
    expect((await api({ key: tenant.secretKey, path })).body['promotion']).toMatchObject({
      coupon: { id: given.coupon, object: 'coupon', percent_off: 10 },
    });
  });

  it('refuses a code that is in use, in any case, while that one is active', async () => {
    const first = await run(create, { promotion: await promotion(), code: 'SAME' });
    const again = { promotion: await promotion(), code: 'same' };
    await expect(run(create, again)).rejects.toMatchObject(taken);
    expect(await run(create, { ...again, active: false })).toMatchObject({ active: false });
    await run(update, { id: first.id, active: false });
    expect(await run(create, again)).toMatchObject({ code: 'same', active: true });
    await expect(run(update, { id: first.id, active: true })).rejects.toMatchObject(taken);
    const other = await world.project();
    expect(
      await run(create, { promotion: await promotion(other), code: 'SAME' }, other),
    ).toMatchObject({ active: true });
  });

  it('lets two customers have a code that is written the same', async () => {
    const given = { promotion: await promotion(), code: 'MINE' };
    await run(create, { ...given, customer: await customer('Ada') });
    await run(create, { ...given, customer: await customer('Grace') });
    await expect(run(create, given)).rejects.toMatchObject(taken);
  });

  it('frees the code of one that has expired', async () => {
    const given = { promotion: await promotion(), code: 'SHORT' };
    const { id } = await run(create, { ...given, expires_at: inDays(1) });
    const start = world.now;
    world.now = new Date(inDays(1) * 1000);
    expect(await retrieve.run(tenant.scope, { id })).toMatchObject({ active: false });
    expect(await run(create, given)).toMatchObject({ active: true });
    world.now = start;
  });

  it('gives one of two who want the same code at once that code', async () => {
    const given = { promotion: await promotion(), code: 'RACE' };
    const both = await Promise.allSettled([run(create, given), run(create, given)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it.each([
    [
      'a coupon that does not exist',
      { promotion: { type: 'coupon' as const, coupon: 'NONE' } },
      { code: 'resource_missing', param: 'promotion[coupon]' },
    ],
    [
      'a customer that does not exist',
      { customer: 'cus_none' },
      { code: 'resource_missing', param: 'customer' },
    ],
    ['an end that has passed', { expires_at: 1 }, { param: 'expires_at' }],
    [
      'a minimum without a currency',
      { restrictions: { minimum_amount: 1 } },
      { param: 'restrictions[minimum_amount_currency]' },
    ],
    [
      'a currency without a minimum',
      { restrictions: { minimum_amount_currency: 'gbp' } },
      { param: 'restrictions[minimum_amount]' },
    ],
    [
      'currencies without a minimum',
      { restrictions: { currency_options: { eur: { minimum_amount: 1 } } } },
      { param: 'restrictions[currency_options]' },
    ],
    [
      "the minimum's own currency as a further one",
      {
        restrictions: {
          minimum_amount: 1,
          minimum_amount_currency: 'gbp',
          currency_options: { gbp: { minimum_amount: 1 } },
        },
      },
      { param: 'restrictions[currency_options][gbp]' },
    ],
  ])('refuses %s', async (_what, input, details) => {
    const given = { promotion: await promotion(), ...input };
    await expect(run(create, given)).rejects.toMatchObject({ status: 400, details });
  });

  it('gives no more than its coupon does', async () => {
    const limited = {
      type: 'coupon' as const,
      coupon: await coupon({ redeem_by: inDays(5), max_redemptions: 3 }),
    };
    for (const [param, value] of [
      ['expires_at', inDays(6)],
      ['max_redemptions', 4],
    ] as const) {
      await expect(run(create, { promotion: limited, [param]: value })).rejects.toMatchObject({
        status: 400,
        details: { param },
      });
    }
    expect(
      await run(create, { promotion: limited, expires_at: inDays(5), max_redemptions: 3 }),
    ).toMatchObject({ active: true });
  });

  it('refuses a coupon that was deleted, or can be redeemed no more', async () => {
    const deleted = await promotion();
    await run(coupons.operations.remove, { id: deleted.coupon });
    await expect(run(create, { promotion: deleted })).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'promotion[coupon]' },
    });
    const expired = { ...deleted, coupon: await coupon({ redeem_by: inDays(1) }) };
    const start = world.now;
    world.now = new Date(inDays(2) * 1000);
    await expect(run(create, { promotion: expired })).rejects.toMatchObject({
      details: { code: 'coupon_expired', param: 'promotion[coupon]' },
    });
    world.now = start;
  });

  it('takes letters, digits and dashes', () => {
    const given = { promotion: { type: 'coupon', coupon: 'x' } };
    expect(create.input.safeParse({ ...given, code: 'A-1' }).success).toBe(true);
    expect(create.input.safeParse({ ...given, code: 'A 1' }).success).toBe(false);
  });
});

describe('POST /v1/promotion_codes/:id', () => {
  it('switches a code off and on, and changes metadata and currencies', async () => {
    const { id } = await run(create, {
      promotion: await promotion(),
      metadata: { a: '1' },
      restrictions: { minimum_amount: 100, minimum_amount_currency: 'gbp' },
    });
    const off = await run(update, { id, active: false, metadata: '' });
    expectContract(off);
    expect(off).toMatchObject({ active: false, metadata: {} });
    const on = await run(update, {
      id,
      active: true,
      restrictions: { currency_options: { eur: { minimum_amount: 120 } } },
    });
    expect(on).toMatchObject({
      active: true,
      restrictions: { minimum_amount: 100, currency_options: { eur: { minimum_amount: 120 } } },
    });
    const [event] = await world.admin<{ data: { previous_attributes: object } }[]>`
      select data from events where related_object = ${id} and type = 'promotion_code.updated'
      order by id`;
    expect(event?.data.previous_attributes).toEqual({ active: true, metadata: { a: '1' } });
  });

  it('does not switch on what cannot be redeemed', async () => {
    const given = await promotion();
    const { id } = await run(create, { promotion: given, active: false });
    await run(coupons.operations.remove, { id: given.coupon });
    await expect(run(update, { id, active: true })).rejects.toMatchObject({
      status: 400,
      details: { code: 'coupon_expired', param: 'active' },
    });
  });

  it("finds none that does not exist, and none of another's", async () => {
    const { id } = await run(create, { promotion: await promotion() });
    const other = await world.project();
    await expect(run(update, { id: 'promo_none' })).rejects.toMatchObject(missing);
    await expect(run(update, { id }, other)).rejects.toMatchObject(missing);
    await expect(retrieve.run(other.scope, { id })).rejects.toMatchObject(missing);
    await expect(retrieve.run(tenant.scope, { id: 'promo_none' })).rejects.toMatchObject(missing);
  });
});

describe('GET /v1/promotion_codes', () => {
  it('lists both ways, and by each filter', async () => {
    const shop = await world.project();
    const [ten, gone] = [await promotion(shop), await promotion(shop)];
    const first = await run(create, { promotion: ten, code: 'First' }, shop);
    const off = await run(create, { promotion: ten, code: 'OFF', active: false }, shop);
    const lost = await run(create, { promotion: gone, code: 'LOST' }, shop);
    await run(coupons.operations.remove, { id: gone.coupon }, shop);
    const ids = async (input: z.input<typeof list.input>) =>
      (await list.run(shop.scope, list.input.parse(input))).data.map(({ id }) => id);
    expect(await ids({})).toEqual([lost.id, off.id, first.id]);
    expect(await ids({ starting_after: lost.id, limit: 1 })).toEqual([off.id]);
    expect(await ids({ ending_before: first.id, limit: 1 })).toEqual([off.id]);
    expect(await ids({ active: true })).toEqual([first.id]);
    expect(await ids({ active: false })).toEqual([lost.id, off.id]);
    expect(await ids({ code: 'fIRST' })).toEqual([first.id]);
    expect(await ids({ coupon: gone.coupon })).toEqual([lost.id]);
    expect(await ids({ customer: 'cus_none' })).toEqual([]);
    expect(await ids({ created: { gt: inDays(0) } })).toEqual([]);
    expect((await list.run(shop.scope, {})).data.map(({ active }) => active)).toEqual([
      false,
      false,
      true,
    ]);
  });
});
