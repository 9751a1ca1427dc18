/**
 * Plays histories on the engine: their customers live on test clocks, one for each timeline, and
 * everything is asked for through the operations that the API serves. Whatever is done at one
 * instant is done for all histories, then the clock goes on for all of them.
 */
import { ctxOf } from '@/server/context';
import { customers } from '@/server/customers';
import { invoice_items } from '@/server/invoices';
import { timed } from '@/server/schedule';
import { subscriptions } from '@/server/subscriptions';
import { test_clocks } from '@/server/test_clocks';
import { ask } from '@/server/testing/ask';
import type { TestTenant, TestWorld } from '@/server/testing/context';
import { advanceClocks } from '@/server/timed';
import { DAY } from './calendar';
import type { Dated, Deed, History, Wish } from './history';
import type { Timeline } from './timelines';
import type { Stock } from './stock';

/** What is asked for at once: rows of one history are locked, those of others are not. */
const TOGETHER = 6;

/** Days: no invoice becomes overdue on a timeline. */
const DUE_NEVER = 3_650;

export interface Played {
  readonly customer: string;
  readonly subscription: string | null;
  /** What was refused, in words. It should not have been. */
  readonly refusals: readonly string[];
}

interface Player {
  readonly history: History;
  readonly deeds: readonly Dated[];
  customer: string;
  subscription: string;
  /** Ids of subscription items, by the place that they had when they were added. */
  readonly items: string[];
  readonly refusals: string[];
}

export interface Part {
  readonly history: History;
  /** Those of its deeds that can be done. */
  readonly deeds: readonly Dated[];
}

/** Plays the histories of one timeline, from its first birth to its end. */
export async function play(
  world: TestWorld,
  tenant: TestTenant,
  stock: Stock,
  timeline: Timeline,
  parts: readonly Part[],
): Promise<Map<History, Played>> {
  const clock = await ask(tenant, test_clocks.operations.create, {
    frozen_time: Math.min(...timeline.births) - 1,
  });
  const players = parts.map(({ history, deeds }): Player => ({
    history,
    deeds,
    customer: '',
    subscription: '',
    items: [],
    refusals: [],
  }));
  const script = new Map<number, (() => Promise<void>)[]>();
  const add = (at: number, act: () => Promise<void>): void => {
    script.set(at, [...(script.get(at) ?? []), act]);
  };
  for (const player of players) {
    add(player.history.born, () => begin(tenant, stock, player, clock.id));
    for (const { at, deed } of player.deeds) {
      add(at, () => noting(player, deed, act(tenant, stock, player, deed, at)));
    }
  }
  for (const at of [...script.keys()].toSorted((one, other) => one - other)) {
    await advance(world, tenant, clock.id, at);
    await together(script.get(at) ?? []);
  }
  await advance(world, tenant, clock.id, timeline.end);
  return new Map(
    players.map(({ history, customer, subscription, refusals }) => [
      history,
      { customer, subscription: subscription === '' ? null : subscription, refusals },
    ]),
  );
}

async function together(acts: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...acts];
  const one = async (): Promise<void> => {
    for (let act = left.shift(); act !== undefined; act = left.shift()) await act();
  };
  await Promise.all(Array.from({ length: TOGETHER }, one));
}

/** As a worker would, until the clock is there. */
async function advance(
  { runtime }: TestWorld,
  tenant: TestTenant,
  id: string,
  frozen_time: number,
): Promise<void> {
  await ask(tenant, test_clocks.operations.advance, { id, frozen_time });
  const system = {
    ...runtime,
    ctxOf: (asker: Parameters<typeof ctxOf>[1]) => ctxOf(runtime, asker),
  };
  await advanceClocks(timed)(system);
  for (;;) {
    const { status } = await ask(tenant, test_clocks.operations.retrieve, { id });
    if (status === 'ready') return;
    if (status === 'internal_failure') throw new Error(`${id} could not be advanced.`);
    await advanceClocks(timed)(system);
  }
}

