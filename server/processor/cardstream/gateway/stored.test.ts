/** Stored credentials and cloning: what a payment takes from an earlier one, and may. */
import { describe, expect, it } from 'vitest';
import {
  ADDRESS,
  newMerchant,
  newReference,
  newSale,
  SECURE,
  type Merchant,
  type Values,
} from './merchant.case';
import { AGREEMENTS } from './stored';

const store = async ({ sale }: Merchant, fields: Values = {}): Promise<string> =>
  (await sale(fields))['xref'] ?? '';

const again = ({ send }: Merchant, xref: string, fields: Values = {}) =>
  send({ action: 'SALE', xref, transactionUnique: newReference(), ...fields });

describe('the initiator', () => {
  const merchant = newMerchant();
  const cases = Object.entries(AGREEMENTS).flatMap(([agreement, { consumer, merchant: alone }]) =>
    ['1', '2', '9'].map(
      (type) =>
        [
          agreement,
          type,
          (consumer?.includes(type) ?? false)
            ? 'consumer'
            : (alone?.includes(type) ?? false)
              ? 'merchant'
              : null,
        ] as const,
    ),
  );
  it.each(cases)('of %s by type %s is %s', async (rtAgreementType, type, initiator) => {
    const xref = await store(merchant, {
      rtAgreementType:
        AGREEMENTS[rtAgreementType]?.consumer === null ? 'cardonfile' : rtAgreementType,
    });
    const fields = { type, rtAgreementType, ...(initiator === 'merchant' ? { xref } : {}) };
    const answered = await merchant.sale(fields);
    if (initiator === null) expect(answered).toMatchObject({ responseCode: '66944' });
    else expect(answered).toMatchObject({ responseCode: '0', initiator });
  });

  it('is not whoever is said where that cannot be', async () => {
    expect(await merchant.sale({ initiator: 'merchant' })).toMatchObject({ responseCode: '66944' });
    expect(await merchant.sale({ type: 9, initiator: 'consumer' })).toMatchObject({
      responseCode: '66944',
    });
    expect(await merchant.sale({ initiator: 'consumer' })).toMatchObject({ responseCode: '0' });
  });
});

describe('a payment by the merchant alone', () => {
  it('follows an agreement of its own kind, back through the ones before', async () => {
    const merchant = newMerchant();
    const first = await store(merchant, { rtAgreementType: 'recurring' });
    const renewal = { type: 9, rtAgreementType: 'recurring', amount: 1_500 };
    const second = await again(merchant, first, renewal);
    expect(second).toMatchObject({ responseCode: '0', initiator: 'merchant', previousID: '1' });
    const third = await again(merchant, second['xref'] ?? '', renewal);
    expect(third).toMatchObject({ responseCode: '0', previousID: '2' });
    const instalment = { ...renewal, rtAgreementType: 'instalment' };
    expect(await again(merchant, first, instalment)).toMatchObject({ responseCode: '66341' });
  });

  it('names the one that it follows', async () => {
    const { sale } = newMerchant();
    expect(await sale({ type: 9, rtAgreementType: 'recurring' })).toMatchObject({
      responseCode: '66085',
    });
  });

  it('follows one that succeeded', async () => {
    const merchant = newMerchant();
    const declined = await store(merchant, { rtAgreementType: 'recurring', amount: 12_000 });
    const renewal = { type: 9, rtAgreementType: 'recurring', amount: 1_500 };
    expect(await again(merchant, declined, renewal)).toMatchObject({ responseCode: '66341' });
    const resubmission = { type: 2, rtAgreementType: 'resubmission', amount: 1_500 };
    expect(await again(merchant, declined, resubmission)).toMatchObject({ responseCode: '0' });
  });

  it('is unscheduled only where the card was stored for it', async () => {
    const merchant = newMerchant();
    const unscheduled = { type: 2, rtAgreementType: 'unscheduled', amount: 1_500 };
    const verified = await merchant.send({
      ...newSale(),
      action: 'VERIFY',
      amount: 0,
      rtAgreementType: 'cardonfile',
    });
    expect(await again(merchant, verified['xref'] ?? '', unscheduled)).toMatchObject({
      responseCode: '0',
    });
    const once = await store(merchant);
    expect(await again(merchant, once, unscheduled)).toMatchObject({ responseCode: '66341' });
  });

  it('follows nothing older than thirteen months', async () => {
    const merchant = newMerchant();
    const first = await store(merchant, { rtAgreementType: 'recurring', cardExpiryDate: '1230' });
    merchant.gateway.travel(397 * 86_400_000);
    const renewal = { type: 9, rtAgreementType: 'recurring' };
    expect(await again(merchant, first, renewal)).toMatchObject({ responseCode: '65564' });
  });

  it('is told what to do about a decline', async () => {
    const merchant = newMerchant();
    const first = await store(merchant, { rtAgreementType: 'recurring' });
    const renewal = { type: 9, rtAgreementType: 'recurring', amount: 12_000 };
    expect(await again(merchant, first, renewal)).toMatchObject({
      responseCode: '5',
      rtAdviceCode: '2',
    });
    expect(await again(merchant, first, { ...renewal, amount: 15_000 })).toMatchObject({
      responseCode: '4',
      rtAdviceCode: '3',
    });
  });

  it('is never asked to authenticate', async () => {
    const merchant = newMerchant(SECURE);
    const first = await store(merchant, { rtAgreementType: 'recurring', threeDSRequired: 'N' });
    const renewal = { type: 9, rtAgreementType: 'recurring', amount: 22_000, threeDSRequired: 'Y' };
    expect(await again(merchant, first, renewal)).toMatchObject({ responseCode: '0' });
  });
});

