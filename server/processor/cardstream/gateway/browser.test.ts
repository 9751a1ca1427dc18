/**
 * A payer's browser at the stand-in: hosted fields in a shop's page, and the issuer's pages in its
 * frames. Whatever the browser sends to the shop is written down.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BROWSER_TIMEOUT_MS, startBrowser } from '@/e2e/support/browser';
import { SECURE_ACCOUNT, startGateway, type TestGateway } from '@/server/testing/gateway';
import {
  DEVICE,
  newReference,
  pairsOf,
  signatureOf,
  toReceived,
  type Values,
} from './merchant.case';

let gateway: TestGateway;
let shop: Server;
let browser: Browser;
let page: Page;
let complaints: string[];
/** What the shop was sent, as it came. */
let heard: string[];
/** The page that the shop shows next. */
let shown = '';

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

async function answer(request: IncomingMessage): Promise<string> {
  heard.push(`${request.method} ${request.url} ${await bodyOf(request)}`);
  return request.url === '/pay' ? shown : '<title>Shop</title><p>Thank you.</p>';
}

beforeAll(async () => {
  [gateway, browser] = await Promise.all([startGateway(), startBrowser()]);
  shop = createServer((request, response) => {
    void answer(request).then((text) => response.setHeader('content-type', 'text/html').end(text));
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
}, BROWSER_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  shop.close();
  await gateway.stop();
});
beforeEach(async () => {
  complaints = [];
  heard = [];
  page = await browser.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
});
afterEach(() => page.close());

const shopUrl = (): string => `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;

async function send(fields: Values): Promise<Readonly<Record<string, string>>> {
  const pairs = pairsOf({ merchantID: SECURE_ACCOUNT.merchantID, ...fields });
  const signature = signatureOf(pairs, SECURE_ACCOUNT.secret ?? '');
  const body = new URLSearchParams({ ...Object.fromEntries(pairs), signature });
  const response = await fetch(`${gateway.url}/direct/`, { method: 'POST', body });
  return toReceived(response.status, await response.text()).fields;
}

const newPayment = (): Values => ({
  action: 'SALE',
  type: 1,
  amount: 1_234,
  currencyCode: 'GBP',
  transactionUnique: newReference(),
});

const NUMBER = '4929421234600821';

/** A form as a shop has it; `script` makes the fields. */
const formPage = (script: string, fields = FIELDS): string => `<!doctype html><title>Pay</title>
  <form id="payment" method="post" action="/paid">
    <input type="hidden" name="merchantID" value="${SECURE_ACCOUNT.merchantID}">
    ${fields}
    <button>Pay</button>
  </form>
  <script src="${gateway.url}/sdk/web/v1/js/hostedfields.min.js"></script>
  <script>${script}</script>`;

const FIELDS = `
  <label for="number">Number</label>
  <input id="number" type="hostedfield:cardNumber" style="font-size: 18px">
  <label for="expiry">Expiry</label> <input id="expiry" type="hostedfield:cardExpiryDate">
  <label for="code">Code</label> <input id="code" type="hostedfield:cardCVV">`;

const AUTOMATIC = `new hostedFields.classes.Form(document.getElementById('payment'));`;

const fill = async (title: string, name: string, value: string): Promise<void> => {
  await page.frameLocator(`iframe[title="${title}"]`).locator(`input[name="${name}"]`).fill(value);
};

const fillAll = async (): Promise<void> => {
  await fill('Number', 'cardNumber', '4929 4212 3460 0821');
  await fill('Expiry', 'cardExpiryDate', '12/30');
  await fill('Code', 'cardCVV', '356');
};

/** What the shop was posted at an address. */
const posted = (path: string): URLSearchParams | null => {
  const line = heard.find((one) => one.startsWith(`POST ${path} `));
  return line === undefined ? null : new URLSearchParams(line.slice(`POST ${path} `.length));
};

describe('hosted fields', () => {
  it('give the shop a token, and never the card', async () => {
    shown = formPage(AUTOMATIC);
    await page.goto(`${shopUrl()}/pay`);
    await fillAll();
    await page.getByRole('button', { name: 'Pay' }).click();
    await page.waitForURL('**/paid');

    const token = posted('/paid')?.get('paymentToken') ?? '';
    expect(JSON.parse(Buffer.from(token, 'base64').toString())).toEqual({
      paymentToken: { method: 'card', resource: 'store', id: expect.any(Number) },
    });
    for (const secret of [NUMBER, '4929 4212', '4929+4212', '356']) {
      expect(heard.join('\n').replaceAll(token, '')).not.toContain(secret);
    }
    const payment = { ...newPayment(), paymentToken: token, threeDSRequired: 'N' };
    expect(await send(payment)).toMatchObject({
      responseCode: '0',
      cardNumberMask: '492942******0821',
      cardExpiryDate: '1230',
      cv2Check: 'matched',
    });
    // It is good once; the same request again is a duplicate, though, and says so.
    expect(await send(payment)).toMatchObject({ responseCode: '65554' });
    const other = { ...payment, transactionUnique: newReference() };
    expect(await send(other)).toMatchObject({ responseCode: '66479' });
    expect(complaints).toEqual([]);
  });

  it('say what is wrong with what was typed, and send nothing', async () => {
    shown = formPage(`
      const form = document.getElementById('payment');
      form.addEventListener('hostedform:invalid', ({ detail }) => { window.detail = detail; });
      window.fields = new hostedFields.classes.Form(form);`);
    await page.goto(`${shopUrl()}/pay`);
    await fill('Number', 'cardNumber', '4929421234600822');
    await fill('Expiry', 'cardExpiryDate', '13/30');
    await page.getByRole('button', { name: 'Pay' }).click();
    await page.waitForFunction(() => 'detail' in window);
    expect(await page.evaluate(() => (window as unknown as { detail: object }).detail)).toEqual({
      success: false,
      message: 'Some fields are not valid.',
      errors: {},
      invalid: {
        cardNumber: 'Enter a card number.',
        cardExpiryDate: 'Enter a date to come, as MM/YY.',
        cardCVV: 'Enter the security code.',
      },
    });
    const number = page.frameLocator('iframe[title="Number"]');
    await number
      .getByRole('alert')
      .filter({ hasText: 'Enter a card number.' })
      .waitFor({ state: 'attached' });
    expect(posted('/paid')).toBeNull();

    await fillAll();
    // Return in a field sends the form, as it does everywhere.
    await page.frameLocator('iframe[title="Code"]').locator('input').press('Enter');
    await page.waitForURL('**/paid');
    expect(posted('/paid')?.has('paymentToken')).toBe(true);
  });

  it('are asked by hand, in one field for all', async () => {
    shown = formPage(
      `window.fields = new hostedFields.classes.Form(document.getElementById('payment'), {
        autoSubmit: false, merchantID: '${SECURE_ACCOUNT.merchantID}' });`,
      `<input type="hostedfield:cardDetails" aria-label="Card">`,
    );
    await page.goto(`${shopUrl()}/pay`);
    await fill('Card', 'cardNumber', NUMBER);
    await fill('Card', 'cardExpiryDate', '0131');
    await fill('Card', 'cardCVV', '999');
    const details = await page.evaluate(`fields.getPaymentDetails().then((details) => {
      fields.addPaymentToken(details.paymentToken);
      return details;
    })`);
    expect(details).toMatchObject({ success: true, errors: {}, invalid: {} });
    const token = await page.locator('input[name="paymentToken"]').inputValue();
    expect(details).toMatchObject({ paymentToken: token });
    const payment = { ...newPayment(), paymentToken: token, threeDSRequired: 'N' };
    expect(await send(payment)).toMatchObject({ responseCode: '0', cv2Check: 'not matched' });
  });

  it('refuse a merchant that there is not, and fields that they do not know', async () => {
    shown = formPage(`window.fields = new hostedFields.classes.Form('#payment', {
      autoSubmit: false, merchantID: '1' });`);
    await page.goto(`${shopUrl()}/pay`);
    await fillAll();
    expect(await page.evaluate('fields.getPaymentDetails()')).toMatchObject({
      success: false,
      errors: { merchantID: 'There is no such merchant.' },
    });
    expect(await page.evaluate('fields.getPaymentDetails({ customerName: "A" })')).toMatchObject({
      success: false,
      message: 'The stand-in tokenises cards only.',
    });
  });
});

describe('the issuer', () => {
  /** The shop's page with a frame that posts itself to the issuer, as the guide has it. */
  const frameOf = (answered: Readonly<Record<string, string>>): string => {
    const inputs = Object.entries(answered)
      .filter(([name]) => name.startsWith('threeDSRequest['))
      .map(([name, value]) => {
        const part = name.slice('threeDSRequest['.length, -1);
        return `<input type="hidden" name="${part}" value="${value}">`;
      });
    return `<!doctype html><title>Pay</title><iframe name="acs" title="Your bank"></iframe>
      <form method="post" target="acs" action="${answered['threeDSURL']}">${inputs.join('')}</form>
      <script>document.forms[0].submit()</script>`;
  };

  const heardAt = async (path: string): Promise<URLSearchParams> => {
    await expect.poll(() => posted(path), { timeout: 15_000 }).not.toBeNull();
    return posted(path) ?? new URLSearchParams();
  };

  it.each([
    ['Complete authentication', '0', 'captured'],
    ['Fail authentication', '65803', 'finished'],
  ])('is answered with “%s”', async (button, code, state) => {
    const card = { cardNumber: NUMBER, cardExpiryDate: '1230', cardCVV: '356' };
    const back = { threeDSRedirectURL: `${shopUrl()}/back?payment=7` };
    const first = await send({ ...newPayment(), ...card, ...DEVICE, ...back });
    expect(first['threeDSURL']).toBe(`${gateway.url}/acs?method`);
    shown = frameOf(first);
    await page.goto(`${shopUrl()}/pay`);
    const looked = await heardAt('/back?payment=7&threeDSAcsResponse=method');

    const second = await send({
      action: 'SALE',
      threeDSRef: first['threeDSRef'] ?? '',
      'threeDSResponse[threeDSMethodData]': looked.get('threeDSMethodData') ?? '',
    });
    shown = frameOf(second);
    await page.goto(`${shopUrl()}/pay`);
    const bank = page.frameLocator('iframe[title="Your bank"]');
    expect(await bank.getByRole('definition').allTextContents()).toEqual([
      '£12.34 GBP',
      '•••• 0821',
    ]);
    await bank.getByRole('button', { name: button }).click();
    const answered = await heardAt('/back?payment=7&threeDSAcsResponse=challenge');

    const third = await send({
      action: 'SALE',
      threeDSRef: second['threeDSRef'] ?? '',
      'threeDSResponse[cres]': answered.get('cres') ?? '',
    });
    expect(third).toMatchObject({ responseCode: code, state, xref: first['xref'] });
    expect(complaints).toEqual([]);
  });
});
