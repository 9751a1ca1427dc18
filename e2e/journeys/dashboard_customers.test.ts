/** A merchant and their customers, in a browser: found, made, changed, exported and deleted. */
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

/** Five looks at a page, each of which takes seconds on a busy machine. */
const AXE_TIMEOUT_MS = 180_000;

/** More than two pages of them. */
const CUSTOMERS = 60;

beforeAll(async () => {
  dashboard = await openDashboard();
  ({ stripe } = dashboard);
  for (let number = 1; number <= CUSTOMERS; number += 1) {
    await stripe.customers.create({
      name: `Customer ${number}`,
      email: `customer.${number}@example.com`,
    });
  }
}, BROWSER_TIMEOUT_MS);
afterAll(() => dashboard.stop());
afterEach(() => page.close());

const rows = () => page.getByRole('table', { name: 'Customers' }).locator('tbody tr');
const heading = () => page.getByRole('heading', { level: 1 });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog').or(page.getByRole('alertdialog'));

const firstName = () => rows().first().getByRole('link').innerText();

/** As soon as the page says so. */
const says = (text: string) => page.getByText(text, { exact: true }).first().waitFor();

describe.each(WIDTHS)('a customer, at %i pixels', (width) => {
  it('is made, changed and deleted', async () => {
    page = await dashboard.visit('customers', { width });
    await button('Create customer').click();
    await dialog().getByLabel('Name').fill('Ada Lovelace');
    await dialog().getByLabel('E-mail').fill('ada@');
    await dialog().getByRole('button', { name: 'Create customer' }).click();
    await says('Invalid email address: ada@');
    await dialog().getByLabel('E-mail').fill('ada@example.com');
    await dialog().getByRole('button', { name: 'Create customer' }).click();
    await page.waitForURL(/\/customers\/cus_\w+$/);
    const id = /cus_\w+$/.exec(page.url())?.[0] ?? '';
    await heading().getByText('Ada Lovelace').waitFor();
    expect(await stripe.customers.retrieve(id)).toMatchObject({ email: 'ada@example.com' });

    await button('Edit').first().click();
    await dialog().getByLabel('Name').fill('Ada King');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await heading().getByText('Ada King').waitFor();
    await says('customer.updated');

    await button('Delete').click();
    const sure = dialog().getByRole('button', { name: 'Delete customer' });
    expect(await sure.isDisabled()).toBe(true);
    await page.keyboard.type('ada@example.com');
    await sure.click();
    await page.waitForURL(/\/customers$/);
    expect(await stripe.customers.retrieve(id)).toMatchObject({ deleted: true });
    await page.goto(`${dashboard.home}/customers/${id}`);
    await heading().getByText('Deleted customer').waitFor();
  });

  it('has metadata, which is saved or says why not', async () => {
    const { id } = await stripe.customers.create({
      name: 'Grace Hopper',
      metadata: { plan: 'pro' },
    });
    page = await dashboard.visit(`customers/${id}`, { width });
    const card = page.locator('section', { has: page.getByRole('heading', { name: 'Metadata' }) });
    await card.getByRole('button', { name: 'Edit' }).click();
    await card.getByLabel('Value 1').fill('free');
    await card.getByRole('button', { name: 'Add entry' }).click();
    await card.getByLabel('Key 2').fill('not[allowed]');
    await card.getByLabel('Value 2').fill('x');
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByRole('alert').waitFor();
    expect(await stripe.customers.retrieve(id)).toMatchObject({ metadata: { plan: 'pro' } });
    await card.getByLabel('Key 2').fill('seats');
    await card.getByRole('button', { name: 'Save' }).click();
    // What is saved is seen at once; it may be edited again when it is kept.
    await card.getByRole('button', { name: 'Edit', disabled: false }).waitFor();
    expect(await stripe.customers.retrieve(id)).toMatchObject({
      metadata: { plan: 'free', seats: 'x' },
    });
    await stripe.customers.del(id);
  });
});

