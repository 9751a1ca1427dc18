import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { payment_intents } from '@/server/payment_intents';
import { refunds } from '@/server/refunds';
import { addProcessorAccount } from '@/server/testing/accounts';
import { ask } from '@/server/testing/ask';
import { tamper, untruths } from '@/server/testing/books';
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

interface Taken {
  readonly intent: string;
  readonly transaction: string;
  readonly reference: string;
}

/** A payment at the simulated bank, entered as this account's. */
async function take(amount = 1000): Promise<Taken> {
  const { id: intent } = await ask(tenant, payment_intents.operations.create, {
    amount,
    currency: 'gbp',
    payment_method: 'pm_card_visa',
    confirm: true,
  });
  await world.admin`update charges set processor_account = ${account} where payment_intent = ${intent}`;
  await world.admin`update processor_attempts set processor_account = ${account}
    where payment_intent = ${intent}`;
  const [row] = await world.admin<Omit<Taken, 'intent'>[]>`
    select a.id as reference, coalesce(c.processor_transaction, 'X1') as transaction
    from processor_attempts a left join charges c on c.payment_intent = a.payment_intent
    where a.payment_intent = ${intent}`;
  if (row === undefined) throw new Error(`There is no attempt on ${intent}.`);
  return { intent, ...row };
}

/** A refund at the simulated bank, as the processor makes them before or after the settlement. */
async function giveBack({ intent, transaction }: Taken, amount: number, isSettled: boolean) {
  await world.admin`update charges set processor_account = null where payment_intent = ${intent}`;
  const { id } = await ask(tenant, refunds.operations.create, { payment_intent: intent, amount });
  await world.admin`update charges set processor_account = ${account} where payment_intent = ${intent}`;
  if (!isSettled) {
    await world.admin.begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      await sql`update refunds set processor_transaction = ${transaction} where id = ${id}`;
      await sql`insert into ledger_entries (project_id, livemode, id, amount, available_on,
          balance_transaction, credit, currency, debit, kind, created)
        select project_id, livemode, id || 'r', amount, available_on, balance_transaction,
          'processor_receivable', currency, 'refunds', 'refund_before_settlement', created
        from ledger_entries where kind = 'refund' and balance_transaction =
          (select balance_transaction from refunds where id = ${id})`;
    });
  }
  const [refund] = await world.admin<{ transaction: string }[]>`
    select processor_transaction as transaction from refunds where id = ${id}`;
  return { intent, reference: '', transaction: refund?.transaction ?? '' };
}

const HEAD = 'reference,xref,action,state,amount,currency,date';

const line = (of: Taken, amount = 1000, state = 'accepted', action = 'SALE', currency = 'GBP') =>
  [of.reference, of.transaction, action, state, amount, currency, '2026-03-01'].join(',');

const upload = (...lines: string[]) =>
  ask(tenant, settlement_files.operations.create, {
    processor_account: account,
    content: [HEAD, ...lines].join('\r\n'),
  });

/** What the accounts have gained; those of nothing are left out. */
async function accounts(): Promise<Record<string, number>> {
  const rows = await world.admin<{ account: string; gained: string }[]>`
    select account, sum(amount) as gained from (
      select credit as account, amount from ledger_entries where project_id = ${tenant.projectId}
      union all
      select debit, -amount from ledger_entries where project_id = ${tenant.projectId}
    ) sides group by 1 having sum(amount) <> 0`;
  return Object.fromEntries(rows.map(({ account: name, gained }) => [name, Number(gained)]));
}

const wrong = () => untruths(world, tenant);

