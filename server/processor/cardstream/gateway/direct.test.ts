/** What is asked of a request, in the order in which it is asked. */
import { describe, expect, it } from 'vitest';
import { Account } from './accounts';
import {
  ADDRESS,
  CARD,
  DEVICE,
  newMerchant,
  newReference,
  newSale,
  PLAIN,
  SECRET,
  SECURE,
  signatureOf,
  START,
} from './merchant.case';

describe('a sale', () => {
  it('is answered as the real gateway answers', async () => {
    const merchant = newMerchant();
    const received = await merchant.post({
      ...newSale(),
      ...ADDRESS,
      currencyCode: 'GBP',
      cardNumber: '4929 4212 3460 0821',
      orderRef: 'Order 1',
      anything: 'else',
      merchantData: 'kept',
      customerCounty: '',
    });
    expect(received.fields).toMatchObject({
      responseCode: '0',
      responseStatus: '0',
      responseMessage: expect.stringMatching(/^AUTHCODE:\d{6}$/),
      state: 'captured',
      xref: expect.stringMatching(/^26031012([BCDFGHJ-NP-TV-Z]{2}\d\d){3}[BCDFGHJ-NP-TV-Z]{3}$/),
      transactionID: '1',
      requestID: expect.stringMatching(/^[0-9a-f]{13}$/),
      timestamp: '2026-03-10 12:00:00',
      amount: '1099',
      amountReceived: '1099',
      amountApproved: '1099',
      currencyCode: '826',
      currencyExponent: '2',
      currencySymbol: '£',
      cardNumberMask: '492942******0821',
      cardExpiryDate: '0128',
      cardExpiryMonth: '01',
      cardExpiryYear: '28',
      cardTypeCode: 'VC',
      cardScheme: 'Visa',
      cardIssuerCountryCode: 'GBR',
      avscv2ResponseCode: '222100',
      avscv2ResponseMessage: 'ALL MATCH',
      initiator: 'consumer',
      orderRef: 'Order 1',
      anything: 'else',
      threeDSEnabled: 'N',
      schemeTransactionID: expect.stringMatching(/^\d{15}$/),
      acquirerResponseCode: '0',
    });
    expect(parseInt(received.fields['requestID']?.slice(0, 8) ?? '', 16)).toBe(START / 1000);
    for (const secret of ['4929421234600821', '4929+4212', 'cardCVV=', 'cardNumber=']) {
      expect(received.text).not.toContain(secret);
    }
    expect(received.fields).not.toHaveProperty('customerCounty');
    const names = received.pairs.map(([name]) => name);
    expect(names).not.toEqual(names.toSorted());
    expect(names).toContain('__wafRequestID');
    const details = names.filter((name) => name.startsWith('acquirerResponseDetails['));
    expect(details.length).toBeGreaterThan(1);
    expect(details).not.toEqual(details.toSorted());
    const at = names.indexOf(details[0] ?? '');
    expect(names.slice(at, at + details.length)).toEqual(details);
  });

  it('counts major units where the amount has a point', async () => {
    const { sale } = newMerchant();
    expect(await sale({ amount: '10.99' })).toMatchObject({ responseCode: '0', amount: '1099' });
    expect(await sale({ amount: '10.9' })).toMatchObject({ amount: '1090' });
    expect(await sale({ amount: '10.999' })).toMatchObject({ responseCode: '66312' });
    expect(await sale({ amount: '1500', currencyCode: 'JPY' })).toMatchObject({
      amount: '1500',
      currencyCode: '392',
      currencyExponent: '0',
    });
  });

  it.each([
    ['0', 'captured'],
    ['-1', 'approved'],
    ['never', 'approved'],
    ['30', 'approved'],
  ])('with a capture delay of %s is %s', async (captureDelay, state) => {
    expect(await newMerchant().sale({ captureDelay })).toMatchObject({ responseCode: '0', state });
  });

  it('is captured by itself when its delay is over', async () => {
    const { sale, send, gateway } = newMerchant();
    const { xref = '' } = await sale({ captureDelay: 2 });
    gateway.travel(2 * 86_400_000 - 1);
    expect(await send({ action: 'QUERY', xref })).toMatchObject({ state: 'approved' });
    gateway.travel(1);
    expect(await send({ action: 'QUERY', xref })).toMatchObject({ state: 'captured' });
  });
});

