/**
 * A server that dies in the middle of an operation, at each of the places where that could double or
 * lose something. Another one starts, the request is repeated under its key, and everything is as if
 * nothing had happened.
 */
import postgres from 'postgres';
import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { booksAt, broken, OF_BOTH } from '@/e2e/crash/audit';
import { startProcess, type ServerProcess } from '@/e2e/support/process';
import { SECRET_KEY, startServer, type TestServer } from '@/e2e/support/server';
import { addressOf } from '@/e2e/support/stripe';

/** Where an operation that is one transaction has been done, and nobody was told. */
const IN_A_COMMAND = ['transaction.committed'] as const;
/** The same, and worse, of one that asks the processor between two. */
const IN_AN_EXCHANGE = ['exchange.intended', 'settle.answered', 'settle.concluded'] as const;

interface Operation {
  readonly name: string;
  readonly places: readonly string[];
  /** What is there before. Answers its id. */
  readonly prepare: (stripe: Stripe) => Promise<string>;
  readonly act: (stripe: Stripe, id: string, options: Stripe.RequestOptions) => Promise<Told>;
  /** What is there afterwards, in part. */
  readonly led: (stripe: Stripe, id: string, told: Told) => Promise<object>;
  readonly to: object;
}

type Told = Stripe.PaymentIntent | Stripe.Dispute | Stripe.Payout;

const hold = async (stripe: Stripe): Promise<string> => {
  const { id } = await stripe.paymentIntents.create({
    amount: 1_000,
    currency: 'gbp',
    payment_method: 'pm_card_visa',
    payment_method_options: {
      card: {
        request_incremental_authorization: 'if_available',
        request_multicapture: 'if_available',
      },
    },
    capture_method: 'manual',
    confirm: true,
  });
  return id;
};

/** A payment that the cardholder disputes. Answers the dispute's id. */
const dispute = async (stripe: Stripe): Promise<string> => {
  const { id } = await stripe.paymentIntents.create({
    amount: 2_000,
    currency: 'gbp',
    payment_method: 'pm_card_createDispute',
    confirm: true,
  });
  for (;;) {
    const { data } = await stripe.disputes.list({ payment_intent: id });
    if (data[0] !== undefined) return data[0].id;
    await pause();
  }
};

const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 100);
  });

const intentOf = async (stripe: Stripe, id: string): Promise<object> => {
  const { status, amount, amount_capturable, amount_received } =
    await stripe.paymentIntents.retrieve(id);
  return { status, amount, amount_capturable, amount_received };
};

const OPERATIONS: readonly Operation[] = [
  {
    name: 'an increment',
    places: IN_AN_EXCHANGE,
    prepare: hold,
    act: (stripe, id, options) =>
      stripe.paymentIntents.incrementAuthorization(id, { amount: 1_500 }, options),
    led: intentOf,
    to: {
      status: 'requires_capture',
      amount: 1_500,
      amount_capturable: 1_500,
      amount_received: 0,
    },
  },
  {
    name: 'a capture of a part',
    places: IN_AN_EXCHANGE,
    prepare: hold,
    act: (stripe, id, options) =>
      stripe.paymentIntents.capture(id, { amount_to_capture: 300, final_capture: false }, options),
    led: intentOf,
    to: {
      status: 'requires_capture',
      amount: 1_000,
      amount_capturable: 700,
      amount_received: 300,
    },
  },
  {
    name: 'the last capture of several',
    places: IN_AN_EXCHANGE,
    async prepare(stripe) {
      const id = await hold(stripe);
      const part = { amount_to_capture: 300, final_capture: false };
      await stripe.paymentIntents.capture(id, part);
      return id;
    },
    act: (stripe, id, options) =>
      stripe.paymentIntents.capture(id, { amount_to_capture: 500 }, options),
    led: intentOf,
    to: { status: 'succeeded', amount: 1_000, amount_capturable: 0, amount_received: 800 },
  },
  {
    name: 'evidence that is submitted',
    places: IN_A_COMMAND,
    prepare: dispute,
    act: (stripe, id, options) =>
      stripe.disputes.update(
        id,
        { evidence: { uncategorized_text: 'losing_evidence' }, submit: true },
        options,
      ),
    async led(stripe, id) {
      const { evidence_details } = await stripe.disputes.retrieve(id);
      return { submissions: evidence_details.submission_count };
    },
    to: { submissions: 1 },
  },
  {
    name: 'a dispute that is accepted',
    places: IN_A_COMMAND,
    prepare: dispute,
    act: (stripe, id, options) => stripe.disputes.close(id, {}, options),
    async led(stripe, id) {
      const { status, balance_transactions } = await stripe.disputes.retrieve(id);
      return { status, moved: balance_transactions.map(({ amount }) => amount) };
    },
    to: { status: 'lost', moved: [-2_000] },
  },
  {
    name: 'a payout',
    places: IN_A_COMMAND,
    async prepare(stripe) {
      const { id } = await stripe.paymentIntents.create({
        // Disputes take theirs, too.
        amount: 100_000,
        currency: 'gbp',
        payment_method: 'pm_card_bypassPending',
        confirm: true,
      });
      return id;
    },
    act: (stripe, id, options) =>
      stripe.payouts.create({ amount: 1_234, currency: 'gbp', metadata: { id } }, options),
    async led(stripe, id, { id: payout }) {
      const { data } = await stripe.payouts.list({ limit: 100 });
      const own = data.filter(({ metadata }) => metadata?.['id'] === id);
      const { data: moved } = await stripe.balanceTransactions.list({ payout, type: 'payout' });
      return { payouts: own.length, moved: moved.map(({ amount }) => amount) };
    },
    to: { payouts: 1, moved: [-1_234] },
  },
];

