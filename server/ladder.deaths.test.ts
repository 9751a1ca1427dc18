/**
 * Whoever asks after a lost answer dies on the way: at each rung that reaches for the processor. Where
 * they stop for ever, whoever comes after them finds the same and does nothing twice.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { planFailpoints } from '@/server/kernel/failpoint';
import { payment_intents } from '@/server/payment_intents';
import type { Faults } from '@/server/processor/simulator/faults';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

const DAY_S = 24 * 60 * 60;
const AMOUNT = 999;
/** Longer than whoever died had it to themselves, in seconds. */
const LEASE_S = 100;

let world: TestWorld;
let tenant: TestTenant;
let faults: Faults;
beforeAll(async () => {
  world = await createWorld({ faults: (verb) => faults(verb) });
});
afterAll(() => world.close());
beforeEach(async () => {
  faults = () => undefined;
  world.now = new Date('2026-03-01T12:00:00Z');
  tenant = await world.project();
});
afterEach(() => planFailpoints('', Math.random));

const { create, retrieve } = payment_intents.operations;

/** A payment whose answer was lost. */
async function pay(
  lose: 'before' | 'after',
  capture_method: 'automatic' | 'manual' = 'automatic',
): Promise<string> {
  faults = () => ({ lose });
  const { id, status } = await ask(tenant, create, {
    amount: AMOUNT,
    currency: 'gbp',
    payment_method: 'pm_card_visa',
    confirm: true,
    capture_method,
  });
  expect(status).toBe('processing');
  faults = () => undefined;
  return id;
}

/** The schedule, some time later. */
function askAfter(seconds: number): Promise<number> {
  world.now = new Date(world.now.getTime() + seconds * 1000);
  return unanswered({ ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) });
}

/** Asks after what is lost, and goes no further than the place. */
async function dieAt(place: string, seconds: number): Promise<void> {
  const reached = new Promise<void>((resolve) => {
    planFailpoints(`${place}=hang`, () => {
      resolve();
      return 0;
    });
  });
  void askAfter(seconds);
  await reached;
  planFailpoints('', Math.random);
}

/** What the bank did for the tenant, verb by verb, and what it has now. */
async function atTheBank(): Promise<{ asked: Record<string, number>; taken: number }> {
  const rows = await tenant.ctx.transaction((tx) =>
    tx.objects<{ verb: string; captured: number }>(
      'select verb, captured::int from simulator_transactions order by transaction, sequence',
      [],
    ),
  );
  const asked: Record<string, number> = {};
  for (const { verb } of rows) asked[verb] = (asked[verb] ?? 0) + 1;
  return { asked, taken: rows.at(-1)?.captured ?? 0 };
}

describe('a change of a transaction', () => {
  const { capture } = payment_intents.operations;

  const authorized = async (): Promise<string> =>
    (
      await ask(tenant, create, {
        amount: AMOUNT,
        currency: 'gbp',
        payment_method: 'pm_card_visa',
        confirm: true,
        capture_method: 'manual',
      })
    ).id;

  // It would be made again by whoever asks, and after them by the request that was slow.
  it('is asked after by nobody while its own request may still be about to make it', async () => {
    const id = await authorized();
    const answered = new Promise<void>((resolve) => {
      planFailpoints('settle.answered=hang', () => {
        resolve();
        return 0;
      });
    });
    faults = () => ({ lose: 'before' });
    void ask(tenant, capture, { id });
    await answered;
    planFailpoints('', Math.random);
    faults = () => undefined;

    expect(await askAfter(43)).toBe(0);
    expect(await askAfter(3)).toBe(1);
    expect((await ask(tenant, retrieve, { id })).status).toBe('succeeded');
    expect(await atTheBank()).toEqual({ asked: { authorize: 1, capture: 1 }, taken: AMOUNT });
  });

  it('is asked after in seconds where its own request has given up', async () => {
    const id = await authorized();
    faults = () => ({ lose: 'before' });
    expect((await ask(tenant, capture, { id })).status).toBe('processing');
    faults = () => undefined;

    expect(await askAfter(6)).toBe(1);
    expect((await ask(tenant, retrieve, { id })).status).toBe('succeeded');
  });
});

describe('whoever asks after a lost answer', () => {
  it.each([
    ['ladder.inquired', 'after'],
    ['ladder.repeated', 'before'],
    ['ladder.climbed', 'before'],
    ['ladder.climbed', 'after'],
  ] as const)('dies at %s, where it was lost %s the bank acted', async (place, lose) => {
    const id = await pay(lose);
    await dieAt(place, 6);
    expect((await ask(tenant, retrieve, { id })).status).toBe('processing');

    expect(await askAfter(LEASE_S)).toBe(1);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({
      status: 'succeeded',
      amount_received: AMOUNT,
    });
    expect(await atTheBank()).toEqual({ asked: { authorize: 1 }, taken: AMOUNT });
    expect(await askAfter(DAY_S)).toBe(0);
  });

  it('dies at ladder.reversed, and the payment is given up once', async () => {
    const id = await pay('after', 'manual');
    // By which id the bank knows it was heard; what became of it can never be asked.
    const [begun] = await world.admin<{ transaction: string }[]>`
      update processor_attempts a set arrived_as = s.transaction
      from simulator_transactions s where s.id = a.id and a.payment_intent = ${id}
      returning s.transaction`;
    expect(begun).toBeDefined();
    faults = (verb) => (verb === 'inquire' ? { lose: 'before' } : undefined);
    await dieAt('ladder.reversed', 8 * DAY_S);
    expect((await ask(tenant, retrieve, { id })).status).toBe('processing');

    expect(await askAfter(LEASE_S)).toBe(1);
    const intent = await ask(tenant, retrieve, { id });
    expect(intent).toMatchObject({ status: 'requires_payment_method', amount_received: 0 });
    expect(await atTheBank()).toEqual({ asked: { authorize: 1, cancel: 1 }, taken: 0 });
  });
});
