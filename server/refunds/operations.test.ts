import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contradictions } from '@/db/books';
import { expectContract } from '@/e2e/support/contract';
import { balance, balance_transactions } from '@/server/balance_transactions';
import { charges } from '@/server/charges';
import { firstIdBodyAt } from '@/server/kernel/ids';
import { payment_intents } from '@/server/payment_intents';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { pass } from '@/server/testing/due';
import { cancel, create, list, listForCharge, retrieve, update } from './operations';

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
});

const pay = async (payment_method = 'pm_card_visa', capture_method?: 'manual') => {
  const intent = await ask(tenant, payment_intents.operations.create, {
    amount: 1000,
    currency: 'gbp',
    payment_method,
    confirm: true,
    ...(capture_method === undefined ? {} : { capture_method }),
  });
  return { intent: intent.id, charge: String(intent.latest_charge) };
};

const chargeOf = (id: string) => ask(tenant, charges.operations.retrieve, { id });

describe('POST /v1/refunds', () => {
  it('gives all of a payment back', async () => {
    const { intent, charge } = await pay();
    const refund = await ask(tenant, create, { payment_intent: intent });
    expect(refund).toMatchObject({ status: 'succeeded', amount: 1000, charge });
    expectContract(refund);
    expect(await chargeOf(charge)).toMatchObject({ refunded: true, amount_refunded: 1000 });
    expect((await announced(tenant)).slice(-2)).toEqual(['refund.created', 'charge.refunded']);
  });

  it('gives parts back until nothing is left', async () => {
    const { charge } = await pay();
    await ask(tenant, create, { charge, amount: 300, reason: 'requested_by_customer' });
    await ask(tenant, create, { charge, amount: 700 });
    expect(await chargeOf(charge)).toMatchObject({ refunded: true, amount_refunded: 1000 });
    await expect(ask(tenant, create, { charge })).rejects.toMatchObject({
      details: { code: 'charge_already_refunded' },
    });
  });

  it('refuses more than is left, in words of money', async () => {
    const { charge } = await pay();
    await ask(tenant, create, { charge, amount: 400 });
    await expect(ask(tenant, create, { charge, amount: 601 })).rejects.toThrow(
      'Refund amount (£6.01) is greater than unrefunded amount on charge (£6.00)',
    );
  });

  it('never gives back more than was taken, whoever asks at once', async () => {
    const { charge } = await pay();
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => ask(tenant, create, { charge, amount: 100 })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await chargeOf(charge)).toMatchObject({ amount_refunded: 1000 });
  });

  it('comes after the one before it, also where another process made that, whose clock is ahead', async () => {
    const { charge } = await pay();
    const first = await ask(tenant, create, { charge, amount: 100 });
    const ahead = `re_${firstIdBodyAt(new Date(Date.now() + 60_000))}`;
    await world.admin`update refunds set id = ${ahead} where id = ${first.id}`;
    const second = await ask(tenant, create, { charge, amount: 200 });
    const third = await ask(tenant, create, { charge, amount: 300 });
    expect(second.id).toMatch(/^re_[0-9A-Za-z]{22}$/);
    const { data } = await ask(tenant, list, { charge });
    expect(data.map(({ id }) => id)).toEqual([third.id, second.id, ahead]);
  });

  it('refuses what was only authorized', async () => {
    const { charge } = await pay('pm_card_visa', 'manual');
    await expect(ask(tenant, create, { charge })).rejects.toMatchObject({
      details: { code: 'charge_not_captured' },
    });
  });

  it('refuses both a charge and an intent, neither, and unknown ones', async () => {
    const { intent, charge } = await pay();
    const both = ask(tenant, create, { charge, payment_intent: intent });
    await expect(both).rejects.toMatchObject({ details: { code: 'parameters_exclusive' } });
    await expect(ask(tenant, create, {})).rejects.toMatchObject({
      details: { code: 'parameter_missing' },
    });
    await expect(ask(tenant, create, { charge: 'ch_none' })).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'charge' },
    });
    await expect(ask(tenant, create, { payment_intent: 'pi_none' })).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'payment_intent' },
    });
  });

  it('leaves a refund pending that the bank has yet to decide', async () => {
    const { charge } = await pay('pm_card_pendingRefund');
    const refund = await ask(tenant, create, { charge });
    expect(refund).toMatchObject({ status: 'pending' });
    expectContract(refund);
  });

  it('cannot reach a charge of another project', async () => {
    const { charge } = await pay();
    const stranger = await world.project();
    await expect(ask(stranger, create, { charge })).rejects.toMatchObject({
      details: { code: 'resource_missing' },
    });
  });
});

