/**
 * An invoice of a subscription is paid while its merchant, or the schedule, ends the subscription or
 * changes it. Whoever comes second waits, or leaves it for later: nobody waits in a circle, for
 * PostgreSQL to find out and to break.
 */
import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ctxOf } from '@/server/context';
import { customers } from '@/server/customers';
import { invoices, lockInvoice } from '@/server/invoices';
import { unix } from '@/server/kernel/object';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { runTimed } from '@/server/timed';
import { lockAgreement } from './agreement';
import { dueSubscriptions } from './due';
import { cancel, create, retrieve } from './operations';
import { priceOf } from './travel.case';
import { update } from './update';

let world: TestWorld;
let tenant: TestTenant;
let price: Stripe.Price;
let dearer: Stripe.Price;
beforeAll(async () => {
  world = await createWorld();
  // PostgreSQL looks for circles that late.
  await world.admin.unsafe(
    `alter database ${new URL(world.url).pathname.slice(1)} set deadlock_timeout = '5ms'`,
  );
  tenant = await world.project();
  price = await priceOf(tenant, { unit_amount: 1_000 });
  dearer = await priceOf(tenant, { unit_amount: 2_000 });
});
afterAll(() => world.close());

interface Contested {
  readonly id: string;
  /** The one that is open. */
  readonly invoice: string;
  /** What is done with the subscription while that is paid. */
  readonly meanwhile: () => Promise<unknown>;
  /** What is left to be done then. */
  readonly afterwards?: () => Promise<unknown>;
}

async function customerWith(card: string): Promise<string> {
  const { id } = await ask(tenant, customers.operations.create, {});
  await giveCard(id, card);
  return id;
}

/** Saves a card with a customer, to be charged by default. */
async function giveCard(customer: string, card: string): Promise<void> {
  const { attachPaymentMethod, update: change } = customers.operations;
  const { id } = await ask(tenant, attachPaymentMethod, { id: card, customer });
  await ask(tenant, change, { id: customer, invoice_settings: { default_payment_method: id } });
}

/** With a card on file that it is not charged to. */
async function sent(): Promise<Stripe.Subscription> {
  const customer = await customerWith('pm_card_visa');
  const subscription = await ask(tenant, create, {
    customer,
    items: [{ price: price.id }],
    collection_method: 'send_invoice',
    days_until_due: 30,
  });
  const latest = String(subscription.latest_invoice);
  await ask(tenant, invoices.operations.finalize, { id: latest, auto_advance: true });
  return subscription;
}

async function contested(
  { id }: Stripe.Subscription,
  meanwhile: () => Promise<unknown>,
): Promise<Contested> {
  const [row] = await world.admin<{ id: string }[]>`
    select id from invoices where subscription = ${id} and status = 'open'`;
  if (row === undefined) throw new Error(`${id} has no open invoice.`);
  return { id, invoice: row.id, meanwhile };
}

interface Kind {
  readonly make: () => Promise<Contested>;
  /** How the subscription is afterwards, in part. */
  readonly to: object;
}

/** TABLE: what is done with a subscription whose invoice is being paid. */
const KINDS: Readonly<Record<string, Kind>> = {
  'its merchant ends it': {
    async make() {
      const subscription = await sent();
      return contested(subscription, () => ask(tenant, cancel, { id: subscription.id }));
    },
    to: { status: 'canceled' },
  },
  'it gets another card': {
    async make() {
      const customer = await customerWith('pm_card_visa');
      const subscription = await ask(tenant, create, { customer, items: [{ price: price.id }] });
      await giveCard(customer, 'pm_card_chargeCustomerFail');
      const { id } = subscription;
      await ask(tenant, update, {
        id,
        items: [{ id: subscription.items.data[0]?.id ?? '', price: dearer.id }],
        proration_behavior: 'always_invoice',
      });
      const card = await ask(tenant, customers.operations.attachPaymentMethod, {
        id: 'pm_card_mastercard',
        customer,
      });
      return contested(subscription, () =>
        ask(tenant, update, { id, default_payment_method: card.id }),
      );
    },
    to: { status: 'past_due', default_payment_method: expect.any(String) },
  },
  'an update that waits for the payment is taken back': {
    async make() {
      const customer = await customerWith('pm_card_visa');
      const subscription = await ask(tenant, create, { customer, items: [{ price: price.id }] });
      await giveCard(customer, 'pm_card_chargeCustomerFail');
      const { id } = subscription;
      const item = subscription.items.data[0]?.id ?? '';
      await ask(tenant, update, {
        id,
        items: [{ id: item, price: dearer.id }],
        proration_behavior: 'always_invoice',
        payment_behavior: 'pending_if_incomplete',
      });
      return contested(subscription, () =>
        ask(tenant, update, {
          id,
          items: [{ id: item, quantity: 2 }],
          proration_behavior: 'none',
        }),
      );
    },
    to: { status: 'active', pending_update: null, items: { data: [{ quantity: 2 }] } },
  },
  'it expires': {
    async make() {
      const subscription = await ask(tenant, create, {
        customer: await customerWith('pm_card_visa'),
        items: [{ price: price.id }],
        payment_behavior: 'default_incomplete',
      });
      const now = unix(world.now);
      await world.admin`
        update subscriptions set expires_at = ${now}, due_at = ${now}
        where id = ${subscription.id}`;
      return { ...(await contested(subscription, expire)), afterwards: expire };
    },
    to: { status: 'incomplete_expired' },
  },
};

const expire = (): Promise<number> =>
  runTimed(
    dueSubscriptions,
    Math.random,
  )({ ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) });

/** Resolves when somebody waits for a lock. */
async function untilWaiting(): Promise<void> {
  for (;;) {
    const [row] = await world.admin<{ waiting: number }[]>`
      select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    if (row !== undefined && row.waiting > 0) return;
  }
}

/**
 * Does something with a subscription while its invoice is paid, at the worst of moments: the news have
 * come to the invoice, and are on their way to the subscription.
 */
async function atTheWorst({ id, invoice, meanwhile }: Contested): Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  await tenant.ctx.transaction(async (tx) => {
    await lockInvoice(tx, invoice);
    running = meanwhile();
    running.catch(() => undefined);
    await Promise.race([running, untilWaiting()]);
    await lockAgreement(tx, id);
  });
  await running;
}

it.each(Object.keys(KINDS))(
  'where %s, invoices are locked before their subscription',
  async (kind) => {
    const { make, to } = KINDS[kind]!;
    const contested = await make();
    await atTheWorst(contested);
    await contested.afterwards?.();
    expect(await ask(tenant, retrieve, { id: contested.id })).toMatchObject(to);
  },
);
