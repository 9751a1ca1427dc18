/**
 * The figures against a count of the rows themselves: while payments are made and several workers
 * add up, after everything was forgotten, and before anything was added.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ctxOf } from '@/server/context';
import { coupons } from '@/server/coupons';
import { customers } from '@/server/customers';
import type { System } from '@/server/kernel/due';
import { payment_intents } from '@/server/payment_intents';
import { prices } from '@/server/prices';
import { refunds } from '@/server/refunds';
import { subscriptions } from '@/server/subscriptions';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { rollFigures } from './roll';
import { summarize, type CurrencyFigures } from './summary';

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
});
beforeEach(async () => {
  tenant = await world.project();
  world.now = new Date('2026-03-01T12:00:00Z');
});
afterAll(() => world.close());

const system = (): System => ({
  pool: world.runtime.pool,
  clock: () => world.now,
  log: world.runtime.log,
  ctxOf: (given) => ctxOf(world.runtime, given),
});

/** Without the wait for clocks that differ: here there is one, and nothing is under way. */
const roll = rollFigures(0);

/** An id is made a little before the database hears of the transaction that it is made in. */
const rollBehind = rollFigures(500);

async function catchUp(): Promise<void> {
  while ((await roll(system())) > 0);
}

const pay = (amount: number, currency = 'gbp', payment_method = 'pm_card_visa') =>
  ask(tenant, payment_intents.operations.create, {
    amount,
    currency,
    confirm: true,
    payment_method,
    payment_method_types: ['card'],
  });

/** What Home shows of the four weeks to now. */
async function home(currency = 'gbp'): Promise<CurrencyFigures & { customers: number }> {
  const { by_currency, new_customers } = await summarize(tenant.scope, '4w');
  const figures = by_currency[currency];
  if (figures === undefined) throw new Error(`Nothing in ${currency}.`);
  return { ...figures, customers: new_customers.value };
}

/** The same, counted row by row by somebody else's statement. */
async function recount() {
  const [row] = await world.admin`
    select coalesce(sum(amount) filter (where type = 'charge'), 0)::int as gross,
      coalesce(sum(net), 0)::int as net, count(*)::int as moved,
      (select count(*)::int from customers where project_id = ${tenant.projectId}) as customers
    from balance_transactions where project_id = ${tenant.projectId} and currency = 'gbp'`;
  return row;
}

const stored = async () =>
  (
    await world.admin`
      select id, amount::int, net::int, occurrences::int from figures
      where project_id = ${tenant.projectId} order by id`
  ).map((row) => ({ ...row }));

