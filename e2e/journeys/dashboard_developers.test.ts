/** A developer and their money, in a browser: payments, keys, webhooks, events and logs. */
import type { Page } from 'playwright';
import postgres from 'postgres';
import { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_TIMEOUT_MS } from '@/e2e/support/browser';
import {
  barriersOf,
  openDashboard,
  picture,
  THEMES,
  WIDTHS,
  type Dashboard,
} from '@/e2e/support/dashboard';
import { startReceiver, type Receiver } from '@/e2e/support/receiver';

let dashboard: Dashboard;
let stripe: Stripe;
let receiver: Receiver;
let page: Page;

beforeAll(async () => {
  [dashboard, receiver] = await Promise.all([openDashboard(), startReceiver()]);
  ({ stripe } = dashboard);
}, BROWSER_TIMEOUT_MS);
afterAll(async () => {
  receiver.close();
  await dashboard.stop();
});
afterEach(() => page.close());

const rows = (name: string) => page.getByRole('table', { name }).locator('tbody tr');
const heading = () => page.getByRole('heading', { level: 1 });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog').or(page.getByRole('alertdialog'));
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });

/** As soon as the page says so. */
const says = (text: string | RegExp) => page.getByText(text, { exact: true }).first().waitFor();

const pay = (
  payment_method = 'pm_card_visa',
  more: Partial<Stripe.PaymentIntentCreateParams> = {},
) =>
  stripe.paymentIntents.create({
    amount: 4_250,
    currency: 'gbp',
    payment_method,
    allowed_payment_method_types: ['card'],
    confirm: true,
    ...more,
  });

/** The official SDK with a key of its own, which tries once. */
const clientWith = (key: string): Stripe =>
  new Stripe(key, {
    host: '127.0.0.1',
    port: dashboard.server.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });

/** A client by a standard key of that name, which is made in the browser as any other. */
async function clientOf(name: string): Promise<Stripe> {
  page = await dashboard.visit('api-keys');
  await button('Create API key').click();
  await dialog().getByLabel('Name').fill(name);
  await inDialog('Create API key').click();
  const client = clientWith(await dialog().locator('code').innerText());
  await page.close();
  return client;
}

describe('a payment', () => {
  it('appears when it is taken, and is refunded in part and then whole', async () => {
    await pay();
    page = await dashboard.visit('payments');
    const { id } = await pay('pm_card_mastercard', { description: 'Out of the blue' });
    await rows('Payments').filter({ hasText: 'Out of the blue' }).getByRole('link').click();
    await page.waitForURL(`**/payments/${id}`);
    await says('Approved');
    await button('Refund').click();
    await dialog().getByLabel('Amount').fill('10.00');
    await inDialog('Refund payment').click();
    await says('Partly refunded');
    await button('Refund').click();
    expect(await dialog().getByLabel('Amount').inputValue()).toBe('32.50');
    await inDialog('Refund payment').click();
    await dialog().waitFor({ state: 'detached' });
    const { data } = await stripe.refunds.list({ payment_intent: id });
    expect(data.map(({ amount }) => amount)).toEqual([3_250, 1_000]);
    await button('Refund').waitFor({ state: 'detached' });
  });

  it('says why the bank declined it', async () => {
    await pay('pm_card_chargeDeclinedInsufficientFunds').catch(() => undefined);
    page = await dashboard.visit('payments?state=failed');
    // Behind its status, for the keyboard as for the pointer.
    await rows('Payments').first().getByRole('link').focus();
    await page.keyboard.press('Tab');
    await page.getByRole('tooltip').getByText('insufficient_funds').waitFor();
    await rows('Payments').first().getByRole('link').click();
    await says('insufficient_funds');
    await says('Declined');
  });

  it('that was disputed is listed as such, and leads to its dispute', async () => {
    const { id } = await pay('pm_card_createDispute');
    page = await dashboard.visit('payments');
    await button('Disputed').click();
    await page.waitForURL(/state=disputed/);
    await rows('Payments').getByRole('link').first().click();
    await page.waitForURL(`**/payments/${id}`);
    await rows('Disputes').getByRole('link').click();
    await page.waitForURL(/\/disputes\/du_\w+$/);
  });

  it('is captured in part, or cancelled', async () => {
    const [taken, left] = await Promise.all([
      pay('pm_card_visa', { capture_method: 'manual' }),
      pay('pm_card_visa', { capture_method: 'manual' }),
    ]);
    page = await dashboard.visit(`payments/${taken.id}`);
    await button('Capture').click();
    await dialog().getByLabel('Amount').fill('20');
    await inDialog('Capture payment').click();
    await says('Payment captured');
    expect(await stripe.paymentIntents.retrieve(taken.id)).toMatchObject({
      status: 'succeeded',
      amount_received: 2_000,
    });
    await page.goto(`${dashboard.home}/payments/${left.id}`);
    await button('Cancel payment').click();
    await inDialog('Cancel payment').click();
    await says('Payment cancelled');
    expect(await stripe.paymentIntents.retrieve(left.id)).toMatchObject({ status: 'canceled' });
  });
});