describe('PREAUTH and VERIFY', () => {
  it('hold nothing', async () => {
    const { send } = newMerchant();
    expect(await send({ ...newSale(), action: 'PREAUTH' })).toMatchObject({
      responseCode: '0',
      state: 'reversed',
      amountReceived: '0',
    });
    expect(await send({ ...newSale(), action: 'VERIFY', amount: 0 })).toMatchObject({
      responseCode: '0',
      state: 'verified',
    });
    expect(await send({ ...newSale(), action: 'VERIFY' })).toMatchObject({ responseCode: '66312' });
  });

  it('say 85 of a card that is verified, where they are told to', async () => {
    const { send } = newMerchant(PLAIN, { verified_code: 85 });
    const verify = { ...newSale(), action: 'VERIFY', amount: 0 };
    expect(await send(verify)).toMatchObject({ responseCode: '85', state: 'verified' });
  });
});

/** What is wrong, the fields that say so (null takes one away), and the code. */
const WRONG: readonly [string, Record<string, string | number | null>, number][] = [
  ['no action', { action: null }, 66_055],
  ['an unknown action', { action: 'STEAL' }, 66_311],
  ['a credit', { action: 'REFUND' }, 65_541],
  ['no amount', { amount: null }, 66_056],
  ['no amount that it understands', { amount: '1,099' }, 66_312],
  ['a negative amount', { amount: -1 }, 66_312],
  ['no type', { type: null }, 66_086],
  ['an unknown type', { type: 3 }, 66_342],
  ['no currency', { currencyCode: null }, 66_057],
  ['an unknown currency', { currencyCode: 'XYZ' }, 66_313],
  ['an unknown country', { countryCode: 'Great Britain' }, 66_326],
  ['no card', { cardNumber: null }, 66_058],
  ['a wrong check digit', { cardNumber: '4929421234600822' }, 66_314],
  ['no expiry', { cardExpiryDate: null }, 66_160],
  ['half an expiry', { cardExpiryDate: null, cardExpiryMonth: 1 }, 66_060],
  ['the other half', { cardExpiryDate: null, cardExpiryYear: 28 }, 66_059],
  ['month 13', { cardExpiryDate: '1328' }, 66_416],
  ['a card that expired last month', { cardExpiryDate: '0226' }, 66_416],
  ['a security code of two digits', { cardCVV: '35' }, 66_320],
  ['a capture in 31 days', { captureDelay: 31 }, 66_358],
  ['a window of 10000 seconds', { duplicateDelay: 10_000 }, 66_334],
  ['no address for callbacks', { callbackURL: 'ftp://shop.example' }, 66_331],
  ['an unknown method', { paymentMethod: 'applepay' }, 66_478],
  ['a token that nobody issued', { paymentToken: 'eyJhIjoxfQ==' }, 66_479],
  ['an unknown agreement', { rtAgreementType: 'incremental' }, 66_549],
  ['an unknown initiator', { initiator: 'bank' }, 66_944],
  ['fields to clone that do not exist', { cloneFields: 'everything' }, 66_558],
  ['an xref that nobody has', { xref: '26010112AB34CD56EF78GHJ' }, 66_341],
  ['3-D Secure that it does not have', { threeDSRequired: 'Y' }, 65_796],
  ['a number that is no test card', { cardNumber: '4242424242424242' }, 65_566],
  ['what this stand-in does not speak', { walletStore: 'Y' }, 65_563],
];

describe('a request with', () => {
  const merchant = newMerchant();
  it.each(WRONG)('%s is refused', async (_name, changes, code) => {
    const fields = Object.entries<string | number | null>({ ...newSale(), ...changes });
    const kept = fields.filter((field): field is [string, string | number] => field[1] !== null);
    expect(await merchant.send(Object.fromEntries(kept))).toMatchObject({
      responseCode: String(code),
      responseStatus: '2',
      state: 'finished',
    });
  });

  it('a missing field says which, as recorded', async () => {
    const { currencyCode: _, ...sale } = newSale();
    const { responseMessage } = await merchant.send(sale);
    expect(responseMessage).toBe('ERROR CODE (RC_MISSING_CURRENCYCODE)');
  });

  it('a card that is good until the end of this month is fine', async () => {
    expect(await merchant.sale({ cardExpiryDate: '0326' })).toMatchObject({ responseCode: '0' });
  });
});

