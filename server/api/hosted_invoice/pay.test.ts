/**
 * A card that a payer types in at an invoice's address is charged once and put on file once, wherever
 * the server dies on the way, and not at all where another card pays.
 */
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '@/server/api/app';
import { keyFinder } from '@/server/api_keys';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { customers } from '@/server/customers';
import { invoice_items, invoices } from '@/server/invoices';
import { planFailpoints } from '@/server/kernel/failpoint';
import type { Faults } from '@/server/processor/simulator/faults';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

const AMOUNT = 2_500;
const DAY_S = 24 * 60 * 60;

const VISA = { number: '4242424242424242', expiry: '12/40', cvc: '123' };
const OTHERS = [
  { ...VISA, number: '5555555555554444' },
  { ...VISA, number: '4000056655665556' },
  { ...VISA, number: '3566002020360505' },
];

let world: TestWorld;
let tenant: TestTenant;
let app: ReturnType<typeof createApp>;
let faults: Faults;
beforeAll(async () => {
  world = await createWorld({ faults: (verb) => faults(verb) });
  app = createApp({
    runtime: world.runtime,
    findKey: keyFinder(world.runtime.pool),
    isReady: async () => true,
    registry: new Registry(),
    onServed: () => undefined,
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  faults = () => undefined;
  world.now = new Date('2026-03-01T12:00:00Z');
  tenant = await world.project();
});
afterEach(() => planFailpoints('', Math.random));

interface Invoiced {
  readonly id: string;
  readonly customer: string;
  /** Of its page. */
  readonly path: string;
}

/** An open invoice of a customer without a card. */
async function invoiced(): Promise<Invoiced> {
  const { id: customer } = await ask(tenant, customers.operations.create, {});
  const { create, finalize } = invoices.operations;
  const { id } = await ask(tenant, create, { customer, auto_advance: false });
  await ask(tenant, invoice_items.operations.create, {
    customer,
    invoice: id,
    amount: AMOUNT,
    currency: 'gbp',
  });
  const { hosted_invoice_url: url } = await ask(tenant, finalize, { id });
  return { id, customer, path: new URL(url ?? '').pathname };
}

const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });

const SOCKET = from('203.0.113.7');

const send = async (
  { path }: Invoiced,
  fields: Readonly<Record<string, string>>,
  socket = SOCKET,
): Promise<Response> =>
  app.request(
    `http://127.0.0.1:3000${path}/pay`,
    { method: 'POST', body: new URLSearchParams(fields) },
    socket,
  );

const page = async ({ path }: Invoiced): Promise<string> =>
  (await app.request(`http://127.0.0.1:3000${path}`, {}, SOCKET)).text();

/** The schedule, some time later. */
function later(seconds: number): Promise<number> {
  world.now = new Date(world.now.getTime() + seconds * 1000);
  return unanswered({ ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) });
}

/** Sends a card, and goes no further than the place, when it is come to for the `nth` time. */
async function dieAt(place: string, nth: number, asked: Invoiced): Promise<void> {
  let times = 0;
  const reached = new Promise<void>((resolve) => {
    planFailpoints(`${place}=hang:0.5`, () => {
      times += 1;
      if (times !== nth) return 1;
      resolve();
      return 0;
    });
  });
  void send(asked, VISA);
  await reached;
  planFailpoints('', Math.random);
}

/** How it stands: the invoice, what is on file with its customer, and what the bank did. */
async function standing({ id, customer }: Invoiced) {
  const { status, amount_paid } = await ask(tenant, invoices.operations.retrieve, { id });
  const { listPaymentMethods } = customers.operations;
  const { data } = await ask(tenant, listPaymentMethods, { customer });
  const taken = await tenant.ctx.transaction((tx) =>
    tx.objects<{ captured: number }>(
      `select captured::int from simulator_transactions
       where verb = 'authorize' and captured > 0`,
      [],
    ),
  );
  return {
    status,
    amount_paid,
    onFile: data.map(({ card }) => card?.last4),
    taken: taken.map(({ captured }) => captured),
  };
}

const PAID = { status: 'paid', amount_paid: AMOUNT, onFile: ['4242'], taken: [AMOUNT] };
const UNPAID = { status: 'open', amount_paid: 0, onFile: [], taken: [] };

