/** 3-D Secure from end to end: what each month says, what merchants accept, and what may come back. */
import { describe, expect, it } from 'vitest';
import { Account } from './accounts';
import { CARDS } from './cards';
import {
  CARD,
  DEVICE,
  newMerchant,
  newReference,
  newSale,
  SECURE,
  type Merchant,
  type Values,
} from './merchant.case';
import { MONTHS, readMessage } from './three_d_secure';

type Answer = Readonly<Record<string, string>>;

const EVERYTHING = 'not known,not checked,not authenticated,attempted authentication,authenticated';

const begin = (merchant: Merchant, fields: Values = {}): Promise<Answer> =>
  merchant.send({ ...newSale(), ...DEVICE, transactionUnique: newReference(), ...fields });

const goOn = (
  { send }: Merchant,
  { threeDSRef = '' }: Answer,
  response: Values,
  fields: Values = {},
): Promise<Answer> =>
  send({
    threeDSRef,
    action: 'SALE',
    ...Object.fromEntries(
      Object.entries(response).map(([name, value]) => [`threeDSResponse[${name}]`, value]),
    ),
    ...fields,
  });

/** Past the first look at the browser. */
const afterMethod = async (merchant: Merchant, fields: Values = {}): Promise<Answer> => {
  const first = await begin(merchant, fields);
  expect(first).toMatchObject({ responseCode: '65802' });
  return goOn(merchant, first, { threeDSMethodData: 'timeout' });
};

/** The cardholder's choice, and what their browser brings back. */
async function choose({ gateway }: Merchant, { xref }: Answer, status: string): Promise<string> {
  const init = { method: 'POST', body: JSON.stringify({ xref, status }) };
  const response = await gateway.app.request('/control/challenge', init);
  return ((await response.json()) as { cres: string }).cres;
}

/** By month: threeDSAuthenticated, threeDSCheck, ECI of Visa and of Mastercard, threeDSResponseCode. */
const SAID: readonly (readonly [string, string, string, string, string])[] = [
  ['Y', 'authenticated', '05', '02', '0'],
  ['N', 'not authenticated', '07', '00', '65803'],
  ['U', 'not known', '07', '00', '65800'],
  ['A', 'attempted authentication', '06', '01', '0'],
  ['D', 'not known', '07', '00', '65800'],
  ['R', 'not authenticated', '07', '00', '65803'],
  ['E', 'not known', '07', '00', '65800'],
  ['E', 'not known', '07', '00', '65800'],
  ['E', 'not known', '07', '00', '65800'],
  ['I', 'not known', '07', '00', '0'],
  ['U', 'not checked', '07', '00', '65797'],
];

const expiring = (month: number): Values => ({
  cardExpiryDate: `${String(month).padStart(2, '0')}28`,
});

describe('a card that expires in month', () => {
  it.each(SAID.map((said, index) => [index + 1, ...said] as const))(
    '%i says %s, %s',
    async (month, authenticated, check, visa, mastercard, code) => {
      const merchant = newMerchant(SECURE);
      const fields = { ...expiring(month), threeDSCheckPref: EVERYTHING };
      const answered = await afterMethod(merchant, fields);
      const isRejected = authenticated === 'R';
      expect(answered).toMatchObject({
        responseCode: isRejected ? '65803' : '0',
        state: isRejected ? 'finished' : 'captured',
        threeDSAuthenticated: authenticated,
        threeDSEnrolled: month === 11 ? 'N' : 'Y',
        threeDSCheck: check,
        threeDSECI: visa,
        threeDSResponseCode: code,
        'threeDSDetails[transactionStatus]': authenticated,
      });
      const hasValue = authenticated === 'Y' || authenticated === 'A';
      expect(answered['threeDSCAVV']?.length).toBe(hasValue ? 28 : undefined);
      if (month === 11) expect(answered['threeDSErrorCode']).toBe('13');

      const other = { cardNumber: '5573471234567898', cardCVV: '159' };
      expect(await afterMethod(merchant, { ...fields, ...other })).toMatchObject({
        threeDSECI: mastercard,
        ...(hasValue ? { threeDSCAVV: expect.stringMatching(/^.{32}$/) } : {}),
      });
    },
  );

  it.each(SAID.map(([authenticated, check], index) => [index + 1, authenticated, check] as const))(
    '%i (%s) is measured by what the merchant accepts',
    async (month, authenticated, check) => {
      const merchant = newMerchant(SECURE);
      const without = EVERYTHING.split(',').filter((one) => one !== check);
      const fields = { ...expiring(month), threeDSCheckPref: without.join() };
      expect(await afterMethod(merchant, fields)).toMatchObject({
        responseCode: '65803',
        responseMessage: '3DS DECLINED',
        responseStatus: '2',
        state: 'finished',
        amountReceived: '0',
        threeDSAuthenticated: authenticated,
      });
    },
  );

  it('12 asks its cardholder', async () => {
    const answered = await afterMethod(newMerchant(SECURE), expiring(12));
    expect(answered).toMatchObject({ responseCode: '65802', state: 'received' });
    expect(MONTHS[11]).toEqual({ status: 'C' });
  });
});

