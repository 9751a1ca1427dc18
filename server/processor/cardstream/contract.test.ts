/** The connector against the stand-in over HTTP: the contract that the simulator passes, too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECURE_ACCOUNT, startGateway, type TestGateway } from '@/server/testing/gateway';
import { AMOUNT, runContract, type Subject } from '../contract.case';
import type { Authorize, Challenge, Outcome, Part, Processor } from '../processor';
import type { Field } from './fields';
import { newCardstream, type CardstreamOptions } from './index';
import { linesTo } from './line';
import { asking, BROWSER } from './line.case';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

/** What the connector says that a person should look at. */
const alarms: object[] = [];

const options = (): CardstreamOptions => ({
  merchantId: SECURE_ACCOUNT.merchantID,
  secret: SECURE_ACCOUNT.secret ?? '',
  baseUrl: gateway.url,
  country: 'GB',
  threeDSecure: true,
  redirect: (reference) => `https://pay.example/challenge/${reference}`,
  returnUrl: (reference) => `https://pay.example/challenge/${reference}/return`,
  // Nobody listens: what is told by the way is not needed here.
  callbackUrl: `${gateway.url}/nowhere`,
  clock: () => new Date(),
  log: { warn: () => undefined, error: (facts) => alarms.push(facts) },
});

/** A card as the gateway knows it once it was verified. Its month says what 3-D Secure makes of it. */
async function cardOf(month: string): Promise<{ readonly token: string }> {
  const send = linesTo(options())();
  const fields: Field[] = [
    ['action', 'VERIFY'],
    ['amount', '0'],
    ['type', '1'],
    ['currencyCode', '826'],
    ['countryCode', '826'],
    ['cardNumber', '4929421234600821'],
    ['cardExpiryDate', `${month}28`],
    ['cardCVV', '356'],
    ['threeDSRequired', 'N'],
    ['rtAgreementType', 'cardonfile'],
    ['duplicateDelay', '1'],
    ['transactionUnique', crypto.randomUUID()],
  ];
  const { state, xref } = await send(fields);
  expect(state).toBe('verified');
  return { token: xref ?? '' };
}

const [FRICTIONLESS, CHALLENGED] = ['01', '12'];
/** Minor units: what the stand-in declines, and what it approves of authenticated cardholders only. */
const [DECLINED, AUTHENTICATED] = [12_000, 20_000];

async function newSubject(): Promise<Subject> {
  const processor = withoutMethod(newCardstream(options()));
  const card = await cardOf(FRICTIONLESS);
  return {
    processor,
    terms: {
      approved: { card, browser: BROWSER },
      declined: { card, browser: BROWSER, amount: DECLINED },
      challenged: { card: await cardOf(CHALLENGED), browser: BROWSER, amount: AUTHENTICATED },
    },
    authenticate: (challenge, authorization, passed) =>
      authenticate(processor, challenge, authorization, passed),
  };
}

/** Plays the browser in the first frame, in which the issuer only looks at it. */
function withoutMethod(processor: Processor): Processor {
  return {
    ...processor,
    async authorize(asked) {
      const outcome = await processor.authorize(asked);
      return outcome.kind === 'challenge' && isOutOfSight(outcome)
        ? processor.resume(answerTo(outcome, asked, [['threeDSMethodData', 'timeout']]))
        : outcome;
    },
  };
}

const isOutOfSight = ({ step }: Challenge): boolean => step?.kind === 'frame' && !step.visible;

const answerTo = (
  { transaction, step }: Challenge,
  authorization: Authorize,
  answer: readonly Part[],
) => ({
  // Only what is sent anew is told by its reference: a step has the transaction.
  reference: authorization.reference,
  transaction,
  step: step ?? null,
  answer,
  authorization,
});

async function authenticate(
  processor: Processor,
  challenge: Challenge,
  authorization: Authorize,
  passed: boolean,
): Promise<Outcome> {
  const cres = await gateway.challenge(challenge.transaction ?? '', passed ? 'Y' : 'N');
  return processor.resume(answerTo(challenge, authorization, [['cres', cres]]));
}

