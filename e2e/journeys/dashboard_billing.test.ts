/** What a merchant sells and bills, in a browser: products, coupons, subscriptions and invoices. */
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
let payer: Stripe.Customer;

beforeAll(async () => {
  dashboard = await openDashboard();
  ({ stripe } = dashboard);
  payer = await stripe.customers.create({
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
}, BROWSER_TIMEOUT_MS);
afterAll(() => dashboard.stop());
afterEach(() => page.close());

const heading = () => page.getByRole('heading', { level: 1 });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog').or(page.getByRole('alertdialog'));

/** As soon as the page says so. */
const says = (text: string) => page.getByText(text, { exact: true }).first().waitFor();

/** Opens a field's list, and takes the one that is so called. */
async function pick(label: string, text: string): Promise<void> {
  await dialog().getByRole('button', { name: label }).first().click();
  await page.getByRole('option', { name: text }).first().click();
}

/** The amount that stands beside a word, such as `£20.00` beside `Total`. */
const amountBeside = (table: string, word: string) =>
  dialog()
    .locator('section', { has: page.getByRole('heading', { name: table }) })
    .locator('dt', { hasText: new RegExp(`^${word}$`) })
    .locator('xpath=following-sibling::dd');

const pounds = (pence: number): string =>
  new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'gbp' }).format(pence / 100);

const idIn = (url: string): string => url.split('/').at(-1) ?? '';

async function makeProduct(name: string): Promise<string> {
  page = await dashboard.visit('products');
  await button('Create product').click();
  await dialog().getByLabel('Name').fill(name);
  await dialog().getByLabel('Amount').fill('ten');
  await dialog().getByRole('button', { name: 'Create product' }).click();
  await says('Write an amount, such as 12.50');
  await dialog().getByLabel('Amount').fill('10.00');
  await dialog().getByRole('button', { name: 'Create product' }).click();
  await page.waitForURL(/\/products\/prod_\w+$/);
  await heading().getByText(name).waitFor();
  await says('£10.00 / month');
  return idIn(page.url());
}

describe('a subscription', () => {
  it(
    'is sold, changed for what the preview said, and canceled at the end of the period',
    async () => {
      const product = await makeProduct('Gold');
      await page.close();

      page = await dashboard.visit(`customers/${payer.id}`);
      const card = page.locator('section', {
        has: page.getByRole('heading', { name: 'Subscriptions' }),
      });
      await card.getByRole('button', { name: 'Create' }).click();
      await pick('Price', 'Gold');
      await amountBeside('First invoice', 'Total').getByText('£10.00').waitFor();
      await dialog().getByRole('button', { name: 'Create subscription' }).click();
      await page.waitForURL(/\/subscriptions\/sub_\w+$/);
      const id = idIn(page.url());
      await says('Active');
      await says('Paid');
      const made = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
      expect(made.items.data[0]?.price.product).toBe(product);
      expect(made.latest_invoice).toMatchObject({ status: 'paid', amount_paid: 1000 });

      await button('Change plan').click();
      await dialog().getByLabel('Quantity').fill('3');
      const previewed = amountBeside('What is invoiced', 'Total');
      await expect.poll(() => previewed.innerText()).not.toBe('£0.00');
      await dialog().getByText('£30.00').waitFor();
      const promised = await previewed.innerText();
      await dialog().getByRole('button', { name: 'Change subscription' }).click();
      await dialog().waitFor({ state: 'detached' });
      const changed = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
      expect(changed.items.data[0]?.quantity).toBe(3);
      const invoiced = changed.latest_invoice as Stripe.Invoice;
      expect(invoiced).toMatchObject({ billing_reason: 'subscription_update', status: 'paid' });
      expect(pounds(invoiced.total)).toBe(promised);

      await button('Cancel').click();
      await dialog().getByRole('button', { name: 'Cancel subscription' }).click();
      await button("Don't cancel").waitFor();
      expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ cancel_at_period_end: true });
      await button("Don't cancel").click();
      await dialog().getByRole('button', { name: "Don't cancel" }).click();
      await dialog().waitFor({ state: 'detached' });
      await button('Cancel').waitFor();
      expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
        cancel_at_period_end: false,
      });
    },
    BROWSER_TIMEOUT_MS,
  );

  it('is not collected while it is paused', async () => {
    const { data } = await stripe.subscriptions.list({ customer: payer.id });
    const id = data[0]?.id ?? '';
    page = await dashboard.visit(`subscriptions/${id}`);
    await button('More to do').click();
    await page.getByRole('menuitem', { name: 'Pause collection' }).click();
    await dialog().getByRole('button', { name: 'Pause collection' }).click();
    await says('Collection paused');
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      pause_collection: { behavior: 'void' },
    });
    await dialog().waitFor({ state: 'detached' });
    await button('More to do').click();
    await page.getByRole('menuitem', { name: 'Resume collection' }).click();
    await dialog().getByRole('button', { name: 'Resume collection' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ pause_collection: null });
  });
});