describe('an API key', () => {
  it('is created, used and revoked, and then refused', async () => {
    page = await dashboard.visit('api-keys');
    await button('Create API key').click();
    await dialog().getByLabel('Name').fill('Warehouse');
    await dialog().getByLabel('Restricted').click();
    await dialog().getByLabel('Customers: Read').check();
    await inDialog('Create API key').click();
    const key = await dialog().locator('code').innerText();
    expect(key).toMatch(/^rk_test_\w{24}$/);
    const client = clientWith(key);
    await client.customers.list();
    await expect(client.customers.create({})).rejects.toMatchObject({ statusCode: 403 });
    await inDialog('I have kept it').click();
    expect(await page.content()).not.toContain(key);

    await rows('API keys').getByRole('link', { name: 'Warehouse' }).click();
    await button('Revoke').click();
    expect(await inDialog('Revoke API key').isDisabled()).toBe(true);
    await page.keyboard.type('Warehouse');
    await inDialog('Revoke API key').click();
    await says('Revoked');
    await expect
      .poll(
        () =>
          client.customers
            .list()
            .then(String, ({ statusCode }: { statusCode: number }) => statusCode),
        {
          timeout: 5_000,
        },
      )
      .toBe(401);
  });

  it('is rolled, and the old one is good until its time is over', async () => {
    const old = await clientOf('Rolled');
    page = await dashboard.visit('api-keys');
    await rows('API keys').getByRole('link', { name: 'Rolled' }).click();
    await page.waitForURL(/\/api-keys\/key_\w+$/);
    await button('Roll').click();
    await inDialog('Roll API key').click();
    const key = await dialog().locator('code').innerText();
    expect(key).toMatch(/^sk_test_\w{24}$/);
    await inDialog('I have kept it').click();
    await says('Replaced by');
    await Promise.all([clientWith(key).customers.list(), old.customers.list()]);
    await button('Roll').waitFor({ state: 'detached' });
  });
});

