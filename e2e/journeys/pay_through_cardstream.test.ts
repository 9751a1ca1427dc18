/**
 * A payer at a merchant whose cards are taken by Cardstream: the card typed into the gateway's own
 * fields, the issuer's pages in a frame of ours, and back to the shop. The gateway is its stand-in.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright';
import type { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BROWSER_TIMEOUT_MS, startBrowser } from '@/e2e/support/browser';
import { OWNER } from '@/e2e/support/dashboard';
import { PUBLISHABLE_KEY, startProcess, type ServerProcess } from '@/e2e/support/process';
import { startServer, type TestServer } from '@/e2e/support/server';
import { strictStripe } from '@/e2e/support/stripe';
import { newBrowser } from '@/server/testing/browser';
import { SECURE_ACCOUNT, startGateway, type TestGateway } from '@/server/testing/gateway';

const ENV = { CALMONY_OWNER_EMAIL: OWNER.email, CALMONY_OWNER_PASSWORD: OWNER.password };

/** The month in which a card expires is what 3-D Secure makes of it there. */
const [FRICTIONLESS, ASKED] = ['01', '12'];

let gateway: TestGateway;
/** Keeps the database; the process may be another by the end. */
let home: TestServer;
let server: ServerProcess;
let stripe: Stripe;
let shop: Server;
let browser: Browser;
let page: Page;
/** What the browser complained of, such as what a page's own security policy forbids. */
let complaints: string[];

beforeAll(async () => {
  [gateway, home, browser] = await Promise.all([startGateway(), startServer(ENV), startBrowser()]);
  server = home;
  stripe = strictStripe(server);
  shop = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<title>Shop</title><p>Thank you.</p>');
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  await openAccount();
}, BROWSER_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  shop.close();
  if (server !== home) await server.stop();
  await home.stop().catch(() => undefined);
  await gateway.stop();
});
beforeEach(async () => {
  complaints = [];
  page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
});
afterEach(() => page.close());

/** The owner puts in the credentials, as in the dashboard. */
async function openAccount(): Promise<void> {
  const owner = newBrowser(
    async (request) => {
      const { pathname, search } = new URL(request.url);
      return fetch(new Request(`${server.url}${pathname}${search}`, request));
    },
    { origin: server.url },
  );
  expect(await owner.signIn(OWNER.email, OWNER.password)).toBeNull();
  const { id: account } = await stripe.accounts.retrieveCurrent();
  await owner.api({ account }).dashboard.processorAccounts.create.mutate({
    merchant_id: SECURE_ACCOUNT.merchantID,
    secret: SECURE_ACCOUNT.secret ?? '',
    base_url: gateway.url,
    three_d_secure: true,
  });
}

const shopUrl = () => `http://127.0.0.1:${(shop.address() as AddressInfo).port}/done`;

/** Fills the gateway's fields in, and ours. */
async function fillFields(month: string, cvv = '356'): Promise<void> {
  const type = (frame: string, text: string) =>
    page.frameLocator(`iframe[title="${frame}"]`).locator('input').fill(text);
  await type('Card number', '4929 4212 3460 0821');
  await type('Expiry date', `${month}/28`);
  await type('Security code', cvv);
  await page.getByLabel('Name on the card').fill('Ada Lovelace');
  await page.getByLabel('Postcode').fill('NN17 8YG');
}

/** Types the card on the page with the gateway's fields. Answers the payment method that it became. */
async function typeCard(month: string, cvv = '356'): Promise<string> {
  await page.goto(`${server.url}/card-fields?key=${PUBLISHABLE_KEY}`);
  await fillFields(month, cvv);
  await page.getByRole('button', { name: 'Save the card' }).click();
  const said = page.locator('output[data-payment-method]');
  await said.waitFor();
  return (await said.getAttribute('data-payment-method')) ?? '';
}

