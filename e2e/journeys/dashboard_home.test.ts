/** A merchant looks at how the business goes, sets up a project, and is warned of what goes wrong. */
import postgres from 'postgres';
import type { Page } from 'playwright';
import type { Stripe } from 'stripe';
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

let dashboard: Dashboard;
let stripe: Stripe;
let page: Page;

const AXE_TIMEOUT_MS = 180_000;

beforeAll(async () => {
  dashboard = await openDashboard();
  ({ stripe } = dashboard);
}, BROWSER_TIMEOUT_MS);
afterAll(() => dashboard.stop());
afterEach(() => page.close());

const says = (text: string | RegExp) => page.getByText(text).first().waitFor();
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');

/** The card of a figure, and what stands in it. */
const figure = (title: string) =>
  page.locator('section', { has: page.getByRole('link', { name: title, exact: true }) });
const shows = (title: string, value: string) =>
  figure(title).locator('strong', { hasText: value }).waitFor();

const pay = (amount: number, currency = 'gbp', payment_method = 'pm_card_visa') =>
  stripe.paymentIntents.create({
    amount,
    currency,
    payment_method,
    confirm: true,
  });

describe('a new project', () => {
  it('has a checklist that ticks itself as calls arrive, and payments are seen without a reload', async () => {
    page = await dashboard.visit('');
    await page.getByRole('heading', { name: 'Getting started' }).waitFor();
    await says('0 of 7 done');
    await shows('Gross volume', '£0.00');
    const step = (title: string) => page.getByRole('listitem').filter({ hasText: title });
    await stripe.customers.create({ name: 'Ada Lovelace' });
    await step('Create a customer').getByText('Done:').waitFor();
    await shows('New customers', '1');
    await pay(2_000);
    await step('Take a payment').getByText('Done:').waitFor();
    await step('Make the first call').getByText('Done:').waitFor();
    await shows('Gross volume', '£20.00');
    await pay(550);
    await shows('Gross volume', '£25.50');
    expect(await page.getByText('sk_test_...').count()).toBeGreaterThan(0);

    await button('Dismiss the checklist').click();
    await page.getByRole('heading', { name: 'Getting started' }).waitFor({ state: 'detached' });
    await page.reload();
    await shows('Gross volume', '£25.50');
    expect(await page.getByRole('heading', { name: 'Getting started' }).count()).toBe(0);
  });
});

describe('the figures', () => {
  it('lead to the list of what they count, and keep their range in the address', async () => {
    await pay(700, 'usd');
    await pay(900, 'gbp', 'pm_card_chargeDeclined').catch(() => null);
    page = await dashboard.visit('');
    await button('Today').click();
    await page.waitForURL(/range=today/);
    await shows('Failed payments', '1');
    await page.getByRole('combobox', { name: 'Currency' }).click();
    await page.getByRole('option', { name: 'USD' }).click();
    await page.waitForURL(/currency=usd/);
    await shows('Gross volume', 'US$7.00');
    await page.reload();
    await shows('Gross volume', 'US$7.00');

    await page.getByRole('combobox', { name: 'Currency' }).click();
    await page.getByRole('option', { name: 'GBP' }).click();
    await shows('Failed payments', '1');
    await page.getByRole('link', { name: 'Failed payments', exact: true }).click();
    await page.waitForURL(/payments\?state=failed&created=\d+\.\.\d+/);
    const rows = page.getByRole('table', { name: 'Payments' }).locator('tbody tr');
    await rows.filter({ hasText: '£9.00' }).waitFor();
    expect(await rows.count()).toBe(1);
  });

  it('are of any days that one likes, and say what is wrong with others', async () => {
    page = await dashboard.visit('');
    await button('Custom').click();
    await dialog().getByLabel('From').fill('2026-01-31');
    await dialog().getByLabel('Until').fill('2026-01-01');
    await dialog().getByText('Ends before it begins').waitFor();
    expect(await dialog().getByRole('button', { name: 'Show' }).isDisabled()).toBe(true);
    await dialog().getByLabel('Until').fill('2026-02-03');
    await dialog().getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/range=2026-01-31\.\.2026-02-03/);
    await says('31 Jan 2026 – 3 Feb 2026, compared with 27 Jan 2026 – 30 Jan 2026.');
    await page.goto(`${dashboard.home}?range=sometimes`);
    await says('Invalid range: sometimes');
  });
});