describe('a settlement file', () => {
  it('moves what the processor owes to what it has settled', async () => {
    const [one, other] = [await take(), await take(500)];
    expect(await accounts()).toEqual({ balance: 1500, processor_receivable: -1500 });
    await upload(line(one), line(other, 500));
    expect(await accounts()).toEqual({ balance: 1500, settled: -1500 });
    expect(await wrong()).toEqual([]);
  });

  it('enters it once, however often it is named, and by how many at once', async () => {
    const one = await take();
    await upload(line(one), line(one));
    await upload(line(one));
    const other = await take(700);
    const files = [line(other, 700), `${line(other, 700)},a`, `${line(other, 700)},b`];
    const made = await Promise.all([...files, ...files].map((text) => upload(text)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(3);
    expect(await accounts()).toEqual({ balance: 1700, settled: -1700 });
    expect(await wrong()).toEqual([]);
  });

  it('enters what came less or more than was expected as a difference', async () => {
    const [short, dear] = [await take(), await take()];
    await upload(line(short, 971));
    expect(await accounts()).toEqual({
      balance: 2000,
      processor_receivable: -1000,
      settled: -971,
      settlement_differences: -29,
    });
    await upload(line(dear, 1004));
    expect(await accounts()).toEqual({
      balance: 2000,
      settled: -1975,
      settlement_differences: -25,
    });
    expect(await wrong()).toEqual([]);
  });

  it('lets the last word count: another amount, or a rejection after all', async () => {
    const one = await take();
    await upload(line(one, 990));
    await upload(line(one, 1000));
    expect(await accounts()).toEqual({ balance: 1000, settled: -1000 });
    await upload(line(one, 1000, 'rejected'));
    expect(await accounts()).toEqual({ balance: 1000, processor_receivable: -1000 });
    await upload(line(one, 1000), line(one, 1000, 'deferred'));
    expect(await accounts()).toEqual({ balance: 1000, settled: -1000 });
    expect(await wrong()).toEqual([]);
  });

  it('settles nothing that is put off, in another currency, or in nobody’s books', async () => {
    const [late, foreign] = [await take(), await take()];
    await upload(
      line(late, 1000, 'deferred'),
      line(foreign, 1000, 'accepted', 'SALE', 'EUR'),
      line({ ...late, reference: 'att_stray', transaction: 'X9' }),
    );
    expect(await accounts()).toEqual({ balance: 2000, processor_receivable: -2000 });
    expect(await wrong()).toEqual([]);
  });

  it('deducts refunds, and expects less of a sale that was refunded before it', async () => {
    const [early, late] = [await take(), await take()];
    await giveBack(early, 300, false);
    expect(await accounts()).toMatchObject({ processor_receivable: -1700 });
    const refund = await giveBack(late, 400, true);
    await upload(line(early, 700), line(late), line(refund, 400, 'accepted', 'REFUND_SALE'));
    expect(await accounts()).toEqual({ balance: 1300, settled: -1300 });
    await upload(line(refund, 400, 'rejected', 'REFUND_SALE'));
    expect(await accounts()).toEqual({ balance: 1300, settled: -1700, refunds: 400 });
    await upload(line(refund, 410, 'accepted', 'REFUND_SALE'));
    expect(await accounts()).toEqual({
      balance: 1300,
      settled: -1290,
      settlement_differences: -10,
    });
    expect(await wrong()).toEqual([]);
  });

  it('settles a payment that it has found out, once that stands in the books', async () => {
    isDown = true;
    const lost = await take();
    await upload(line(lost, 1000));
    expect(await accounts()).toEqual({});
    const system = { ...world.runtime, ctxOf: (asker: never) => ctxOf(world.runtime, asker) };
    await unanswered(system);
    expect(await accounts()).toEqual({ balance: 1000, settled: -1000 });
    await upload(line(lost, 1000), '');
    expect(await accounts()).toEqual({ balance: 1000, settled: -1000 });
    expect(await wrong()).toEqual([]);
  });
});

describe('the books', () => {
  it.each([
    ['update charges set settled = settled + 1', 'until it is settled'],
    ['update charges set settled = null', 'until it is settled'],
    ["update ledger_entries set amount = amount - 1 where kind = 'settlement'", 'a processor owes'],
    ["update ledger_entries set credit = 'bank' where kind = 'settlement'", 'a processor owes'],
    ['update refunds set settled = settled + 1', 'until it is deducted'],
    [
      "update ledger_entries set debit = 'bank' where kind = 'refund_settlement'",
      'until it is deducted',
    ],
    [
      "update ledger_entries set debit = 'bank' where kind = 'settlement_short'",
      'entered as a difference',
    ],
  ])('are found out: %s', async (text, statement) => {
    const [one, other] = [await take(), await take()];
    const refund = await giveBack(one, 400, true);
    await upload(line(one), line(other, 990), line(refund, 400, 'accepted', 'REFUND_SALE'));
    expect(await wrong()).toEqual([]);
    await tamper(world, tenant, text);
    expect(await wrong()).toContainEqual(expect.stringContaining(statement));
  });
});