describe('the cardholder', () => {
  it.each([
    ['Y', '0', 'captured'],
    ['A', '0', 'captured'],
    ['N', '65803', 'finished'],
    ['U', '65803', 'finished'],
    ['R', '65803', 'finished'],
    ['E', '65803', 'finished'],
  ])('answers %s: %s', async (status, code, state) => {
    const merchant = newMerchant(SECURE);
    const challenge = await afterMethod(merchant, expiring(12));
    const cres = await choose(merchant, challenge, status);
    const answered = await goOn(merchant, challenge, { cres });
    expect(answered).toMatchObject({
      responseCode: code,
      state,
      threeDSAuthenticated: status,
      xref: challenge['xref'],
      'threeDSDetails[interactionCounter]': '01',
    });
  });

  it('cannot be played by whoever holds the browser', async () => {
    const merchant = newMerchant(SECURE);
    const challenge = await afterMethod(merchant, expiring(12));
    const creq = readMessage(challenge['threeDSRequest[creq]'] ?? '');
    const { threeDSServerTransID, acsTransID } = creq ?? {};
    const forged = { threeDSServerTransID, acsTransID, messageType: 'CRes', transStatus: 'Y' };
    const cres = Buffer.from(JSON.stringify(forged)).toString('base64url');
    expect(await goOn(merchant, challenge, { cres })).toMatchObject({
      responseCode: '65803',
      threeDSAuthenticated: 'E',
    });
  });

  it('answers for one payment only', async () => {
    const merchant = newMerchant(SECURE);
    const mine = await afterMethod(merchant, expiring(12));
    const yours = await afterMethod(merchant, expiring(12));
    await choose(merchant, mine, 'N');
    const cres = await choose(merchant, yours, 'Y');
    expect(await goOn(merchant, mine, { cres })).toMatchObject({ responseCode: '65803' });
  });

  it('answers once: the first word is the last', async () => {
    const merchant = newMerchant(SECURE);
    const challenge = await afterMethod(merchant, expiring(12));
    await choose(merchant, challenge, 'N');
    const cres = await choose(merchant, challenge, 'Y');
    expect(await goOn(merchant, challenge, { cres })).toMatchObject({ responseCode: '65803' });
  });
});

