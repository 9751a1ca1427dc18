/** A merchant's money, in a browser: disputes, the balance, payouts, and books that differ. */
import type { Page } from 'playwright';
import type { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_TIMEOUT_MS } from '@/e2e/support/browser';
import {
  barriersOf,
  call,
  openDashboard,
  picture,
  THEMES,
  WIDTHS,
  type Dashboard,
} from '@/e2e/support/dashboard';

let dashboard: Dashboard;
let stripe: Stripe;
let page: Page;

const pay = (payment_method: string, amount = 2_000, currency = 'gbp') =>
  stripe.paymentIntents.create({ amount, currency, confirm: true, payment_method });

/** Pays with a card that is disputed, and answers the dispute. */
async function disputed(card = 'pm_card_createDispute'): Promise<string> {
  const { id } = await pay(card);
  const { data } = await stripe.disputes.list({ payment_intent: id });
  return data[0]?.id ?? '';
}

beforeAll(async () => {
  dashboard = await openDashboard();
  ({ stripe } = dashboard);
  await pay('pm_card_bypassPending', 50_000);
  await pay('pm_card_visa', 7_000, 'usd');
}, BROWSER_TIMEOUT_MS);
afterAll(() => dashboard.stop());
afterEach(() => page.close());

const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog').or(page.getByRole('alertdialog'));
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
const rows = (name: string) => page.getByRole('table', { name }).locator('tbody tr');
const heading = () => page.getByRole('heading', { level: 1 });
const idIn = (url: string): string => url.split('/').at(-1) ?? '';

/** What stands beside the title. */
const stands = (status: string) =>
  heading().locator('xpath=following-sibling::*').getByText(status, { exact: true }).waitFor();

/** As soon as the page says so. */
const says = (text: string | RegExp) => page.getByText(text).first().waitFor();

/** The page has its data, and the browser has taken over. */
async function visit(place: string, width: (typeof WIDTHS)[number] = 1_440): Promise<void> {
  page = await dashboard.visit(place, { width });
  await page.waitForLoadState('networkidle');
}

describe.each(WIDTHS)('a dispute, at %i pixels', (width) => {
  it('is found, answered with evidence, and won', async () => {
    const id = await disputed();
    await visit('disputes', width);
    await button('Needs response').click();
    await rows('Disputes').first().getByRole('link').click();
    await page.waitForURL(`**/disputes/${id}`);
    await says('Respond by');
    await button('Respond').click();
    await dialog().getByLabel('What was sold').fill('A boat');
    await dialog().getByLabel('Your account of it').fill('winning_evidence');
    await inDialog('Save draft').click();
    await says('Not submitted');
    expect(await stripe.disputes.retrieve(id)).toMatchObject({
      status: 'needs_response',
      evidence: { product_description: 'A boat' },
    });
    await button('Submit evidence').click();
    await inDialog('Submit evidence').click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByText('Submitted', { exact: true }).first().waitFor();
    await expect.poll(async () => (await stripe.disputes.retrieve(id)).status).toBe('won');
    await page.reload();
    await stands('Won');
    await expect.poll(() => rows('Balance').count()).toBe(2);
    expect(await button('Accept dispute').count()).toBe(0);
  });

  it('is accepted, and lost', async () => {
    const id = await disputed('pm_card_createDisputeProductNotReceived');
    await visit(`disputes/${id}`, width);
    await says('Product not received');
    await button('Accept dispute').click();
    await inDialog('Accept dispute').click();
    await stands('Lost');
    expect(await stripe.disputes.retrieve(id)).toMatchObject({ status: 'lost' });
    await visit('disputes?state=lost', width);
    await rows('Disputes').filter({ hasText: 'Lost' }).first().waitFor();
    expect(await rows('Disputes').filter({ hasText: 'Needs response' }).count()).toBe(0);
  });
});

describe('a dispute', () => {
  it('that the acquirer wrote of is recorded', async () => {
    const payment = await pay('pm_card_visa');
    await visit('disputes');
    await button('Record dispute').click();
    await dialog().getByLabel('Payment').fill(payment.id);
    await dialog().getByLabel('Amount').fill('25.00');
    await inDialog('Record dispute').click();
    await dialog().getByRole('alert').getByText('greater than').waitFor();
    await dialog().getByLabel('Amount').fill('5.00');
    await dialog().getByLabel('It is an inquiry').check();
    await inDialog('Record dispute').click();
    await page.waitForURL(/\/disputes\/du_\w+$/);
    await stands('Inquiry');
    const id = idIn(page.url());
    expect(await stripe.disputes.retrieve(id)).toMatchObject({
      amount: 500,
      payment_intent: payment.id,
      status: 'warning_needs_response',
    });
    await button('Close inquiry').click();
    await inDialog('Close inquiry').click();
    await stands('Inquiry closed');
  });

  it('is answered, but not given in to, by who is there for support', async () => {
    const id = await disputed();
    await visit('settings/members');
    const { answer } = await call(dashboard, page, 'dashboard.members.invite', {
      email: 'grace@example.com',
      role: 'support',
    });
    await page.close();
    page = await dashboard.meet(`/invite/${String(answer['token'])}`);
    await page.getByLabel('Your name').fill('Grace Hopper');
    await page.getByLabel('Password').fill('a compiler of her own');
    await button('Join').click();
    await page.waitForURL(/\/dashboard\/acct_\w+\/test/);
    await page.goto(`${dashboard.home}/disputes/${id}`);
    await button('Respond').waitFor();
    expect(await button('Accept dispute').count()).toBe(0);
    const asked = await call(dashboard, page, 'disputes.close', { id });
    expect(asked.status).toBe(403);
    await page.goto(`${dashboard.home}/payouts`);
    await heading().waitFor();
    expect(await button('Create payout').count()).toBe(0);
  });
});

