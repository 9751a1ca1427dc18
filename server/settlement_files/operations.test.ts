import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { payment_intents } from '@/server/payment_intents';
import { reconciliation_items } from '@/server/reconciliation_items';
import { addProcessorAccount } from '@/server/testing/accounts';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { settlement_files } from '.';

let world: TestWorld;
let tenant: TestTenant;
let account: string;
let isDown = false;

beforeAll(async () => {
  world = await createWorld({ faults: () => (isDown ? { lose: 'after' } : undefined) });
});
afterAll(() => world.close());
beforeEach(async () => {
  isDown = false;
  tenant = await world.project();
  account = await addProcessorAccount(tenant);
});

const { create, list, retrieve } = settlement_files.operations;

interface Taken {
  readonly intent: string;
  readonly charge: string;
  readonly reference: string;
  readonly transaction: string;
}

/** A payment at the simulated bank, entered as this account's. */
async function take(amount = 1000): Promise<Taken> {
  const { id, latest_charge } = await ask(tenant, payment_intents.operations.create, {
    amount,
    currency: 'gbp',
    payment_method: 'pm_card_visa',
    confirm: true,
  });
  await world.admin`update charges set processor_account = ${account} where payment_intent = ${id}`;
  await world.admin`update processor_attempts set processor_account = ${account}
    where payment_intent = ${id}`;
  const [row] = await world.admin<{ reference: string; transaction: string }[]>`
    select a.id as reference, coalesce(c.processor_transaction, 'X1') as transaction
    from processor_attempts a left join charges c on c.payment_intent = a.payment_intent
    where a.payment_intent = ${id}`;
  if (row === undefined) throw new Error(`There is no attempt on ${id}.`);
  return { intent: id, charge: String(latest_charge), ...row };
}

const HEAD = 'reference,xref,action,state,amount,currency,date';
const line = (of: Taken, amount = 1000, state = 'accepted'): string =>
  [of.reference, of.transaction, 'SALE', state, amount, 'GBP', '2026-03-01'].join(',');

const upload = (...lines: string[]) =>
  ask(tenant, create, { processor_account: account, content: [HEAD, ...lines].join('\r\n') });

const differences = async () => (await ask(tenant, reconciliation_items.operations.list, {})).data;

describe('POST /v1/settlement_files', () => {
  it('finds that both books agree', async () => {
    const [one, other] = [await take(), await take(500)];
    const file = await upload(line(one), line(other, 500));
    expect(file).toMatchObject({ lines: 2, matched: 2, differences: 0 });
    expect(await differences()).toEqual([]);
    expect(await ask(tenant, retrieve, { id: file.id })).toEqual(file);
    expect((await ask(tenant, list, { processor_account: account })).data).toEqual([file]);
  });

  it('counts the same file once, and the same difference of two files once', async () => {
    const one = await take();
    const first = await upload(line(one, 999));
    expect(await upload(line(one, 999))).toEqual(first);
    await upload(line(one, 999), line(await take()));
    expect(await differences()).toHaveLength(1);
  });

  it('lists what differs, with both sides of it', async () => {
    const [dear, rejected] = [await take(), await take()];
    const stray = { ...dear, reference: 'att_stray', transaction: 'X9' };
    await upload(line(dear, 1100), line(rejected, 1000, 'rejected'), line(stray, 50));
    const found = await differences();
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'amount_differs',
          charge: dear.charge,
          amount: 1000,
          processor_amount: 1100,
          line: 2,
        }),
        expect.objectContaining({
          kind: 'state_differs',
          charge: rejected.charge,
          state: 'succeeded',
          processor_state: 'rejected',
        }),
        expect.objectContaining({
          kind: 'in_their_books_only',
          charge: null,
          transaction: 'X9',
          processor_amount: 50,
        }),
      ]),
    );
  });

  it('misses what was taken days before and no file names, until one does', async () => {
    const early = await take();
    world.now = new Date('2026-03-04T12:00:00Z');
    const late = (of: Taken): string => line(of).replace('2026-03-01', '2026-03-04');
    await upload(late(await take()).replace('2026-03-04', '2026-03-01'), late(await take()));
    expect(await differences()).toMatchObject([
      { kind: 'in_our_books_only', charge: early.charge, amount: 1000, status: 'open' },
    ]);
    await upload(late(early));
    expect(await differences()).toMatchObject([{ status: 'resolved', resolution: 'found' }]);
    world.now = new Date('2026-03-01T12:00:00Z');
  });

  it('finds out an attempt whose answer was lost: what is settled was taken', async () => {
    isDown = true;
    const lost = await take();
    expect(await upload(line(lost))).toMatchObject({ matched: 1, differences: 0 });
    const system = { ...world.runtime, ctxOf: (asker: never) => ctxOf(world.runtime, asker) };
    await unanswered(system);
    expect(
      await ask(tenant, payment_intents.operations.retrieve, { id: lost.intent }),
    ).toMatchObject({ status: 'succeeded', amount_received: 1000 });
  });

  it('keeps nothing of what is no such file', async () => {
    await expect(upload('att_1,X1,SALE,accepted,ten,GBP,')).rejects.toMatchObject({
      details: { param: 'content' },
    });
    expect((await ask(tenant, list, {})).data).toEqual([]);
  });

  it('does not see the account of another project', async () => {
    const other = await addProcessorAccount(await world.project());
    await expect(
      ask(tenant, create, { processor_account: other, content: HEAD }),
    ).rejects.toMatchObject({ details: { code: 'resource_missing', param: 'processor_account' } });
  });
});
