/**
 * The lifecycle against a model: random sequences of what a merchant may do to one intent, lost
 * answers included, compared after each step with a few lines that say what should be.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { ApiError } from '@/server/kernel/errors';
import type { Fault } from '@/server/processor/simulator/faults';
import { refunds } from '@/server/refunds';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { cancel, capture, confirm, create, retrieve, update } from './operations';

interface Model {
  status: string;
  amount: number;
  capturable: number;
  received: number;
  refunded: number;
  /** What becomes of it when the lost answer is found. */
  lost: null | (() => void);
}

interface Real {
  id: string;
  tenant: TestTenant;
}

let world: TestWorld;
let fault: Fault | undefined;

beforeAll(async () => {
  world = await createWorld({
    faults: () => {
      const now = fault;
      fault = undefined;
      return now;
    },
  });
});
afterAll(() => world.close());

type Lose = 'before' | 'after' | null;

const OPEN = ['requires_payment_method', 'requires_confirmation'];

/** What happens to the model: at once, or when the answer is found. */
function outcome(model: Model, lose: Lose, apply: () => void): void {
  if (lose === null) return apply();
  model.status = 'processing';
  model.lost = apply;
}

/** Asks; answers whether it was accepted. A card error is an acceptance: something was done. */
async function accepted(call: Promise<unknown>, lose: Lose): Promise<boolean> {
  fault = lose === null ? undefined : { lose };
  try {
    await call;
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 402;
  } finally {
    fault = undefined;
  }
}

async function compare(model: Model, { id, tenant }: Real): Promise<void> {
  const intent = await ask(tenant, retrieve, { id });
  expect({
    status: intent.status,
    amount: intent.amount,
    capturable: intent.amount_capturable,
    received: intent.amount_received,
  }).toEqual({
    status: model.status,
    amount: model.amount,
    capturable: model.capturable,
    received: model.received,
  });
}

class Step implements fc.AsyncCommand<Model, Real> {
  constructor(
    readonly name: string,
    readonly call: (real: Real) => Promise<unknown>,
    readonly allowed: (model: Model) => boolean,
    readonly apply: (model: Model) => void,
    readonly lose: Lose = null,
  ) {}

  check = (): boolean => true;

  async run(model: Model, real: Real): Promise<void> {
    const expected = this.allowed(model);
    const happened = await accepted(this.call(real), expected ? this.lose : null);
    expect(happened).toBe(expected);
    if (expected) outcome(model, this.lose, () => this.apply(model));
    await compare(model, real);
  }

  toString = (): string => (this.lose === null ? this.name : `${this.name}, lost ${this.lose}`);
}

const lose = fc.constantFrom<Lose[]>(null, null, null, 'before', 'after');

const confirmStep = (manual: boolean) =>
  fc.record({ lose, declines: fc.boolean() }).map(
    (given) =>
      new Step(
        given.declines ? 'confirm with a card that declines' : 'confirm',
        ({ id, tenant }) =>
          ask(tenant, confirm, {
            id,
            payment_method: given.declines ? 'pm_card_visa_chargeDeclined' : 'pm_card_visa',
          }),
        (model) => OPEN.includes(model.status),
        (model) => {
          if (given.declines) model.status = 'requires_payment_method';
          else if (manual) {
            model.status = 'requires_capture';
            model.capturable = model.amount;
          } else {
            model.status = 'succeeded';
            model.received = model.amount;
          }
        },
        given.lose,
      ),
  );

const captureStep = fc.record({ lose, share: fc.integer({ min: 1, max: 120 }) }).map(
  ({ lose: lost, share }) =>
    new Step(
      `capture ${share} %`,
      async ({ id, tenant }) => {
        const { amount } = await ask(tenant, retrieve, { id });
        return ask(tenant, capture, { id, amount_to_capture: Math.ceil((amount * share) / 100) });
      },
      (model) => model.status === 'requires_capture' && share <= 100,
      (model) => {
        model.status = 'succeeded';
        model.received = Math.ceil((model.amount * share) / 100);
        model.capturable = 0;
      },
      lost,
    ),
);

