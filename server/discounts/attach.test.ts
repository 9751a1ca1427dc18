import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { expectContract } from '@/e2e/support/contract';
import { coupons } from '@/server/coupons';
import { newId } from '@/server/kernel/ids';
import type { Command } from '@/server/kernel/operation';
import { promotion_codes } from '@/server/promotion_codes';
import { createApi, type Api } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { findActive } from './active';
import { attachDiscounts, detachDiscounts, previewDiscounts, spend } from './attach';
import { discounts, givenDiscounts, type DiscountTarget, type GivenDiscount } from './index';

let world: TestWorld;
let tenant: TestTenant;
let api: Api;

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

type NewCoupon = z.input<typeof coupons.operations.create.input>;
type NewCode = z.input<typeof promotion_codes.operations.create.input>;

const coupon = async (more: NewCoupon = {}, who = tenant) => {
  const reduction = more.amount_off === undefined ? { percent_off: 10 } : {};
  return (await run(coupons.operations.create, { ...reduction, ...more }, who)).id;
};

const code = async (more: Partial<NewCode> = {}, terms: NewCoupon = {}) => {
  const promotion = { type: 'coupon' as const, coupon: await coupon(terms) };
  return (await run(promotion_codes.operations.create, { promotion, ...more })).id;
};

const redeemedOf = async (id: string) => {
  const [row] = await world.admin<{ times: number }[]>`
    select times_redeemed as times from coupons where id = ${id}
    union all select times_redeemed from promotion_codes where id = ${id}`;
  return row?.times;
};

interface Terms {
  readonly currency?: string | null;
  readonly before?: readonly string[];
  readonly subtotal?: number;
}

const attach = (
  given: readonly GivenDiscount[],
  target: DiscountTarget = { customer: null, subscription: newId('subscription') },
  { currency = 'gbp', before = [], ...more }: Terms = {},
  who = tenant,
) =>
  who.ctx.transaction((tx) =>
    attachDiscounts(tx, given, target, { currency, before, param: 'discounts', ...more }),
  );

const eventsOf = (ids: readonly string[]) => world.admin<{ type: string; id: string }[]>`
  select type, related_object as id from events
  where related_object in ${world.admin(ids)} and type like 'customer.discount.%' order by id`;

const show = async (id: string) => {
  const [discount] = (await discounts.load?.(tenant.scope, [id])) ?? [];
  expectContract(discount);
  return discount;
};

const at = (date: string) => new Date(date).getTime() / 1000;
const now = () => world.now.getTime() / 1000;