interface Death {
  readonly operation: Operation;
  readonly place: string;
  id: string;
}

const deaths: Death[] = OPERATIONS.flatMap((operation) =>
  operation.places.map((place) => ({ operation, place, id: '' })),
);

const keyOf = ({ operation, place }: Death): string => `${operation.name} ${place}`;

const ROLE = { CALMONY_ROLE: 'worker', LOG_LEVEL: 'fatal' };

let first: TestServer;
let last: ServerProcess | undefined;
let sql: postgres.Sql;
const clientOf = (server: ServerProcess): Stripe =>
  new Stripe(SECRET_KEY, { ...addressOf(server), maxNetworkRetries: 0 });

beforeAll(async () => {
  first = await startServer(ROLE);
  sql = postgres(first.databaseUrl, { max: 1, onnotice: () => undefined });
  const stripe = clientOf(first);
  for (const death of deaths) death.id = await death.operation.prepare(stripe);
  await first.kill();
  for (const death of deaths) {
    await die(death);
    await shift(HOUR_S);
  }
  // And a minute more: what waits for the requests that died has waited long enough.
  await shift(-deaths.length * HOUR_S - 60);
  last = await startProcess({ databaseUrl: first.databaseUrl, env: ROLE });
}, 300_000);

afterAll(async () => {
  await sql.end();
  await last?.stop();
});

const HOUR_S = 3_600;

/** When what waits is due: not while others die, so that each dies of what it is asked. In seconds. */
async function shift(by: number): Promise<void> {
  await sql`update processor_attempts set inquire_at = inquire_at + ${by} * interval '1 second'
    where status = 'pending'`;
  await sql`update simulator_sequels set due_at = due_at + ${by}`;
  await sql`update payouts set due_at = due_at + ${by} where due_at is not null`;
}

/** Asks a server that ends there. */
async function die(death: Death): Promise<void> {
  const { operation, place, id } = death;
  const server = await startMortal(`${place}=exit`);
  await expect(
    operation.act(clientOf(server), id, { idempotencyKey: keyOf(death) }),
  ).rejects.toThrow(Stripe.errors.StripeConnectionError);
  await server.ended;
  expect(server.log()).toContain(`died at failpoint ${place}`);
}

/** It may die at once of something that was due. Then that is done, and the next one lives. */
async function startMortal(failpoints: string, tries = 5): Promise<ServerProcess> {
  try {
    const env = { ...ROLE, CALMONY_FAILPOINTS: failpoints };
    return await startProcess({ databaseUrl: first.databaseUrl, env });
  } catch (error) {
    if (tries === 1) throw error;
    return startMortal(failpoints, tries - 1);
  }
}

/** As a client does: until there is an answer. */
async function repeat(death: Death, stripe: Stripe): Promise<Told> {
  for (;;) {
    try {
      return await death.operation.act(stripe, death.id, { idempotencyKey: keyOf(death) });
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeError) || error.statusCode !== 409) throw error;
      await pause();
    }
  }
}

describe('a server that dies', () => {
  it.each(deaths.map((death) => [death.operation.name, death.place, death] as const))(
    'during %s, at %s, has done it once when it is asked again',
    async (_name, _place, death) => {
      const { operation, id } = death;
      if (last === undefined) throw new Error('No server is left.');
      const stripe = clientOf(last);
      const told = await repeat(death, stripe);
      expect(await operation.led(stripe, id, told)).toEqual(operation.to);
      expect(await repeat(death, stripe)).toEqual(told);
    },
  );

  it('leaves books that agree', async () => {
    expect(await broken(sql, OF_BOTH)).toEqual([]);
    expect(await booksAt(first.databaseUrl)).toEqual([]);
  });
});