describe('a refund that the bank has not said its last word on', () => {
  const ofPayment = async (card: string) => {
    const { charge } = await pay(card);
    return { charge, refund: await ask(tenant, create, { charge, amount: 400 }) };
  };

  const expectBooks = async () => {
    const found = await contradictions(world.runtime.pool);
    expect(found.filter((one) => one.tenant.projectId === tenant.projectId)).toEqual([]);
  };

  it('succeeds when it was pending, and is posted then', async () => {
    const { charge, refund } = await ofPayment('pm_card_pendingRefund');
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    expect(await chargeOf(charge)).toMatchObject({ amount_refunded: 400 });
    await expectBooks();
    await pass(world);
    const done = await ask(tenant, retrieve, { id: refund.id });
    expectContract(done);
    expect(done).toMatchObject({ status: 'succeeded' });
    expect(done).not.toHaveProperty('pending_reason');
    expect((await announced(tenant)).slice(-4)).toEqual([
      'refund.created',
      'refund.updated',
      'charge.refund.updated',
      'charge.refunded',
    ]);
    await expectBooks();
    await pass(world, 60);
    expect(await ask(tenant, retrieve, { id: refund.id })).toEqual(done);
  });

  it('fails after it succeeded, and the money is with the merchant again', async () => {
    const { charge, refund } = await ofPayment('pm_card_refundFail');
    expect(refund).toMatchObject({ status: 'succeeded' });
    await expectBooks();
    await pass(world);
    const failed = await ask(tenant, retrieve, { id: refund.id });
    expectContract(failed);
    expect(failed).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
      balance_transaction: refund.balance_transaction,
    });
    expect(failed.failure_balance_transaction).toMatch(/^txn_/);
    expect(await chargeOf(charge)).toMatchObject({ amount_refunded: 0, refunded: false });
    expect((await announced(tenant)).slice(-3)).toEqual([
      'refund.updated',
      'charge.refund.updated',
      'refund.failed',
    ]);
    const { data } = await ask(tenant, balance_transactions.operations.list, { source: refund.id });
    expect(data.map(({ type, net }) => [type, net])).toEqual([
      ['refund_failure', 400],
      ['refund', -400],
    ]);
    await expectBooks();
    // What came back can be given back again.
    expect(await ask(tenant, create, { charge })).toMatchObject({ amount: 1000 });
  });

  it('is told of once, however many workers look', async () => {
    const { refund } = await ofPayment('pm_card_refundFail');
    await Promise.all([pass(world), pass(world), pass(world)]);
    const told = (await announced(tenant)).filter((type) => type === 'refund.failed');
    expect(told).toHaveLength(1);
    expect(await ask(tenant, retrieve, { id: refund.id })).toMatchObject({ status: 'failed' });
    await expectBooks();
  });

  it('cannot be cancelled: no card asks the customer for anything', async () => {
    const { refund } = await ofPayment('pm_card_pendingRefund');
    await expect(ask(tenant, cancel, { id: refund.id })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('status of pending'),
    });
  });
});

describe('POST /v1/refunds/:id', () => {
  it('changes the metadata', async () => {
    const { charge } = await pay();
    const { id } = await ask(tenant, create, { charge, metadata: { a: '1', b: '2' } });
    const changed = await ask(tenant, update, { id, metadata: { a: '', c: '3' } });
    expect(changed.metadata).toEqual({ b: '2', c: '3' });
    expect(await ask(tenant, retrieve, { id })).toEqual(changed);
  });
});

describe('GET /v1/refunds', () => {
  it('lists by charge and by intent, and under the charge', async () => {
    const first = await pay();
    const second = await pay();
    const a = await ask(tenant, create, { charge: first.charge, amount: 100 });
    const b = await ask(tenant, create, { charge: second.charge, amount: 100 });
    expect((await ask(tenant, list, {})).data.map(({ id }) => id)).toEqual([b.id, a.id]);
    const byIntent = await ask(tenant, list, { payment_intent: first.intent });
    expect(byIntent.data.map(({ id }) => id)).toEqual([a.id]);
    const under = await ask(tenant, listForCharge, { charge: second.charge });
    expect(under.data.map(({ id }) => id)).toEqual([b.id]);
  });
});

describe('GET /v1/balance', () => {
  it('is pending for two days, less what was refunded, which leaves at once', async () => {
    const { charge } = await pay();
    await ask(tenant, create, { charge, amount: 250 });
    const now = await ask(tenant, balance.operations.retrieve, {});
    expectContract(now);
    expect(now.pending[0]).toMatchObject({ amount: 1000, currency: 'gbp' });
    expect(now.available[0]).toMatchObject({ amount: -250, currency: 'gbp' });

    const before = world.now;
    world.now = new Date(before.getTime() + 2 * 24 * 60 * 60 * 1000);
    const later = await ask(tenant, balance.operations.retrieve, {});
    world.now = before;
    expect(later.available[0]).toMatchObject({ amount: 750 });
    expect(later.pending[0]).toMatchObject({ amount: 0 });
  });

  it('lists each movement with its source', async () => {
    const { charge } = await pay();
    const refund = await ask(tenant, create, { charge, amount: 250 });
    const { data } = await ask(tenant, balance_transactions.operations.list, {});
    data.forEach(expectContract);
    expect(data.map(({ type, net, source }) => [type, net, source])).toEqual([
      ['refund', -250, refund.id],
      ['charge', 1000, charge],
    ]);
    const filtered = await ask(tenant, balance_transactions.operations.list, { type: 'refund' });
    expect(filtered.data).toHaveLength(1);
  });
});
