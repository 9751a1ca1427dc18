/**
 * The conversation about a payment with 3-D Secure that PIX recorded on 16 Nov 2022 (card
 * 492942******0821, amount 100), replayed; and ways in which such a conversation goes wrong.
 */
import { describe, expect, it } from 'vitest';
import { NoAnswer, type Challenge, type Outcome, type Part, type Resume } from '../processor';
import type { Fields } from './fields';
import { asking, BROWSER, but, connect, NOW, PAID, refusedWith, XREF } from './line.case';

const WAITING = but(PAID, {
  responseCode: '65802',
  responseStatus: '2',
  responseMessage: '3DS authentication required',
  state: 'received',
  amount: '100',
  amountReceived: '0',
  authorisationCode: undefined,
  threeDSEnabled: 'Y',
  threeDSEnrolled: 'Y',
  threeDSCheck: 'not checked',
  threeDSResponseCode: '65802',
  threeDSVersion: '2.1.0',
});

const METHOD: Fields = [
  ...WAITING,
  ['threeDSRef', 'UDNLRVk6bWV0aG9k'],
  ['threeDSURL', 'https://acs.3ds-pit.com/?method'],
  ['threeDSRequest[threeDSMethodData]', 'eyJ0aHJlZURTTWV0aG9kIjoxfQ'],
  ['threeDSDetails[transID]', '2b0a2b5b-8d3c-4b9f-9c3a-0f2b1e7d5c11'],
  ['threeDSDetails[version]', '2.1.0'],
  ['threeDSDetails[psd2Region]', 'Y'],
];

const CHALLENGE: Fields = [
  ...WAITING,
  ['threeDSRef', 'UDNLRVk6Y2hhbGxlbmdl'],
  ['threeDSURL', 'https://acs.3ds-pit.com/'],
  ['threeDSRequest[creq]', 'eyJtZXNzYWdlVHlwZSI6IkNSZXEifQ'],
  ['threeDSRequest[threeDSSessionData]', 'c2Vzc2lvbg'],
  ['threeDSDetails[transactionStatus]', 'C'],
];

const AUTHENTICATED: Fields = [
  ...but(PAID, { amount: '100', amountReceived: '100' }),
  ['threeDSEnrolled', 'Y'],
  ['threeDSAuthenticated', 'Y'],
  ['threeDSECI', '05'],
  ['threeDSCAVV', 'AAICAwQFBgcICQoLDA0ODxAREhM='],
  ['threeDSXID', '8f0f5a9e-6a3e-4d5e-9a41-6d5f0c6a2b11'],
  ['threeDSVersion', '2.1.0'],
  ['threeDSCheck', 'authenticated'],
  ['threeDSResponseCode', '0'],
  ['threeDSDetails[transactionStatus]', 'Y'],
  ['threeDSDetails[transactionStatusReason]', ''],
  ['avscv2ResponseCode', '222100'],
];

const ASKED = asking({ amount: 100, browser: BROWSER });

function challengeIn(outcome: Outcome): Challenge {
  if (outcome.kind !== 'challenge') throw new Error(`expected a challenge, not ${outcome.kind}`);
  return outcome;
}

const answering = (
  { transaction, step }: Challenge,
  answer: readonly Part[],
  reference = 'att_next',
): Resume => ({ reference, transaction, step: step ?? null, answer, authorization: ASKED });

const secure = (replies: Parameters<typeof connect>[0], options = {}) =>
  connect(replies, { threeDSecure: true, ...options });