describe('the figures', () => {
  it('are what a count of the rows gives, with workers and payments at once', async () => {
    const merchants = { areDone: false };
    const worker = async (): Promise<void> => {
      while (!merchants.areDone) await rollBehind(system());
    };
    const merchant = async (step: number): Promise<void> => {
      for (let turn = 1; turn <= 6; turn += 1) {
        const { id } = await pay(1_000 + step * 100 + turn);
        if (turn % 2 === 0)
          await ask(tenant, refunds.operations.create, { payment_intent: id, amount: 300 });
        await ask(tenant, customers.operations.create, {});
      }
    };
    const workers = [worker(), worker(), worker()];
    await Promise.all([1, 2, 3, 4].map(merchant));
    merchants.areDone = true;
    await Promise.all(workers);
    const live = await home();
    await catchUp();

    const truth = await recount();
    expect(truth).toMatchObject({ moved: 36, customers: 24 });
    for (const shown of [live, await home()]) {
      expect([shown.gross_volume.value, shown.net_volume.value, shown.customers]).toEqual([
        truth?.gross,
        truth?.net,
        truth?.customers,
      ]);
    }
    const [all] = (await stored()).filter(({ id }) => id === 'all/all/charge/gbp');
    expect(all).toMatchObject({ amount: truth?.gross, occurrences: 24 });
  });

  it('are the same when they are added up again, all at once', async () => {
    await pay(2_000);
    await catchUp();
    await pay(500, 'usd');
    await ask(tenant, customers.operations.create, {});
    await catchUp();
    const before = await stored();
    expect(before).toHaveLength(9);
    expect(await roll(system())).toBe(0);
    expect(await stored()).toEqual(before);

    for (const table of ['figures', 'figure_marks', 'subscription_values']) {
      await world.admin`delete from ${world.admin(table)} where project_id = ${tenant.projectId}`;
    }
    await catchUp();
    expect(await stored()).toEqual(before);
  });

  it('leave out what a transaction that is still open may bring', async () => {
    await pay(700);
    const connection = await world.runtime.pool.reserve();
    try {
      await connection.unsafe('begin');
      await connection.unsafe('select 1');
      await new Promise((resolve) => setTimeout(resolve, 5));
      const { id } = await pay(900);
      expect(id).toMatch(/^pi_/);
      await catchUp();
      const added = (await stored()).find((row) => row['id'] === 'all/all/charge/gbp');
      expect(added).toMatchObject({ amount: 700 });
    } finally {
      await connection.unsafe('commit');
      connection.release();
    }
    expect((await home()).gross_volume.value).toBe(1_600);
    await catchUp();
    const added = (await stored()).find((row) => row['id'] === 'all/all/charge/gbp');
    expect(added).toMatchObject({ amount: 1_600 });
  });

  it("are by the days of the project's zone, and move with it", async () => {
    world.now = new Date('2026-02-28T23:30:00Z');
    await pay(800);
    await catchUp();
    expect((await stored()).map(({ id }) => id)).toContain('day/2026-02-28/charge/gbp');
    await world.admin`update projects set settings = '{"timezone":"Asia/Tokyo"}'
      where id = ${tenant.projectId}`;
    await catchUp();
    expect((await stored()).map(({ id }) => id)).toEqual([
      'all/all/charge/gbp',
      'day/2026-03-01/charge/gbp',
      'hour/2026-03-01T08/charge/gbp',
    ]);
    const shown = await summarize(tenant.scope, 'today');
    expect(shown).toMatchObject({
      time_zone: 'Asia/Tokyo',
      step: 'hour',
      range: { from: '2026-03-01', until: '2026-03-01', lt: Date.UTC(2026, 2, 1, 15) / 1000 },
    });
    expect(shown.by_currency['gbp']?.gross_volume.points.slice(7, 10)).toEqual([0, 800, null]);
  });

  it('of one project that cannot be added up hold up no other', async () => {
    const broken = await world.project();
    await world.admin`update projects set settings = '{"timezone":"Middle/Earth"}'
      where id = ${broken.projectId}`;
    await pay(800);
    await catchUp();
    expect((await stored()).map(({ id }) => id)).toContain('all/all/charge/gbp');
    await world.admin`update projects set settings = '{}' where id = ${broken.projectId}`;
  });

  it('count refused payments, and forget those that went through after all', async () => {
    const refused = await pay(100, 'gbp', 'pm_card_chargeDeclined').catch(
      (error: { details: { payment_intent: { id: string } } }) => error.details.payment_intent,
    );
    await pay(100, 'gbp', 'pm_card_chargeDeclined').catch(() => null);
    expect((await home()).failed_payments).toMatchObject({ value: 2, before: 0 });
    await ask(tenant, payment_intents.operations.confirm, {
      id: refused.id,
      payment_method: 'pm_card_visa',
    });
    expect((await home()).failed_payments.value).toBe(1);
  });

  it('never add one currency to another, and nothing of another project', async () => {
    await pay(100);
    await pay(900, 'usd');
    const mine = tenant;
    tenant = await world.project();
    await pay(5_000);
    await catchUp();
    tenant = mine;
    expect((await home()).gross_volume.value).toBe(100);
    expect((await home('usd')).gross_volume.value).toBe(900);
    expect((await summarize(tenant.scope, '4w')).currencies).toEqual(['gbp', 'usd']);
  });
});