describe('a webhook endpoint', () => {
  it('is added, fails, and is sent again what it missed', async () => {
    page = await dashboard.visit('webhooks');
    await page.waitForLoadState('networkidle');
    await button('Add endpoint').click();
    await dialog().getByLabel('URL').fill(`${receiver.url}/orders`);
    await dialog().getByLabel('Search events').fill('customer.created');
    await dialog().getByLabel('customer.created', { exact: true }).click();
    await inDialog('Add endpoint').click();
    await page.waitForURL(/\/webhooks\/we_\w+$/);
    await button('Reveal').click();
    const secret = await page.getByRole('figure', { name: 'signing secret' }).innerText();
    receiver.expectAt('/orders', secret.trim());

    receiver.behave(() => 500);
    const { id } = await stripe.customers.create({ name: 'Missed' });
    await rows('Deliveries').first().getByRole('button').click();
    await dialog().getByText('500').waitFor();
    receiver.behave(() => 200);
    await inDialog('Resend').click();
    const { event } = await receiver.arrival(({ path }) => path === '/orders');
    expect(event.data.object).toMatchObject({ id });
    await dialog().getByText('Succeeded').waitFor();
    await inDialog('Close').click();

    await button('Send test event').click();
    await dialog().getByLabel('Type').click();
    await page.getByRole('option', { name: 'customer.created', exact: true }).click();
    await inDialog('Send').click();
    await expect.poll(() => receiver.deliveries.length).toBe(2);
  });

  it('is sent again all that was given up in a time', async () => {
    receiver.behave(() => 500);
    const { id, secret } = await stripe.webhookEndpoints.create({
      url: `${receiver.url}/given-up`,
      enabled_events: ['product.created'],
    });
    receiver.expectAt('/given-up', secret ?? '');
    const products = await Promise.all(
      ['Tea', 'Coffee'].map((name) => stripe.products.create({ name })),
    );
    page = await dashboard.visit(`webhooks/${id}`);
    await rows('Deliveries').nth(1).waitFor();
    await giveUp(id);
    receiver.behave(() => 200);
    const before = receiver.deliveries.length;
    await button('Resend failed').click();
    await dialog().getByLabel('Until').fill('2020-01-01');
    await inDialog('Apply').click();
    await says('No delivery had failed then');
    await button('Resend failed').click();
    await inDialog('Today').click();
    await says('2 deliveries sent again');
    await expect.poll(() => receiver.deliveries.length).toBe(before + 2);
    const sent = receiver.deliveries.slice(before).map(({ event }) => event.data.object);
    expect(sent).toEqual(
      expect.arrayContaining(
        products.map(({ id: product }) => expect.objectContaining({ id: product })),
      ),
    );
  });
});

/** As after three days of tries: that time cannot be travelled in a server that runs. */
async function giveUp(endpoint: string): Promise<void> {
  const sql = postgres(dashboard.server.databaseUrl, { max: 1 });
  const pending = () => sql`select from webhook_deliveries
    where endpoint = ${endpoint} and status = 'pending' and attempts > 0`;
  await expect.poll(async () => (await pending()).length).toBe(2);
  await sql`update webhook_deliveries set status = 'failed', next_attempt_at = null
    where endpoint = ${endpoint}`;
  await sql.end();
}

describe('a request', () => {
  it('is found by its path, with what was asked and answered', async () => {
    const { id } = await stripe.customers.create({ name: 'Logged' });
    page = await dashboard.visit(`logs?path=/v1/customers&method=POST&object=${id}`);
    // Logs are written in batches, after the answers.
    const found = rows('Logs').getByRole('link', { name: 'POST /v1/customers' });
    await expect.poll(async () => page.reload().then(() => found.count())).toBe(1);
    await found.click();
    await page.getByRole('figure', { name: 'request body' }).getByText('Logged').waitFor();
    await page.getByRole('link', { name: id }).click();
    await heading().getByText('Logged').waitFor();
  });
});

describe('an event', () => {
  it('shows what a change changed', async () => {
    const { id } = await stripe.customers.create({ name: 'Ada Byron' });
    await stripe.customers.update(id, { name: 'Ada King' });
    page = await dashboard.visit(`events?object=${id}&type=customer.updated`);
    await rows('Events').getByRole('link').click();
    const change = rows('Changes').filter({ hasText: 'name' });
    expect(await change.first().innerText()).toMatch(/Ada Byron\s+Ada King/);
  });
});

/** TABLE: the rooms, and what their table is called. */
const ROOMS = [
  ['payments', 'Payments'],
  ['events', 'Events'],
  ['webhooks', 'Webhooks'],
  ['api-keys', 'API keys'],
  ['logs', 'Logs'],
] as const;

describe.each(WIDTHS)('at %i pixels', (width) => {
  describe.each(THEMES)('in the %s theme', (theme) => {
    it.each(ROOMS)('nothing is in the way of anybody in %s', async (room, table) => {
      const look = { width, theme };
      page = await dashboard.visit(room, look);
      await rows(table).first().getByRole('link').waitFor();
      await picture(page, room, look);
      expect(await barriersOf(page)).toEqual([]);
      await rows(table).first().getByRole('link').click();
      await page.waitForURL(new RegExp(`/${room}/\\w+$`));
      await page.waitForLoadState('networkidle');
      await picture(page, `${room}-one`, look);
      expect(await barriersOf(page)).toEqual([]);
    });
  });
});
