import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { charges } from '@/server/charges';
import { customers } from '@/server/customers';
import { settle, unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { lockTimeout } from '@/server/kernel/errors';
import type { Ctx } from '@/server/kernel/context';
import { Awaiting } from '@/server/kernel/operation';
import { payment_intents } from '@/server/payment_intents';
import { payment_methods } from '@/server/payment_methods';
import type { Fault } from '@/server/processor/simulator/faults';
import { refunds } from '@/server/refunds';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

let world: TestWorld;
let tenant: TestTenant;
/** What goes wrong at the bank with the next request, and then nothing more. */
let next: Fault | undefined;

beforeAll(async () => {
  world = await createWorld({
    faults: () => {
      const fault = next;
      next = undefined;
      return fault;
    },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
});

const { create, confirm, capture, cancel, retrieve, update } = payment_intents.operations;

const pay = (capture_method: 'automatic' | 'manual' = 'automatic') =>
  ask(tenant, create, {
    amount: 999,
    currency: 'gbp',
    payment_method: 'pm_card_visa',
    confirm: true,
    capture_method,
  });

/** The schedule, some time later. */
async function later(seconds: number): Promise<number> {
  const before = world.now;
  world.now = new Date(before.getTime() + seconds * 1000);
  const done = await unanswered({
    ...world.runtime,
    ctxOf: (asker) => ctxOf(world.runtime, asker),
  });
  world.now = before;
  return done;
}

const bankTook = async (): Promise<number> => {
  const [row] = await tenant.ctx.transaction((tx) =>
    tx.objects<{ taken: number }>(
      `select coalesce(sum(captured - refunded), 0)::bigint as taken from (
         select distinct on (transaction) captured, refunded from simulator_transactions
         order by transaction, sequence desc) as latest`,
      [],
    ),
  );
  return Number(row?.taken);
};

describe.each(['before', 'after'] as const)('an answer lost %s the bank acted', (lose) => {
  it('leaves a payment processing until the bank is asked, and then it is made once', async () => {
    next = { lose };
    const intent = await pay();
    expect(intent.status).toBe('processing');
    expect(await later(1)).toBe(0);

    expect(await later(6)).toBe(1);
    const found = await ask(tenant, retrieve, { id: intent.id });
    expect(found).toMatchObject({ status: 'succeeded', amount_received: 999 });
    expect(await bankTook()).toBe(999);
    expect(await later(100_000)).toBe(0);
    expect(await announced(tenant)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
    ]);
  });

  it('leaves a refund pending, which is then made once', async () => {
    const { latest_charge } = await pay();
    next = { lose };
    const refund = await ask(tenant, refunds.operations.create, {
      charge: String(latest_charge),
      amount: 400,
    });
    expect(refund.status).toBe('pending');
    await later(6);
    const made = await ask(tenant, refunds.operations.retrieve, { id: refund.id });
    expect(made.status).toBe('succeeded');
    expect(await bankTook()).toBe(599);
  });

  it('leaves a capture processing, which is then made once', async () => {
    const { id } = await pay('manual');
    next = { lose };
    expect(await ask(tenant, capture, { id, amount_to_capture: 500 })).toMatchObject({
      status: 'processing',
    });
    await later(6);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({
      status: 'succeeded',
      amount_received: 500,
    });
    expect(await bankTook()).toBe(500);
  });

  it('leaves a cancellation processing, which is then made', async () => {
    const { id } = await pay('manual');
    next = { lose };
    await ask(tenant, cancel, { id, cancellation_reason: 'duplicate' });
    await later(6);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'duplicate',
    });
    expect(await bankTook()).toBe(0);
  });
});

