/** The whole of Cardstream's test environment: its amounts, its cards, and what they match. */
import { describe, expect, it } from 'vitest';
import { Account } from './accounts';
import { BANDS } from './amounts';
import { CARDS, cardByMask, maskOf } from './cards';
import { DEVICE, newMerchant, newSale, PLAIN, SECURE } from './merchant.case';

/** First and last amount of each band: code, text and state without 3-D Secure, and settlement. */
const AMOUNTS: readonly (readonly [number, number, string, string, string, string | null])[] = [
  [1, 99, '66311', 'ERROR CODE (RC_INVALID_ACTION)', 'finished', null],
  [100, 2_499, '0', 'AUTHCODE', 'captured', 'accepted'],
  [2_500, 4_999, '0', 'AUTHCODE', 'captured', 'rejected'],
  [5_000, 7_499, '1', 'CARD REFERRED', 'referred', null],
  [7_500, 9_999, '1', 'CARD REFERRED', 'referred', null],
  [10_000, 14_999, '5', 'CARD DECLINED', 'declined', null],
  [15_000, 19_999, '4', 'CARD DECLINED - KEEP CARD', 'declined', null],
  [20_000, 24_999, '0', 'AUTHCODE', 'captured', 'accepted'],
  [25_000, 29_999, '5', 'CARD DECLINED', 'declined', null],
  [30_000, 999_999, '66311', 'ERROR CODE (RC_INVALID_ACTION)', 'finished', null],
];

describe('an amount', () => {
  const merchant = newMerchant();
  it.each(AMOUNTS)('from %i to %i is answered %s', async (from, to, code, text, state, settled) => {
    for (const amount of [from, to]) {
      const answered = await merchant.sale({ amount });
      expect(answered).toMatchObject({
        responseCode: code,
        responseMessage: expect.stringContaining(text),
        responseStatus: { 0: '0', 6: '2' }[code.length === 5 ? 6 : Number(code)] ?? '1',
        state,
        amountReceived: code === '0' ? String(amount) : '0',
      });
      expect(merchant.state(answered['xref'] ?? '')).toBe(state);
      await merchant.gateway.app.request('/control/settle', { method: 'POST' });
      expect(merchant.state(answered['xref'] ?? '')).toBe(settled ?? state);
    }
  });

  it('of zero is no sale', async () => {
    expect(await merchant.sale({ amount: 0 })).toMatchObject({ responseCode: '66311' });
  });

  it('leaves no gap between the bands', () => {
    for (const [index, { from }] of BANDS.entries()) {
      if (index > 0) expect(from).toBe((BANDS[index - 1]?.to ?? 0) + 1);
    }
  });

  it.each([
    [5_000, 'accepted'],
    [7_500, 'rejected'],
  ])('of a referral, %i, is taken with the code of the telephone', async (amount, settled) => {
    const { sale, gateway, state } = newMerchant();
    const { xref = '' } = await sale({ amount, authorisationCode: '123456' });
    expect(state(xref)).toBe('captured');
    await gateway.app.request('/control/settle', { method: 'POST' });
    expect(state(xref)).toBe(settled);
  });

  it.each([20_000, 24_999, 25_000, 29_999])(
    'of %i wants authentication where the account has it',
    async (amount) => {
      const { sale } = newMerchant(SECURE);
      expect(await sale({ amount, threeDSRequired: 'N' })).toMatchObject({
        responseCode: '65',
        responseMessage: 'SCA REQUIRED',
        responseStatus: '1',
        state: 'declined',
      });
      // By telephone, and by the merchant alone, there is nobody to authenticate.
      expect(await sale({ amount, type: 2 })).toMatchObject({
        responseCode: amount < 25_000 ? '0' : '5',
      });
    },
  );

  it('may be stood for by the name of the cardholder', async () => {
    const { sale } = newMerchant();
    expect(await sale({ amount: 999_900, customerName: 'Test [10]' })).toMatchObject({
      responseCode: '0',
      amount: '999900',
      amountReceived: '999900',
    });
    expect(await sale({ amount: 500, customerName: 'Test [120]' })).toMatchObject({
      responseCode: '5',
    });
  });

  it('of a referral is answered 2 where it is told to', async () => {
    const { sale } = newMerchant(PLAIN, { referral_code: 2 });
    expect(await sale({ amount: 6_000 })).toMatchObject({ responseCode: '2', state: 'referred' });
  });
});

