import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { balance, balance_transactions, foldBalances } from '@/server/balance_transactions';
import { ctxOf } from '@/server/context';
import { payment_intents } from '@/server/payment_intents';
import { refunds } from '@/server/refunds';
import { ask } from '@/server/testing/ask';
import { tamper, untruths } from '@/server/testing/books';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
});

const pay = async (amount = 1000, payment_method = 'pm_card_visa', currency = 'gbp') => {
  const intent = await ask(tenant, payment_intents.operations.create, {
    amount,
    currency,
    payment_method,
    confirm: true,
  });
  return String(intent.latest_charge);
};

const entries = () =>
  tenant.ctx.transaction((tx) =>
    tx.objects('select kind, debit, credit, amount from ledger_entries order by id', []),
  );

const held = () => ask(tenant, balance.operations.retrieve, {});

const fold = () => foldBalances({ ...world.runtime, ctxOf: (one) => ctxOf(world.runtime, one) });

const ofTenant = () => untruths(world, tenant);

describe('a movement', () => {
  it('is written on both sides, in the transaction that makes it', async () => {
    const charge = await pay();
    await ask(tenant, refunds.operations.create, { charge, amount: 400 });
    expect(await entries()).toEqual([
      { kind: 'charge', debit: 'processor_receivable', credit: 'balance', amount: 1000 },
      { kind: 'refund', debit: 'balance', credit: 'refunds', amount: 400 },
    ]);
    expect(await ofTenant()).toEqual([]);
  });

  it('keeps back the fee that the project has set', async () => {
    const fees = { charge: { basis_points: 150, fixed: { gbp: 20 } } };
    await world.admin`update projects set settings = ${world.admin.json({ fees })}
      where id = ${tenant.projectId}`;
    await pay(1030);
    await pay(1030, 'pm_card_visa', 'eur');
    const { data } = await ask(tenant, balance_transactions.operations.list, {});
    expect(data.map(({ amount, fee, net }) => [amount, fee, net])).toEqual([
      [1030, 15, 1015],
      [1030, 35, 995],
    ]);
    expect(data[1]?.fee_details).toEqual([
      {
        amount: 35,
        application: null,
        currency: 'gbp',
        description: 'Processing fees',
        type: 'stripe_fee',
      },
    ]);
    expect((await held()).pending.map(({ amount }) => amount)).toEqual([1015, 995]);
    expect(await ofTenant()).toEqual([]);
  });

  it('is available at once where the card skips the wait', async () => {
    await pay(700, 'pm_card_bypassPending');
    expect(await held()).toMatchObject({ available: [{ amount: 700 }], pending: [{ amount: 0 }] });
  });
});

describe('the books', () => {
  it('take no entry of one side, none of nothing, and no change', async () => {
    await pay();
    const refused = async (text: string) =>
      tenant.ctx.transaction((tx) => tx.objects(text, [])).catch((error: unknown) => error);
    const add = (values: string) => `
      insert into ledger_entries
        (id, balance_transaction, kind, currency, available_on, created, debit, credit, amount)
      select 'le_x', id, 'charge', 'gbp', 0, 0, ${values} from balance_transactions`;
    for (const values of [
      "'balance', 'balance', 5",
      "'fees', 'balance', 0",
      "'fees', 'bank', -1",
    ]) {
      expect(await refused(add(values))).toMatchObject({ code: '23514' });
    }
    for (const table of ['ledger_entries', 'balance_transactions']) {
      for (const text of [`update ${table} set amount = 1`, `delete from ${table}`]) {
        expect(await refused(text)).toMatchObject({ code: '42501' });
        await expect(world.admin.unsafe(text)).rejects.toMatchObject({ code: '23001' });
      }
    }
  });

  it.each([
    ['update ledger_entries set amount = amount + 1', 'the sum of its entries'],
    ['update balance_transactions set fee = 1, net = amount - 1', 'what fees have gained'],
    ["update ledger_entries set currency = 'eur'", 'in the currency of its balance transaction'],
    ['update balance_deltas set amount = amount + 1', 'kept ready'],
    ['update charges set amount_captured = amount_captured - 1', 'has captured is posted'],
    ["update refunds set status = 'failed'", 'a refund is posted when it succeeds'],
    ['update charges set amount_refunded = amount_refunded - 1', 'what its refunds ask for'],
    ["update simulator_transactions set captured = 999 where verb = 'refund'", 'simulated bank'],
  ])('are found out: %s', async (text, statement) => {
    const charge = await pay();
    await ask(tenant, refunds.operations.create, { charge, amount: 400 });
    expect(await ofTenant()).toEqual([]);
    await tamper(world, tenant, text);
    expect(await ofTenant()).toContainEqual(expect.stringContaining(statement));
  });
});

describe('the balance', () => {
  it('is the same before, while and after what was added to it is folded', async () => {
    // Rows that no payment made: two hundred payments would say no more.
    await tenant.ctx.transaction(async (tx) =>
      tx.write(
        `insert into balance_deltas (id, currency, available_on, amount)
         select 'txn_' || n, case when n % 2 = 0 then 'gbp' else 'eur' end, (n % 5) * 86400, n
         from generate_series(1, 300) n`,
        [],
      ),
    );
    const before = await held();
    const looks: unknown[] = [];
    const folding = Promise.all([fold(), fold(), fold()]);
    for (let look = 0; look < 20; look++) looks.push(await held());
    await folding;
    for (const look of [...looks, await held()]) expect(look).toEqual(before);
    const left = await tenant.ctx.transaction((tx) =>
      tx.objects(
        'select count(*)::int as deltas, (select count(*)::int from balance_totals) as totals from balance_deltas',
        [],
      ),
    );
    expect(left).toEqual([{ deltas: 0, totals: 10 }]);
  });
});