describe('the recorded conversation', () => {
  it('goes from the method to the challenge to the money', async () => {
    const { processor, sent, requests } = secure([METHOD, CHALLENGE, AUTHENTICATED]);

    const first = challengeIn(await processor.authorize(ASKED));
    expect(first).toEqual({
      kind: 'challenge',
      transaction: XREF,
      redirect: `https://pay.example/challenge/${ASKED.reference}`,
      step: {
        kind: 'frame',
        visible: false,
        url: 'https://acs.3ds-pit.com/?method',
        parts: [['threeDSMethodData', 'eyJ0aHJlZURTTWV0aG9kIjoxfQ']],
        continuation: 'UDNLRVk6bWV0aG9k',
        round: 1,
        expires: NOW.getTime() / 1000 + 1_800,
      },
    });

    const method: Part[] = [['threeDSMethodData', 'eyJ0aHJlZURTTWV0aG9kTm90aWYiOjF9']];
    const second = challengeIn(await processor.resume(answering(first, method, 'att_second')));
    expect(sent(1)).toEqual({
      action: 'SALE',
      threeDSRef: 'UDNLRVk6bWV0aG9k',
      'threeDSResponse[threeDSMethodData]': 'eyJ0aHJlZURTTWV0aG9kTm90aWYiOjF9',
    });
    expect(second).toMatchObject({
      redirect: 'https://pay.example/challenge/att_second',
      step: { visible: true, continuation: 'UDNLRVk6Y2hhbGxlbmdl', round: 2 },
    });

    const answer: Part[] = [
      ['threeDSSessionData', 'c2Vzc2lvbg'],
      ['cres', 'eyJ0cmFuc1N0YXR1cyI6IlkifQ'],
    ];
    const last = await processor.resume(answering(second, answer, 'att_third'));
    // In the order in which the issuer's page posted them, and with the latest reference.
    expect(requests[2]?.slice(1, -1)).toEqual([
      ['action', 'SALE'],
      ['threeDSRef', 'UDNLRVk6Y2hhbGxlbmdl'],
      ['threeDSResponse[threeDSSessionData]', 'c2Vzc2lvbg'],
      ['threeDSResponse[cres]', 'eyJ0cmFuc1N0YXR1cyI6IlkifQ'],
    ]);
    expect(last).toMatchObject({
      kind: 'approved',
      transaction: XREF,
      authorization_code: '117207',
      three_d_secure: {
        authentication_flow: 'challenge',
        electronic_commerce_indicator: '05',
        result: 'authenticated',
        transaction_id: '8f0f5a9e-6a3e-4d5e-9a41-6d5f0c6a2b11',
        version: '2.1.0',
      },
    });
  });

  it('may end at once, or after the method, without a word from the cardholder', async () => {
    const { processor } = secure([AUTHENTICATED, METHOD, AUTHENTICATED]);
    const frictionless = { three_d_secure: { authentication_flow: 'frictionless' } };
    expect(await processor.authorize(ASKED)).toMatchObject(frictionless);
    const first = challengeIn(await processor.authorize(ASKED));
    const timeout: Part[] = [['threeDSMethodData', 'timeout']];
    expect(await processor.resume(answering(first, timeout))).toMatchObject(frictionless);
  });

  it('may end in 65803, which was recorded too', async () => {
    const failed: Fields = [
      ...refusedWith(65_803, '3DS DECLINED'),
      ['threeDSAuthenticated', 'E'],
      ['threeDSResponseCode', '65800'],
      ['threeDSCheck', 'not known'],
      ['threeDSDetails[transactionStatus]', 'E'],
    ];
    const { processor } = secure([failed]);
    expect(await processor.authorize(ASKED)).toMatchObject({
      kind: 'declined',
      code: 'authentication_failure',
    });
  });

  it('tells an attempt from an authentication', async () => {
    const attempted = but(AUTHENTICATED, { threeDSAuthenticated: 'A', threeDSECI: '06' });
    const { processor } = secure([attempted]);
    expect(await processor.authorize(ASKED)).toMatchObject({
      three_d_secure: { result: 'attempt_acknowledged', electronic_commerce_indicator: '06' },
    });
  });
});

describe('a payer whose browser is not known yet', () => {
  it('is met first, and then the sale is the attempt of that meeting', async () => {
    const { processor, sent } = secure([CHALLENGE]);
    const { browser: _unknown, ...asked } = ASKED;
    const met = challengeIn(await processor.authorize({ ...asked, browser: null }));
    const next = await processor.resume({ ...answering(met, []), answer: null });
    expect(sent(0)).toMatchObject({ transactionUnique: 'att_next', remoteAddress: '203.0.113.7' });
    expect(challengeIn(next).redirect).toBe('https://pay.example/challenge/att_next');
  });
});