/** A payment with a card that was typed; the payer is where the intent sends them. */
async function pay(
  month: string,
  over: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> {
  const payment_method = await typeCard(month);
  const intent = await stripe.paymentIntents.create({
    amount: 1_250,
    currency: 'gbp',
    payment_method,
    confirm: true,
    return_url: shopUrl(),
    ...over,
  });
  expect(intent.status).toBe('requires_action');
  await page.goto(intent.next_action?.redirect_to_url?.url ?? '');
  return intent;
}

const issuer = () => page.frameLocator('iframe[name="issuer"]');

const answer = (name: string) => issuer().getByRole('button', { name }).click();

describe('a card that is typed into the fields of the gateway', () => {
  it('becomes a payment method, with what its issuer found', async () => {
    const id = await typeCard(ASKED);
    const method = await stripe.paymentMethods.retrieve(id);
    expect(method).toMatchObject({
      card: {
        brand: 'visa',
        last4: '0821',
        exp_month: 12,
        exp_year: 2028,
        country: 'GB',
        funding: 'credit',
        checks: { cvc_check: 'pass', address_postal_code_check: 'pass' },
      },
      billing_details: { name: 'Ada Lovelace' },
    });
    expect(complaints).toEqual([]);
  });

  it('is told what is wrong with it where it was typed', async () => {
    await page.goto(`${server.url}/card-fields?key=${PUBLISHABLE_KEY}`);
    await page.getByRole('button', { name: 'Save the card' }).click();
    await page.getByText('Enter a card number.').waitFor();
  });
});

describe('paying with a card that must be authenticated', () => {
  it('succeeds, and leads back to the shop', async () => {
    const { id, client_secret } = await pay(ASKED);
    await answer('Complete authentication');
    await page.waitForURL(`${shopUrl()}?**`);
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      payment_intent: id,
      payment_intent_client_secret: client_secret,
      redirect_status: 'succeeded',
    });
    const paid = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 1_250 });
    const charge = paid.latest_charge as Stripe.Charge;
    expect(charge.payment_method_details?.card?.three_d_secure).toMatchObject({
      authentication_flow: 'challenge',
      electronic_commerce_indicator: '05',
      result: 'authenticated',
    });
    const taken = await gateway.books({
      merchant_id: SECURE_ACCOUNT.merchantID,
      state: 'captured',
    });
    expect(taken).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  it('goes through without a word where the issuer knows enough', async () => {
    const { id } = await pay(FRICTIONLESS);
    await page.waitForURL(/redirect_status=succeeded/);
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'succeeded' });
  });

  it('fails where the payer fails, and leaves the payment open for another card', async () => {
    const { id } = await pay(ASKED);
    await answer('Fail authentication');
    await page.waitForURL(/redirect_status=failed/);
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
  });

  it('waits for a payer who leaves, and takes nothing', async () => {
    const { id } = await pay(ASKED);
    await issuer().getByRole('button', { name: 'Complete authentication' }).waitFor();
    await page.goto('about:blank');
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'requires_action' });
    const canceled = await stripe.paymentIntents.cancel(id);
    expect(canceled.status).toBe('canceled');
    await page.goBack();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Payment canceled');
  });

  it('goes on where it was, when the payer comes back after our process was killed', async () => {
    const { id } = await pay(ASKED);
    await issuer().getByRole('button', { name: 'Complete authentication' }).waitFor();
    const at = page.url();
    const { port } = server;
    await server.kill();
    server = await startProcess({ databaseUrl: home.databaseUrl, port, env: ENV });
    stripe = strictStripe(server);
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'requires_action' });
    await page.goto(at);
    await answer('Complete authentication');
    await page.waitForURL(/redirect_status=succeeded/);
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'succeeded' });
  });

  it.each([320, 1_440])('needs no scrolling sideways at %i pixels', async (width) => {
    await page.setViewportSize({ width, height: 740 });
    await pay(ASKED);
    await issuer().getByRole('button', { name: 'Complete authentication' }).waitFor();
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
  });
});

describe('an invoice', () => {
  it('is paid on its page by a card that is typed into the fields of the gateway', async () => {
    const customer = await stripe.customers.create({ name: 'Ada Lovelace' });
    const { id } = await stripe.invoices.create({ customer: customer.id, auto_advance: false });
    const item = { customer: customer.id, invoice: id, currency: 'gbp', amount: 1_250 };
    await stripe.invoiceItems.create(item);
    const invoice = await stripe.invoices.finalizeInvoice(id);
    await page.goto(invoice.hosted_invoice_url ?? '');
    await page.getByRole('button', { name: 'Pay £12.50 with a card' }).click();
    await fillFields(ASKED);
    await page.getByRole('button', { name: 'Pay £12.50' }).click();
    await answer('Complete authentication');
    await page.waitForURL(/\/invoice\//);
    await page.getByText(/^Paid on/).waitFor();
    expect(await stripe.invoices.retrieve(id)).toMatchObject({
      status: 'paid',
      amount_paid: 1_250,
    });
    const { data } = await stripe.customers.listPaymentMethods(customer.id);
    expect(data).toMatchObject([{ billing_details: { name: 'Ada Lovelace' } }]);
    expect(complaints).toEqual([]);
  });
});

describe('a card that was saved', () => {
  it('is charged again by its merchant alone, and given back', async () => {
    const customer = await stripe.customers.create({ name: 'Ada Lovelace' });
    const { id } = await pay(ASKED, { customer: customer.id, setup_future_usage: 'off_session' });
    await answer('Complete authentication');
    await page.waitForURL(/redirect_status=succeeded/);
    const first = await stripe.paymentIntents.retrieve(id);
    const again = await stripe.paymentIntents.create({
      amount: 1_100,
      currency: 'gbp',
      customer: customer.id,
      payment_method: String(first.payment_method),
      off_session: true,
      confirm: true,
    });
    expect(again.status).toBe('succeeded');
    const refund = await stripe.refunds.create({ payment_intent: again.id, amount: 100 });
    expect(refund.status).toBe('succeeded');
    const rest = await stripe.refunds.create({ payment_intent: again.id });
    expect(rest).toMatchObject({ status: 'succeeded', amount: 1_000 });
  });
});
