import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ctxOf } from '@/server/context';
import { charges } from '@/server/charges';
import { customers } from '@/server/customers';
import { test_clocks } from '@/server/test_clocks';
import { announced, ask } from '@/server/testing/ask';
import { untruths } from '@/server/testing/books';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { expireAuthorizations } from '@/server/timed';
import { payment_intents } from '.';

const DAY_MS = 24 * 60 * 60 * 1000;

let world: TestWorld;
let tenant: TestTenant;
let isDown = false;

beforeAll(async () => {
  world = await createWorld({ faults: () => (isDown ? { lose: 'before' } : undefined) });
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
  isDown = false;
});

const { create, capture, retrieve } = payment_intents.operations;

const HELD = {
  amount: 999,
  currency: 'gbp',
  payment_method: 'pm_card_visa',
  confirm: true,
  capture_method: 'manual',
} as const;

const hold = () => ask(tenant, create, HELD);

/** The schedule, days later; the clock goes back afterwards. */
async function later(days: number): Promise<void> {
  const before = world.now;
  world.now = new Date(before.getTime() + days * DAY_MS);
  const system = { ...world.runtime, ctxOf: (asker: never) => ctxOf(world.runtime, asker) };
  await Promise.all([expireAuthorizations(system), expireAuthorizations(system)]);
  world.now = before;
}

const released = async (): Promise<number> => {
  const rows = await world.admin`select id from simulator_transactions
    where project_id = ${tenant.projectId} and verb = 'cancel'`;
  return rows.length;
};

describe('an authorization that nobody captures', () => {
  it('is given up when it expires, once, and at the bank too', async () => {
    const { id, latest_charge } = await hold();
    await later(6.9);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({ status: 'requires_capture' });
    await later(7.1);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
      amount_capturable: 0,
    });
    const charge = await ask(tenant, charges.operations.retrieve, { id: String(latest_charge) });
    expect(charge).toMatchObject({ captured: false, refunded: true, amount_refunded: 999 });
    expect((await announced(tenant)).slice(-2)).toEqual([
      'charge.expired',
      'payment_intent.canceled',
    ]);
    expect(await released()).toBe(1);
    await later(9);
    expect(await released()).toBe(1);
  });

  it('says until when it can be captured', async () => {
    const { latest_charge } = await hold();
    const charge = await ask(tenant, charges.operations.retrieve, { id: String(latest_charge) });
    expect(charge.payment_method_details?.card?.capture_before).toBe(charge.created + 7 * 86_400);
  });

  it('says so by the time in which banks live, whatever clock its customer is on', async () => {
    const clock = await ask(tenant, test_clocks.operations.create, {
      frozen_time: Date.UTC(2031, 0, 1) / 1000,
    });
    const customer = await ask(tenant, customers.operations.create, { test_clock: clock.id });
    const { id, latest_charge } = await ask(tenant, create, { ...HELD, customer: customer.id });
    const charge = await ask(tenant, charges.operations.retrieve, { id: String(latest_charge) });
    const last = charge.payment_method_details?.card?.capture_before ?? 0;
    expect(last).toBe(Math.floor(world.now.getTime() / 1000) + 7 * 86_400);
    await later(7 - 1 / 86_400);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({ status: 'requires_capture' });
    await later(7);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({ status: 'canceled' });
  });

  it('keeps what was captured in part, and lets go of the rest', async () => {
    const { id, latest_charge } = await ask(tenant, create, {
      ...HELD,
      payment_method_options: { card: { request_multicapture: 'if_available' } },
    });
    await ask(tenant, capture, { id, amount_to_capture: 300, final_capture: false });
    await later(7.1);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({
      status: 'succeeded',
      amount_received: 300,
      amount_capturable: 0,
    });
    const charge = await ask(tenant, charges.operations.retrieve, { id: String(latest_charge) });
    expect(charge).toMatchObject({
      captured: true,
      amount_captured: 300,
      amount_refunded: 699,
      refunded: false,
    });
    await later(9);
    expect(await untruths(world, tenant)).toEqual([]);
  });

  it('does not expire once it was captured', async () => {
    const { id } = await hold();
    await ask(tenant, capture, { id });
    await later(8);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({ status: 'succeeded' });
    expect(await released()).toBe(0);
  });

  it('stays processing where the bank does not answer, and is no second time asked for', async () => {
    const { id } = await hold();
    isDown = true;
    await later(7.1);
    await later(7.2);
    expect(await ask(tenant, retrieve, { id })).toMatchObject({ status: 'processing' });
    const attempts = await world.admin`select status from processor_attempts
      where payment_intent = ${id} and kind = 'cancel'`;
    expect([...attempts]).toEqual([{ status: 'pending' }]);
  });
});
