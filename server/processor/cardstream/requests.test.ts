import { describe, expect, it } from 'vitest';
import type { Authorize } from '../processor';
import { hostedToken } from './index';
import { asking, BROWSER, but, CARD, connect, PAID } from './line.case';

async function sentFor(over: Partial<Authorize>, options = {}): Promise<Record<string, string>> {
  const asked = asking(over);
  const { processor, sent } = connect(
    [
      (request) => {
        const amount = String(asked.amount);
        const isCheck = asked.amount === 0;
        const currencyCode = Object.fromEntries(request)['currencyCode'];
        const state = isCheck ? 'verified' : 'captured';
        return but(PAID, { amount, amountReceived: amount, currencyCode, state });
      },
    ],
    options,
  );
  expect((await processor.authorize(asked)).kind).toBe('approved');
  return sent(0);
}

describe('a sale', () => {
  it('on a card that was just typed', async () => {
    const billing = {
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      phone: '+44 20 7946 0000',
      line1: '12 St James Square',
      line2: 'First floor',
      city: 'London',
      state: 'Greater London',
      postal_code: 'SW1Y 4JH',
      country: 'GB',
    };
    const card = { token: hostedToken('eyJwYXltZW50VG9rZW4iOnt9fQ==') };
    expect(await sentFor({ card, billing, statement_descriptor: 'CALMONY' })).toEqual({
      action: 'SALE',
      amount: '1000',
      currencyCode: '826',
      countryCode: '826',
      transactionUnique: 'att_0123456789abcdefghijkl',
      orderRef: 'att_0123456789abcdefghijkl',
      duplicateDelay: '9999',
      callbackURL: 'https://pay.example/callback',
      type: '1',
      initiator: 'consumer',
      paymentToken: 'eyJwYXltZW50VG9rZW4iOnt9fQ==',
      captureDelay: '0',
      customerName: 'Ada Lovelace',
      customerAddress: '12 St James Square\nFirst floor',
      customerTown: 'London',
      customerCounty: 'Greater London',
      customerPostcode: 'SW1Y 4JH',
      customerCountryCode: '826',
      customerEmail: 'ada@example.com',
      customerPhone: '+44 20 7946 0000',
      statementNarrative1: 'CALMONY',
      threeDSRequired: 'N',
    });
  });

  it('on a card from before takes the card from there, and nothing else', async () => {
    expect(await sentFor({})).toMatchObject({
      xref: CARD,
      cloneFields: 'cardFields',
      avscv2CheckRequired: 'N',
    });
    expect(await sentFor({ previous: '22111612AB00CD11EF22GHJ' })).toMatchObject({
      xref: '22111612AB00CD11EF22GHJ',
    });
  });

  it('that is captured by hand waits for that', async () => {
    expect(await sentFor({ capture: false })).toMatchObject({ captureDelay: '-1' });
  });

  it('in other currencies and countries says so in digits', async () => {
    expect(await sentFor({ currency: 'eur' }, { country: 'IE' })).toMatchObject({
      currencyCode: '978',
      countryCode: '372',
    });
    expect(await sentFor({ currency: 'jpy' })).toMatchObject({
      currencyCode: '392',
      amount: '1000',
    });
  });

  it.each(['isk', 'ugx', 'mga', 'xyz'])('in %s is not sent at all', async (currency) => {
    const { processor, requests } = connect([]);
    expect(await processor.authorize(asking({ currency }))).toMatchObject({
      kind: 'declined',
      code: 'invalid_currency',
    });
    expect(requests).toEqual([]);
  });
});

describe('a check of a card', () => {
  it('asks for nothing, and keeps the card for what the cardholder does later', async () => {
    const sent = await sentFor({ amount: 0, agreement: 'card_on_file' });
    expect(sent).toMatchObject({ action: 'VERIFY', amount: '0', rtAgreementType: 'cardonfile' });
    expect(sent).not.toHaveProperty('captureDelay');
  });

  it('is a pre-authorisation where the acquirer knows no check', async () => {
    const { processor, sent } = connect([but(PAID, { state: 'reversed' })], {
      switches: { card_check: 'PREAUTH' },
    });
    expect(await processor.authorize(asking({ amount: 0 }))).toMatchObject({ kind: 'approved' });
    expect(sent(0)).toMatchObject({ action: 'PREAUTH', amount: '100' });
  });
});

