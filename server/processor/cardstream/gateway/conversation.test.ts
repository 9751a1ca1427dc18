/**
 * The conversation that Pixxles recorded on 16 November 2022 (integration guide, README.md), held with
 * the stand-in: a browser's own forms carry the messages, and every field that was noted is there.
 */
import { describe, expect, it } from 'vitest';
import { newMerchant, SECURE, signatureOf, type Received } from './merchant.case';
import { readMessage } from './three_d_secure';

type Pairs = readonly (readonly [string, string])[];

const merchant = newMerchant(SECURE);
const secret = SECURE.secret ?? '';

/** Posted in the order given: within a record that is part of the signature. */
async function post(pairs: Pairs): Promise<Received> {
  const all = [...pairs, ['signature', signatureOf(pairs, secret)] as const];
  const body = new URLSearchParams(all.map(([name, value]): [string, string] => [name, value]));
  const received = await merchant.postRaw(body.toString());
  expect(received.fields['signature']).toBe(signatureOf(received.pairs, secret));
  return received;
}

const partsOf = ({ pairs }: Received, root: string): Pairs =>
  pairs
    .filter(([name]) => name.startsWith(`${root}[`))
    .map(([name, value]) => [name.slice(root.length + 1, -1), value]);

const sent = (root: string, parts: Pairs): Pairs =>
  parts.map(([name, value]) => [`${root}[${name}]`, value]);

interface Form {
  readonly action: string;
  readonly fields: Pairs;
}

/** What the browser does: posts the fields to the page, and gets a form in return. */
async function browse(url: string, fields: Pairs): Promise<Form> {
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]));
  const response = await merchant.gateway.app.request(url, { method: 'POST', body });
  expect(response.status).toBe(200);
  const html = (await response.text()).replaceAll('&amp;', '&');
  const [, action = ''] = /<form method="post" action="([^"]*)"/.exec(html) ?? [];
  const inputs = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return { action, fields: [...inputs].map(([, name = '', value = '']) => [name, value]) };
}

const REQUEST: Pairs = [
  ['merchantID', '100856'],
  ['action', 'SALE'],
  ['type', '1'],
  ['transactionUnique', 'order 12345'],
  ['orderRef', 'Test'],
  ['currencyCode', 'GBP'],
  ['amount', '100'],
  ['cardNumber', '4929421234600821'],
  ['cardExpiryMonth', '12'],
  ['cardExpiryYear', '27'],
  ['cardCVV', '356'],
  ['customerName', 'Test Customer'],
  ['customerAddress', 'Flat 6, Primrose Rise, 347 Lavender Road, Northampton'],
  ['customerPostCode', 'NN17 8YG'],
  ['customerCounty', ''],
  ['acs', '1'],
  ['remoteAddress', '192.0.2.1'],
  ['threeDSRedirectURL', 'https://shop.example/return?order=1'],
  ['deviceChannel', 'browser'],
  ['deviceIdentity', 'Mozilla/5.0 (X11; Linux x86_64)'],
  ['deviceTimeZone', '0'],
  ['deviceCapabilities', 'javascript'],
  ['deviceScreenResolution', '1920x1080x24'],
  ['deviceAcceptContent', 'text/html'],
  ['deviceAcceptEncoding', 'gzip'],
  ['deviceAcceptLanguage', 'en-GB'],
  ['deviceAcceptCharset', ''],
];

