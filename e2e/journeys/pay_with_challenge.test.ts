/** A payer whose bank wants to know who pays: from the shop to the bank and back, in a browser. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright';
import type { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BROWSER_TIMEOUT_MS, startBrowser } from '@/e2e/support/browser';
import type { ServerProcess } from '@/e2e/support/process';
import { startServer } from '@/e2e/support/server';
import { strictStripe } from '@/e2e/support/stripe';

let server: ServerProcess;
let stripe: Stripe;
let shop: Server;
let browser: Browser;
let page: Page;
/** What the browser complained of, such as what the page's own security policy forbids. */
let complaints: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  stripe = strictStripe(server);
  shop = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<title>Shop</title><p>Thank you.</p>');
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
}, BROWSER_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  shop.close();
  await server.stop();
});
beforeEach(async () => {
  complaints = [];
  page = await browser.newPage({ viewport: { width: 360, height: 640 } });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
});
afterEach(() => page.close());

const shopUrl = () => `http://127.0.0.1:${(shop.address() as AddressInfo).port}/done`;

/** A payment that the bank wants authenticated, with the browser on the bank's page. */
async function challenged(returnUrl?: string): Promise<Stripe.PaymentIntent> {
  const intent = await stripe.paymentIntents.create({
    amount: 4_250,
    currency: 'gbp',
    payment_method: 'pm_card_threeDSecure2Required',
    confirm: true,
    ...(returnUrl === undefined ? {} : { return_url: returnUrl }),
  });
  expect(intent.status).toBe('requires_action');
  await page.goto(intent.next_action?.redirect_to_url?.url ?? '');
  return intent;
}

const press = (name: string) => page.getByRole('button', { name }).click();

const heading = () => page.getByRole('heading', { level: 1 }).textContent();

describe('paying with a card that must be authenticated', () => {
  it('succeeds, and leads back to the shop', async () => {
    const { id, client_secret } = await challenged(shopUrl());
    expect(await page.getByRole('definition').allTextContents()).toEqual([
      'My project',
      '£42.50',
      'GBP',
      '•••• 3220',
    ]);
    expect(await page.getByText('Test mode').isVisible()).toBe(true);

    await press('Complete authentication');
    await page.waitForURL(`${shopUrl()}?**`);
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      payment_intent: id,
      payment_intent_client_secret: client_secret,
      redirect_status: 'succeeded',
    });
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'succeeded',
      amount_received: 4_250,
    });
    expect(complaints).toEqual([]);
  });

  it('fails where the payer fails, and goes on with another card', async () => {
    const { id } = await challenged(shopUrl());
    await press('Fail authentication');
    await page.waitForURL(/redirect_status=failed/);
    const failed = await stripe.paymentIntents.retrieve(id);
    expect(failed).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    const paid = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(paid.status).toBe('succeeded');
  });

  it('takes one answer from a payer who goes back, and tells how the payment stands', async () => {
    const { id } = await challenged(shopUrl());
    await press('Complete authentication');
    await page.waitForURL(/redirect_status=succeeded/);
    await page.goBack();
    expect(await heading()).toBe('Payment complete');
    expect(await page.getByRole('button').count()).toBe(0);
    await page.reload();
    await page.getByRole('link', { name: 'Return to the shop' }).click();
    await page.waitForURL(/redirect_status=succeeded/);
    const charges = await stripe.charges.list({ payment_intent: id });
    expect(charges.data).toHaveLength(1);
  });

  it('ends at the bank where there is no shop to return to, with the keyboard alone', async () => {
    const { id } = await challenged();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('You may close this window.').waitFor();
    expect(await heading()).toBe('Payment complete');
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'succeeded' });
    expect(complaints).toEqual([]);
  });

  it.each([320, 360, 1_440])('needs no scrolling sideways at %i pixels', async (width) => {
    await page.setViewportSize({ width, height: 640 });
    await challenged(shopUrl());
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
  });
});