describe('attachDiscounts', () => {
  it('redeems a coupon and says so', async () => {
    const id = await coupon();
    const subscription = newId('subscription');
    const [discount = ''] = await attach([{ coupon: id }], { customer: null, subscription });
    expect(await show(discount)).toMatchObject({
      id: discount,
      object: 'discount',
      customer: null,
      end: null,
      invoice: null,
      promotion_code: null,
      source: { coupon: id, type: 'coupon' },
      start: now(),
      subscription,
      subscription_item: null,
    });
    expect(discount).toMatch(/^di_/);
    expect(await redeemedOf(id)).toBe(1);
    expect(await eventsOf([discount])).toEqual([
      { type: 'customer.discount.created', id: discount },
    ]);
    const [updated] = await world.admin<{ data: { previous_attributes: object } }[]>`
      select data from events where related_object = ${id} and type = 'coupon.updated'`;
    expect(updated?.data.previous_attributes).toEqual({ times_redeemed: 0 });
  });

  it('redeems a promotion code, which counts for its coupon too', async () => {
    const promotion_code = await code();
    const [discount = ''] = await attach([{ promotion_code }]);
    expect(await show(discount)).toMatchObject({ promotion_code });
    const [{ coupon: behind } = { coupon: '' }] = await world.admin<{ coupon: string }[]>`
      select coupon from promotion_codes where id = ${promotion_code}`;
    expect(await redeemedOf(promotion_code)).toBe(1);
    expect(await redeemedOf(behind)).toBe(1);
  });

  it('keeps the order that was given', async () => {
    const [a, b] = [await coupon(), await coupon()];
    const [first = '', second = ''] = await attach([{ coupon: a }, { coupon: b }]);
    expect(await show(first)).toMatchObject({ source: { coupon: a } });
    const target = { customer: null };
    expect(
      await attach([{ discount: second }, { discount: first }], target, {
        before: [first, second],
      }),
    ).toEqual([second, first]);
    expect(await redeemedOf(a)).toBe(1);
  });

  it.each([
    ['2026-01-31T12:00:00Z', 1, '2026-02-28T12:00:00Z'],
    ['2028-01-31T12:00:00Z', 1, '2028-02-29T12:00:00Z'],
    ['2026-03-01T12:00:00Z', 12, '2027-03-01T12:00:00Z'],
  ])('begun on %s for %i months ends on %s', async (start, duration_in_months, end) => {
    const before = world.now;
    world.now = new Date(start);
    const id = await coupon({ duration: 'repeating', duration_in_months });
    const [discount = ''] = await attach([{ coupon: id }]);
    expect(await show(discount)).toMatchObject({ start: at(start), end: at(end) });
    world.now = before;
  });

  it('takes off what it is not given again, and tells of a change of coupons as one', async () => {
    const target = { customer: null, subscription: newId('subscription') };
    const before = await attach([{ coupon: await coupon() }, { coupon: await coupon() }], target);
    const [kept = '', gone = ''] = before;
    const after = await attach([{ coupon: await coupon() }, { discount: kept }], target, {
      before,
    });
    expect(after[1]).toBe(kept);
    expect(await show(gone)).toMatchObject({ deleted: true });
    const [added = ''] = after;
    expect(await eventsOf([added, gone])).toEqual([
      { type: 'customer.discount.created', id: gone },
      { type: 'customer.discount.updated', id: added },
    ]);
    await attach([], target, { before: after });
    expect(await findActive(tenant.scope, after, now())).toEqual([]);
  });

  it('leaves what was only inherited where it is', async () => {
    const subscription = newId('subscription');
    const inherited = await attach([{ coupon: await coupon() }], { customer: null, subscription });
    const invoice = { customer: null, invoice: newId('invoice') };
    expect(await attach([], invoice, { before: inherited })).toEqual([]);
    expect(await findActive(tenant.scope, inherited, now())).toHaveLength(1);
  });

  it('tells nothing of discounts on one invoice', async () => {
    const ids = await attach([{ coupon: await coupon() }], {
      customer: null,
      invoice: newId('invoice'),
    });
    expect(await eventsOf(ids)).toEqual([]);
  });

  it('takes an amount in a further currency', async () => {
    const terms = {
      amount_off: 500,
      currency: 'gbp',
      currency_options: { eur: { amount_off: 6 } },
    };
    const id = await coupon(terms);
    expect(await attach([{ coupon: id }], undefined, { currency: 'eur' })).toHaveLength(1);
    await expect(attach([{ coupon: id }], undefined, { currency: 'usd' })).rejects.toMatchObject({
      status: 400,
      details: { param: 'discounts[0][coupon]' },
    });
  });
});

