import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { balance, balance_transactions } from '@/server/balance_transactions';
import { payment_intents } from '@/server/payment_intents';
import { announced, ask } from '@/server/testing/ask';
import { tamper, untruths } from '@/server/testing/books';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { pass } from '@/server/testing/due';
import { payouts } from './index';

const ops = payouts.operations;

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
});

/** Money that is available at once. */
const earn = (amount: number, payment_method = 'pm_card_bypassPending') =>
  ask(tenant, payment_intents.operations.create, {
    amount,
    currency: 'gbp',
    payment_method,
    confirm: true,
  });

const payOut = (amount: number) => ask(tenant, ops.create, { amount, currency: 'gbp' });
const again = (id: string) => ask(tenant, ops.retrieve, { id });

const available = async (): Promise<number> =>
  (await ask(tenant, balance.operations.retrieve, {})).available[0]?.amount ?? 0;

async function expectBooks(): Promise<void> {
  expect(await untruths(world, tenant)).toEqual([]);
}

describe('POST /v1/payouts', () => {
  it('takes the money out of the balance, and arrives by itself in test mode', async () => {
    await earn(2000);
    const made = await payOut(1100);
    expectContract(made);
    expect(made).toMatchObject({ status: 'pending', automatic: false, destination: null });
    expect(await available()).toBe(900);
    await pass(world, 5);
    expect(await again(made.id)).toMatchObject({ status: 'in_transit' });
    await expectBooks();
    await pass(world, 1);
    expect(await again(made.id)).toMatchObject({ status: 'paid' });
    const events = (await announced(tenant)).slice(-3);
    expect(events).toEqual(['payout.created', 'payout.updated', 'payout.paid']);
    const { data } = await ask(tenant, balance_transactions.operations.list, { payout: made.id });
    expect(data).toMatchObject([{ type: 'payout', net: -1100, source: made.id }]);
    await expectBooks();
  });

  it('refuses more than is available, also where more is pending', async () => {
    await earn(1000);
    await earn(5000, 'pm_card_visa');
    await expect(payOut(1001)).rejects.toMatchObject({
      status: 400,
      details: { code: 'balance_insufficient' },
    });
    await expect(ask(tenant, ops.create, { amount: 1, currency: 'eur' })).rejects.toMatchObject({
      details: { code: 'balance_insufficient' },
    });
    await payOut(1000);
  });

  it('never pays out more than there is, whoever asks at once', async () => {
    await earn(1000);
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => payOut(300)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await available()).toBe(100);
    await expectBooks();
  });
});

describe('POST /v1/payouts/:id/cancel', () => {
  it('puts the money back while it is pending, and not later', async () => {
    await earn(1000);
    const { id } = await payOut(1000);
    const canceled = await ask(tenant, ops.cancel, { id });
    expectContract(canceled);
    expect(canceled).toMatchObject({ status: 'canceled' });
    expect(canceled.failure_balance_transaction).toMatch(/^txn_/);
    expect(await available()).toBe(1000);
    const other = await payOut(1000);
    await pass(world, 5);
    await expect(ask(tenant, ops.cancel, { id: other.id })).rejects.toMatchObject({ status: 400 });
    await expectBooks();
  });
});

describe('POST /v1/payouts/:id/report', () => {
  it('fails a payout on its way, or after it arrived, and the money is back', async () => {
    await earn(1000);
    const first = await payOut(400);
    const failed = await ask(tenant, ops.report, {
      id: first.id,
      status: 'failed',
      failure_code: 'account_closed',
    });
    expectContract(failed);
    expect(failed).toMatchObject({ status: 'failed', failure_code: 'account_closed' });
    const second = await payOut(600);
    await ask(tenant, ops.report, { id: second.id, status: 'paid' });
    await expectBooks();
    await ask(tenant, ops.report, { id: second.id, status: 'failed' });
    expect(await available()).toBe(1000);
    await expect(ask(tenant, ops.report, { id: second.id, status: 'paid' })).rejects.toMatchObject({
      details: { param: 'status' },
    });
    await pass(world, 10);
    expect(await again(first.id)).toMatchObject({ status: 'failed' });
    await expectBooks();
  });
});

