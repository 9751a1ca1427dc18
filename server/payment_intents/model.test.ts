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
import {
  cancel,
  capture,
  confirm,
  create,
  incrementAuthorization,
  retrieve,
  update,
} from './operations';

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

/** In parts, and after one another, where the bank lets it. */
const captureStep = (final: boolean) =>
  fc.record({ lose, share: fc.integer({ min: 1, max: 120 }) }).map(({ lose: lost, share }) => {
    const partOf = (amount: number): number => Math.ceil((amount * share) / 100);
    return new Step(
      `capture ${share} %${final ? '' : ', and more later'}`,
      async ({ id, tenant }) => {
        const { amount } = await ask(tenant, retrieve, { id });
        const input = { id, amount_to_capture: partOf(amount), final_capture: final };
        return ask(tenant, capture, input);
      },
      ({ status, amount, capturable }) =>
        status === 'requires_capture' && partOf(amount) <= capturable,
      (model) => {
        const left = model.capturable - partOf(model.amount);
        model.received += partOf(model.amount);
        model.capturable = final ? 0 : left;
        model.status = model.capturable === 0 ? 'succeeded' : 'requires_capture';
      },
      lost,
    );
  });

/** The last capture of several may take nothing, and lets go of the rest. */
const releaseStep = lose.map(
  (lost) =>
    new Step(
      'capture no more',
      ({ id, tenant }) => ask(tenant, capture, { id, amount_to_capture: 0 }),
      ({ status, received }) => status === 'requires_capture' && received > 0,
      (model) => {
        model.status = 'succeeded';
        model.capturable = 0;
      },
      lost,
    ),
);

const incrementStep = fc.record({ lose, by: fc.integer({ min: -100, max: 1_000 }) }).map(
  ({ lose: lost, by }) =>
    new Step(
      `increment by ${by}`,
      async ({ id, tenant }) => {
        const intent = await ask(tenant, retrieve, { id });
        return ask(tenant, incrementAuthorization, { id, amount: intent.amount + by });
      },
      ({ status, received }) => status === 'requires_capture' && received === 0 && by > 0,
      (model) => {
        model.status = 'requires_capture';
        // The simulated issuer lets an authorization at most double.
        if (by > model.amount) return;
        model.amount += by;
        model.capturable = model.amount;
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
      ({ status, received }) => [...OPEN, 'requires_capture'].includes(status) && received === 0,
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
      // Nothing is given back while more may be captured.
      ({ status, received, refunded }) =>
        status !== 'processing' && status !== 'requires_capture' && amount <= received - refunded,
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

type Steps = readonly fc.Arbitrary<fc.AsyncCommand<Model, Real>>[];

/** What only a bank that allows it does. */
const LATITUDE = {
  wishes: {
    request_incremental_authorization: 'if_available',
    request_multicapture: 'if_available',
  },
  steps: [captureStep(false), captureStep(false), incrementStep, releaseStep] as Steps,
} as const;
const NONE = { wishes: {}, steps: [] as Steps } as const;

it.each([
  ['automatic capture', 'automatic', NONE],
  ['manual capture', 'manual', NONE],
  ['increments and captures in parts', 'manual', LATITUDE],
] as const)(
  'an intent with %s goes only where the model says',
  async (_name, method, { wishes, steps: further }) => {
    const manual = method === 'manual';
    const commands = fc.commands(
      [
        confirmStep(manual),
        confirmStep(manual),
        captureStep(true),
        cancelStep,
        amountStep,
        refundStep,
        ...further,
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
          payment_method_options: { card: wishes },
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
