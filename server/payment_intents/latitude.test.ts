import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { balance_transactions } from '@/server/balance_transactions';
import { charges } from '@/server/charges';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import type { Fault } from '@/server/processor/simulator/faults';
import { refunds } from '@/server/refunds';
import { announced, ask } from '@/server/testing/ask';
import { untruths } from '@/server/testing/books';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { cancel, capture, create, incrementAuthorization, retrieve } from './operations';

let world: TestWorld;
let tenant: TestTenant;
let fault: Fault | undefined;

beforeAll(async () => {
  world = await createWorld({
    faults: () => {
      const now = fault;
      fault = undefined;
      return now;
    },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
});

const WISHES = {
  request_extended_authorization: 'if_available',
  request_incremental_authorization: 'if_available',
  request_multicapture: 'if_available',
  request_overcapture: 'if_available',
} as const;

/** What is reserved on a card, with everything asked for that networks allow. */
const hold = async (payment_method = 'pm_card_visa', wishes: object = WISHES) => {
  const intent = await ask(tenant, create, {
    amount: 1_000,
    currency: 'gbp',
    payment_method,
    confirm: true,
    capture_method: 'manual',
    payment_method_options: { card: wishes },
  });
  return intent.id;
};

const chargeOf = async (id: string) => {
  const { latest_charge } = await ask(tenant, retrieve, { id });
  const charge = await ask(tenant, charges.operations.retrieve, { id: String(latest_charge) });
  expectContract(charge);
  return charge;
};

const cardOf = async (id: string) => (await chargeOf(id)).payment_method_details?.card;

const take = (id: string, amount_to_capture?: number, final_capture?: boolean) =>
  ask(tenant, capture, { id, amount_to_capture, final_capture });

const raise = (id: string, amount: number) => ask(tenant, incrementAuthorization, { id, amount });

const posted = async () =>
  (await ask(tenant, balance_transactions.operations.list, {})).data.map(({ net }) => net);

/** The schedule finds what was lost. */
async function later(): Promise<void> {
  world.now = new Date(world.now.getTime() + 6_000);
  await unanswered({ ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) });
}

/** The bank's books, ours and the charge: the same money, whoever is asked. */
async function expectOneTruth(id: string, taken: number): Promise<void> {
  const [books] = await tenant.ctx.transaction((tx) =>
    tx.objects<{ bank: number; ours: number; charge: number }>(
      `select
         (select coalesce(sum(captured), 0) from (
            select distinct on (transaction) captured from simulator_transactions
            order by transaction, sequence desc) as latest)::bigint as bank,
         (select coalesce(sum(amount), 0) from balance_transactions)::bigint as ours,
         (select coalesce(sum(amount_captured), 0) from charges)::bigint as charge`,
      [],
    ),
  );
  const { amount_received } = await ask(tenant, retrieve, { id });
  expect({ ...books, intent: amount_received }).toEqual({
    bank: taken,
    ours: taken,
    charge: taken,
    intent: taken,
  });
  expect(await untruths(world, tenant)).toEqual([]);
}

describe('what a network allows', () => {
  it('is granted where it was asked for', async () => {
    expect(await cardOf(await hold())).toMatchObject({
      extended_authorization: { status: 'enabled' },
      incremental_authorization: { status: 'available' },
      multicapture: { status: 'available' },
      overcapture: { status: 'available', maximum_amount_capturable: 1_150 },
    });
  });

  it('is unavailable where it was not, or the network has it not', async () => {
    const unavailable = {
      extended_authorization: { status: 'disabled' },
      incremental_authorization: { status: 'unavailable' },
      multicapture: { status: 'unavailable' },
      overcapture: { status: 'unavailable', maximum_amount_capturable: 1_000 },
    };
    expect(await cardOf(await hold('pm_card_visa', {}))).toMatchObject(unavailable);
    expect(await cardOf(await hold('pm_card_jcb'))).toMatchObject({
      ...unavailable,
      multicapture: { status: 'available' },
    });
  });

  it('lets an extended authorization be captured for thirty days', async () => {
    const [extended, usual] = [
      await chargeOf(await hold()),
      await chargeOf(await hold('pm_card_visa', {})),
    ];
    const daysOf = ({ created, payment_method_details }: typeof extended) =>
      ((payment_method_details?.card?.capture_before ?? 0) - created) / 86_400;
    expect([daysOf(extended), daysOf(usual)]).toEqual([30, 7]);
  });
});

describe('POST /v1/payment_intents/:id/increment_authorization', () => {
  it('raises what is reserved, and then all of it can be taken', async () => {
    const id = await hold();
    const raised = await raise(id, 1_500);
    expectContract(raised);
    expect(raised).toMatchObject({
      status: 'requires_capture',
      amount: 1_500,
      amount_capturable: 1_500,
    });
    expect(await chargeOf(id)).toMatchObject({
      amount: 1_500,
      payment_method_details: {
        card: { amount_authorized: 1_500, overcapture: { maximum_amount_capturable: 1_725 } },
      },
    });
    expect((await announced(tenant)).slice(-2)).toEqual([
      'charge.updated',
      'payment_intent.amount_capturable_updated',
    ]);
    expect(await take(id)).toMatchObject({ status: 'succeeded', amount_received: 1_500 });
    await expectOneTruth(id, 1_500);
  });

  it('leaves everything as it was where the issuer declines', async () => {
    const id = await hold();
    await expect(raise(id, 2_001)).rejects.toMatchObject({
      status: 402,
      details: { code: 'card_declined', decline_code: 'insufficient_funds' },
    });
    expect(await ask(tenant, retrieve, { id })).toMatchObject({
      status: 'requires_capture',
      amount: 1_000,
      amount_capturable: 1_000,
    });
    expect(await take(id)).toMatchObject({ amount_received: 1_000 });
  });

  it.each(['before', 'after'] as const)(
    'is found out when its answer was lost, %s',
    async (lose) => {
      const id = await hold();
      fault = { lose };
      expect(await raise(id, 1_500)).toMatchObject({ status: 'processing', amount: 1_000 });
      await expect(take(id)).rejects.toMatchObject({ status: 400 });
      await later();
      expect(await ask(tenant, retrieve, { id })).toMatchObject({
        status: 'requires_capture',
        amount: 1_500,
      });
      await take(id);
      await expectOneTruth(id, 1_500);
    },
  );

  it('refuses what raises nothing, what was not granted, and what is not held', async () => {
    const id = await hold();
    await expect(raise(id, 1_000)).rejects.toMatchObject({ details: { param: 'amount' } });
    const plain = await hold('pm_card_visa', {});
    await expect(raise(plain, 1_500)).rejects.toThrow('does not support incremental_authorization');
    await take(id);
    await expect(raise(id, 1_500)).rejects.toMatchObject({
      details: { code: 'payment_intent_unexpected_state' },
    });
  });
});

describe('POST /v1/payment_intents/:id/capture, in parts', () => {
  it('takes part after part, each a movement of its own, and then the last', async () => {
    const id = await hold();
    const first = await take(id, 300, false);
    expectContract(first);
    expect(first).toMatchObject({
      status: 'requires_capture',
      amount_capturable: 700,
      amount_received: 300,
    });
    expect(await chargeOf(id)).toMatchObject({
      captured: false,
      amount_captured: 300,
      amount_refunded: 0,
    });
    await take(id, 200, false);
    const last = await take(id, 400);
    expect(last).toMatchObject({ status: 'succeeded', amount_capturable: 0, amount_received: 900 });
    expect(await chargeOf(id)).toMatchObject({
      captured: true,
      amount_captured: 900,
      amount_refunded: 100,
    });
    expect(await posted()).toEqual([400, 200, 300]);
    await expectOneTruth(id, 900);
    expect((await announced(tenant)).slice(2)).toEqual([
      'payment_intent.amount_capturable_updated',
      'charge.captured',
      'payment_intent.amount_capturable_updated',
      'charge.captured',
      'payment_intent.amount_capturable_updated',
      'charge.captured',
      'payment_intent.succeeded',
    ]);
  });

  it('may say anew what is on the statement', async () => {
    const id = await hold();
    await ask(tenant, capture, { id, statement_descriptor_suffix: 'ORDER 8' });
    expect(await chargeOf(id)).toMatchObject({
      statement_descriptor_suffix: 'ORDER 8',
      calculated_statement_descriptor: 'ORDER 8',
    });
  });

  it('is over when nothing is left, whatever the capture says of itself', async () => {
    const id = await hold();
    await take(id, 300, false);
    expect(await take(id, 700, false)).toMatchObject({
      status: 'succeeded',
      amount_received: 1_000,
    });
    await expectOneTruth(id, 1_000);
  });

  it('lets go of the rest by a last capture of nothing', async () => {
    const id = await hold();
    await take(id, 300, false);
    await expect(ask(tenant, cancel, { id })).rejects.toThrow('captured in part');
    await expect(take(id, 0, false)).rejects.toMatchObject({
      details: { param: 'amount_to_capture' },
    });
    expect(await take(id, 0)).toMatchObject({ status: 'succeeded', amount_received: 300 });
    expect(await chargeOf(id)).toMatchObject({ amount_captured: 300, amount_refunded: 700 });
    expect(await posted()).toEqual([300]);
    await expectOneTruth(id, 300);
  });

  it('gives back no more than was taken', async () => {
    const id = await hold();
    await take(id, 300, false);
    await take(id, 300);
    const refund = (amount: number) =>
      ask(tenant, refunds.operations.create, { payment_intent: id, amount });
    await expect(refund(601)).rejects.toMatchObject({ status: 400 });
    expect((await refund(600)).status).toBe('succeeded');
    expect(await chargeOf(id)).toMatchObject({ refunded: true });
  });

  it.each(['before', 'after'] as const)(
    'is taken once when its answer was lost, %s',
    async (lose) => {
      const id = await hold();
      await take(id, 300, false);
      fault = { lose };
      expect(await take(id, 200, false)).toMatchObject({ status: 'processing' });
      await later();
      expect(await ask(tenant, retrieve, { id })).toMatchObject({
        status: 'requires_capture',
        amount_received: 500,
        amount_capturable: 500,
      });
      await expectOneTruth(id, 500);
    },
  );

  it('refuses parts that were not granted, and too much', async () => {
    const plain = await hold('pm_card_visa', {});
    await expect(take(plain, 300, false)).rejects.toThrow('does not support multicapture');
    await expect(take(plain, 1_001)).rejects.toMatchObject({
      details: { code: 'amount_too_large' },
    });
    const id = await hold('pm_card_jcb');
    await take(id, 300, false);
    await expect(take(id, 701)).rejects.toMatchObject({ details: { code: 'amount_too_large' } });
  });
});

describe('POST /v1/payment_intents/:id/capture, of more than is reserved', () => {
  it('takes up to what the network allows, and gives all of it back', async () => {
    const id = await hold();
    await expect(take(id, 1_151)).rejects.toThrow('greater than 1150');
    expect(await take(id, 1_150)).toMatchObject({ status: 'succeeded', amount_received: 1_150 });
    expect(await chargeOf(id)).toMatchObject({
      amount: 1_000,
      amount_captured: 1_150,
      amount_refunded: 0,
    });
    await expectOneTruth(id, 1_150);
    const refund = await ask(tenant, refunds.operations.create, { payment_intent: id });
    expect(refund.amount).toBe(1_150);
    expect(await chargeOf(id)).toMatchObject({ refunded: true, amount_refunded: 1_150 });
  });
});

describe('at the same time', () => {
  const settled = async (tries: Promise<unknown>[]) =>
    (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled').length;

  it('takes and raises, one after the other or one of them', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await hold();
      await settled([take(id), raise(id, 1_500)]);
      const intent = await ask(tenant, retrieve, { id });
      const charge = await chargeOf(id);
      expect(intent.amount).toBe(charge.amount);
      if (intent.status === 'requires_capture') await take(id);
      const { amount, amount_received } = await ask(tenant, retrieve, { id });
      expect(amount_received).toBe(amount);
    }
  });

  it('takes or cancels, never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await hold();
      expect(await settled([take(id), ask(tenant, cancel, { id })])).toBe(1);
      const { status, amount_received } = await ask(tenant, retrieve, { id });
      expect(amount_received).toBe(status === 'succeeded' ? 1_000 : 0);
    }
  });

  it('takes no more parts than there are', async () => {
    const id = await hold('pm_card_jcb');
    await settled(Array.from({ length: 8 }, () => take(id, 400, false)));
    for (let round = 0; round < 3; round += 1) await take(id, 400, false).catch(() => undefined);
    expect((await ask(tenant, retrieve, { id })).amount_received).toBe(800);
    await expectOneTruth(id, 800);
  });
});