async function noting(player: Player, what: Deed | 'begin', done: Promise<void>): Promise<void> {
  try {
    await done;
  } catch (error) {
    const name = what === 'begin' ? what : what.does;
    player.refusals.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function begin(
  tenant: TestTenant,
  stock: Stock,
  player: Player,
  test_clock: string,
): Promise<void> {
  const { history } = player;
  const { id } = await ask(tenant, customers.operations.create, {
    test_clock,
    name: history.name,
    ...(history.collection === 'send_invoice'
      ? {}
      : {
          payment_method: 'pm_card_visa',
          invoice_settings: { default_payment_method: 'pm_card_visa' },
        }),
  });
  player.customer = id;
  await noting(player, 'begin', subscribe(tenant, stock, player));
}

async function subscribe(tenant: TestTenant, stock: Stock, player: Player): Promise<void> {
  const { history, customer } = player;
  const { id, items } = await ask(tenant, subscriptions.operations.create, {
    customer,
    items: history.wishes.map((wish) => itemOf(stock, wish)),
    collection_method: history.collection,
    ...(history.collection === 'send_invoice' ? { days_until_due: DUE_NEVER } : {}),
    ...(history.trialDays === null ? {} : { trial_period_days: history.trialDays }),
    ...(history.anchor === null ? {} : { billing_cycle_anchor: history.anchor }),
    proration_behavior: history.prorating,
    discounts: couponsOf(stock, history.coupons),
    default_tax_rates: ratesOf(stock, history.rates),
    ...(history.fee === null ? {} : { add_invoice_items: [feeOf(stock, history.fee)] }),
  });
  player.subscription = id;
  player.items.push(...items.data.map((item) => item.id));
}

const named = (ids: ReadonlyMap<string, string>, { name }: { readonly name: string }): string => {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`There is no ${name}.`);
  return id;
};

const couponsOf = (stock: Stock, coupons: History['coupons']) =>
  coupons.map((coupon) => ({ coupon: named(stock.coupons, coupon) }));

const ratesOf = (stock: Stock, rates: History['rates']) =>
  rates.map((rate) => named(stock.rates, rate));

const itemOf = (stock: Stock, { offer, quantity, rates }: Wish) => ({
  price: named(stock.prices, offer),
  quantity,
  ...(rates.length === 0 ? {} : { tax_rates: ratesOf(stock, rates) }),
});

const feeOf = ({ product }: Stock, unit_amount: number) => ({
  price_data: { currency: 'gbp', product, unit_amount },
});

async function act(
  tenant: TestTenant,
  stock: Stock,
  player: Player,
  deed: Deed,
  now: number,
): Promise<void> {
  const { customer, subscription: id, items } = player;
  const update = async (given: Omit<Parameters<typeof ask<typeof operations.update>>[2], 'id'>) =>
    ask(tenant, operations.update, { id, ...given });
  const { operations } = subscriptions;
  switch (deed.does) {
    case 'change_item': {
      const price = named(stock.prices, deed.offer);
      await update({
        items: [{ id: items[deed.item], price, quantity: deed.quantity }],
        ...(await prorationOf(tenant, id, deed, now)),
      });
      return;
    }
    case 'add_item': {
      const { prorating: proration_behavior, wish } = deed;
      const after = await update({ items: [itemOf(stock, wish)], proration_behavior });
      items.push(...after.items.data.map((one) => one.id).filter((one) => !items.includes(one)));
      return;
    }
    case 'remove_item':
      await update({
        items: [{ id: items[deed.item], deleted: true }],
        proration_behavior: deed.prorating,
      });
      return;
    case 'reset_cycle':
      await update({
        billing_cycle_anchor: { type: 'now' },
        proration_behavior: deed.prorating,
      });
      return;
    case 'end_trial':
      await update({ trial_end: 'now' });
      return;
    case 'charge_once':
      await ask(tenant, invoice_items.operations.create, {
        customer,
        amount: deed.amount,
        currency: 'gbp',
        ...(deed.isOwn ? { subscription: id } : {}),
      });
      return;
    case 'set_coupons':
      await update({
        discounts: deed.coupons.length === 0 ? null : couponsOf(stock, deed.coupons),
      });
      return;
    case 'set_rates':
      await update({ default_tax_rates: ratesOf(stock, deed.rates) });
      return;
    case 'pause':
      await update({
        pause_collection: {
          behavior: deed.behavior,
          ...(deed.days === null ? {} : { resumes_at: now + deed.days * DAY }),
        },
      });
      return;
    case 'unpause':
      await update({ pause_collection: null });
      return;
    case 'cancel_at_period_end':
      await update({ cancel_at_period_end: true, proration_behavior: deed.prorating });
      return;
    case 'cancel_at':
      await update({ cancel_at: now + deed.seconds, proration_behavior: deed.prorating });
      return;
    case 'take_back':
      // Whichever way the end was set, this unsets it.
      await update({ cancel_at: null, proration_behavior: deed.prorating });
      return;
    case 'cancel':
      await ask(tenant, operations.cancel, {
        id,
        prorate: deed.prorates,
        invoice_now: deed.invoicesNow,
      });
  }
}

/** How a change is prorated, and from when on. */
async function prorationOf(
  tenant: TestTenant,
  id: string,
  { prorating, looksBack }: Extract<Deed, { does: 'change_item' }>,
  now: number,
) {
  if (prorating === 'none' || looksBack === 0) return { proration_behavior: prorating };
  const { items } = await ask(tenant, subscriptions.operations.retrieve, { id });
  const latest = Math.max(...items.data.map((item) => item.current_period_start));
  return {
    proration_behavior: prorating,
    proration_date: now - Math.floor((now - latest) * looksBack),
  };
}