describe('the list of customers', () => {
  it('is paged forwards and back, each page with an address of its own', async () => {
    page = await dashboard.visit('customers');
    await says('1–25');
    const first = await firstName();
    await button('Next').click();
    await says('26–50');
    const address = page.url();
    const second = await firstName();
    await button('Next').click();
    await says('51–60');
    expect(await button('Next').isDisabled()).toBe(true);
    await button('Previous').click();
    await says('26–50');
    expect(await firstName()).toBe(second);
    await button('Previous').click();
    await says('1–25');
    expect(await firstName()).toBe(first);
    await page.goto(address);
    await says('26–50');
    expect(await firstName()).toBe(second);
  });

  it('is narrowed down in the address, and cleared', async () => {
    page = await dashboard.visit('customers');
    await button('E-mail').click();
    await dialog().getByLabel('E-mail').fill('customer.7@example.com');
    await dialog().getByRole('button', { name: 'Apply' }).click();
    await says('1 customer');
    expect(page.url()).toMatch(/\?email=customer\.7@example\.com$/);
    await page.reload();
    await says('1 customer');
    expect(await rows().count()).toBe(1);
    await button('Clear filters').click();
    await says('1–25');

    await button('Created').click();
    await dialog().getByLabel('Until').fill('2001-01-01');
    await dialog().getByRole('button', { name: 'Apply' }).click();
    await says('No customers match these filters.');
    await page.goBack();
    await says('1–25');
  });

  it('is narrowed down by what customers have', async () => {
    const { id } = await stripe.customers.create({ name: 'Golden', metadata: { plan: 'gold' } });
    page = await dashboard.visit('customers');
    await button('Metadata').click();
    await dialog().getByLabel('Metadata').fill('plan=gold');
    await dialog().getByRole('button', { name: 'Apply' }).click();
    await says('1 customer');
    await rows().getByRole('link', { name: 'Golden' }).waitFor();
    await button('Without subscription').click();
    await page.waitForURL(/standing=unsubscribed/);
    await says('1 customer');
    await button('Owing').click();
    await says('No customers match these filters.');
    await stripe.customers.del(id);
  });

  it('is searched as one types', async () => {
    page = await dashboard.visit('customers');
    await page.keyboard.press('/');
    await page.keyboard.type('customer 42');
    await says('1 customer');
    await rows().getByRole('link', { name: 'Customer 42' }).click();
    await heading().getByText('Customer 42').waitFor();
  });

  it('is walked through and opened with the keyboard', async () => {
    page = await dashboard.visit('customers');
    await rows().getByRole('link').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    const name = await page.locator(':focus').innerText();
    expect(name).toBe(`Customer ${CUSTOMERS - 1}`);
    await page.keyboard.press('Enter');
    await heading().getByText(name).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.waitForURL(/\/customers$/);
  });

  it('has columns to pick, which are kept', async () => {
    page = await dashboard.visit('customers');
    await button('Columns').click();
    await page.getByRole('menuitemcheckbox', { name: 'Phone' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Default card' }).click();
    await page.keyboard.press('Escape');
    const headers = () => page.getByRole('columnheader').allInnerTexts();
    const picked = ['Name', 'E-mail', 'Spent', 'Open', 'Subscriptions', 'Created', 'Phone'];
    expect(await headers()).toEqual(picked);
    await page.reload();
    await page.getByRole('columnheader', { name: 'Phone' }).waitFor();
    expect(await headers()).toEqual(picked);
  });

  it('is exported whole, and as it is narrowed down', async () => {
    page = await dashboard.visit('customers');
    const csvOf = async (query: string): Promise<string[]> => {
      const answer = await page.request.get(`${dashboard.home}/export/customers${query}`);
      expect(answer.headers()['content-type']).toBe('text/csv; charset=utf-8');
      return (await answer.text()).trimEnd().split('\r\n');
    };
    // With one line for the head.
    expect(await csvOf('')).toHaveLength(1 + CUSTOMERS);
    const [head, line, ...rest] = await csvOf('?email=customer.7%40example.com');
    expect(head).toMatch(/^name,email,/);
    expect(line).toMatch(/^Customer 7,customer\.7@example\.com,/);
    expect(rest).toEqual([]);
  });

  it('shows what was made through the API without a reload', async () => {
    page = await dashboard.visit('customers');
    const { id } = await stripe.customers.create({ name: 'Out of the blue' });
    await rows().getByRole('link', { name: 'Out of the blue' }).waitFor();
    await stripe.customers.del(id);
    await rows().getByRole('link', { name: 'Out of the blue' }).waitFor({ state: 'detached' });
  });

  it('shows what was made while the page was on its way', async () => {
    page = await dashboard.visit('customers');
    let answer: () => void = () => undefined;
    const isMade = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/api/trpc/**', async (route) => {
      await isMade;
      await route.continue();
    });
    await page.reload();
    const { id } = await stripe.customers.create({ name: 'In the meantime' });
    answer();
    await rows().getByRole('link', { name: 'In the meantime' }).waitFor();
    await stripe.customers.del(id);
    await rows().getByRole('link', { name: 'In the meantime' }).waitFor({ state: 'detached' });
  });

  it('is another in live mode, where it says how to begin', async () => {
    page = await dashboard.visit('customers');
    await page.getByRole('link', { name: 'Live' }).click();
    await page.waitForURL(/\/live\/customers$/);
    await says('No customers yet');
    await page.getByText('stripe.customers.create').waitFor();
  });

  it('says why it could not be read, and by which request', async () => {
    page = await dashboard.visit('customers?starting_after=cus_nobody');
    await says("No such customer: 'cus_nobody'");
    // Playwright insists on there being one.
    await page.getByRole('button', { name: /^Copy id req_\w+$/ }).waitFor();
  });
});

describe('the palette', () => {
  it('finds a page, a customer by name, and an object by its id', async () => {
    const { data } = await stripe.customers.list({ email: 'customer.9@example.com' });
    page = await dashboard.visit('customers');
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Customers' }).waitFor();
    await page.keyboard.type('customer.9@');
    await page.getByRole('option', { name: 'Customer 9 customer.9@example.com' }).click();
    await heading().getByText('Customer 9').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill(String(data[0]?.id));
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/customers/${data[0]?.id}`);
  });
});

describe("another's project", () => {
  it('is not there', async () => {
    page = await dashboard.visit('customers');
    const answer = await page.goto(dashboard.home.replace(/acct_\w+/, 'acct_somebodyelse'));
    expect(answer?.status()).toBe(404);
  });
});

describe.each(WIDTHS)('at %i pixels', (width) => {
  it.each(THEMES)(
    'nothing is in the way of anybody, in the %s theme',
    async (theme) => {
      const look = { width, theme };
      page = await dashboard.visit('customers', look);
      await picture(page, 'customers', look);
      expect(await barriersOf(page)).toEqual([]);
      await rows().getByRole('link').first().click();
      await page.waitForURL(/\/customers\/cus_\w+$/);
      await says('customer.created');
      await picture(page, 'customer', look);
      expect(await barriersOf(page)).toEqual([]);
      await button('View JSON').click();
      expect(await barriersOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await button('Delete').click();
      expect(await barriersOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.getByRole('option').first().waitFor();
      expect(await barriersOf(page)).toEqual([]);
    },
    AXE_TIMEOUT_MS,
  );
});

it('gives the browser nothing to complain of', async () => {
  page = await dashboard.visit('customers');
  // What was refused on purpose is reported by the browser too.
  const others = dashboard.complaints.filter((text) => !/status of (?:400|404)/.test(text));
  expect(others).toEqual([]);
});
