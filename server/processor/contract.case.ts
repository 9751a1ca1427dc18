/**
 * The cases every processor must pass, so that the simulator cannot drift from the real gateway.
 *
 * Each case sees a processor from outside: it proves how often money moved by what can still be
 * refunded, never by looking into the books.
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Approved, Authorize, Outcome, Processor } from './processor';

export interface Subject {
  readonly processor: Processor;
  /** Tokens of cards that do what their name says. */
  readonly cards: Record<'approved' | 'declined' | 'challenged', string>;
  /** Plays the cardholder at the challenge of a transaction. */
  answerChallenge(transaction: string, passed: boolean): Promise<void>;
}

export interface Contract {
  readonly name: string;
  /** Called at the start of every case. */
  readonly newSubject: () => Subject | Promise<Subject>;
  /** Cases this processor cannot pass, each with the reason. */
  readonly skip?: Partial<Record<CaseName, string>>;
}

/** Registers one test a case. */
export function runContract({ name, newSubject, skip = {} }: Contract): void {
  describe(`the processor contract: ${name}`, () => {
    for (const [caseName, run] of Object.entries(CASES)) {
      const reason = skip[caseName as CaseName];
      if (reason === undefined) it(caseName, async () => run(await newSubject()));
      else it.skip(`${caseName} (${reason})`);
    }
  });
}

export type CaseName = keyof typeof CASES;

const AMOUNT = 1_000;
const REPEATS = 32;