describe('the recorded conversation', () => {
  it('is held', async () => {
    const first = await post(REQUEST);
    expect(first.fields).toMatchObject({
      responseCode: '65802',
      responseMessage: '3DS authentication required',
      responseStatus: '2',
      state: 'received',
      currencyCode: '826',
      countryCode: '826',
      customerPostCode: 'NN17 8YG',
      customerPostcode: 'NN17 8YG',
      acs: '1',
      threeDSEnabled: 'Y',
      threeDSEnrolled: 'Y',
      threeDSCheck: 'not checked',
      threeDSResponseCode: '65802',
      threeDSVersion: '2.1.0',
      threeDSURL: 'https://stand-in.example/acs?method',
      'threeDSDetails[fallback]': 'N',
      'threeDSDetails[psd2Region]': 'Y',
      threeDSVETimestamp: '2026-03-10 12:00:00',
      amountRetained: '0',
    });
    expect(first.fields).not.toHaveProperty('customerCounty');
    expect(first.fields).not.toHaveProperty('deviceAcceptCharset');
    const methodData = partsOf(first, 'threeDSRequest');
    expect(readMessage(methodData[0]?.[1] ?? '')).toEqual({
      threeDSMethodNotificationURL: 'https://shop.example/return?order=1&threeDSAcsResponse=method',
      threeDSServerTransID: first.fields['threeDSXID'],
    });

    const looked = await browse('/acs?method', methodData);
    expect(looked.action).toBe('https://shop.example/return?order=1&threeDSAcsResponse=method');
    expect(looked.fields.map(([name]) => name)).toEqual(['threeDSMethodData']);
    const second = await post([
      ['merchantID', '100856'],
      ['action', 'SALE'],
      ['threeDSRef', first.fields['threeDSRef'] ?? ''],
      ...sent('threeDSResponse', looked.fields),
    ]);
    expect(second.fields).toMatchObject({
      responseCode: '65802',
      state: 'received',
      xref: first.fields['xref'],
      transactionID: first.fields['transactionID'],
      threeDSURL: 'https://stand-in.example/acs',
      'threeDSDetails[transactionStatus]': 'C',
      threeDSCATimestamp: '2026-03-10 12:00:00',
      'threeDSResponse[threeDSMethodData]': looked.fields[0]?.[1],
    });
    expect(second.fields['threeDSRef']).not.toBe(first.fields['threeDSRef']);
    const creq = partsOf(second, 'threeDSRequest');
    expect(readMessage(creq[0]?.[1] ?? '')).toMatchObject({
      messageType: 'CReq',
      messageVersion: '2.1.0',
      threeDSServerTransID: first.fields['threeDSXID'],
    });

    const asked = await browse('/acs', [...creq, ['threeDSSessionData', 'c2Vzc2lvbg==']]);
    expect(asked.action).toBe('/acs/answer');
    const answered = await browse(asked.action, [...asked.fields, ['status', 'Y']]);
    expect(answered.action).toBe(
      'https://shop.example/return?order=1&threeDSAcsResponse=challenge',
    );
    expect(answered.fields.map(([name]) => name)).toEqual(['cres', 'threeDSSessionData']);
    expect(readMessage(answered.fields[0]?.[1] ?? '')).toMatchObject({
      messageType: 'CRes',
      transStatus: 'Y',
      challengeCompletionInd: 'Y',
    });
    const third = await post([
      ['merchantID', '100856'],
      ['action', 'SALE'],
      ['threeDSRef', second.fields['threeDSRef'] ?? ''],
      ...sent('threeDSResponse', answered.fields),
    ]);
    expect(third.fields).toMatchObject({
      responseCode: '0',
      responseStatus: '0',
      state: 'captured',
      xref: first.fields['xref'],
      amountReceived: '100',
      threeDSAuthenticated: 'Y',
      threeDSECI: '05',
      threeDSCAVV: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/),
      threeDSCheck: 'authenticated',
      threeDSResponseCode: '0',
      threeDSResponseMessage: 'Successfully authenticated',
      'threeDSDetails[transactionStatus]': 'Y',
      'threeDSDetails[eci]': '05',
      'threeDSDetails[interactionCounter]': '01',
      avscv2ResponseCode: '222100',
    });
  });

  it('fails as recorded five days before', async () => {
    const failing = REQUEST.map(([name, value]) => {
      if (name === 'cardExpiryMonth') return [name, '07'] as const;
      return [name, name === 'transactionUnique' ? 'order 12346' : value] as const;
    });
    const first = await post(failing);
    const second = await post([
      ['merchantID', '100856'],
      ['action', 'SALE'],
      ['threeDSRef', first.fields['threeDSRef'] ?? ''],
      ['threeDSResponse[threeDSMethodData]', 'timeout'],
    ]);
    expect(second.fields).toMatchObject({
      responseCode: '65803',
      responseMessage: '3DS DECLINED',
      responseStatus: '2',
      state: 'finished',
      threeDSAuthenticated: 'E',
      threeDSResponseCode: '65800',
      threeDSResponseMessage: '3DS authentication error',
      threeDSCheck: 'not known',
      'threeDSDetails[transactionStatus]': 'E',
      'threeDSDetails[transactionStatusReason]': 'Unknown error',
      acs: '1',
    });
  });

  it('shows nothing to whoever brings nothing', async () => {
    for (const url of ['/acs', '/acs?method', '/acs/answer']) {
      const body = new URLSearchParams({ creq: 'x', threeDSMethodData: 'x', acsTransID: 'x' });
      const response = await merchant.gateway.app.request(url, { method: 'POST', body });
      expect(response.status).toBe(404);
    }
  });
});