describe('recurring revenue', () => {
  const priceOf = async (unit_amount: number, interval: 'month' | 'year' | 'week') =>
    (
      await ask(tenant, prices.operations.create, {
        currency: 'gbp',
        unit_amount,
        recurring: { interval },
        product_data: { name: 'Gold' },
      })
    ).id;

  const customer = async (): Promise<string> =>
    (
      await ask(tenant, customers.operations.create, {
        payment_method: 'pm_card_visa',
        invoice_settings: { default_payment_method: 'pm_card_visa' },
      })
    ).id;

  const subscribe = async (who: string, price: string, more: object = {}): Promise<string> =>
    (
      await ask(tenant, subscriptions.operations.create, {
        customer: who,
        items: [{ price }],
        ...more,
      })
    ).id;

  it('is what the subscriptions bring in a month, by the day it changed', async () => {
    const [monthly, yearly] = [await priceOf(1_000, 'month'), await priceOf(12_000, 'year')];
    world.now = new Date('2026-02-20T12:00:00Z');
    const ada = await customer();
    const first = await subscribe(ada, monthly);
    const second = await subscribe(ada, yearly);
    await subscribe(await customer(), monthly, { trial_period_days: 14 });
    const half = await ask(tenant, coupons.operations.create, {
      percent_off: 50,
      duration: 'forever',
    });
    const once = await ask(tenant, coupons.operations.create, {
      percent_off: 50,
      duration: 'once',
    });
    await subscribe(await customer(), monthly, { discounts: [{ coupon: half.id }] });
    await subscribe(await customer(), monthly, { discounts: [{ coupon: once.id }] });
    await catchUp();
    expect(await home()).toMatchObject({
      mrr: { value: 3_500, before: 0 },
      active_subscribers: { value: 3, before: 0 },
      churned_subscribers: { value: 0 },
      churn_rate: { value: 0, before: null },
    });

    world.now = new Date('2026-02-25T12:00:00Z');
    await ask(tenant, subscriptions.operations.cancel, { id: first });
    await catchUp();
    expect((await home()).active_subscribers.value).toBe(3);
    world.now = new Date('2026-02-27T12:00:00Z');
    await ask(tenant, subscriptions.operations.cancel, { id: second });
    await catchUp();
    world.now = new Date('2026-03-01T12:00:00Z');
    const { mrr, active_subscribers, churned_subscribers, churn_rate } = await home();
    expect(mrr).toMatchObject({ value: 1_500, before: 0 });
    expect(mrr.points.slice(-11)).toEqual(
      [0, 3_500, 3_500, 3_500, 3_500, 3_500, 2_500, 2_500, 1_500, 1_500, 1_500].slice(-11),
    );
    expect([active_subscribers.value, churned_subscribers.value, churn_rate.value]).toEqual([
      2, 1, 3_333,
    ]);
    const past = await summarize(tenant.scope, '2026-02-20..2026-02-21');
    expect(past.by_currency['gbp']?.mrr).toMatchObject({ value: 3_500, before: 0 });
  });

  it('of subscriptions that were there before the figures is put where it began and ended', async () => {
    world.now = new Date('2026-02-10T12:00:00Z');
    const gone = await subscribe(await customer(), await priceOf(700, 'month'));
    const stays = await priceOf(1_200, 'week');
    await subscribe(await customer(), stays);
    world.now = new Date('2026-02-20T12:00:00Z');
    await ask(tenant, subscriptions.operations.cancel, { id: gone });
    world.now = new Date('2026-03-01T12:00:00Z');
    await catchUp();
    const { mrr, active_subscribers, churned_subscribers } = await home();
    // 52 weeks of 12.00 over twelve months.
    expect(mrr.value).toBe(5_200);
    expect([mrr.points[7], mrr.points[8], mrr.points[18]]).toEqual([0, 5_900, 5_200]);
    expect([active_subscribers.value, churned_subscribers.value]).toEqual([1, 1]);
  });
});