const CASES = {
  'reserves the amount on a good card': async ({ processor, cards }) => {
    const held = await hold(processor, cards.approved);
    expect(held.transaction).not.toBe('');
  },

  'takes the amount at once when told to capture': async ({ processor, cards }) => {
    const taken = await sale(processor, cards.approved);
    expect(await refund(processor, taken, AMOUNT)).toMatchObject({ kind: 'approved' });
  },

  'verifies a card with amount 0': async ({ processor, cards }) => {
    const outcome = await processor.authorize({ ...request(cards.approved), amount: 0 });
    expect(outcome.kind).toBe('approved');
  },

  'gives every authorization a transaction of its own': async ({ processor, cards }) => {
    const [one, other] = [
      await hold(processor, cards.approved),
      await hold(processor, cards.approved),
    ];
    expect(one.transaction).not.toBe(other.transaction);
  },

  'answers a decline as an outcome, with a code and words for the payer': async (subject) => {
    const outcome = await subject.processor.authorize(request(subject.cards.declined));
    expect(outcome).toMatchObject({
      kind: 'declined',
      code: expect.stringMatching(/^[a-z_]+$/),
      message: expect.stringMatching(/\.$/),
    });
  },

  'refuses to capture what was declined': async ({ processor, cards }) => {
    const declined = await processor.authorize(request(cards.declined));
    if (declined.kind !== 'declined') throw new Error(`expected a decline, not ${declined.kind}`);
    // A processor that gives a decline no id leaves nothing by which it could be captured.
    const transaction = declined.transaction ?? randomUUID();
    expect(await capture(processor, { transaction }, AMOUNT)).toMatchObject(DECLINED);
  },

  'stops at a challenge, and approves once the cardholder passed it': async (subject) => {
    const { processor } = subject;
    const challenge = await challenged(subject);
    expect(challenge.redirect).toMatch(/^https?:\/\//);
    await subject.answerChallenge(challenge.transaction, true);
    const approved = await resume(processor, challenge.transaction);
    expectApproved(approved);
    expect(approved.three_d_secure).toMatchObject({ authentication_flow: 'challenge' });
    expect(await capture(processor, approved, AMOUNT)).toMatchObject({ kind: 'approved' });
  },

  'declines once the cardholder failed the challenge': async (subject) => {
    const { transaction } = await challenged(subject);
    await subject.answerChallenge(transaction, false);
    expect(await resume(subject.processor, transaction)).toMatchObject({
      ...DECLINED,
      code: 'authentication_failure',
    });
    expect(await capture(subject.processor, { transaction }, AMOUNT)).toMatchObject(DECLINED);
  },

  'refuses to capture while the challenge is not passed': async (subject) => {
    const { transaction } = await challenged(subject);
    expect(await capture(subject.processor, { transaction }, AMOUNT)).toMatchObject(DECLINED);
  },

  'declines off session what only the cardholder could answer': async ({ processor, cards }) => {
    const asked = { ...request(cards.challenged), off_session: true };
    expect(await processor.authorize(asked)).toMatchObject({
      ...DECLINED,
      code: 'authentication_required',
    });
  },

  'captures in full': async ({ processor, cards }) => {
    const held = await hold(processor, cards.approved);
    expect(await capture(processor, held, AMOUNT)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, held, AMOUNT)).toMatchObject({ kind: 'approved' });
  },

  'captures in part and releases the rest': async ({ processor, cards }) => {
    const held = await hold(processor, cards.approved);
    expect(await capture(processor, held, 400)).toMatchObject({ kind: 'approved' });
    expect(await capture(processor, held, 600)).toMatchObject(DECLINED);
    expect(await refund(processor, held, 401)).toMatchObject(DECLINED);
    expect(await refund(processor, held, 400)).toMatchObject({ kind: 'approved' });
  },

  'refuses to capture more than was authorized': async ({ processor, cards }) => {
    const held = await hold(processor, cards.approved);
    expect(await capture(processor, held, AMOUNT + 1)).toMatchObject(DECLINED);
    expect(await capture(processor, held, AMOUNT)).toMatchObject({ kind: 'approved' });
  },

  'cancels what was not captured, and then refuses to capture it': async (subject) => {
    const { processor, cards } = subject;
    const held = await hold(processor, cards.approved);
    expect(await cancel(processor, held)).toMatchObject({ kind: 'approved' });
    expect(await capture(processor, held, AMOUNT)).toMatchObject(DECLINED);
    expect(await refund(processor, held, AMOUNT)).toMatchObject(DECLINED);
  },

  'refuses to cancel what was captured': async ({ processor, cards }) => {
    const taken = await sale(processor, cards.approved);
    expect(await cancel(processor, taken)).toMatchObject(DECLINED);
    expect(await refund(processor, taken, AMOUNT)).toMatchObject({ kind: 'approved' });
  },

  'refunds in part, twice, and refuses what is not left': async ({ processor, cards }) => {
    const taken = await sale(processor, cards.approved);
    expect(await refund(processor, taken, 300)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, taken, 701)).toMatchObject(DECLINED);
    expect(await refund(processor, taken, 700)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, taken, 1)).toMatchObject(DECLINED);
  },

  'refuses to refund what was not captured': async ({ processor, cards }) => {
    const held = await hold(processor, cards.approved);
    expect(await refund(processor, held, AMOUNT)).toMatchObject(DECLINED);
  },

  'refuses requests about a transaction it does not know': async ({ processor }) => {
    const unknown = { transaction: randomUUID() };
    expect(await capture(processor, unknown, AMOUNT)).toMatchObject(DECLINED);
    expect(await cancel(processor, unknown)).toMatchObject(DECLINED);
    expect(await refund(processor, unknown, AMOUNT)).toMatchObject(DECLINED);
  },

  'answers null about a reference it never heard of': async ({ processor }) => {
    expect(await processor.inquire(newReference())).toBeNull();
  },

  'answers an inquiry with the outcome that it gave': async ({ processor, cards }) => {
    for (const token of [cards.approved, cards.declined, cards.challenged]) {
      const asked = request(token);
      const outcome = await processor.authorize(asked);
      expect(await processor.inquire(asked.reference)).toEqual(outcome);
    }
    const { transaction } = await hold(processor, cards.approved);
    const settle = { reference: newReference(), transaction, amount: AMOUNT, currency: 'gbp' };
    const captured = await processor.capture(settle);
    expect(await processor.inquire(settle.reference)).toEqual(captured);
  },

  'answers a repeated authorization alike and charges once': async ({ processor, cards }) => {
    const asked = { ...request(cards.approved), capture: true };
    const first = await processor.authorize(asked);
    expect(await processor.authorize(asked)).toEqual(first);
    expectApproved(first);
    expect(await refund(processor, first, AMOUNT)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, first, 1)).toMatchObject(DECLINED);
  },

  'answers a repeated refund alike and gives the money back once': async (subject) => {
    const { processor, cards } = subject;
    const { transaction } = await sale(processor, cards.approved);
    const asked = { reference: newReference(), transaction, amount: 600, currency: 'gbp' };
    const first = await processor.refund(asked);
    expect(await processor.refund(asked)).toEqual(first);
    expect(await refund(processor, { transaction }, 400)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, { transaction }, 1)).toMatchObject(DECLINED);
  },

  'answers 32 concurrent repeats of an authorization with one transaction': async (subject) => {
    const asked = { ...request(subject.cards.approved), capture: true };
    const outcomes = await atOnce(() => subject.processor.authorize(asked));
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(outcomes[0]?.kind).toBe('approved');
  },

  'answers 32 concurrent repeats of a refund with one movement': async ({ processor, cards }) => {
    const { transaction } = await sale(processor, cards.approved);
    const asked = { reference: newReference(), transaction, amount: 600, currency: 'gbp' };
    const outcomes = await atOnce(() => processor.refund(asked));
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(await refund(processor, { transaction }, 400)).toMatchObject({ kind: 'approved' });
  },

  'approves no more of 32 concurrent refunds than there is money': async (subject) => {
    const { processor, cards } = subject;
    const taken = await sale(processor, cards.approved);
    const outcomes = await atOnce(() => refund(processor, taken, 300));
    expect(outcomes.filter(({ kind }) => kind === 'approved')).toHaveLength(3);
    expect(await refund(processor, taken, 100)).toMatchObject({ kind: 'approved' });
  },

  'lets either a capture or a cancellation through, never both': async (subject) => {
    const { processor, cards } = subject;
    const held = await hold(processor, cards.approved);
    const outcomes = await Promise.all([
      capture(processor, held, AMOUNT),
      cancel(processor, held),
      capture(processor, held, AMOUNT),
      cancel(processor, held),
    ]);
    expect(outcomes.filter(({ kind }) => kind === 'approved')).toHaveLength(1);
  },
} as const satisfies Record<string, (subject: Subject) => Promise<void>>;