describe('attachDiscounts refuses', () => {
  it.each([
    ['coupon', 'NONE'],
    ['promotion_code', 'promo_none'],
    ['discount', 'di_none'],
  ])('a %s that does not exist', async (way, id) => {
    await expect(attach([{ [way]: id }])).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: `discounts[0][${way}]` },
    });
  });

  it("another project's", async () => {
    const other = await world.project();
    const theirs = await coupon({}, other);
    await expect(attach([{ coupon: theirs }])).rejects.toMatchObject({
      details: { code: 'resource_missing' },
    });
  });

  it("another customer's discount", async () => {
    const { id } = await person();
    const [discount] = await attach([{ coupon: await coupon() }], { customer: id });
    await expect(attach([{ discount }], { customer: (await person()).id })).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'discounts[0][discount]' },
    });
  });

  it('the same coupon twice', async () => {
    const id = await coupon();
    await expect(attach([{ coupon: id }, { coupon: id }])).rejects.toMatchObject({
      details: { param: 'discounts[1]' },
    });
    expect(await redeemedOf(id)).toBe(0);
  });

  it('a coupon that was deleted, expired or is used up', async () => {
    const deleted = await coupon();
    await run(coupons.operations.remove, { id: deleted });
    await expect(attach([{ coupon: deleted }])).rejects.toMatchObject({
      details: { code: 'resource_missing' },
    });
    const used = await coupon({ max_redemptions: 1 });
    await attach([{ coupon: used }]);
    await expect(attach([{ coupon: used }])).rejects.toMatchObject({
      message: `Coupon ${used} is used up and cannot be applied.`,
      details: { code: 'coupon_expired', param: 'discounts[0][coupon]' },
    });
    const late = await coupon({ redeem_by: now() + 60 });
    const before = world.now;
    world.now = new Date((now() + 61) * 1000);
    await expect(attach([{ coupon: late }])).rejects.toMatchObject({
      message: `Coupon expired: ${late}`,
      details: { code: 'coupon_expired' },
    });
    world.now = before;
  });

  const refused = (reason: string) => ({
    status: 400,
    message: `This promotion code cannot be redeemed because ${reason}.`,
    details: { param: 'discounts[0][promotion_code]' },
  });

  it('a promotion code that is switched off, has expired or is used up', async () => {
    const off = await code({ active: false });
    await expect(attach([{ promotion_code: off }])).rejects.toMatchObject(
      refused('it is not active'),
    );
    const used = await code({ max_redemptions: 1 });
    await attach([{ promotion_code: used }]);
    await expect(attach([{ promotion_code: used }])).rejects.toMatchObject(
      refused('it has been used the maximum number of times'),
    );
    const late = await code({ expires_at: now() + 60 });
    const before = world.now;
    world.now = new Date((now() + 60) * 1000);
    await expect(attach([{ promotion_code: late }])).rejects.toMatchObject(
      refused('it has expired'),
    );
    world.now = before;
  });

  it("another customer's promotion code", async () => {
    const { id } = await person();
    const promotion_code = await code({ customer: id });
    await expect(
      attach([{ promotion_code }], { customer: (await person()).id }),
    ).rejects.toMatchObject(refused('it is restricted to another customer'));
    expect(await attach([{ promotion_code }], { customer: id })).toHaveLength(1);
  });

  it('a purchase below the minimum amount', async () => {
    const promotion_code = await code({
      restrictions: {
        minimum_amount: 5000,
        minimum_amount_currency: 'gbp',
        currency_options: { eur: { minimum_amount: 6000 } },
      },
    });
    const buy = (currency: string, subtotal?: number) =>
      attach([{ promotion_code }], undefined, {
        currency,
        ...(subtotal === undefined ? {} : { subtotal }),
      });
    const tooLow = refused('the associated purchase does not meet the minimum amount requirement');
    await expect(buy('gbp', 4999)).rejects.toMatchObject(tooLow);
    await expect(buy('gbp')).rejects.toMatchObject(tooLow);
    await expect(buy('eur', 5999)).rejects.toMatchObject(tooLow);
    await expect(buy('usd', 9999)).rejects.toMatchObject(
      refused('it has no minimum amount in the currency of the purchase'),
    );
    expect(await buy('gbp', 5000)).toHaveLength(1);
    expect(await buy('eur', 6000)).toHaveLength(1);
  });

  it('a first-time code to a customer who has paid before', async () => {
    const restrictions = { first_time_transaction: true };
    const promotion_code = await code({ restrictions });
    const { id } = await person();
    expect(await attach([{ promotion_code }], { customer: id })).toHaveLength(1);
    await pay(id, 'pm_card_visa_chargeDeclined');
    expect(await attach([{ promotion_code }], { customer: id })).toHaveLength(1);
    await pay(id, 'pm_card_visa');
    await expect(attach([{ promotion_code }], { customer: id })).rejects.toMatchObject(
      refused('the associated customer has prior transactions'),
    );
  });
});

const person = async () =>
  (await api({ key: tenant.secretKey, method: 'POST', path: '/v1/customers', body: {} })).body;

const pay = (customer: string, payment_method: string) =>
  api({
    key: tenant.secretKey,
    method: 'POST',
    path: '/v1/payment_intents',
    body: {
      amount: 500,
      currency: 'gbp',
      customer,
      payment_method,
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    },
  });

describe('the last redemption', () => {
  it.each(['coupon', 'promotion_code'] as const)('of a %s is had once', async (way) => {
    const id =
      way === 'coupon' ? await coupon({ max_redemptions: 3 }) : await code({ max_redemptions: 3 });
    const tries = await Promise.allSettled(
      Array.from({ length: 6 }, () => attach([{ [way]: id }])),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await redeemedOf(id)).toBe(3);
    const [{ made } = { made: 0 }] = await world.admin<{ made: number }[]>`
      select count(*)::int as made from discounts where coupon = ${id} or promotion_code = ${id}`;
    expect(made).toBe(3);
  });

  it('is had by somebody also where two are asked for in opposite orders', async () => {
    const [a, b] = [await coupon(), await coupon()];
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, turn) =>
        attach(turn % 2 === 0 ? [{ coupon: a }, { coupon: b }] : [{ coupon: b }, { coupon: a }]),
      ),
    );
    expect(tries.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect([await redeemedOf(a), await redeemedOf(b)]).toEqual([8, 8]);
  });
});