describe('a reference', () => {
  it('is of this payment, and of this step', async () => {
    const merchant = newMerchant(SECURE);
    const first = await begin(merchant, expiring(12));
    const text = Buffer.from(first['threeDSRef'] ?? '', 'base64').toString();
    expect(text).toContain(`P3KEY:transactionID=${first['transactionID']}&merchantID=100856`);
    expect(text).toContain(`__life__=${Date.UTC(2026, 2, 10, 12, 30) / 1000}`);
    const second = await goOn(merchant, first, { threeDSMethodData: 'x' });
    expect(second['threeDSRef']).not.toBe(first['threeDSRef']);
    expect(second).toMatchObject({ xref: first['xref'], transactionID: first['transactionID'] });
    // The first one again, as a browser that goes back would: too late.
    expect(await goOn(merchant, first, { threeDSMethodData: 'x' })).toMatchObject({
      responseCode: '66848',
    });
    expect(merchant.state(first['xref'] ?? '')).toBe('received');
  });

  it('is good once', async () => {
    const merchant = newMerchant(SECURE);
    const challenge = await afterMethod(merchant, expiring(12));
    const cres = await choose(merchant, challenge, 'Y');
    expect(await goOn(merchant, challenge, { cres })).toMatchObject({ responseCode: '0' });
    expect(await goOn(merchant, challenge, { cres })).toMatchObject({ responseCode: '66848' });
    expect(merchant.state(challenge['xref'] ?? '')).toBe('captured');
  });

  it('lives half an hour', async () => {
    const merchant = newMerchant(SECURE);
    const first = await begin(merchant);
    merchant.gateway.travel(1_800_001);
    expect(await goOn(merchant, first, { threeDSMethodData: 'x' })).toMatchObject({
      responseCode: '65564',
    });
  });

  it.each([
    ['nothing', {}, '66599'],
    ['the answer to another question', { cres: 'x' }, '66855'],
  ])('with %s is refused', async (_name, response, code) => {
    const merchant = newMerchant(SECURE);
    const first = await begin(merchant);
    expect(await goOn(merchant, first, response)).toMatchObject({ responseCode: code });
    expect(await goOn(merchant, first, { threeDSMethodData: 'x' })).toMatchObject({
      responseCode: '0',
    });
  });

  it('does not carry another amount or card', async () => {
    const merchant = newMerchant(SECURE);
    const first = await begin(merchant);
    const response = { threeDSMethodData: 'x' };
    for (const changed of [{ amount: 1 }, { cardNumber: CARD.cardNumber }] as Values[]) {
      expect(await goOn(merchant, first, response, changed)).toMatchObject({
        responseCode: '65542',
      });
    }
    expect(await goOn(merchant, first, response, { amount: 1_099 })).toMatchObject({
      responseCode: '0',
    });
  });

  it('may come alone and unsigned, and with nothing else', async () => {
    const merchant = newMerchant(SECURE);
    const { threeDSRef = '' } = await begin(merchant);
    const body = new URLSearchParams({ threeDSRef, 'threeDSResponse[threeDSMethodData]': 'x' });
    const more = await merchant.postRaw(`${body.toString()}&orderRef=x`);
    expect(more.fields).toMatchObject({ responseCode: '66087' });
    const answered = await merchant.postRaw(body.toString());
    expect(answered.fields).toMatchObject({ responseCode: '0', merchantID: '100856' });
  });

  it('that nobody gave is unknown', async () => {
    const merchant = newMerchant(SECURE);
    expect(
      await goOn(merchant, { threeDSRef: 'UDNLRVk6' }, { threeDSMethodData: 'x' }),
    ).toMatchObject({ responseCode: '66848' });
  });
});

/** What is missing or wrong of the browser, and the code. */
const BROWSERS: readonly (readonly [string, string | null, string])[] = [
  ['threeDSRedirectURL', null, '66594'],
  ['threeDSRedirectURL', 'shop', '66850'],
  ['remoteAddress', null, '66073'],
  ['deviceChannel', null, '66657'],
  ['deviceChannel', 'telephone', '66913'],
  ['deviceIdentity', null, '66658'],
  ['deviceAcceptContent', null, '66661'],
  ['deviceAcceptLanguage', null, '66664'],
  ['deviceScreenResolution', null, '66665'],
  ['deviceScreenResolution', '1920x1080', '66921'],
  ['deviceScreenResolution', '1920x1080x7', '66921'],
  ['deviceTimeZone', null, '66659'],
  ['deviceTimeZone', 'Europe/London', '66915'],
];

