/**
 * The cases every processor must pass, so that the simulator cannot drift from the real gateway.
 *
 * Each case sees a processor from outside: it proves how often money moved by what can still be
 * refunded, never by looking into the books.
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type {
  Approved,
  Asked,
  Authorize,
  Challenge,
  Finding,
  Latitude,
  Outcome,
  Processor,
  Refund,
} from './processor';

export interface Subject {
  readonly processor: Processor;
  /**
   * What to ask for, so that it ends as the name says. One processor goes by the card, another by
   * the amount too; whatever is approved must be so for `AMOUNT`.
   */
  readonly terms: Record<'approved' | 'declined' | 'challenged', Terms>;
  /** Plays the cardholder from the challenge to its end, and answers what the last `resume` did. */
  authenticate(challenge: Challenge, authorization: Authorize, passed: boolean): Promise<Outcome>;
}

export type Terms = Pick<Authorize, 'card'> & Partial<Authorize>;

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

export const AMOUNT = 1_000;
const REPEATS = 32;

const CASES = {
  'reserves the amount on a good card': async ({ processor, terms }) => {
    const held = await hold(processor, terms.approved);
    expect(held.transaction).not.toBe('');
  },

  'takes the amount at once when told to capture': async ({ processor, terms }) => {
    const taken = await sale(processor, terms.approved);
    expect(await refund(processor, taken, AMOUNT)).toMatchObject({ kind: 'approved' });
  },

  'verifies a card with amount 0': async ({ processor, terms }) => {
    const outcome = await processor.authorize({ ...request(terms.approved), amount: 0 });
    expect(outcome.kind).toBe('approved');
  },

  'gives every authorization a transaction of its own': async ({ processor, terms }) => {
    const [one, other] = [
      await hold(processor, terms.approved),
      await hold(processor, terms.approved),
    ];
    expect(one.transaction).not.toBe(other.transaction);
  },

  'answers a decline as an outcome, with a code and words for the payer': async (subject) => {
    const outcome = await subject.processor.authorize(request(subject.terms.declined));
    expect(outcome).toMatchObject({
      kind: 'declined',
      code: expect.stringMatching(/^[a-z_]+$/),
      message: expect.stringMatching(/\.$/),
    });
  },

  'refuses to capture what was declined': async ({ processor, terms }) => {
    const declined = await processor.authorize(request(terms.declined));
    if (declined.kind !== 'declined') throw new Error(`expected a decline, not ${declined.kind}`);
    // A processor that gives a decline no id leaves nothing by which it could be captured.
    const transaction = declined.transaction ?? randomUUID();
    expect(await capture(processor, { transaction }, AMOUNT)).toMatchObject(DECLINED);
  },

  'stops at a challenge, and approves once the cardholder passed it': async (subject) => {
    const { processor } = subject;
    const { asked, challenge } = await challenged(subject);
    expect(challenge.redirect).toMatch(/^https?:\/\//);
    const approved = await subject.authenticate(challenge, asked, true);
    expectApproved(approved);
    expect(approved.three_d_secure).toMatchObject({ authentication_flow: 'challenge' });
    expect(await capture(processor, approved, AMOUNT)).toMatchObject({ kind: 'approved' });
  },

  'declines once the cardholder failed the challenge': async (subject) => {
    const { asked, challenge } = await challenged(subject);
    const declined = await subject.authenticate(challenge, asked, false);
    expect(declined).toMatchObject({ ...DECLINED, code: 'authentication_failure' });
    const transaction = declined.transaction ?? randomUUID();
    expect(await capture(subject.processor, { transaction }, AMOUNT)).toMatchObject(DECLINED);
  },

  'refuses to capture while the challenge is not passed': async (subject) => {
    const { challenge } = await challenged(subject);
    const transaction = challenge.transaction ?? randomUUID();
    expect(await capture(subject.processor, { transaction }, AMOUNT)).toMatchObject(DECLINED);
  },

  'declines off session what only the cardholder could answer': async ({ processor, terms }) => {
    const asked = { ...request(terms.challenged), off_session: true };
    expect(await processor.authorize(asked)).toMatchObject({
      ...DECLINED,
      code: 'authentication_required',
    });
  },

  'grants only what it was asked for': async ({ processor, terms }) => {
    expect((await hold(processor, terms.approved)).granted).toBeUndefined();
    const { granted } = await free(processor, terms.approved);
    if (granted === undefined) return expect(processor.increment).toBeUndefined();
    expect(LATITUDES).toEqual(expect.arrayContaining([...granted.latitudes]));
    expect(granted.maximum).toBeGreaterThanOrEqual(AMOUNT);
  },

  'raises what is reserved where it granted that, and takes all of it': async (subject) => {
    const { processor, terms } = subject;
    const held = await free(processor, terms.approved);
    if (held.granted?.latitudes.includes('incremental_authorization') !== true) return;
    const more = { transaction: held.transaction, amount: AMOUNT + 500, currency: 'gbp' };
    const raised = await processor.increment?.({ reference: newReference(), ...more });
    expect(raised).toMatchObject({ kind: 'approved', transaction: held.transaction });
    expect(await capture(processor, held, AMOUNT + 500)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, held, AMOUNT + 500)).toMatchObject({ kind: 'approved' });
  },

  'raises nothing that it did not grant': async ({ processor, terms }) => {
    const { transaction } = await hold(processor, terms.approved);
    const more = { reference: newReference(), transaction, amount: AMOUNT + 1, currency: 'gbp' };
    const raised = await processor.increment?.(more);
    if (raised !== undefined) expect(raised).toMatchObject(DECLINED);
    expect(await capture(processor, { transaction }, AMOUNT + 1)).toMatchObject(DECLINED);
  },

  'takes part after part where it granted that, and never more than all': async (subject) => {
    const { processor, terms } = subject;
    const held = await free(processor, terms.approved, ['multicapture']);
    if (held.granted === undefined) return;
    const part = (amount: number, final: boolean) =>
      processor.capture({
        reference: newReference(),
        transaction: held.transaction,
        amount,
        currency: 'gbp',
        final,
      });
    expect(await part(400, false)).toMatchObject({ kind: 'approved' });
    expect(await part(601, false)).toMatchObject(DECLINED);
    expect(await part(100, true)).toMatchObject({ kind: 'approved' });
    expect(await part(100, true)).toMatchObject(DECLINED);
    expect(await refund(processor, held, 501)).toMatchObject(DECLINED);
    expect(await refund(processor, held, 500)).toMatchObject({ kind: 'approved' });
  },

  'captures in full': async ({ processor, terms }) => {
    const held = await hold(processor, terms.approved);
    expect(await capture(processor, held, AMOUNT)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, held, AMOUNT)).toMatchObject({ kind: 'approved' });
  },

  'captures in part and releases the rest': async ({ processor, terms }) => {
    const held = await hold(processor, terms.approved);
    expect(await capture(processor, held, 400)).toMatchObject({ kind: 'approved' });
    expect(await capture(processor, held, 600)).toMatchObject(DECLINED);
    expect(await refund(processor, held, 401, 400)).toMatchObject(DECLINED);
    expect(await refund(processor, held, 400, 400)).toMatchObject({ kind: 'approved' });
  },

  'refuses to capture more than was authorized': async ({ processor, terms }) => {
    const held = await hold(processor, terms.approved);
    expect(await capture(processor, held, AMOUNT + 1)).toMatchObject(DECLINED);
    expect(await capture(processor, held, AMOUNT)).toMatchObject({ kind: 'approved' });
  },

  'cancels what was not captured, and then refuses to capture it': async (subject) => {
    const { processor, terms } = subject;
    const held = await hold(processor, terms.approved);
    expect(await cancel(processor, held)).toMatchObject({ kind: 'approved' });
    expect(await capture(processor, held, AMOUNT)).toMatchObject(DECLINED);
  },

  'refuses to refund what was cancelled': async ({ processor, terms }) => {
    const held = await hold(processor, terms.approved);
    expect(await cancel(processor, held)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, held, AMOUNT)).toMatchObject(DECLINED);
  },

  'refuses to cancel what was captured': async ({ processor, terms }) => {
    const taken = await sale(processor, terms.approved);
    expect(await cancel(processor, taken)).toMatchObject(DECLINED);
    expect(await refund(processor, taken, AMOUNT)).toMatchObject({ kind: 'approved' });
  },

  'refunds in part, twice, and refuses what is not left': async ({ processor, terms }) => {
    const taken = await sale(processor, terms.approved);
    expect(await refund(processor, taken, 300)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, taken, 701, 700)).toMatchObject(DECLINED);
    expect(await refund(processor, taken, 700, 700)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, taken, 1, 0)).toMatchObject(DECLINED);
  },

  'refuses to refund what was not captured': async ({ processor, terms }) => {
    const held = await hold(processor, terms.approved);
    expect(await refund(processor, held, AMOUNT)).toMatchObject(DECLINED);
  },

  'refuses requests about a transaction it does not know': async ({ processor }) => {
    const unknown = { transaction: randomUUID() };
    expect(await capture(processor, unknown, AMOUNT)).toMatchObject(DECLINED);
    expect(await cancel(processor, unknown)).toMatchObject(DECLINED);
    expect(await refund(processor, unknown, AMOUNT)).toMatchObject(DECLINED);
  },

  'has not heard of a reference that it never got': async ({ processor, terms }) => {
    const never = request(terms.approved);
    const finding = await inquire(processor, { verb: 'authorize', request: never }, null);
    expect(finding).toEqual({ kind: 'unheard' });
  },

  'answers an inquiry with the outcome that it gave': async ({ processor, terms }) => {
    for (const one of [terms.approved, terms.declined]) {
      await expectToldAgain(processor, request(one));
    }
    const { transaction } = await hold(processor, terms.approved);
    const settle = { reference: newReference(), transaction, amount: AMOUNT, currency: 'gbp' };
    const captured = await processor.capture(settle);
    const finding = await inquire(processor, { verb: 'capture', request: settle }, transaction);
    expect(finding).toEqual(captured);
  },

  'answers an inquiry with the challenge that it put': ({ processor, terms }) =>
    expectToldAgain(processor, request(terms.challenged)),

  'answers a repeated authorization alike and charges once': async ({ processor, terms }) => {
    const asked = { ...request(terms.approved), capture: true };
    const first = await processor.authorize(asked);
    expect(await processor.authorize(asked)).toEqual(first);
    expectApproved(first);
    expect(await refund(processor, first, AMOUNT)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, first, 1, 0)).toMatchObject(DECLINED);
  },

  'answers a repeated refund alike and gives the money back once': async (subject) => {
    const { processor, terms } = subject;
    const { transaction } = await sale(processor, terms.approved);
    const asked = refundOf(transaction, 600, AMOUNT);
    const first = await processor.refund(asked);
    expect(await processor.refund(asked)).toEqual(first);
    expect(await refund(processor, { transaction }, 400, 400)).toMatchObject({ kind: 'approved' });
    expect(await refund(processor, { transaction }, 1, 0)).toMatchObject(DECLINED);
  },

  'answers 32 concurrent repeats of an authorization with one transaction': async (subject) => {
    const asked = { ...request(subject.terms.approved), capture: true };
    const outcomes = await atOnce(() => subject.processor.authorize(asked));
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(outcomes[0]?.kind).toBe('approved');
  },

  'answers 32 concurrent repeats of a refund with one movement': async ({ processor, terms }) => {
    const { transaction } = await sale(processor, terms.approved);
    const asked = refundOf(transaction, 600, AMOUNT);
    const outcomes = await atOnce(() => processor.refund(asked));
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(await refund(processor, { transaction }, 400, 400)).toMatchObject({ kind: 'approved' });
  },

  'approves no more of 32 concurrent refunds than there is money': async (subject) => {
    const { processor, terms } = subject;
    const taken = await sale(processor, terms.approved);
    const outcomes = await atOnce(() => refund(processor, taken, 300));
    expect(outcomes.filter(({ kind }) => kind === 'approved')).toHaveLength(3);
    expect(await refund(processor, taken, 100, 100)).toMatchObject({ kind: 'approved' });
  },

  'lets either a capture or a cancellation through, never both': async (subject) => {
    const { processor, terms } = subject;
    const held = await hold(processor, terms.approved);
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

const request = (terms: Terms): Authorize => ({
  reference: newReference(),
  amount: AMOUNT,
  currency: 'gbp',
  capture: false,
  off_session: false,
  statement_descriptor: null,
  agreement: 'none',
  initiator: 'customer',
  previous: null,
  billing: null,
  browser: null,
  request_three_d_secure: 'automatic',
  ...terms,
});

/** What a request about an authorization needs of it. */
type Known = Pick<Approved, 'transaction'>;

const hold = async (processor: Processor, terms: Terms): Promise<Approved> => {
  const outcome = await processor.authorize(request(terms));
  expectApproved(outcome);
  return outcome;
};

const LATITUDES: readonly Latitude[] = [
  'extended_authorization',
  'incremental_authorization',
  'multicapture',
  'overcapture',
];

/** As `hold`, with everything asked for that a network may grant. */
const free = async (
  processor: Processor,
  terms: Terms,
  latitudes: readonly Latitude[] = LATITUDES,
): Promise<Approved> => {
  const outcome = await processor.authorize({ ...request(terms), latitudes });
  expectApproved(outcome);
  return outcome;
};

const sale = async (processor: Processor, terms: Terms): Promise<Approved> => {
  const outcome = await processor.authorize({ ...request(terms), capture: true });
  expectApproved(outcome);
  return outcome;
};

const challenged = async ({ processor, terms }: Subject) => {
  const asked = request(terms.challenged);
  const outcome = await processor.authorize(asked);
  if (outcome.kind !== 'challenge') throw new Error(`expected a challenge, not ${outcome.kind}`);
  return { asked, challenge: outcome };
};

/** Asks as we do that have lost the answer, and know the transaction at best. */
const inquire = (
  processor: Processor,
  asked: Asked,
  transaction: string | null,
): Promise<Finding> =>
  processor.inquire({
    reference: asked.request.reference,
    transaction,
    asked,
    sent_at: new Date(),
    now: new Date(),
  });

const capture = (processor: Processor, { transaction }: Known, amount: number): Promise<Outcome> =>
  processor.capture({ reference: newReference(), transaction, amount, currency: 'gbp' });

const cancel = (processor: Processor, { transaction }: Known): Promise<Outcome> =>
  processor.cancel({ reference: newReference(), transaction });

async function expectToldAgain(processor: Processor, asked: Authorize): Promise<void> {
  const outcome = await processor.authorize(asked);
  const { transaction } = outcome;
  const finding = await inquire(processor, { verb: 'authorize', request: asked }, transaction);
  expect(finding).toEqual(outcome);
}

const refundOf = (transaction: string, amount: number, refundable: number): Refund => ({
  reference: newReference(),
  transaction,
  amount,
  currency: 'gbp',
  refundable,
});

/** `refundable` is what is left by then, of what was captured. */
const refund = (
  processor: Processor,
  { transaction }: Known,
  amount: number,
  refundable = AMOUNT,
): Promise<Outcome> => processor.refund(refundOf(transaction, amount, refundable));

const atOnce = <T>(act: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: REPEATS }, act));

function expectApproved(outcome: Outcome): asserts outcome is Approved {
  expect(outcome).toMatchObject({ kind: 'approved' });
}
