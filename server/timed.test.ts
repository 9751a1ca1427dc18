import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settleAll } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { customers } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import type { System, Timed } from '@/server/kernel/due';
import { Awaiting } from '@/server/kernel/operation';
import { payment_intents } from '@/server/payment_intents';
import { prices } from '@/server/prices';
import { subscriptions } from '@/server/subscriptions';
import { test_clocks } from '@/server/test_clocks';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { advanceClocks, runTimed } from './timed';

let world: TestWorld;
let tenant: TestTenant;
let price: string;

const MINUTE = 60;
const nowSeconds = (): number => world.now.getTime() / 1000;

const system = (): System => ({
  pool: world.runtime.pool,
  clock: () => world.now,
  log: world.runtime.log,
  ctxOf: (given) => ctxOf(world.runtime, given),
});

beforeAll(async () => {
  world = await createWorld();
});

beforeEach(async () => {
  tenant = await world.project();
  const made = await ask(tenant, prices.operations.create, {
    currency: 'gbp',
    unit_amount: 1_000,
    recurring: { interval: 'month' },
    product_data: { name: 'Gold' },
  });
  price = made.id;
});

afterAll(() => world.close());

/** Subscriptions in a trial, which wait for nothing but their time. */
async function subscribe(count: number, test_clock?: string): Promise<string[]> {
  const customer = await ask(tenant, customers.operations.create, { test_clock });
  const ids: string[] = [];
  while (ids.length < count) {
    const made = await ask(tenant, subscriptions.operations.create, {
      customer: customer.id,
      items: [{ price }],
      trial_period_days: 30,
    });
    ids.push(made.id);
  }
  return ids;
}

const setDue = (ids: readonly string[], at: number) =>
  world.admin`update subscriptions set due_at = ${at} where id = any(${ids as string[]})`;

const dueOf = async (ids: readonly string[]): Promise<unknown[]> => {
  const rows = await world.admin`
    select due_at from subscriptions where id = any(${ids as string[]}) order by id`;
  return rows.map(({ due_at }) => (due_at === null ? null : Number(due_at)));
};

/** Work that notes what it was asked to do, and when; `also` may fail, or leave a row due. */
function noting(also: (tx: Tx, id: string) => 'done' | 'due' = () => 'done') {
  const done: { id: string; at: number }[] = [];
  const timed: Timed = {
    table: 'subscriptions',
    async run(tx, id) {
      done.push({ id, at: tx.now.getTime() / 1000 });
      if (also(tx, id) === 'done') {
        tx.write('update subscriptions set due_at = null where id = $1', [id]);
      }
      return null;
    },
  };
  return { done, timed };
}

describe('what is due on the wall clock', () => {
  it('is done, and what is not due is left alone', async () => {
    const [due = '', later = ''] = await subscribe(2);
    await setDue([due], nowSeconds());
    await setDue([later], nowSeconds() + 1);
    const { done, timed } = noting();
    expect(await runTimed(timed, () => 0)(system())).toBe(1);
    expect(done.map(({ id }) => id)).toEqual([due]);
    expect(await runTimed(timed, () => 0)(system())).toBe(0);
  });

  it('is done also beside a row that cannot be, which is put off for a minute', async () => {
    const ids = await subscribe(3);
    const [bad = ''] = ids;
    await setDue(ids, nowSeconds());
    const { timed } = noting((_, id) => {
      if (id === bad) throw new Error('This one cannot be done.');
      return 'done';
    });
    await runTimed(timed, () => 0)(system());
    expect(await dueOf(ids)).toEqual([nowSeconds() + MINUTE, null, null]);
  });

  it('is nothing to a worker while another has it', async () => {
    const ids = await subscribe(1);
    await setDue(ids, nowSeconds());
    const { done, timed } = noting();
    await tenant.ctx.transaction(async (other) => {
      await other.lookUp(`select id from subscriptions where id = $1 for no key update`, ids);
      expect(await runTimed(timed, () => 0)(system())).toBe(0);
    });
    expect(done).toEqual([]);
    await setDue(ids, nowSeconds() + 365 * 24 * 60 * MINUTE);
  });
});

describe('what is due on a test clock', () => {
  const JANUARY = Date.UTC(2026, 0, 1) / 1000;
  const FEBRUARY = Date.UTC(2026, 1, 1) / 1000;

  async function clockAt(frozen_time: number): Promise<string> {
    return (await ask(tenant, test_clocks.operations.create, { frozen_time })).id;
  }
  async function advance(clock: string, timed: Timed): Promise<string> {
    await ask(tenant, test_clocks.operations.advance, { id: clock, frozen_time: FEBRUARY });
    await advanceClocks([timed])(system());
    return (await ask(tenant, test_clocks.operations.retrieve, { id: clock })).status;
  }

  it('is done at its own time, in the order of the times', async () => {
    const clock = await clockAt(JANUARY);
    const [first = '', second = '', third = ''] = await subscribe(3, clock);
    await setDue([second], JANUARY + 20);
    await setDue([first], JANUARY + 10);
    await setDue([third], FEBRUARY + 1);
    const { done, timed } = noting();
    expect(await advance(clock, timed)).toBe('ready');
    expect(done).toEqual([
      { id: first, at: JANUARY + 10 },
      { id: second, at: JANUARY + 20 },
    ]);
  });

  it('is all done, however many rows are due at one instant', async () => {
    const clock = await clockAt(JANUARY);
    const ids = await subscribe(60, clock);
    await setDue(ids, JANUARY + 10);
    const { done, timed } = noting();
    expect(await advance(clock, timed)).toBe('ready');
    expect(done.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  it('fails the clock where it cannot be done, or is due again and again', async () => {
    for (const also of [
      () => {
        throw new Error('This one cannot be done.');
      },
      () => 'due' as const,
    ]) {
      const clock = await clockAt(JANUARY);
      await setDue(await subscribe(1, clock), JANUARY + 10);
      expect(await advance(clock, noting(also).timed)).toBe('internal_failure');
    }
  });
});

describe('settleAll', () => {
  const intend = async (): Promise<Awaiting> => {
    const { create } = payment_intents.operations;
    const input = create.input.parse({
      amount: 1_000,
      currency: 'gbp',
      confirm: true,
      payment_method: 'pm_card_visa',
    });
    const intended = await tenant.ctx.transaction((tx) => create.intend(tx, input));
    if (!(intended instanceof Awaiting)) throw new Error('Nothing is awaited.');
    return intended;
  };

  it('stores what it can where one answer cannot be stored, and leaves that one open', async () => {
    const awaited = [await intend(), await intend()];
    const [broken, sound] = awaited.map(({ attempt }) => attempt);
    if (broken === undefined || sound === undefined) throw new Error('Two are awaited.');
    // A state that the answer does not fit: concluding it is a bug, and throws.
    await world.admin`
      update payment_intents set status = 'canceled' where id = ${broken.payment_intent}`;
    await settleAll(
      tenant.ctx,
      awaited.map(({ attempt }) => attempt),
    );
    const attempts = await world.admin`
      select a.status as attempt, p.status as intent, count(c.id)::int as charges
      from processor_attempts a join payment_intents p on p.id = a.payment_intent
      left join charges c on c.payment_intent = p.id
      where a.id = any(${[broken.id, sound.id]}) group by a.id, a.status, p.status order by a.id`;
    expect([...attempts]).toEqual([
      { attempt: 'pending', intent: 'canceled', charges: 0 },
      { attempt: 'answered', intent: 'succeeded', charges: 1 },
    ]);
  });
});