describe('who asks', () => {
  it('is asked first', async () => {
    const { postRaw } = newMerchant();
    expect((await postRaw('')).fields).toMatchObject({ responseCode: '66048' });
    expect((await postRaw('a=%zz')).fields).toMatchObject({ responseCode: '66304' });
    expect((await postRaw('action=SALE')).fields).toMatchObject({ responseCode: '66049' });
    const unknown = await postRaw('action=SALE&merchantID=1');
    expect(unknown.fields).toMatchObject({ responseCode: '65539', responseStatus: '2' });
    expect(unknown.fields).not.toHaveProperty('signature');
  });

  it('signs', async () => {
    const { postRaw, gateway } = newMerchant();
    const unsigned = 'action=SALE&merchantID=100001&amount=1';
    expect((await postRaw(unsigned)).fields).toMatchObject({ responseCode: '66087' });
    const forged = `${unsigned}&signature=${'0'.repeat(128)}`;
    expect((await postRaw(forged)).fields).toMatchObject({ responseCode: '66343' });
    gateway.turn({ wrong_signature_code: 65_539 });
    expect((await postRaw(forged)).fields).toMatchObject({ responseCode: '65539' });
  });

  it('may sign a part', async () => {
    const { postRaw } = newMerchant();
    const body = `action=SALE&merchantID=100001&x=1`;
    const signature = signatureOf(
      [
        ['action', 'SALE'],
        ['merchantID', '100001'],
      ],
      SECRET,
    );
    const answered = await postRaw(`${body}&signature=${signature}%7CmerchantID,action`);
    expect(answered.fields).toMatchObject({ responseCode: '66056' });
  });

  it('brings the password where the account has one', async () => {
    const locked = Account.parse({ merchantID: '7', secret: SECRET, password: 'open sesame' });
    const { send, sale } = newMerchant(locked);
    expect(await sale()).toMatchObject({ responseCode: '66050' });
    expect(await sale({ merchantPwd: 'open barley' })).toMatchObject({ responseCode: '66306' });
    const answered = await send({ ...newSale(), merchantPwd: 'open sesame' });
    expect(answered).toMatchObject({ responseCode: '0' });
    expect(answered).not.toHaveProperty('merchantPwd');
  });

  it('needs no signature where the account has no secret', async () => {
    const trusting = Account.parse({ merchantID: '8' });
    const answered = await newMerchant(trusting).sale();
    expect(answered).toMatchObject({ responseCode: '0' });
    expect(answered).not.toHaveProperty('signature');
  });

  it('sees nothing of another merchant', async () => {
    const merchant = newMerchant();
    const { xref = '' } = await merchant.sale();
    for (const action of ['QUERY', 'CANCEL', 'CAPTURE', 'REFUND_SALE', 'SALE']) {
      const answered = await merchant.post({ ...newSale(), action, xref }, SECURE);
      expect(answered.fields).toMatchObject({ responseCode: '66341' });
    }
    expect(merchant.state(xref)).toBe('captured');
  });
});

describe('the account', () => {
  it('may want the security code, of a card that is typed', async () => {
    const strict = Account.parse({ ...PLAIN, cardCVVMandatory: true });
    const { send, sale } = newMerchant(strict);
    const { cardCVV: _, ...without } = newSale();
    expect(await send(without)).toMatchObject({ responseCode: '66064' });
    expect(await sale()).toMatchObject({ responseCode: '0' });
  });

  it('may take only some currencies, or no continuous authority', async () => {
    const narrow = Account.parse({ ...PLAIN, currencies: ['826'], continuous_authority: false });
    const { sale } = newMerchant(narrow);
    expect(await sale({ currencyCode: 'EUR' })).toMatchObject({ responseCode: '65546' });
    const { xref = '' } = await sale({ rtAgreementType: 'recurring' });
    const renewal = { type: 9, rtAgreementType: 'recurring', xref };
    expect(await sale(renewal)).toMatchObject({ responseCode: '65563' });
  });
});