const DECLINED = { kind: 'declined' };

const newReference = (): string => `att_${randomUUID()}`;

const request = (token: string): Authorize => ({
  reference: newReference(),
  amount: AMOUNT,
  currency: 'gbp',
  card: { token },
  capture: false,
  off_session: false,
  statement_descriptor: null,
});

/** What a request about an authorization needs of it. */
type Known = Pick<Approved, 'transaction'>;

const hold = async (processor: Processor, token: string): Promise<Approved> => {
  const outcome = await processor.authorize(request(token));
  expectApproved(outcome);
  return outcome;
};

const sale = async (processor: Processor, token: string): Promise<Approved> => {
  const outcome = await processor.authorize({ ...request(token), capture: true });
  expectApproved(outcome);
  return outcome;
};

const challenged = async ({ processor, cards }: Subject) => {
  const outcome = await processor.authorize(request(cards.challenged));
  if (outcome.kind !== 'challenge') throw new Error(`expected a challenge, not ${outcome.kind}`);
  return outcome;
};

const resume = (processor: Processor, transaction: string): Promise<Outcome> =>
  processor.resume({ reference: newReference(), transaction });

const capture = (processor: Processor, { transaction }: Known, amount: number): Promise<Outcome> =>
  processor.capture({ reference: newReference(), transaction, amount, currency: 'gbp' });

const cancel = (processor: Processor, { transaction }: Known): Promise<Outcome> =>
  processor.cancel({ reference: newReference(), transaction });

const refund = (processor: Processor, { transaction }: Known, amount: number): Promise<Outcome> =>
  processor.refund({ reference: newReference(), transaction, amount, currency: 'gbp' });

const atOnce = <T>(act: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: REPEATS }, act));

function expectApproved(outcome: Outcome): asserts outcome is Approved {
  expect(outcome).toMatchObject({ kind: 'approved' });
}
