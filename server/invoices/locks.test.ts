/**
 * An invoice is collected by the schedule while its payer pays it, and with an intent of the
 * merchant's own besides. Whoever comes second waits, or finds that there is nothing left to do:
 * nobody waits in a circle, for PostgreSQL to find out and to break.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ctxOf } from '@/server/context';
import { customers } from '@/server/customers';
import { ApiError } from '@/server/kernel/errors';
import { unix } from '@/server/kernel/object';
import { payment_intents } from '@/server/payment_intents';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { runTimed } from '@/server/timed';
import { invoice_items, invoices } from '.';
import { dueInvoices } from './due';
import { attachPayment } from './pay';

const ROUNDS = 8;
/** Invoices of a round. */
const INVOICES = 12;
const AMOUNT = 2_000;

let world: TestWorld;
let tenant: TestTenant;
beforeAll(async () => {
  world = await createWorld();
  // PostgreSQL looks for circles that late: the sooner, the more of them it meets.
  await world.admin.unsafe(
    `alter database ${new URL(world.url).pathname.slice(1)} set deadlock_timeout = '5ms'`,
  );
  tenant = await world.project();
});
afterAll(() => world.close());

interface Asked {
  readonly customer: string;
  readonly invoice: string;
  /** The invoice's own. */
  readonly intent: string;
  /** The merchant's, attached to it. */
  readonly attached: string;
}

/** An open invoice, with an intent of its own and one that was attached, none of them confirmed. */
async function makeInvoice(): Promise<Asked> {
  const { create, attachPaymentMethod, update } = customers.operations;
  const { id: customer } = await ask(tenant, create, {});
  const { id: invoice } = await ask(tenant, invoices.operations.create, { customer });
  await ask(tenant, invoice_items.operations.create, {
    customer,
    invoice,
    amount: AMOUNT,
    currency: 'gbp',
  });
  await ask(tenant, invoices.operations.finalize, { id: invoice });
  const { id: attached } = await ask(tenant, payment_intents.operations.create, {
    customer,
    amount: AMOUNT / 2,
    currency: 'gbp',
  });
  await ask(tenant, attachPayment, { id: invoice, payment_intent: attached });
  const card = await ask(tenant, attachPaymentMethod, { id: 'pm_card_visa', customer });
  await ask(tenant, update, {
    id: customer,
    invoice_settings: { default_payment_method: card.id },
  });
  const [row] = await world.admin<{ payment_intent: string }[]>`
    update invoices set due_at = ${unix(world.now)} where id = ${invoice} returning payment_intent`;
  return { customer, invoice, intent: row?.payment_intent ?? '', attached };
}

/** Pays, unless somebody else does. */
const confirm = (id: string): Promise<unknown> =>
  ask(tenant, payment_intents.operations.confirm, { id, payment_method: 'pm_card_visa' }).catch(
    (error: unknown) => {
      if (!(error instanceof ApiError) || error.status !== 400) throw error;
    },
  );

const collect = (): Promise<number> =>
  runTimed(
    dueInvoices,
    Math.random,
  )({ ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) });

const deadlocks = async (): Promise<number> => {
  const [row] = await world.admin<{ deadlocks: number }[]>`
    select deadlocks::int from pg_stat_database where datname = current_database()`;
  return row?.deadlocks ?? Number.NaN;
};

it('locks in one order, whoever begins', { timeout: 120_000 }, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const asked = await Promise.all(Array.from({ length: INVOICES }, makeInvoice));
    await Promise.all([
      collect(),
      ...asked.flatMap(({ intent, attached }) => [confirm(intent), confirm(attached)]),
      collect(),
    ]);
    const rows = await world.admin<{ status: string; paid: number; received: number }[]>`
      select i.status, (i.amount_paid + i.amount_overpaid)::int as paid,
        (select sum(amount_paid) from invoice_payments
          where invoice = i.id and status = 'paid')::int as received
      from invoices i where i.id = any(${asked.map(({ invoice }) => invoice)})`;
    for (const { status, paid, received } of rows) {
      expect(status).toBe('paid');
      expect(paid).toBe(received);
    }
  }
  // A connection tells what it met when it ends, if not before.
  await world.runtime.pool.end();
  expect(await deadlocks()).toBe(0);
});
