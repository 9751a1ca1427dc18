/** What the tests of this folder begin with, and how they travel through time. */
import { ctxOf } from '@/server/context';
import { customers } from '@/server/customers';
import { dueInvoices } from '@/server/invoices';
import type { System } from '@/server/kernel/due';
import { prices } from '@/server/prices';
import { ask } from '@/server/testing/ask';
import type { TestTenant, TestWorld } from '@/server/testing/context';
import { runTimed } from '@/server/timed';
import type Stripe from 'stripe';
import { dueSubscriptions } from './due';

export const at = (iso: string): number => Date.parse(iso) / 1000;

const TIMED = [dueSubscriptions, dueInvoices];

/** Goes to a time, by way of everything that becomes due until then, in its order. */
export async function travel(world: TestWorld, to: number | string): Promise<void> {
  const target = typeof to === 'string' ? at(to) : to;
  const system: System = {
    pool: world.runtime.pool,
    clock: () => world.now,
    log: world.runtime.log,
    ctxOf: (tenant) => ctxOf(world.runtime, tenant),
  };
  for (;;) {
    const [next] = await world.admin<{ at: string | null }[]>`
      select min(due_at) as at from (select due_at from subscriptions union all select due_at from invoices) due`;
    if (next?.at == null || Number(next.at) > target) break;
    world.now = new Date(Math.max(Number(next.at), world.now.getTime() / 1000) * 1000);
    for (const timed of TIMED) await runTimed(timed, () => 0)(system);
  }
  world.now = new Date(target * 1000);
}

/** A customer with this card as its default; without one where it is null. */
export const customerWith = (
  tenant: TestTenant,
  card: string | null = 'pm_card_visa',
): Promise<Stripe.Customer> =>
  ask(tenant, customers.operations.create, {
    email: 'ada@example.com',
    ...(card === null
      ? {}
      : { payment_method: card, invoice_settings: { default_payment_method: card } }),
  });

type NewPrice = Parameters<typeof ask<typeof prices.operations.create>>[2];

/** £10.00 a month for Gold, unless it is said otherwise. */
export const priceOf = (tenant: TestTenant, given: Partial<NewPrice> = {}): Promise<Stripe.Price> =>
  ask(tenant, prices.operations.create, {
    currency: 'gbp',
    ...(given.billing_scheme === 'tiered' ? {} : { unit_amount: 1_000 }),
    recurring: { interval: 'month' },
    product_data: { name: 'Gold' },
    ...given,
  });

/** Type and what changed of every event so far, oldest first. */
export const events = (
  tenant: TestTenant,
): Promise<{ type: string; data: { object: object; previous_attributes?: object } }[]> =>
  tenant.ctx.transaction((tx) => tx.objects('select type, data from events order by id', []));

export const typesOf = async (tenant: TestTenant, ...prefixes: string[]): Promise<string[]> =>
  (await events(tenant))
    .map(({ type }) => type)
    .filter((type) => prefixes.some((prefix) => type.startsWith(prefix)));