describe('GET /v1/payouts', () => {
  it('lists by status, and changes the metadata of one', async () => {
    await earn(1000);
    const a = await payOut(100);
    const b = await payOut(200);
    await ask(tenant, ops.cancel, { id: a.id });
    const ids = async (status?: 'pending' | 'canceled') =>
      (await ask(tenant, ops.list, status === undefined ? {} : { status })).data.map(
        ({ id }) => id,
      );
    expect(await ids()).toEqual([b.id, a.id]);
    expect(await ids('pending')).toEqual([b.id]);
    expect(await ids('canceled')).toEqual([a.id]);
    const changed = await ask(tenant, ops.update, { id: b.id, metadata: { week: '9' } });
    expect(changed.metadata).toEqual({ week: '9' });
  });
});

describe('POST /v1/payouts/:id/reverse', () => {
  const paid = async () => {
    await earn(2000);
    const made = await payOut(1100);
    await pass(world, 5);
    await pass(world, 1);
    return made;
  };

  it('takes the money back by a payout of its own, which is available once it has settled', async () => {
    const made = await paid();
    const reversal = await ask(tenant, ops.reverse, { id: made.id, metadata: { why: 'wrong' } });
    expectContract(reversal);
    expect(reversal).toMatchObject({
      amount: -1100,
      status: 'pending',
      original_payout: made.id,
      metadata: { why: 'wrong' },
    });
    expect(await again(made.id)).toMatchObject({ status: 'paid', reversed_by: reversal.id });
    expect((await announced(tenant)).slice(-2)).toEqual(['payout.created', 'payout.updated']);
    expect(await available()).toBe(900);
    await expectBooks();
    await pass(world, 5);
    await pass(world, 1);
    expect(await again(reversal.id)).toMatchObject({ status: 'paid' });
    await expectBooks();
    const { data } = await ask(tenant, balance_transactions.operations.list, {
      payout: reversal.id,
    });
    expect(data).toMatchObject([{ type: 'payout', net: 1100, status: 'pending' }]);
  });

  it('is over when it is canceled or fails, and can be asked for again', async () => {
    const made = await paid();
    const first = await ask(tenant, ops.reverse, { id: made.id });
    await ask(tenant, ops.cancel, { id: first.id });
    expect(await again(made.id)).toMatchObject({ status: 'paid', reversed_by: null });
    await expectBooks();
    const second = await ask(tenant, ops.reverse, { id: made.id });
    await pass(world, 5);
    await pass(world, 1);
    await ask(tenant, ops.report, { id: second.id, status: 'failed' });
    expect(await again(made.id)).toMatchObject({ reversed_by: null });
    expect((await ask(tenant, balance.operations.retrieve, {})).pending[0]?.amount).toBe(0);
    await expectBooks();
  });

  it('is refused twice, of itself, and before the money has arrived', async () => {
    await earn(100);
    const pending = await payOut(100);
    const refused = { status: 400, details: { code: 'payout_not_reversible' } };
    await expect(ask(tenant, ops.reverse, { id: pending.id })).rejects.toMatchObject(refused);
    const made = await paid();
    const tries = await Promise.allSettled([
      ask(tenant, ops.reverse, { id: made.id }),
      ask(tenant, ops.reverse, { id: made.id }),
    ]);
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { reversed_by } = await again(made.id);
    await expect(ask(tenant, ops.reverse, { id: String(reversed_by) })).rejects.toMatchObject(
      refused,
    );
    await expectBooks();
  });
});

describe('the books', () => {
  it.each([
    ["update payouts set status = 'failed'", 'a payout is posted, and posted back'],
    ['update payouts set amount = amount + 1', 'a payout is posted, and posted back'],
    [
      "update ledger_entries set credit = 'payouts_in_transit', debit = 'bank' where kind = 'payout_arrival'",
      'is on its way, or has arrived',
    ],
    [
      "update ledger_entries set amount = amount - 1 where kind = 'payout_arrival'",
      'is on its way, or has arrived',
    ],
  ])('are found out: %s', async (text, statement) => {
    await earn(2000);
    await payOut(1100);
    await pass(world, 5);
    await pass(world, 1);
    await expectBooks();
    await tamper(world, tenant, text);
    expect(await untruths(world, tenant)).toContainEqual(expect.stringContaining(statement));
  });
});
