/** Attempts that nobody can find out about, until a person does, or the bank speaks after all. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { charges } from '@/server/charges';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { customers } from '@/server/customers';
import type { ApiError } from '@/server/kernel/errors';
import { payment_intents } from '@/server/payment_intents';
import { refunds } from '@/server/refunds';
import { addProcessorAccount } from '@/server/testing/accounts';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { reconciliation_items, type ReconciliationItem } from '.';

const DAY_MS = 24 * 60 * 60 * 1000;

let world: TestWorld;
let tenant: TestTenant;
/** Whether nothing reaches the bank. */
let isDown = false;

beforeAll(async () => {
  world = await createWorld({ faults: () => (isDown ? { lose: 'before' } : undefined) });
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
  isDown = false;
});

const { list, resolve, retrieve } = reconciliation_items.operations;

const pay = () =>
  ask(tenant, payment_intents.operations.create, {
    amount: 999,
    currency: 'gbp',
    payment_method: 'pm_card_visa',
    confirm: true,
  });

const look = (id: string) => ask(tenant, payment_intents.operations.retrieve, { id });

/** The schedule, days later; it stays that day. */
async function days(count: number): Promise<void> {
  world.now = new Date(world.now.getTime() + count * DAY_MS);
  const system = { ...world.runtime, ctxOf: (asker: never) => ctxOf(world.runtime, asker) };
  await unanswered(system);
}

const items = async (): Promise<ReconciliationItem[]> => [...(await ask(tenant, list, {})).data];

/** A payment of which nobody knows, past the horizon. */
async function unresolved(): Promise<{ intent: string; item: ReconciliationItem }> {
  isDown = true;
  const { id, status } = await pay();
  expect(status).toBe('processing');
  await days(8);
  const [item] = await items();
  if (item === undefined) throw new Error('Nothing was raised.');
  return { intent: id, item };
}

describe('an attempt that stays unanswered', () => {
  it('is waited for until the horizon, and then put before a person, once', async () => {
    isDown = true;
    const { id } = await pay();
    await days(6);
    expect(await items()).toEqual([]);
    await days(2);
    await days(2);
    expect(await items()).toMatchObject([
      {
        kind: 'unresolved_attempt',
        status: 'open',
        payment_intent: id,
        amount: 999,
        currency: 'gbp',
        state: 'authorize',
        transaction: null,
        reference: expect.stringMatching(/^att_/) as string,
      },
    ]);
    expect(await look(id)).toMatchObject({ status: 'processing' });
  });

  it('goes by the horizon that the project has set', async () => {
    await world.admin`update projects set settings = '{"payments":{"unanswered_days":1}}'
      where id = ${tenant.projectId}`;
    isDown = true;
    await pay();
    await days(2);
    expect(await items()).toHaveLength(1);
  });

  it('closes by itself when the bank speaks after all', async () => {
    const { intent, item } = await unresolved();
    isDown = false;
    await days(2);
    expect(await look(intent)).toMatchObject({ status: 'requires_payment_method' });
    expect(await ask(tenant, retrieve, { id: item.id })).toMatchObject({
      status: 'resolved',
      resolution: 'found',
      resolved_by: null,
    });
  });
});