describe('a duplicate', () => {
  const once = (): Record<string, string | number> => ({ ...newSale(), duplicateDelay: 60 });

  it('is refused within its window, and taken after it', async () => {
    const { send, gateway } = newMerchant();
    const sale = once();
    expect(await send(sale)).toMatchObject({ responseCode: '0' });
    gateway.travel(59_000);
    const refused = await send(sale);
    expect(refused).toMatchObject({ responseCode: '65554', state: 'finished' });
    expect(gateway.bank.books.byXref(refused['xref'] ?? '')).toBeNull();
    gateway.travel(1_000);
    expect(await send(sale)).toMatchObject({ responseCode: '0' });
    expect(gateway.bank.books.size).toBe(2);
  });

  it.each([
    ['amount', 1_100],
    ['transactionUnique', 'another'],
    ['currencyCode', 'EUR'],
    ['type', 2],
    ['cardNumber', '4539791001730106'],
  ])('is none where the %s differs', async (name, value) => {
    const { send } = newMerchant();
    const sale = once();
    await send(sale);
    expect(await send({ ...sale, [name]: value })).toMatchObject({ responseCode: '0' });
  });

  it('is one of 32 at once that are taken', async () => {
    const { send, gateway } = newMerchant();
    const sale = once();
    const codes = await Promise.all(
      Array.from({ length: 32 }, async () => (await send(sale))['responseCode']),
    );
    expect(codes.filter((code) => code === '0')).toHaveLength(1);
    expect(codes.filter((code) => code === '65554')).toHaveLength(31);
    expect(gateway.bank.books.size).toBe(1);
  });

  it('has a window of 300 seconds where it names none, or names 0', async () => {
    const { send, gateway } = newMerchant();
    const { duplicateDelay: _, ...sale } = once();
    await send(sale);
    gateway.travel(299_000);
    expect(await send(sale)).toMatchObject({ responseCode: '65554' });
    expect(await send({ ...sale, duplicateDelay: 0 })).toMatchObject({ responseCode: '65554' });
    gateway.turn({ duplicate_delay_zero: 'off' });
    expect(await send({ ...sale, duplicateDelay: 0 })).toMatchObject({ responseCode: '0' });
  });

  it('of a decline is one too, unless it is told otherwise', async () => {
    const { send, gateway } = newMerchant();
    const sale = { ...once(), amount: 12_000 };
    expect(await send(sale)).toMatchObject({ responseCode: '5' });
    expect(await send(sale)).toMatchObject({ responseCode: '65554' });
    gateway.turn({ duplicates_of_failures: false });
    expect(await send(sale)).toMatchObject({ responseCode: '5' });
  });

  it('names the first one only where it is told to', async () => {
    const { send, gateway } = newMerchant();
    const sale = once();
    const { xref } = await send(sale);
    expect((await send(sale))['xref']).not.toBe(xref);
    gateway.turn({ duplicate_names_original: true });
    expect((await send(sale))['xref']).toBe(xref);
  });

  it('is none of a request that was refused for its form', async () => {
    const { send } = newMerchant();
    const sale = once();
    expect(await send({ ...sale, type: 7 })).toMatchObject({ responseCode: '66342' });
    expect(await send(sale)).toMatchObject({ responseCode: '0' });
  });
});

describe('checkOnly', () => {
  it('looks, and keeps nothing', async () => {
    const { sale, gateway } = newMerchant();
    expect(await sale({ checkOnly: 'Y' })).toMatchObject({ responseCode: '0', state: 'finished' });
    expect(await sale({ checkOnly: 'Y', type: 4 })).toMatchObject({ responseCode: '66342' });
    expect(gateway.bank.books.size).toBe(0);
  });
});

describe('switches', () => {
  it('choose the code of a number that is no test card', async () => {
    const { sale } = newMerchant(PLAIN, { disallowed_card_code: 66_311 });
    expect(await sale({ cardNumber: '4242424242424242' })).toMatchObject({ responseCode: '66311' });
  });

  it('choose the code of an unknown xref', async () => {
    const { send } = newMerchant(PLAIN, { unknown_xref_code: 65_548 });
    expect(await send({ action: 'QUERY', xref: 'X' })).toMatchObject({ responseCode: '65548' });
  });

  it('add fields that no document names', async () => {
    const { sale } = newMerchant(PLAIN, { unknown_fields: true });
    expect(await sale()).toMatchObject({
      'zebraDetails[beta]': "it's 50% * ~new~",
      'zebraDetails[alpha]': '',
      responseCode: '0',
    });
  });
});

describe('response fields in a request', () => {
  it('are overwritten', async () => {
    const { sale } = newMerchant(SECURE);
    const claimed = { responseCode: '0', state: 'captured', xrefOf: 'x', amount: 12_000 };
    expect(await sale({ ...claimed, ...DEVICE, threeDSRequired: 'N' })).toMatchObject({
      responseCode: '5',
      state: 'declined',
    });
  });

  it('never hold what is secret', async () => {
    const { send, gateway } = newMerchant();
    const reference = newReference();
    const { xref = '' } = await send({ ...newSale(), transactionUnique: reference });
    const kept = JSON.stringify(gateway.bank.books.byXref(xref));
    expect(kept).toContain(reference);
    expect(kept).not.toContain(CARD.cardNumber);
    expect(kept).not.toContain('cardCVV');
  });
});