describe('previewDiscounts', () => {
  it('shows what would be there and leaves no trace', async () => {
    const id = await coupon({ max_redemptions: 1 });
    const target = { customer: null, invoice: newId('invoice') };
    const terms = { currency: 'gbp', param: 'discounts' };
    const [shown] = await previewDiscounts(tenant.scope, [{ coupon: id }], target, terms);
    expect(shown).toMatchObject({ coupon: { id }, row: { status: 'active', start: now() } });
    expect(await redeemedOf(id)).toBe(0);
    expect(await findActive(tenant.scope, [shown?.id ?? ''], now())).toEqual([]);
    await attach([{ coupon: id }]);
    await expect(
      previewDiscounts(tenant.scope, [{ coupon: id }], target, terms),
    ).rejects.toMatchObject({ details: { code: 'coupon_expired' } });
  });
});

describe('findActive', () => {
  it('leaves out what has ended or was taken off, in the order asked', async () => {
    const [ending = '', lasting = '', gone = ''] = await attach([
      { coupon: await coupon({ duration: 'repeating', duration_in_months: 1 }) },
      { coupon: await coupon({ duration: 'forever' }) },
      { coupon: await coupon() },
    ]);
    await tenant.ctx.transaction((tx) => detachDiscounts(tx, [gone]));
    const asked = [lasting, gone, ending];
    const idsAt = async (time: number) =>
      (await findActive(tenant.scope, asked, time)).map(({ id }) => id);
    const end = at('2026-04-01T12:00:00Z');
    expect(await idsAt(end - 1)).toEqual([lasting, ending]);
    expect(await idsAt(end)).toEqual([lasting]);
  });

  it('goes by the terms of a coupon that was deleted', async () => {
    const id = await coupon();
    const ids = await attach([{ coupon: id }]);
    await run(coupons.operations.remove, { id });
    expect(await findActive(tenant.scope, ids, now())).toMatchObject([
      { coupon: { id, percent_off: 1000 } },
    ]);
    await expect(run(coupons.operations.create, { id, percent_off: 50 })).rejects.toMatchObject({
      details: { code: 'resource_already_exists' },
    });
  });
});

describe('detachDiscounts', () => {
  it('takes off once', async () => {
    const ids = await attach([{ coupon: await coupon() }]);
    await tenant.ctx.transaction((tx) => detachDiscounts(tx, ids));
    await tenant.ctx.transaction((tx) => detachDiscounts(tx, ids));
    expect((await eventsOf(ids)).map(({ type }) => type)).toEqual([
      'customer.discount.created',
      'customer.discount.deleted',
    ]);
  });
});

describe('spend', () => {
  it('keeps what goes on after an invoice', async () => {
    const ids = await attach([
      { coupon: await coupon() },
      { coupon: await coupon({ duration: 'forever' }) },
      { coupon: await coupon({ duration: 'repeating', duration_in_months: 2 }) },
    ]);
    const [once = '', forever = '', repeating = ''] = ids;
    const spent = () => tenant.ctx.transaction((tx) => spend(tx, ids));
    expect(await spent()).toEqual([forever, repeating]);
    expect((await eventsOf([once])).map(({ type }) => type)).toEqual([
      'customer.discount.created',
      'customer.discount.deleted',
    ]);
    const before = world.now;
    world.now = new Date('2026-05-01T12:00:00Z');
    expect(await spent()).toEqual([forever]);
    expect(await show(repeating)).toMatchObject({ deleted: true });
    world.now = before;
  });
});

describe('givenDiscounts', () => {
  it('takes one way an entry, and an empty string for none', () => {
    expect(givenDiscounts.parse('')).toBeNull();
    expect(givenDiscounts.parse([{ coupon: 'A' }])).toEqual([{ coupon: 'A' }]);
    for (const wrong of [{}, { coupon: 'A', promotion_code: 'promo_1' }, { coupon: '' }]) {
      expect(givenDiscounts.safeParse([wrong]).success).toBe(false);
    }
    expect(
      givenDiscounts.safeParse(Array.from({ length: 21 }, () => ({ coupon: 'A' }))).success,
    ).toBe(false);
  });
});