describe('cloning', () => {
  it('takes what is not brought: but never the security code', async () => {
    const merchant = newMerchant();
    const xref = await store(merchant, { ...ADDRESS, orderRef: 'Order 1' });
    const answered = await merchant.send({ action: 'SALE', xref, amount: 1_234 });
    expect(answered).toMatchObject({
      responseCode: '0',
      amount: '1234',
      type: '1',
      currencyCode: '826',
      orderRef: 'Order 1',
      cardNumberMask: '492942******0821',
      cardExpiryDate: '0128',
      avscv2ResponseCode: '422100',
      avscv2ResponseMessage: 'ADDRESS MATCH ONLY',
      cv2Check: 'not matched',
    });
    expect(answered['xref']).not.toBe(xref);
  });

  it('takes the reference too, so that equal renewals are duplicates', async () => {
    const merchant = newMerchant();
    const xref = await store(merchant);
    const renewal = { action: 'SALE', xref };
    expect(await merchant.send(renewal)).toMatchObject({ responseCode: '0' });
    expect(await merchant.send(renewal)).toMatchObject({ responseCode: '65554' });
    expect(await again(merchant, xref)).toMatchObject({ responseCode: '0' });
  });

  it('takes the parts of an address together', async () => {
    const merchant = newMerchant();
    const xref = await store(merchant, { ...ADDRESS, customerName: 'A Payer' });
    const answered = await again(merchant, xref, { customerAddress: 'Flat 6, 347' });
    expect(answered).toMatchObject({
      customerName: 'A Payer',
      addressCheck: 'matched',
      postcodeCheck: 'not matched',
    });
    expect(answered).not.toHaveProperty('customerPostcode');
  });

  it('takes the expiry with the number, unless a new one is brought', async () => {
    const merchant = newMerchant();
    const xref = await store(merchant);
    expect(await again(merchant, xref, { cardExpiryDate: '0731' })).toMatchObject({
      responseCode: '0',
      cardExpiryDate: '0731',
      cardExpiryMonth: '07',
      cardNumberMask: '492942******0821',
    });
  });

  it('takes only what cloneFields says, or all but that', async () => {
    const merchant = newMerchant();
    const xref = await store(merchant, { orderRef: 'Order 1', customerName: 'A Payer' });
    const only = await again(merchant, xref, { cloneFields: 'orderFields,cardFields' });
    expect(only).toMatchObject({ responseCode: '0' });
    expect(only).not.toHaveProperty('customerName');
    const but = await again(merchant, xref, { cloneFields: '!customerName', amount: 1_300 });
    expect(but).toMatchObject({ responseCode: '0', orderRef: 'Order 1' });
    expect(but).not.toHaveProperty('customerName');
    const none = await again(merchant, xref, { cloneFields: '!cardFields', amount: 1_301 });
    expect(none).toMatchObject({ responseCode: '66058' });
    const noAmount = await again(merchant, xref, { cloneFields: 'cardFields,type,currencyCode' });
    expect(noAmount).toMatchObject({ responseCode: '66056' });
  });
});