const DUPLICATE =
  'the gateway refuses a request that it had before, and does not say what became of it';
const IN_TURN = 'changes have no reference there: whoever asks must ask for one at a time';

runContract({
  name: 'Cardstream',
  newSubject,
  skip: {
    'has not heard of a reference that it never got':
      'it cannot be asked for a reference: the request is sent again, which is its result',
    'answers an inquiry with the challenge that it put':
      'what goes on with a challenge came with the answer, and is not told again',
    'refuses to refund what was cancelled':
      'it looks like what was captured and given back before it was settled, which nobody asks for twice',
    'answers a repeated authorization alike and charges once': DUPLICATE,
    'answers 32 concurrent repeats of an authorization with one transaction': DUPLICATE,
    'approves no more of 32 concurrent refunds than there is money': IN_TURN,
    'lets either a capture or a cancellation through, never both': IN_TURN,
  },
});

describe('what the contract leaves out', () => {
  it('charges once, however often an authorization is asked for', async () => {
    const { processor, terms } = await newSubject();
    const asked = asking({ reference: crypto.randomUUID(), ...terms.approved, amount: AMOUNT });
    const told = await Promise.allSettled(
      Array.from({ length: 8 }, () => processor.authorize(asked)),
    );
    const done = told.filter(({ status }) => status === 'fulfilled');
    expect(done).toHaveLength(1);
    const books = await gateway.books({ reference: asked.reference });
    expect(books.filter(({ state }) => state === 'captured')).toHaveLength(1);
  });

  it('finds out by asking again, where the answer was lost before and after it acted', async () => {
    for (const [fault, kind] of [
      ['drop_before', 'approved'],
      ['drop_after', 'arrived'],
    ] as const) {
      const { processor, terms } = await newSubject();
      const request = asking({ reference: crypto.randomUUID(), ...terms.approved, amount: AMOUNT });
      await gateway.faults({ faults: [{ fault, next: 1, actions: ['SALE'] }] });
      await expect(processor.authorize(request)).rejects.toThrow();
      await gateway.calm();
      const now = new Date();
      const asked = { verb: 'authorize', request } as const;
      const { reference } = request;
      const finding = await processor.inquire({
        reference,
        transaction: null,
        asked,
        sent_at: now,
        now,
      });
      expect(finding.kind === 'challenge' ? 'approved' : finding.kind).toBe(kind);
      const [entry] = await gateway.books({ reference });
      if (kind === 'arrived') {
        // With the transaction, as the callback tells it, there is no doubt left.
        const transaction = entry?.xref ?? '';
        const known = { reference, transaction, asked, sent_at: now, now };
        expect(['approved', 'arrived']).toContain((await processor.inquire(known)).kind);
      }
    }
  });

  it('gives back through settlement: less of it, then later, then of what is settled', async () => {
    const { processor, terms } = await newSubject();
    const sale = await processor.authorize(
      asking({ reference: crypto.randomUUID(), ...terms.approved, amount: AMOUNT }),
    );
    if (sale.kind !== 'approved') throw new Error(`no sale but ${sale.kind}`);
    const { transaction } = sale;
    const refund = (amount: number, refundable: number) => ({
      reference: crypto.randomUUID(),
      transaction,
      amount,
      currency: 'gbp',
      refundable,
    });
    expect(await processor.refund(refund(300, 1_000))).toMatchObject({ kind: 'approved' });
    await gateway.settle({ until: 'tendered' });
    const later = refund(200, 700);
    expect(await processor.refund(later)).toMatchObject({ kind: 'pending' });
    await gateway.settle();
    expect(await processor.refund(later)).toMatchObject({ kind: 'approved' });
    expect(await processor.refund(later)).toMatchObject({ kind: 'approved' });
    const refunds = await gateway.books({ reference: later.reference });
    expect(refunds).toHaveLength(1);
  });

  it('left nothing for a person to look at but transactions that nobody made', () => {
    expect(alarms.filter((facts) => !('field' in facts && facts.field === 'xref'))).toEqual([]);
  });
});