describe('a conversation that goes wrong', () => {
  it('ends after five frames', async () => {
    const { processor } = secure([METHOD, ...Array.from({ length: 5 }, () => CHALLENGE)]);
    let outcome: Outcome = await processor.authorize(ASKED);
    for (let round = 2; round <= 5; round += 1) {
      outcome = await processor.resume(answering(challengeIn(outcome), [['cres', 'x']]));
      expect(challengeIn(outcome).step).toMatchObject({ round });
    }
    const last = await processor.resume(answering(challengeIn(outcome), [['cres', 'x']]));
    expect(last).toMatchObject({ kind: 'declined', code: 'authentication_failure' });
  });

  it('ends half an hour after its first frame, and asks the gateway nothing then', async () => {
    let now = NOW;
    const { processor, requests } = secure([METHOD, CHALLENGE], { clock: () => now });
    const first = challengeIn(await processor.authorize(ASKED));
    now = new Date(NOW.getTime() + 29 * 60_000);
    const second = challengeIn(await processor.resume(answering(first, [['cres', 'x']])));
    now = new Date(NOW.getTime() + 31 * 60_000);
    expect(await processor.resume(answering(second, [['cres', 'x']]))).toMatchObject({
      kind: 'declined',
      code: 'authentication_failure',
    });
    expect(requests).toHaveLength(2);
  });

  it.each([
    ['received', 'declined', 'authentication_failure'],
    ['captured', 'approved', undefined],
    ['declined', 'declined', 'card_declined'],
  ])('that the gateway knows no more ends as the payment stands: %s', async (state, kind, code) => {
    for (const refusal of [65_564, 66_848]) {
      const gone = but(refusedWith(refusal), { xref: '22111612ZZ00ZZ00ZZ00ZZZ' });
      const amountReceived = state === 'captured' ? '100' : '0';
      const standing = but(AUTHENTICATED, { action: 'QUERY:SALE', state, amountReceived });
      const { processor, sent } = secure([METHOD, gone, standing]);
      const first = challengeIn(await processor.authorize(ASKED));
      const resumed = await processor.resume(answering(first, [['cres', 'x']]));
      expect(resumed).toMatchObject({ kind, ...(code === undefined ? {} : { code }) });
      expect(sent(2)).toEqual({ action: 'QUERY', xref: XREF });
    }
  });

  it('trusts no refusal to go on where the gateway does not say how the payment stands', async () => {
    const gone = but(refusedWith(66_848), { xref: '22111612ZZ00ZZ00ZZ00ZZZ' });
    const { processor } = secure([METHOD, gone, but(refusedWith(65_548), { xref: 'another' })]);
    const first = challengeIn(await processor.authorize(ASKED));
    const resumed = processor.resume(answering(first, [['cres', 'x']]));
    await expect(resumed).rejects.toBeInstanceOf(NoAnswer);
  });

  it.each([[AUTHENTICATED], [CHALLENGE]])(
    'trusts no answer about another transaction',
    async (reply) => {
      const { processor } = secure([METHOD, but(reply, { xref: '22111612ZZ00ZZ00ZZ00ZZZ' })]);
      const first = challengeIn(await processor.authorize(ASKED));
      const resumed = processor.resume(answering(first, [['cres', 'x']]));
      await expect(resumed).rejects.toBeInstanceOf(NoAnswer);
    },
  );

  it.each(['threeDSRef', 'threeDSURL', 'threeDSRequest[creq]', 'xref'])(
    'trusts no challenge without %s',
    async (name) => {
      const reply = but(CHALLENGE, {
        [name]: undefined,
        'threeDSRequest[threeDSSessionData]': undefined,
      });
      await expect(secure([reply]).processor.authorize(ASKED)).rejects.toBeInstanceOf(NoAnswer);
    },
  );

  it('trusts no page that is not on the web', async () => {
    const reply = but(CHALLENGE, { threeDSURL: 'javascript:alert(1)' });
    await expect(secure([reply]).processor.authorize(ASKED)).rejects.toBeInstanceOf(NoAnswer);
  });

  it('never challenges a cardholder who is not there', async () => {
    const { processor } = secure([CHALLENGE, refusedWith(65, 'SCA REQUIRED')]);
    for (const _ of [1, 2]) {
      expect(await processor.authorize({ ...ASKED, off_session: true })).toMatchObject({
        kind: 'declined',
        code: 'authentication_required',
        decline_code: 'authentication_required',
      });
    }
  });
});
