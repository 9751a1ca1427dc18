/** A customer who lives by a test clock, and what the merchant is told of it, by webhook. */
import { setTimeout } from 'node:timers/promises';
import type { Stripe } from 'stripe';
import { afterAll } from 'vitest';
import { startReceiver, type Receiver } from './receiver';

/** Unix seconds of an instant in UTC, `2026-01-31T09:00` or a day at midnight. */
export const at = (instant: string): number =>
  Date.parse(instant.includes('T') ? `${instant}:00Z` : `${instant}T00:00:00Z`) / 1000;

export interface Traveller {
  readonly id: string;
  readonly clock: string;
  /** Goes to an instant, by way of everything that becomes due until then. */
  travelTo(instant: string): Promise<void>;
  /**
   * The events about this customer since it was last asked, in their order, of types that begin so;
   * each has arrived as a webhook with a signature that the SDK accepts.
   */
  told(...prefixes: string[]): Promise<Stripe.Event[]>;
  /** As `told`, no more than the types. */
  types(...prefixes: string[]): Promise<string[]>;
}

/** A receiver of everything that the server announces, closed after the last test. */
export async function receiverOf(stripe: Stripe): Promise<Receiver> {
  const receiver = await startReceiver();
  afterAll(() => receiver.close());
  const { secret } = await stripe.webhookEndpoints.create({
    url: `${receiver.url}/all`,
    enabled_events: ['*'],
  });
  receiver.expectAt('/all', secret ?? '');
  return receiver;
}

/** A clock at `start`, and a customer on it who pays by `card`; null is one without. */
export async function traveller(
  stripe: Stripe,
  receiver: Receiver,
  start: string,
  card: string | null = 'pm_card_visa',
): Promise<Traveller> {
  const { id: clock } = await stripe.testHelpers.testClocks.create({ frozen_time: at(start) });
  const { id } = await stripe.customers.create({
    email: 'ada@example.com',
    test_clock: clock,
    ...(card === null
      ? {}
      : { payment_method: card, invoice_settings: { default_payment_method: card } }),
  });
  let last: string | null = null;

  async function told(...prefixes: string[]): Promise<Stripe.Event[]> {
    const events: Stripe.Event[] = [];
    for await (const event of stripe.events.list({ limit: 100 })) {
      if (event.id === last) break;
      events.unshift(event);
    }
    last = events.at(-1)?.id ?? last;
    const own = events.filter(
      ({ type, data }) =>
        customerOf(data.object) === id &&
        (prefixes.length === 0 || prefixes.some((prefix) => type.startsWith(prefix))),
    );
    for (const { id: event } of own) {
      await receiver.arrival((delivery) => delivery.event.id === event);
    }
    return own;
  }

  return {
    id,
    clock,
    async travelTo(instant) {
      await stripe.testHelpers.testClocks.advance(clock, { frozen_time: at(instant) });
      await arrival(stripe, clock);
    },
    told,
    types: async (...prefixes) => (await told(...prefixes)).map(({ type }) => type),
  };
}

/** Resolves when the clock is where it was sent. */
export async function arrival(stripe: Stripe, clock: string): Promise<void> {
  for (;;) {
    const { status } = await stripe.testHelpers.testClocks.retrieve(clock);
    if (status === 'ready') return;
    if (status !== 'advancing') throw new Error(`The clock ${clock} is ${status}.`);
    await setTimeout(50);
  }
}

function customerOf(object: object): unknown {
  const { id, object: kind, customer } = object as Record<string, unknown>;
  return kind === 'customer' ? id : customer;
}

/** Every field of an event's `previous_attributes`, sorted. */
export const changedIn = ({ data }: Stripe.Event): string[] =>
  Object.keys(data.previous_attributes ?? {}).toSorted();