describe('the list of customers', () => {
  it('says what each is worth, and so does the page of one', async () => {
    const { id } = await stripe.customers.create({
      name: 'Grace Hopper',
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const price = await stripe.prices.create({
      currency: 'gbp',
      unit_amount: 1_500,
      recurring: { interval: 'month' },
      product_data: { name: 'Gold' },
    });
    await stripe.subscriptions.create({ customer: id, items: [{ price: price.id }] });
    page = await dashboard.visit('customers');
    const row = page.getByRole('row').filter({ hasText: 'Grace Hopper' });
    await row.getByText('£15.00').waitFor();
    await row.getByText('•••• 4242').or(row.getByText('4242')).first().waitFor();
    await row.getByRole('link').click();
    await page.waitForURL(/customers\/cus_/);
    const spent = page.locator('div', { has: page.getByText('Spent', { exact: true }) });
    await spent.getByText('£15.00').first().waitFor();
  });
});

describe.each(WIDTHS)('the switcher, at %i pixels', (width) => {
  const openSwitcher = async (): Promise<void> => {
    if (width === 360) await button('Menu').click();
    await page.getByRole('button', { name: /: switch$/ }).click();
  };

  it('makes a project, shows its keys once, and changes its name and time zone', async () => {
    page = await dashboard.visit('', { width });
    await openSwitcher();
    await page.getByRole('menuitem', { name: 'New project' }).click();
    await dialog().getByLabel('Name').fill(`Second ${width}`);
    await dialog().getByRole('button', { name: 'Create' }).click();
    await dialog().getByText('Secret key', { exact: true }).waitFor();
    await dialog().getByRole('link', { name: 'Open the project' }).click();
    await page.waitForURL((url) => !url.href.startsWith(dashboard.home));
    await shows('Gross volume', '£0.00');
    await openSwitcher();
    await page.getByRole('menuitem', { name: 'Name and time zone' }).click();
    await dialog().getByLabel('Name').fill(`Renamed ${width}`);
    await dialog().getByLabel('Time zone').click();
    await page.getByPlaceholder('City or region').fill('Tokyo');
    await page.getByRole('option', { name: 'Asia/Tokyo' }).click();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await says('Project changed');
    await openSwitcher();
    await page.getByRole('menuitemradio', { name: `Renamed ${width}` }).waitFor();
  });
});

describe('the notices', () => {
  it('say which endpoint fails and which key ends, and lead there', async () => {
    const endpoint = await stripe.webhookEndpoints.create({
      url: 'http://127.0.0.1:9/hook',
      enabled_events: ['customer.created'],
    });
    const sql = postgres(dashboard.server.databaseUrl, { max: 1 });
    try {
      await sql`
        insert into webhook_delivery_attempts
          (project_id, livemode, id, delivery, endpoint, response_status, duration_ms, created)
        select project_id, livemode, 'wha_' || n, 'whd_1', id, 500, 5, extract(epoch from now())::bigint
        from webhook_endpoints, generate_series(1, 3) n where id = ${endpoint.id}`;
      await sql`update api_keys set expires_at = now() + interval '30 hours'
        where type = 'secret' and prefix = 'sk_test_' and project_id = (select min(id) from projects)`;
    } finally {
      await sql.end();
    }
    page = await dashboard.visit('');
    const notices = page.getByRole('list', { name: 'Notices' });
    await notices.getByText('http://127.0.0.1:9/hook').waitFor();
    await notices.getByText(/^The key/).waitFor();
    await notices.getByRole('link', { name: 'See why' }).click();
    await page.waitForURL(new RegExp(`webhooks/${endpoint.id}`));
  });
});

describe('what waits for somebody', () => {
  it('is counted, and leads to its list', async () => {
    page = await dashboard.visit('');
    const tile = page.getByRole('listitem').filter({ hasText: 'Disputes to answer' });
    await tile.getByText('0', { exact: true }).waitFor();
    await stripe.paymentIntents.create({
      amount: 900,
      currency: 'gbp',
      payment_method: 'pm_card_createDispute',
      confirm: true,
    });
    await page.reload();
    await tile.getByText('1', { exact: true }).waitFor();
    await tile.getByText('First by').waitFor();
    await tile.getByRole('link').click();
    await page.waitForURL(/disputes\?state=needs_response/);
    await page.getByRole('table', { name: 'Disputes' }).locator('[data-row]').waitFor();
  });

  it('is a payment to retry, whose list has no other open invoice', async () => {
    const { id: customer } = await stripe.customers.create({ name: 'Edsger Dijkstra' });
    const draft = (auto_advance: boolean) => stripe.invoices.create({ customer, auto_advance });
    const card = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
    const [failing, waiting] = [await draft(true), await draft(false)];
    for (const { id: invoice } of [failing, waiting]) {
      await stripe.invoiceItems.create({ customer, invoice, currency: 'gbp', amount: 700 });
      await stripe.invoices.finalizeInvoice(invoice);
    }
    await stripe.invoices
      .pay(failing.id, { payment_method: card.id })
      .catch((error: { code: string }) => expect(error.code).toBe('card_declined'));
    page = await dashboard.visit('');
    const tile = page.getByRole('listitem').filter({ hasText: 'Payments to retry' });
    await tile.getByText('1', { exact: true }).waitFor();
    await tile.getByRole('link').click();
    await page.waitForURL(/invoices\?status=retrying/);
    const listed = page.getByRole('table', { name: 'Invoices' }).locator('tbody tr');
    await listed.filter({ hasText: 'Edsger Dijkstra' }).waitFor();
    expect(await listed.count()).toBe(1);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect.poll(() => listed.count()).toBe(2);
  });
});

describe('Home', () => {
  it.each(WIDTHS)(
    'has no barrier at %i pixels, in either theme',
    async (width) => {
      for (const theme of THEMES) {
        page = await dashboard.visit('', { width, theme });
        await shows('Gross volume', '£');
        await figure('Gross volume').locator('svg.recharts-surface').waitFor();
        await page.getByRole('heading', { name: 'Getting started' }).waitFor();
        expect(await barriersOf(page), `${width} ${theme}`).toEqual([]);
        await picture(page, 'home', { width, theme });
        if (theme === 'light') await page.close();
      }
    },
    AXE_TIMEOUT_MS,
  );

  it('gave browsers nothing to complain of', () => {
    expect(dashboard.complaints.filter((one) => !one.includes('400'))).toEqual([]);
  });
});
