/** Tokens of the hosted fields: for one merchant, for a while, and once, or as the switches say. */
import { describe, expect, it } from 'vitest';
import { newMerchant, newReference, PLAIN, SECURE, type Merchant } from './merchant.case';

async function tokenise({ gateway }: Merchant, changes: object = {}, origin?: string) {
  const card = { cardNumber: '4929421234600821', cardExpiryDate: '01/28', cardCVV: '356' };
  const response = await gateway.app.request('/hosted/tokens', {
    method: 'POST',
    body: JSON.stringify({ merchantID: PLAIN.merchantID, ...card, ...changes }),
    headers: { 'content-type': 'application/json', ...(origin === undefined ? {} : { origin }) },
  });
  return { status: response.status, text: await response.text() };
}

const tokenOf = async (merchant: Merchant, changes: object = {}): Promise<string> =>
  (JSON.parse((await tokenise(merchant, changes)).text) as { paymentToken: string }).paymentToken;

const pay = ({ send }: Merchant, paymentToken: string, reference = newReference()) =>
  send({
    action: 'SALE',
    type: 1,
    amount: 1_099,
    currencyCode: 826,
    transactionUnique: reference,
    paymentToken,
  });

describe('a payment token', () => {
  it('stands for the card, its expiry and its security code', async () => {
    const merchant = newMerchant();
    const answered = await pay(merchant, await tokenOf(merchant));
    expect(answered).toMatchObject({
      responseCode: '0',
      cardExpiryDate: '0128',
      cv2Check: 'matched',
    });
    expect(answered).not.toHaveProperty('paymentToken');
  });

  it('is good once, unless the same request comes again', async () => {
    const merchant = newMerchant();
    const token = await tokenOf(merchant);
    expect(await pay(merchant, token, 'once')).toMatchObject({ responseCode: '0' });
    expect(await pay(merchant, token, 'once')).toMatchObject({ responseCode: '65554' });
    expect(await pay(merchant, token)).toMatchObject({ responseCode: '66479' });
  });

  it('is not used up by a request that is refused', async () => {
    const merchant = newMerchant();
    const token = await tokenOf(merchant);
    const refused = { action: 'SALE', paymentToken: token, amount: 1 };
    expect(await merchant.send(refused)).toMatchObject({ responseCode: '66086' });
    expect(await pay(merchant, token)).toMatchObject({ responseCode: '0' });
  });

  it('is refused before a duplicate is seen, or never, where it is told so', async () => {
    const merchant = newMerchant(PLAIN, { payment_token_reuse: 'refused' });
    const token = await tokenOf(merchant);
    await pay(merchant, token, 'once');
    expect(await pay(merchant, token, 'once')).toMatchObject({ responseCode: '66479' });
    merchant.gateway.turn({ payment_token_reuse: 'allowed' });
    expect(await pay(merchant, token, 'once')).toMatchObject({ responseCode: '65554' });
    expect(await pay(merchant, token)).toMatchObject({ responseCode: '0' });
  });

  it('grows old', async () => {
    const merchant = newMerchant(PLAIN, { payment_token_life: 60 });
    const token = await tokenOf(merchant);
    merchant.gateway.travel(60_001);
    expect(await pay(merchant, token)).toMatchObject({ responseCode: '66479' });
  });

  it('is of one merchant', async () => {
    const merchant = newMerchant();
    const token = await tokenOf(merchant, { merchantID: SECURE.merchantID });
    expect(await pay(merchant, token)).toMatchObject({ responseCode: '66479' });
  });

  it('may be had of a card that is no test card, and is then refused', async () => {
    const merchant = newMerchant();
    const token = await tokenOf(merchant, { cardNumber: '4242424242424242' });
    expect(await pay(merchant, token)).toMatchObject({ responseCode: '65566' });
  });

  it('is given to the frames of this server, and to no other page', async () => {
    const merchant = newMerchant();
    expect((await tokenise(merchant, {}, 'https://shop.example')).status).toBe(403);
    expect((await tokenise(merchant, {}, 'https://stand-in.example')).status).toBe(200);
  });

  it.each([
    ['cardNumber', '4929421234600822'],
    ['cardExpiryDate', '02/26'],
    ['cardExpiryDate', '1/30'],
    ['cardCVV', '35'],
  ])('is not given for the %s %s', async (name, value) => {
    const { text } = await tokenise(newMerchant(), { [name]: value });
    expect(JSON.parse(text)).toMatchObject({
      success: false,
      invalid: { [name]: expect.any(String) },
    });
  });
});