describe('a stored credential', () => {
  it.each<[Authorize['initiator'], Authorize['agreement'], string, string | undefined]>([
    ['customer', 'none', '1', undefined],
    ['customer', 'card_on_file', '1', 'cardonfile'],
    ['customer', 'recurring', '1', 'recurring'],
    ['customer', 'instalment', '1', 'instalment'],
    ['customer', 'unscheduled', '1', 'cardonfile'],
    ['merchant', 'recurring', '9', 'recurring'],
    ['merchant', 'instalment', '9', 'instalment'],
    ['merchant', 'unscheduled', '2', 'unscheduled'],
    ['merchant', 'card_on_file', '2', 'unscheduled'],
    ['merchant', 'none', '2', 'unscheduled'],
  ])(
    'used by the %s, %s, is type %s and %s',
    async (initiator, agreement, type, rtAgreementType) => {
      const sent = await sentFor({ initiator, agreement, off_session: initiator === 'merchant' });
      expect(sent).toMatchObject({
        type,
        initiator: initiator === 'merchant' ? 'merchant' : 'consumer',
      });
      expect(sent['rtAgreementType']).toBe(rtAgreementType);
    },
  );
});

describe('3-D Secure', () => {
  const SECURE = { threeDSecure: true };

  it('tells what the browser is', async () => {
    expect(await sentFor({ browser: BROWSER }, SECURE)).toMatchObject({
      threeDSRequired: 'Y',
      threeDSRedirectURL: 'https://pay.example/return/att_0123456789abcdefghijkl',
      remoteAddress: '203.0.113.7',
      deviceChannel: 'browser',
      deviceIdentity: 'Mozilla/5.0 (X11; Linux x86_64)',
      deviceAcceptContent: 'text/html',
      deviceAcceptLanguage: 'en-GB',
      deviceCapabilities: 'javascript',
      deviceScreenResolution: '1920x1080x24',
      deviceTimeZone: '-60',
      'threeDSOptions[challengeWindowSize]': '05',
    });
  });

  it('goes without scripts, too', async () => {
    const sent = await sentFor({ browser: { ...BROWSER, screen: null } }, SECURE);
    expect(sent).toMatchObject({ deviceCapabilities: '' });
    expect(sent).not.toHaveProperty('deviceScreenResolution');
  });

  it('is asked for more than the rules say where the shop wants that', async () => {
    const any = await sentFor({ browser: BROWSER, request_three_d_secure: 'any' }, SECURE);
    expect(any).toMatchObject({ threeDSPolicy: '1' });
    expect(any).not.toHaveProperty('threeDSOptions[requestorChallengeIndicator]');
    expect(
      await sentFor({ browser: BROWSER, request_three_d_secure: 'challenge' }, SECURE),
    ).toMatchObject({
      threeDSPolicy: '1',
      'threeDSOptions[requestorChallengeIndicator]': '03',
    });
  });

  it('follows its switches', async () => {
    const switches = { screen_order: 'HxWxD', three_d_secure_results: 'authenticated' } as const;
    expect(await sentFor({ browser: BROWSER }, { ...SECURE, switches })).toMatchObject({
      deviceScreenResolution: '1080x1920x24',
      threeDSCheckPref: 'authenticated',
    });
  });

  it('waits for the browser before anything is sent', async () => {
    const { processor, requests } = connect([], SECURE);
    expect(await processor.authorize(asking())).toEqual({
      kind: 'challenge',
      transaction: null,
      redirect: 'https://pay.example/challenge/att_0123456789abcdefghijkl',
      step: { kind: 'browser' },
    });
    expect(requests).toEqual([]);
  });

  it.each<[string, Partial<Authorize>]>([
    ['the cardholder is not there', { off_session: true }],
    ['the merchant acts alone', { initiator: 'merchant', off_session: true }],
  ])('is left out where %s', async (_name, over) => {
    expect(await sentFor(over, SECURE)).toMatchObject({ threeDSRequired: 'N' });
  });
});