describe('a payer whose server dies', () => {
  it('before the card is anybody’s comes back, and pays with it', async () => {
    const asked = await invoiced();
    await dieAt('transaction.committed', 1, asked);
    expect(await standing(asked)).toEqual(UNPAID);
    expect(await page(asked)).toContain('Pay £25.00');
    await send(asked, VISA);
    expect(await standing(asked)).toEqual(PAID);
    await later(DAY_S);
    expect(await standing(asked)).toEqual(PAID);
  });

  it.each([
    { when: 'before the bank is asked', place: 'transaction.committed', nth: 2 },
    { when: 'when the bank has taken the money', place: 'settle.answered', nth: 1 },
  ])('$when is told to wait, and has paid once', async ({ place, nth }) => {
    const asked = await invoiced();
    await dieAt(place, nth, asked);
    expect(await standing(asked)).toMatchObject({ status: 'open', onFile: ['4242'] });
    expect(await page(asked)).toContain('Your payment is under way');
    // They do not believe it, and send the card again.
    await send(asked, VISA);
    expect(await standing(asked)).toMatchObject({ status: 'open', onFile: ['4242'] });

    expect(await later(6)).toBe(1);
    expect(await standing(asked)).toEqual(PAID);
    expect(await page(asked)).toContain('Thank you');
    await send(asked, VISA);
    await later(DAY_S);
    expect(await standing(asked)).toEqual(PAID);
  });

  it('when all is done, and nobody was told, has paid', async () => {
    const asked = await invoiced();
    await dieAt('transaction.committed', 3, asked);
    expect(await standing(asked)).toEqual(PAID);
    await send(asked, VISA);
    expect(await standing(asked)).toEqual(PAID);
  });
});

describe('a second card', () => {
  it('is not put on file while the first is being charged', async () => {
    const asked = await invoiced();
    faults = () => ({ lose: 'after' });
    await send(asked, VISA);
    faults = () => undefined;
    expect(await page(asked)).toContain('Your payment is under way');
    for (const card of OTHERS) await send(asked, card);
    expect(await standing(asked)).toMatchObject({ status: 'open', onFile: ['4242'] });
    await later(6);
    expect(await standing(asked)).toEqual(PAID);
  });

  it('is not put on file where it comes at the same moment', async () => {
    const asked = await invoiced();
    await Promise.all([VISA, ...OTHERS].map((card) => send(asked, card)));
    const { onFile, ...rest } = await standing(asked);
    expect(rest).toEqual({ status: 'paid', amount_paid: AMOUNT, taken: [AMOUNT] });
    expect(onFile).toHaveLength(1);
  });

  it('is not put on file where its issuer declines it, and the payer pays with another', async () => {
    const asked = await invoiced();
    const refused = await send(asked, { ...VISA, number: '4000000000000002' });
    expect(refused.status).toBe(400);
    expect(await standing(asked)).toEqual(UNPAID);
    await send(asked, VISA);
    expect(await standing(asked)).toEqual(PAID);
  });
});

describe('whoever tries cards', () => {
  const DECLINED = { ...VISA, number: '4000000000000002' };
  const ASKED = { ...VISA, number: '4000002760003184' };

  it('is not let begin anew by a card whose holder is asked', async () => {
    const asked = await invoiced();
    const socket = from('203.0.113.8');
    for (let at = 1; at < 10; at += 1) {
      expect((await send(asked, DECLINED, socket)).status).toBe(400);
    }
    const challenged = await send(asked, ASKED, socket);
    expect(challenged.headers.get('location')).toContain('/challenge/');
    const refused = await send(asked, DECLINED, socket);
    expect(refused.status).toBe(429);
    expect(await refused.text()).toContain('Too many attempts.');
  });

  it('charges the card on file no more often, and keeps nobody from paying with another', async () => {
    const asked = await invoiced();
    const { id } = await ask(tenant, customers.operations.attachPaymentMethod, {
      id: 'pm_card_chargeCustomerFail',
      customer: asked.customer,
    });
    const socket = from('203.0.113.9');
    const onFile = { payment_method: id };
    for (let at = 1; at <= 10; at += 1)
      expect((await send(asked, onFile, socket)).status).toBe(303);
    expect((await send(asked, onFile, socket)).status).toBe(429);
    await send(asked, VISA, socket);
    expect(await standing(asked)).toMatchObject({ status: 'paid', taken: [AMOUNT] });
  });
});

describe('a form that cannot be read', () => {
  it('is refused where it is too long', async () => {
    const asked = await invoiced();
    const refused = await send(asked, { ...VISA, 'billing_details[name]': 'a'.repeat(20_000) });
    expect(refused.status).toBe(413);
    expect(await standing(asked)).toEqual(UNPAID);
  });

  it.each<Readonly<Record<string, string>>>([
    { payment_method: '\0' },
    { payment_method: 'pm_card_visa\0' },
    { ...VISA, 'billing_details[name]': 'a\0' },
    { ...VISA, '\0': 'a' },
  ])('is refused where it cannot be kept: %j', async (fields) => {
    const asked = await invoiced();
    expect((await send(asked, fields)).status).toBe(400);
    expect(await standing(asked)).toEqual(UNPAID);
  });
});