describe('while an answer is awaited', () => {
  it('nothing else can be asked of the intent', async () => {
    next = { lose: 'after' };
    const { id } = await pay();
    await expect(ask(tenant, confirm, { id })).rejects.toMatchObject({
      details: { code: 'payment_intent_unexpected_state' },
    });
    await expect(ask(tenant, cancel, { id })).rejects.toMatchObject({ status: 400 });
    const tried = await ask(tenant, charges.operations.list, { payment_intent: id });
    expect(tried.data).toHaveLength(0);
    await later(6);
  });

  it('what else becomes of the intent and the card stays', async () => {
    const customer = await ask(tenant, customers.operations.create, {
      payment_method: 'pm_card_visa',
    });
    const cards = await ask(tenant, payment_methods.operations.list, { customer: customer.id });
    const card = cards.data[0]!;
    const { id } = await ask(tenant, create, {
      amount: 999,
      currency: 'gbp',
      customer: customer.id,
      payment_method: card.id,
      metadata: { order: '1' },
    });
    next = {
      async between() {
        await ask(tenant, update, { id, metadata: { parcel: '2' }, description: 'A book' });
        const metadata = { place: 'home' };
        await ask(tenant, payment_methods.operations.update, { id: card.id, metadata });
      },
    };
    const kept = { metadata: { order: '1', parcel: '2' }, description: 'A book' };
    expect(await ask(tenant, confirm, { id })).toMatchObject({ ...kept, status: 'succeeded' });
    expect(await ask(tenant, retrieve, { id })).toMatchObject({ ...kept, amount_received: 999 });
    const used = await ask(tenant, payment_methods.operations.retrieve, { id: card.id });
    expect(used).toMatchObject({ metadata: { place: 'home' }, customer: customer.id });
    expect(await bankTook()).toBe(999);
  });

  it('however long, its loss is asked after some seconds after it was given up', async () => {
    next = {
      lose: 'after',
      between: () => void (world.now = new Date(world.now.getTime() + 24_000)),
    };
    const { id } = await pay();
    expect(await later(4)).toBe(0);
    expect(await later(6)).toBe(1);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({ status: 'succeeded' });
  });

  it('whoever finds out what became of it first concludes it, and both say the same', async () => {
    const { id } = await ask(tenant, create, {
      amount: 999,
      currency: 'gbp',
      payment_method: 'pm_card_visa',
    });
    next = { between: async () => void (await later(6)) };
    const answer = await ask(tenant, confirm, { id });
    expect(answer).toEqual(await ask(tenant, retrieve, { id }));
    expect(answer).toMatchObject({ status: 'succeeded', amount_received: 999 });
    const tried = await ask(tenant, charges.operations.list, { payment_intent: id });
    expect(tried.data).toHaveLength(1);
    expect(await bankTook()).toBe(999);
  });

  it('the bank is asked again and again, with longer waits, while it stays silent', async () => {
    next = { lose: 'before' };
    const { id } = await pay();
    // The answer to the repeated request is lost as well; the inquiry itself is not a request.
    next = { lose: 'after' };
    expect(await later(6)).toBe(1);
    expect(await later(35)).toBe(0);
    expect(await later(60)).toBe(1);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({ status: 'succeeded' });
    expect(await bankTook()).toBe(999);
  });
});

describe('an answer that meets a lock', () => {
  /** A context of which the first transactions are refused. */
  const refusing = (times: number): Ctx => {
    let left = times;
    return {
      ...tenant.ctx,
      async transaction(work) {
        left -= 1;
        if (left >= 0) throw lockTimeout();
        return tenant.ctx.transaction(work);
      },
    };
  };
  const intend = async () => {
    const intended = await tenant.ctx.transaction((tx) =>
      create.intend(tx, {
        amount: 999,
        currency: 'gbp',
        payment_method: 'pm_card_visa',
        confirm: true,
      }),
    );
    if (!(intended instanceof Awaiting)) throw new Error('the bank is not asked');
    return intended.attempt;
  };

  it('is stored when the lock is free', async () => {
    const told = await settle(refusing(2), await intend(), async (_, answer) => answer);
    expect(told).toMatchObject({ object: 'payment_intent', status: 'succeeded' });
    expect(await bankTook()).toBe(999);
  });

  it('is left to the schedule where it never is', async () => {
    const attempt = await intend();
    const settling = settle(refusing(100), attempt, async (_, answer) => answer);
    await expect(settling).rejects.toMatchObject({ details: { code: 'lock_timeout' } });
    expect(await later(6)).toBe(1);
    const found = await ask(tenant, retrieve, { id: attempt.payment_intent ?? '' });
    expect(found).toMatchObject({ status: 'succeeded', amount_received: 999 });
    expect(await bankTook()).toBe(999);
  });
});

describe('two workers', () => {
  it('conclude an attempt once', async () => {
    next = { lose: 'after' };
    const { id } = await pay();
    await Promise.all([later(6), later(6), later(6)]);
    const tried = await ask(tenant, charges.operations.list, { payment_intent: id });
    expect(tried.data).toHaveLength(1);
    expect(await announced(tenant)).toHaveLength(3);
  });
});