const cancelStep = lose.map(
  (lost) =>
    new (class extends Step {
      override async run(model: Model, real: Real): Promise<void> {
        // Only giving up an authorization asks the bank: nothing else can lose an answer.
        const asks = model.status === 'requires_capture';
        return new Step(this.name, this.call, this.allowed, this.apply, asks ? lost : null).run(
          model,
          real,
        );
      }
    })(
      'cancel',
      ({ id, tenant }) => ask(tenant, cancel, { id }),
      ({ status }) => [...OPEN, 'requires_capture'].includes(status),
      (model) => {
        model.status = 'canceled';
        model.capturable = 0;
      },
    ),
);

const amountStep = fc.integer({ min: 30, max: 5_000 }).map(
  (amount) =>
    new Step(
      `amount ${amount}`,
      ({ id, tenant }) => ask(tenant, update, { id, amount }),
      (model) => OPEN.includes(model.status) || model.amount === amount,
      (model) => {
        model.amount = amount;
      },
    ),
);

const refundStep = fc.integer({ min: 1, max: 3_000 }).map(
  (amount) =>
    new Step(
      `refund ${amount}`,
      ({ id, tenant }) => ask(tenant, refunds.operations.create, { payment_intent: id, amount }),
      (model) => model.status === 'succeeded' && amount <= model.received - model.refunded,
      (model) => {
        model.refunded += amount;
      },
    ),
);

class Wait implements fc.AsyncCommand<Model, Real> {
  check = (): boolean => true;

  async run(model: Model, real: Real): Promise<void> {
    world.now = new Date(world.now.getTime() + 6_000);
    await unanswered({ ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) });
    model.lost?.();
    model.lost = null;
    await compare(model, real);
  }

  toString = (): string => 'wait for the answer';
}

/** The bank's books and ours, at the end: the same money, whatever happened on the way. */
async function audit(model: Model, { tenant }: Real): Promise<void> {
  const [row] = await tenant.ctx.transaction((tx) =>
    tx.objects<{ bank: number; ours: number; successes: number }>(
      `select
         (select coalesce(sum(captured - refunded), 0) from (
            select distinct on (transaction) captured, refunded from simulator_transactions
            order by transaction, sequence desc) as latest)::bigint as bank,
         (select coalesce(sum(net), 0) from balance_transactions)::bigint as ours,
         (select count(*) from charges where status = 'succeeded')::bigint as successes`,
      [],
    ),
  );
  expect(row?.ours).toBe(row?.bank);
  expect(row?.ours).toBe(model.received - model.refunded);
  expect(row?.successes).toBeLessThanOrEqual(1);
}

it.each([
  ['automatic', false],
  ['manual', true],
] as const)(
  'an intent with %s capture goes only where the model says',
  async (method, manual) => {
    const commands = fc.commands(
      [
        confirmStep(manual),
        confirmStep(manual),
        captureStep,
        cancelStep,
        amountStep,
        refundStep,
        fc.constant(new Wait()),
        fc.constant(new Wait()),
      ],
      { maxCommands: 14 },
    );
    await fc.assert(
      fc.asyncProperty(commands, async (steps) => {
        const tenant = await world.project();
        const { id } = await ask(tenant, create, {
          amount: 1_000,
          currency: 'gbp',
          capture_method: method,
        });
        const model: Model = {
          status: 'requires_payment_method',
          amount: 1_000,
          capturable: 0,
          received: 0,
          refunded: 0,
          lost: null,
        };
        const real: Real = { id, tenant };
        await fc.asyncModelRun(() => ({ model, real }), steps);
        await new Wait().run(model, real);
        await audit(model, real);
      }),
      { numRuns: 200 },
    );
  },
  120_000,
);