describe('POST /v1/reconciliation_items/:id/resolve', () => {
  it('takes the payment for made, under the id that was found at the processor', async () => {
    const { intent, item } = await unresolved();
    await expect(ask(tenant, resolve, { id: item.id, resolution: 'succeeded' })).rejects.toThrow(
      'Missing required param: transaction',
    );
    const answer = await ask(tenant, resolve, {
      id: item.id,
      resolution: 'succeeded',
      transaction: '26030112XX00YY00ZZ00AAA',
      note: 'Found in the back office.',
    });
    expect(answer).toMatchObject({
      status: 'resolved',
      resolution: 'succeeded',
      note: 'Found in the back office.',
    });
    const paid = await look(intent);
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 999 });
    const [charge] = await world.admin`select processor_transaction from charges
      where id = ${String(paid.latest_charge)}`;
    expect(charge).toEqual({ processor_transaction: '26030112XX00YY00ZZ00AAA' });
  });

  it('does not have a saved card go on by an id that somebody has typed', async () => {
    const customer = await ask(tenant, customers.operations.create, {});
    const { id: method } = await ask(tenant, customers.operations.attachPaymentMethod, {
      id: 'pm_card_visa',
      customer: customer.id,
    });
    isDown = true;
    const { id: intent } = await ask(tenant, payment_intents.operations.create, {
      amount: 999,
      currency: 'gbp',
      customer: customer.id,
      payment_method: method,
      setup_future_usage: 'off_session',
      confirm: true,
    });
    // As a card of a gateway has it, by the transaction that it was kept with.
    const account = await addProcessorAccount(tenant);
    await world.admin`update payment_methods set processor_account = ${account},
      agreements = '{"card_on_file":"kept"}' where id = ${method}`;
    await days(8);
    const [item] = await items();
    await ask(tenant, resolve, {
      id: item?.id ?? '',
      resolution: 'succeeded',
      transaction: 'typed',
    });
    expect(await look(intent)).toMatchObject({ status: 'succeeded' });
    const [row] = await world.admin`select agreements from payment_methods where id = ${method}`;
    expect(row).toEqual({ agreements: { card_on_file: 'kept' } });
  });

  it('takes it for failed, and the payer may try again', async () => {
    const { intent, item } = await unresolved();
    await ask(tenant, resolve, { id: item.id, resolution: 'failed' });
    expect(await look(intent)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'processing_error' },
    });
    expect(await ask(tenant, charges.operations.list, {})).toMatchObject({
      data: [{ status: 'failed', payment_intent: intent }],
    });
  });

  it('is heeded by the schedule where whoever decided has died', async () => {
    const { intent, item } = await unresolved();
    const decision = resolve.input.parse({
      id: item.id,
      resolution: 'succeeded',
      transaction: 'X1',
    });
    await tenant.ctx.transaction((tx) => resolve.intend(tx, decision));
    expect(await look(intent)).toMatchObject({ status: 'processing' });
    await days(0);
    expect(await look(intent)).toMatchObject({ status: 'succeeded' });
  });

  it('lets one of two decide', async () => {
    const { intent, item } = await unresolved();
    const decide = (resolution: 'succeeded' | 'failed') =>
      ask(tenant, resolve, { id: item.id, resolution, transaction: 'X1' });
    await Promise.allSettled([decide('failed'), decide('succeeded')]);
    const { resolution } = await ask(tenant, retrieve, { id: item.id });
    const status = resolution === 'succeeded' ? 'succeeded' : 'requires_payment_method';
    expect(await look(intent)).toMatchObject({ status });
    await expect(decide('failed')).rejects.toMatchObject({
      details: { code: 'reconciliation_item_resolved' },
    } satisfies Partial<ApiError>);
  });

  it('decides of a refund, whose payment is never undone', async () => {
    const { latest_charge } = await pay();
    isDown = true;
    const { id } = await ask(tenant, refunds.operations.create, { charge: String(latest_charge) });
    await days(8);
    const [item] = await items();
    expect(item).toMatchObject({ state: 'refund', refund: id, status: 'open' });
    await ask(tenant, resolve, { id: item?.id ?? '', resolution: 'succeeded' });
    expect(await ask(tenant, refunds.operations.retrieve, { id })).toMatchObject({
      status: 'succeeded',
    });
  });

  it('refuses to acknowledge what is open, and to decide what is only a difference', async () => {
    const { item } = await unresolved();
    await expect(
      ask(tenant, resolve, { id: item.id, resolution: 'acknowledged' }),
    ).rejects.toMatchObject({ details: { param: 'resolution' } });
  });
});