describe('a referral', () => {
  it('ends with the same card and amount, and the code', async () => {
    const { sale, send } = newMerchant();
    const { xref = '' } = await sale({ amount: 6_000 });
    const end = { action: 'SALE', xref, authorisationCode: 'A1B2C3' };
    expect(await send({ ...end, amount: 6_001 })).toMatchObject({ responseCode: '65542' });
    const other = { cardNumber: '4539791001730106', cardExpiryDate: '0128' };
    expect(await send({ ...end, ...other })).toMatchObject({ responseCode: '65542' });
    expect(await send({ ...end, transactionUnique: 'again' })).toMatchObject({
      responseCode: '0',
      state: 'captured',
      amount: '6000',
      authorisationCode: 'A1B2C3',
    });
  });

  it('is not what every xref is', async () => {
    const { sale, send } = newMerchant();
    const { xref = '' } = await sale();
    const end = { action: 'SALE', xref, authorisationCode: 'A1B2C3', transactionUnique: 'x' };
    expect(await send(end)).toMatchObject({ responseCode: '65542' });
  });
});

describe('a card', () => {
  const merchant = newMerchant();

  it('is told from every other by its mask', () => {
    for (const card of CARDS) expect(cardByMask(maskOf(card.number))).toBe(card);
  });

  it.each(CARDS)('$number is what it is', async ({ number, cvv, type, address, postcode }) => {
    const right = {
      cardNumber: number,
      cardCVV: cvv,
      ...(address === null ? {} : { customerAddress: address }),
      ...(postcode === null ? {} : { customerPostcode: postcode }),
    };
    const noAddress = address === null;
    expect(await merchant.sale(right)).toMatchObject({
      responseCode: '0',
      cardType: type.type,
      cardTypeCode: type.typeCode,
      cardSchemeCode: type.schemeCode,
      cardNumberMask: `${number.slice(0, 6)}******${number.slice(-4)}`,
      avscv2ResponseCode: noAddress ? '211100' : '222100',
      avscv2ResponseMessage: noAddress ? 'SECURITY CODE MATCH ONLY' : 'ALL MATCH',
    });
    const wrong = { customerAddress: '99 Nowhere 12345', customerPostcode: 'X9 99' };
    expect(
      await merchant.sale({ ...right, ...wrong, cardCVV: cvv === '999' ? '998' : '999' }),
    ).toMatchObject({
      avscv2ResponseCode: noAddress ? '411100' : '444100',
      avscv2ResponseMessage: 'NO DATA MATCHES',
      cv2Check: 'not matched',
    });
    expect(await merchant.sale({ cardNumber: number, cardCVV: cvv })).toMatchObject({
      avscv2ResponseCode: noAddress ? '211100' : '244100',
      avscv2ResponseMessage: 'SECURITY CODE MATCH ONLY',
    });
  });

  it('is not checked where nobody asks', async () => {
    expect(await merchant.sale({ avscv2CheckRequired: 'N' })).toMatchObject({
      avscv2ResponseCode: '111100',
      avscv2ResponseMessage: 'DATA NOT CHECKED',
    });
    const blind = newMerchant(Account.parse({ ...PLAIN, avscv2: false }));
    expect(await blind.sale()).toMatchObject({ avscv2ResponseCode: '111100' });
    expect(await blind.sale({ avscv2CheckRequired: 'Y' })).toMatchObject({ responseCode: '65556' });
  });

  it.each([
    ['cv2CheckPref', { cardCVV: '999' }],
    ['addressCheckPref', { customerPostcode: 'NN17 8YG' }],
    ['postcodeCheckPref', { customerAddress: 'Flat 6, 347' }],
  ])('is given up where %s does not accept the result', async (preference, fields) => {
    const sale = { ...fields, [preference]: 'not known,not checked,matched' };
    const answered = await merchant.sale(sale);
    expect(answered).toMatchObject({
      responseCode: '5',
      responseStatus: '1',
      responseMessage: 'AVS/CV2 DECLINED',
      state: 'reversed',
      amountReceived: '0',
    });
    const strict = newMerchant(Account.parse({ ...PLAIN, [preference]: 'matched' }));
    expect(await strict.sale(fields)).toMatchObject({ responseCode: '5', state: 'reversed' });
  });

  it('of a scheme without 3-D Secure is taken without', async () => {
    const secure = newMerchant(SECURE);
    for (const card of CARDS.filter(({ type }) => !type.threeDS)) {
      const fields = { cardNumber: card.number, cardCVV: card.cvv, ...DEVICE };
      expect(await secure.sale(fields)).toMatchObject({ responseCode: '0', state: 'captured' });
    }
    expect(await secure.send({ ...newSale(), ...DEVICE })).toMatchObject({ responseCode: '65802' });
  });
});
