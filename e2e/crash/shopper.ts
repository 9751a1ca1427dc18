/**
 * A merchant's backend under load, as the SDK's documentation says to write one: each request has
 * a key, and is repeated with it until there is an answer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Stripe } from 'stripe';
import type { Acknowledged, Journal } from './journal';

export interface Shopper {
  /** Takes orders until told to stop; then finishes the one it has begun. */
  run(): Promise<void>;
  stop(): void;
  /**
   * Repeats every request it ever made, and those that it gave up waiting for. Throws where the answer
   * is not the first one's.
   */
  repeatAll(): Promise<void>;
}

export interface ShopperOptions {
  readonly stripe: Stripe;
  readonly journal: Journal;
  /** Begins each key. */
  readonly name: string;
  /** Gives numbers in [0, 1). */
  readonly random: () => number;
  /** Whose card is charged; without it each order has a customer of its own, and a test card. */
  readonly wallet?: Wallet;
}

export interface Wallet {
  readonly customer: string;
  readonly payment_method: string;
  /** What the next order costs, in pence. */
  readonly amount: () => number;
  /** How long an answer is waited for before the next order is taken, in milliseconds. */
  readonly patienceMs: number;
}

type Answer = Omit<Acknowledged, 'key'>;
type Ask = (options: Stripe.RequestOptions) => Promise<Answer>;

/**
 * Between repetitions, in milliseconds: twice as long each time. Many who ask all the time for what is
 * not there yet would leave the server no time for anything else.
 */
const PAUSE_FIRST_MS = 50;
const PAUSE_MOST_MS = 800;

const pause = (times: number): Promise<void> =>
  sleep(Math.min(PAUSE_MOST_MS, PAUSE_FIRST_MS * 2 ** times));

export function newShopper(options: ShopperOptions): Shopper {
  const { stripe, journal, name, random, wallet } = options;
  const asked: { ask: Ask; answer: Acknowledged }[] = [];
  const left: { ask: Ask; key: string }[] = [];
  const patienceMs = wallet?.patienceMs ?? Number.POSITIVE_INFINITY;
  let requests = 0;
  const closing = new AbortController();

  /** Asks until there is an answer, sometimes twice at once, and writes it down. */
  async function insist(ask: Ask): Promise<Answer> {
    const key = `${name}-${(requests += 1)}`;
    const until = Date.now() + patienceMs;
    const [answer, twin] = await Promise.all(
      Array.from({ length: random() < 0.2 ? 2 : 1 }, () => untilAnswered(ask, key, until)),
    ).catch((error: unknown) => {
      if (error instanceof OutOfPatience) left.push({ ask, key });
      throw error;
    });
    if (answer === undefined) throw new Error('Nothing was asked.');
    assertSame(key, answer, twin ?? answer);
    const acknowledged = { key, ...answer };
    journal.write(acknowledged);
    asked.push({ ask, answer: acknowledged });
    return answer;
  }

  async function takeOrder(): Promise<void> {
    const payment = {
      ...(await purse()),
      currency: 'gbp',
      capture_method: random() < 0.4 ? 'manual' : 'automatic',
    } as const;
    const inTwoSteps = random() < 0.3;
    const begun = await insist((options) =>
      made(stripe.paymentIntents.create({ ...payment, confirm: !inTwoSteps }, options)),
    );
    if (inTwoSteps) {
      await insist((options) => made(stripe.paymentIntents.confirm(begun.id, {}, options)));
    }
    if ((await settled(begun.id)) === 'requires_capture') await takeOrRelease(begun);
    if ((await settled(begun.id)) === 'succeeded' && random() < 0.5) await giveBack(begun.id);
  }

  /** Who pays, with what, and how much. */
  async function purse(): Promise<{ amount: number; customer: string; payment_method: string }> {
    if (wallet !== undefined) {
      const { customer, payment_method } = wallet;
      return { customer, payment_method, amount: wallet.amount() };
    }
    const customer = await insist((options) => made(stripe.customers.create({ name }, options)));
    return {
      amount: 100 + Math.floor(random() * 900),
      customer: customer.id,
      payment_method: random() < 0.15 ? 'pm_card_chargeDeclined' : 'pm_card_visa',
    };
  }

  async function takeOrRelease({ id, amount }: Answer): Promise<void> {
    const amount_to_capture = amount - Math.floor(random() * 50);
    await insist((options) =>
      made(
        amount % 3 === 0
          ? stripe.paymentIntents.cancel(id, {}, options)
          : stripe.paymentIntents.capture(id, { amount_to_capture }, options),
      ),
    );
  }

  async function giveBack(payment_intent: string): Promise<void> {
    for (let part = 0; part < 2; part += 1) {
      const amount = 1 + Math.floor(random() * 20);
      await insist((options) => made(stripe.refunds.create({ payment_intent, amount }, options)));
    }
  }

  /** The status of an intent once its processor has answered. */
  async function settled(id: string): Promise<string> {
    const until = Date.now() + patienceMs;
    for (let times = 0; ; times += 1) {
      const { status } = await untilAnswered(() => made(stripe.paymentIntents.retrieve(id)));
      if (status !== 'processing') return status;
      if (Date.now() > until) throw new OutOfPatience();
      await pause(times);
    }
  }

  return {
    async run() {
      while (!closing.signal.aborted) {
        await takeOrder().catch((error: unknown) => {
          if (!(error instanceof OutOfPatience)) throw error;
        });
      }
    },
    stop() {
      closing.abort();
    },
    async repeatAll() {
      for (const { ask, answer } of asked) {
        assertSame(answer.key, answer, await untilAnswered(ask, answer.key));
      }
      for (const { ask, key } of left) {
        journal.write({ key, ...(await untilAnswered(ask, key)) });
      }
    },
  };
}

/** There are other orders: what became of this one is for later. */
class OutOfPatience extends Error {
  override readonly name = 'OutOfPatience';
}

/** A refusal of the card is an answer too, and so is one of a capture or a refund. */
async function untilAnswered(
  ask: Ask,
  idempotencyKey?: string,
  until = Number.POSITIVE_INFINITY,
): Promise<Answer> {
  for (let times = 0; ; times += 1) {
    try {
      return await ask(idempotencyKey === undefined ? {} : { idempotencyKey });
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeError)) throw error;
      const intent = error.payment_intent;
      if (error instanceof Stripe.errors.StripeCardError && intent !== undefined) {
        return { id: intent.id, status: 'declined', amount: intent.amount };
      }
      if (!mayPass(error)) throw error;
      // A server that is not there says nothing of the order: only an answer that is awaited does.
      if (error.statusCode === 409 && Date.now() > until) throw new OutOfPatience();
      await pause(times);
    }
  }
}

/** No connection, a server in trouble, or the same key still at work: to be asked again. */
const mayPass = ({ statusCode = 0 }: Stripe.errors.StripeError): boolean =>
  statusCode === 0 || statusCode === 409 || statusCode === 429 || statusCode >= 500;

async function made(
  object: Promise<Stripe.Customer | Stripe.PaymentIntent | Stripe.Refund>,
): Promise<Answer> {
  const answer = await object;
  return answer.object === 'customer'
    ? { id: answer.id, status: answer.name ?? '', amount: 0 }
    : { id: answer.id, status: answer.status ?? '', amount: answer.amount };
}

function assertSame(key: string, first: Answer, second: Answer): void {
  const [a, b] = [first, second].map(({ id, status, amount }) => `${id} ${status} ${amount}`);
  if (a !== b) throw new Error(`One key, two answers (${key}): ${a}, and then ${b}.`);
}