describe.each(WIDTHS)('the balance, at %i pixels', (width) => {
  it('is shown by currency, and paid out', async () => {
    await visit('balance', width);
    await says('US$70.00');
    await button('Pay out').click();
    await dialog().getByLabel('Amount in GBP').fill('100000');
    await inDialog('Create payout').click();
    await dialog().getByRole('alert').getByText('insufficient funds').waitFor();
    await dialog().getByLabel('Amount in GBP').fill('12.34');
    await dialog().getByLabel('Description').fill('Week 48');
    await inDialog('Create payout').click();
    await page.waitForURL(/\/payouts\/po_\w+$/);
    const id = idIn(page.url());
    await button('Cancel payout').click();
    await inDialog('Cancel payout').click();
    await stands('Cancelled');
    expect(await stripe.payouts.retrieve(id)).toMatchObject({
      amount: 1_234,
      description: 'Week 48',
      status: 'canceled',
    });
    await visit('payouts', width);
    await rows('Payouts').filter({ hasText: 'Cancelled' }).first().waitFor();
  });
});

describe('a settlement file', () => {
  it('is imported, and what differs is resolved', async () => {
    await visit('reconciliation');
    await button('Import file').first().click();
    await says('No card processor is connected');
    await call(dashboard, page, 'dashboard.processorAccounts.create', {
      merchant_id: '100001',
      secret: 'Circle4Take40Idea',
      // Nothing listens at this port.
      base_url: 'http://127.0.0.1:9',
    });
    await visit('reconciliation/files');
    await button('Import file').first().click();
    const upload = async (content: string): Promise<void> => {
      await dialog()
        .getByLabel('File')
        .setInputFiles({
          name: 'november.csv',
          mimeType: 'text/csv',
          buffer: Buffer.from(content),
        });
      await inDialog('Import file').click();
    };
    await upload('xref,action,state\r\nX9,SALE,accepted');
    await dialog().getByRole('alert').getByText('There is no column "amount"').waitFor();
    await upload('xref,action,state,amount,currency\r\nX9,SALE,accepted,4200,GBP');
    await page.waitForURL(/\/reconciliation\/files\/stf_\w+$/);
    await heading().getByText('november.csv').waitFor();
    await stands('1 difference');
    await rows('Differences').getByRole('link', { name: 'Missing in ours' }).click();
    await page.waitForURL(/\/reconciliation\/rec_\w+$/);
    await says('£42.00');
    await button('Resolve').click();
    await dialog().getByLabel('Note').fill('A test of theirs.');
    await inDialog('Resolve difference').click();
    await stands('Resolved');
    await says('A test of theirs.');
    await visit('reconciliation?status=open');
    await says('No differences match these filters.');
  });
});

/** The lists, and what the page of one says once it is there. */
const ROOMS = [
  ['balance', null],
  ['payouts', 'Events'],
  ['disputes', 'Events'],
  ['reconciliation', 'Both books'],
  ['reconciliation/files', 'Differences'],
] as const;

describe.each(WIDTHS)('at %i pixels', (width) => {
  it.each(THEMES)(
    'nothing is in the way of anybody, in the %s theme',
    async (theme) => {
      const look = { width, theme };
      for (const [room, part] of ROOMS) {
        const name = room.replace('/', '-');
        page = await dashboard.visit(room, look);
        await page.getByRole('table').locator('[data-row]').first().waitFor();
        await page.waitForLoadState('networkidle');
        await picture(page, name, look);
        expect(await barriersOf(page), room).toEqual([]);
        if (part !== null) {
          await page.getByRole('table').locator('[data-row]').first().click();
          await page.getByRole('heading', { name: part }).waitFor();
          await page.waitForLoadState('networkidle');
          await picture(page, `${name}-detail`, look);
          expect(await barriersOf(page), `${room}, one`).toEqual([]);
        }
        await page.close();
      }
      page = await dashboard.visit('disputes?state=needs_response', look);
      await page.getByRole('table').locator('[data-row]').first().click();
      await button('Respond').click();
      await dialog().getByLabel('What was sold').waitFor();
      await picture(page, 'dispute-evidence', look);
      expect(await barriersOf(page)).toEqual([]);
      expect(dashboard.complaints).toEqual([]);
    },
    BROWSER_TIMEOUT_MS,
  );
});