describe('an invoice', () => {
  it('is written by hand, finalized, paid and credited', async () => {
    page = await dashboard.visit(`customers/${payer.id}`);
    const card = page.locator('section', { has: page.getByRole('heading', { name: 'Invoices' }) });
    await card.getByRole('button', { name: 'Create' }).click();
    await dialog().getByLabel('Description').fill('Consulting');
    await dialog().getByLabel('Quantity').fill('2');
    await dialog().getByLabel('Unit price').fill('125.00');
    await dialog().getByRole('button', { name: 'Create draft' }).click();
    await page.waitForURL(/\/invoices\/inv_\w+$/);
    const id = idIn(page.url());
    await heading().getByText('£250.00').waitFor();
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: 'draft', total: 25_000 });

    await button('Finalize').click();
    await dialog().getByRole('button', { name: 'Finalize invoice' }).click();
    const hosted = page.getByRole('link', { name: 'Open', exact: true });
    await hosted.waitFor();
    const { hosted_invoice_url } = await stripe.invoices.retrieve(id);
    expect(await hosted.getAttribute('href')).toBe(hosted_invoice_url);
    await button('Pay').click();
    await dialog().getByRole('button', { name: 'Charge card' }).click();
    await heading().locator('xpath=following-sibling::*').getByText('Paid').waitFor();
    expect(await stripe.invoices.retrieve(id)).toMatchObject({
      status: 'paid',
      amount_paid: 25_000,
    });

    await button('Credit').click();
    await dialog().getByLabel('Amount in GBP').fill('50.00');
    await dialog().getByLabel("Add it to the customer's balance").check();
    await dialog().getByRole('button', { name: 'Issue credit note' }).click();
    await dialog().waitFor({ state: 'detached' });
    const notes = await stripe.creditNotes.list({ invoice: id });
    expect(notes.data).toMatchObject([{ amount: 5_000, type: 'post_payment' }]);
    expect(await stripe.customers.retrieve(payer.id)).toMatchObject({ balance: -5_000 });
  });
});

describe('a coupon', () => {
  it('is made with a code, which is switched off', async () => {
    page = await dashboard.visit('coupons');
    await button('Create coupon').click();
    await dialog().getByLabel('Name').fill('Autumn');
    await dialog().getByLabel('Percent off').fill('25');
    await dialog().getByRole('button', { name: 'Create coupon' }).click();
    await heading().getByText('Autumn').waitFor();
    await button('Add code').click();
    await dialog().getByLabel('Code').fill('AUTUMN25');
    await dialog().getByRole('button', { name: 'Create code' }).click();
    await page.getByRole('link', { name: 'AUTUMN25' }).click();
    await page.waitForURL(/\/promotion-codes\/promo_\w+$/);
    const id = idIn(page.url());
    expect(await stripe.promotionCodes.retrieve(id)).toMatchObject({ active: true });
    await button('Deactivate').click();
    await dialog().getByRole('button', { name: 'Deactivate code' }).click();
    await says('Inactive');
    expect(await stripe.promotionCodes.retrieve(id)).toMatchObject({ active: false });
  });
});

describe.each(WIDTHS)('at %i pixels', (width) => {
  it.each(THEMES)(
    'nothing is in the way of anybody, in the %s theme',
    async (theme) => {
      const look = { width, theme };
      const rooms = ['subscriptions', 'invoices', 'products', 'coupons', 'promotion-codes'];
      for (const room of rooms) {
        page = await dashboard.visit(room, look);
        await page.getByRole('table').locator('[data-row]').first().waitFor();
        await page.waitForLoadState('networkidle');
        await picture(page, room, look);
        expect(await barriersOf(page), room).toEqual([]);
        await page.getByRole('table').locator('[data-row]').first().click();
        await page.getByRole('heading', { name: 'Events' }).waitFor();
        await page.waitForLoadState('networkidle');
        await picture(page, `${room}-detail`, look);
        expect(await barriersOf(page), `${room}, one`).toEqual([]);
        await page.close();
      }
      page = await dashboard.visit('subscriptions', look);
      await page.getByRole('table').locator('[data-row]').first().click();
      await button('Change plan').click();
      await dialog().getByText('£30.00').first().waitFor();
      await picture(page, 'subscription-change', look);
      expect(await barriersOf(page)).toEqual([]);
    },
    BROWSER_TIMEOUT_MS,
  );
});