describe('it', () => {
  it.each(BROWSERS)('needs %s, not %s', async (name, value, code) => {
    const merchant = newMerchant(SECURE);
    const fields = Object.entries<string | number>({ ...newSale(), ...DEVICE });
    const kept = fields.filter(([one]) => one !== name);
    const changed = value === null ? kept : [...kept, [name, value] as const];
    const sale = Object.fromEntries(changed);
    expect(await merchant.send(sale)).toMatchObject({ responseCode: code });
    // Nothing was stored, so that it can be put right with the same reference.
    expect(await merchant.send({ ...sale, ...DEVICE })).toMatchObject({ responseCode: '65802' });
  });

  it('asks a browser without scripts for less', async () => {
    const { deviceScreenResolution: _, deviceTimeZone: __, ...rest } = DEVICE;
    const merchant = newMerchant(SECURE);
    const sale = { ...newSale(), ...rest, deviceCapabilities: '' };
    expect(await merchant.send(sale)).toMatchObject({ responseCode: '65802' });
  });

  it.each(CARDS.filter(({ type }) => type.threeDS))(
    'looks at the browser first, or not: $number',
    async ({ number, cvv, skipsMethod }) => {
      const merchant = newMerchant(SECURE);
      const card = { cardNumber: number, cardCVV: cvv, ...expiring(12) };
      const first = await begin(merchant, card);
      expect(first).toMatchObject({ responseCode: '65802', state: 'received' });
      const has = (name: string): boolean => `threeDSRequest[${name}]` in first;
      expect({ method: has('threeDSMethodData'), creq: has('creq') }).toEqual({
        method: skipsMethod !== true,
        creq: skipsMethod === true,
      });
    },
  );

  it.each<[string, Values]>([
    ['by telephone', { type: 2 }],
    ['where the merchant does not want it', { threeDSRequired: 'N' }],
    ['where it was done elsewhere', { threeDSAuthenticated: 'Y', threeDSEnrolled: 'Y' }],
    ['where it is only for the issuer to ask', { threeDSPolicy: 3 }],
    ['where it is only for the issuer to ask, in Europe', { threeDSPolicy: 6 }],
  ])('is left out %s', async (_name, fields) => {
    expect(await begin(newMerchant(SECURE), fields)).toMatchObject({ responseCode: '0' });
  });

  it('is asked for by the issuer, after all', async () => {
    const merchant = newMerchant(SECURE);
    const first = await begin(merchant, { threeDSPolicy: 3, amount: 22_000 });
    expect(first).toMatchObject({ responseCode: '65802', state: 'received' });
    expect(await goOn(merchant, first, { threeDSMethodData: 'x' })).toMatchObject({
      responseCode: '0',
      amountReceived: '22000',
    });
  });

  it('is not enough where the issuer does not like its result', async () => {
    const merchant = newMerchant(SECURE);
    const fields = { amount: 22_000, threeDSCheckPref: EVERYTHING, ...expiring(3) };
    expect(await afterMethod(merchant, fields)).toMatchObject({
      responseCode: '5',
      state: 'declined',
    });
    expect(await afterMethod(merchant, { amount: 26_000 })).toMatchObject({ responseCode: '5' });
    expect(await afterMethod(merchant, { amount: 24_000 })).toMatchObject({ responseCode: '0' });
  });

  it('is one of another server where that is told', async () => {
    const merchant = newMerchant(SECURE);
    const external = { threeDSEnrolled: 'Y', threeDSAuthenticated: 'N' };
    expect(await begin(merchant, external)).toMatchObject({
      responseCode: '65803',
      threeDSCheck: 'not authenticated',
    });
    const notEnrolled = { threeDSEnrolled: 'N', threeDSAuthenticated: 'U' };
    expect(await begin(merchant, notEnrolled)).toMatchObject({
      responseCode: '65803',
      threeDSCheck: 'not checked',
    });
    merchant.gateway.turn({ external_authentication: 'believed' });
    expect(await begin(merchant, external)).toMatchObject({ responseCode: '0' });
  });

  it('notifies no address without TLS, where it is told so', async () => {
    const merchant = newMerchant(SECURE, { https_redirect_only: true });
    const plain = { threeDSRedirectURL: 'http://shop.example/3ds' };
    expect(await afterMethod(merchant, plain)).toMatchObject({
      responseCode: '65803',
      threeDSErrorCode: '203',
      threeDSAuthenticated: 'E',
    });
    expect(await afterMethod(merchant)).toMatchObject({ responseCode: '0' });
  });

  it('comes before a card is verified, too', async () => {
    const merchant = newMerchant(SECURE);
    const verify = { action: 'VERIFY', amount: 0, rtAgreementType: 'cardonfile' };
    const challenge = await afterMethod(merchant, { ...verify, ...expiring(12) });
    const cres = await choose(merchant, challenge, 'Y');
    expect(await goOn(merchant, challenge, { cres })).toMatchObject({
      responseCode: '0',
      state: 'verified',
    });
  });

  it('accepts by default what shifts the liability', async () => {
    const account = Account.parse({ merchantID: '1', secret: 's', three_ds: true });
    const merchant = newMerchant(account);
    for (const [index, [authenticated]] of SAID.entries()) {
      expect(await afterMethod(merchant, expiring(index + 1))).toMatchObject({
        responseCode: ['Y', 'A'].includes(authenticated) ? '0' : '65803',
      });
    }
  });
});
