/**
 * A merchant in live mode, in a browser: what is only done there. The credentials, the money that is
 * held, taken and given back at the gateway, its settlement, an answer that never came, and what the
 * acquirer tells by letter. The gateway is its stand-in.
 */
import type { Page } from 'playwright';
import postgres from 'postgres';
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
  type Look,
} from '@/e2e/support/dashboard';
import { newPayer, type Payer } from '@/e2e/support/merchant';
import { strictStripe } from '@/e2e/support/stripe';
import { PLAIN_ACCOUNT, startGateway, type TestGateway } from '@/server/testing/gateway';

let dashboard: Dashboard;
let gateway: TestGateway;
let sql: postgres.Sql;
/** A live key, which the second story makes, and the SDK by it. */
let key: string;
let stripe: Stripe;
let payer: Payer;
let page: Page;

const STORY_TIMEOUT_MS = 120_000;
const DAY = 24 * 60 * 60;

const heading = () => page.getByRole('heading', { level: 1 });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog').or(page.getByRole('alertdialog'));
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
const rows = (name: string) => page.getByRole('table', { name }).locator('tbody tr');
const idIn = (url: string): string => url.split('/').at(-1) ?? '';

/** As soon as the page says so. */
const says = (text: string | RegExp) => page.getByText(text).first().waitFor();

/** What stands beside the title. */
const stands = (status: string) =>
  heading().locator('xpath=following-sibling::*').getByText(status, { exact: true }).waitFor();

/** A page of live mode has its data, and the browser has taken over. */
async function visit(place: string, look: Look = {}): Promise<void> {
  page = await dashboard.visit(`../live/${place}`, look);
  await page.waitForLoadState('networkidle');
}

/** Presses a button that asks again, and answers that it is meant so. */
async function decide(offer: string, action = offer): Promise<void> {
  if ((await button(offer).count()) > 0) await button(offer).click();
  else {
    await button('More to do').click();
    await page.getByRole('menuitem', { name: offer, exact: true }).click();
  }
  await inDialog(action).click();
  await dialog().waitFor({ state: 'detached' });
}

const pay = (amount = 1_500, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({ amount, currency: 'gbp', confirm: true, ...payer, ...more });

/** A customer with a card that the gateway keeps. */
const anyone = (): Promise<Payer> =>
  newPayer(key, { server: dashboard.server, gateway, at: PLAIN_ACCOUNT });

const sales = () => gateway.books({ merchant_id: PLAIN_ACCOUNT.merchantID, action: 'SALE' });

beforeAll(async () => {
  [dashboard, gateway] = await Promise.all([
    openDashboard(),
    startGateway({ accounts: [PLAIN_ACCOUNT] }),
  ]);
  sql = postgres(dashboard.server.databaseUrl, { max: 1 });
}, BROWSER_TIMEOUT_MS);
afterAll(async () => {
  await sql.end();
  await dashboard.stop();
  await gateway.stop();
});
afterEach(() => page.close());

describe('the credentials of a gateway', () => {
  it(
    'are entered, tested, replaced, and taken out of use',
    async () => {
      await visit('settings/processor');
      await says('Nothing takes cards in live mode yet');
      await button('Connect Cardstream').click();
      await dialog().getByLabel('Merchant ID').fill(PLAIN_ACCOUNT.merchantID);
      await dialog().getByLabel('Signature secret').fill('not the secret');
      await dialog().getByLabel('3-D Secure').click();
      await dialog().getByLabel('Gateway address (optional)').fill(gateway.url);
      await inDialog('Connect').click();
      await says('Takes new cards');
      await says('Never asked for');
      const test = button('Test the connection');
      await test.click();
      await page.locator('output').getByText('Refused', { exact: true }).waitFor();
      await button('Edit').click();
      await dialog()
        .getByLabel('Signature secret')
        .fill(PLAIN_ACCOUNT.secret ?? '');
      await inDialog('Save').click();
      await dialog().waitFor({ state: 'detached' });
      await test.click();
      await page.locator('output').getByText('Accepted', { exact: true }).waitFor();
      await decide('Disable', 'Disable account');
      await says('Nothing takes cards in live mode yet');
      await decide('Enable', 'Enable account');
      await says('Takes new cards');
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'take cards by a key of live mode, which is made there',
    async () => {
      await visit('api-keys');
      await button('Create API key').click();
      await dialog().getByLabel('Name').fill('Shop');
      await inDialog('Create API key').click();
      key = await dialog().locator('code').innerText();
      expect(key).toMatch(/^sk_live_\w{24}/);
      stripe = strictStripe(dashboard.server, key);
      payer = await anyone();
      const { id } = await pay();
      await visit(`payments/${id}`);
      await stands('Succeeded');
      await says('Id at Cardstream');
    },
    STORY_TIMEOUT_MS,
  );
});

describe.each(WIDTHS)('a payment that the gateway holds, at %i pixels', (width) => {
  it(
    'is captured in part, and given back before and after the night',
    async () => {
      const { id } = await pay(2_000, { capture_method: 'manual' });
      await visit(`payments/${id}`, { width });
      await button('Capture').click();
      await dialog().getByLabel('Amount').fill('18.00');
      await inDialog('Capture payment').click();
      await says('Payment captured');
      // What was reserved and never taken was given back to nobody.
      await stands('Succeeded');
      for (const [amount, left, state] of [
        ['3.00', 'Up to £18.00.', 'Partly refunded'],
        ['15.00', 'Up to £15.00.', 'Refunded'],
      ] as const) {
        if (state === 'Refunded') await gateway.settle();
        await button('Refund').click();
        await dialog().getByText(left).waitFor();
        await dialog().getByLabel('Amount').fill(amount);
        await inDialog('Refund payment').click();
        await dialog().waitFor({ state: 'detached' });
        await stands(state);
      }
      expect(await button('Refund').count()).toBe(0);
      const { data } = await stripe.refunds.list({ payment_intent: id });
      expect(data).toMatchObject([
        { amount: 1_500, status: 'succeeded' },
        { amount: 300, status: 'succeeded' },
      ]);
      // What was given back before the night was never taken.
      expect((await sales()).at(-1)).toMatchObject({ received: 1_500 });
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'is let go, and nothing is taken',
    async () => {
      const { id } = await pay(2_100, { capture_method: 'manual' });
      await visit(`payments/${id}`, { width });
      await stands('Uncaptured');
      expect(await button('Refund').count()).toBe(0);
      await decide('Cancel payment');
      await stands('Cancelled');
      expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: 'canceled' });
      expect((await sales()).at(-1)).toMatchObject({ state: 'canceled' });
    },
    STORY_TIMEOUT_MS,
  );
});

describe('the settlement of the gateway', () => {
  it(
    'is imported: what agrees is matched, and what does not is resolved',
    async () => {
      await pay(1_700);
      await gateway.settle();
      const content = await gateway.settlementFile();
      const [header = '', ...lines] = content.trim().split(/\r?\n/);
      const unknown: Readonly<Record<string, string>> = {
        xref: '26010100XX00YY00ZZ00AAA',
        action: 'SALE',
        state: 'accepted',
        amount: '4200',
        currency: 'GBP',
      };
      const foreign = header.split(',').map((name) => unknown[name] ?? '');
      await visit('reconciliation/files');
      await button('Import file').first().click();
      await dialog()
        .getByLabel('File')
        .setInputFiles({
          name: 'night.csv',
          mimeType: 'text/csv',
          buffer: Buffer.from([header, ...lines, foreign.join(',')].join('\n')),
        });
      await inDialog('Import file').click();
      await page.waitForURL(/\/reconciliation\/files\/stf_\w+$/);
      await stands('1 difference');
      await rows('Differences').getByRole('link', { name: 'Missing in ours' }).click();
      await page.waitForURL(/\/reconciliation\/rec_\w+$/);
      await button('Resolve').click();
      await dialog().getByLabel('Note').fill('Written by hand.');
      await inDialog('Resolve difference').click();
      await stands('Resolved');
      const [{ unsettled } = { unsettled: null }] = await sql`
        select count(*)::int as unsettled from charges where captured and settled is null`;
      expect(unsettled).toBe(0);
    },
    STORY_TIMEOUT_MS,
  );
});

/** A payment that is asked for while nobody answers, days after: a person has to decide. */
async function unanswered(): Promise<string> {
  await gateway.calm();
  // Of their own: what a person says of the last payment is what the next one with the card goes by.
  const somebody = await anyone();
  await gateway.faults({ faults: [{ fault: 'drop_before', probability: 1 }] });
  const { id, status } = await pay(1_600, somebody);
  expect(status).toBe('processing');
  await sql`update processor_attempts set created = created - ${9 * DAY}, inquire_at = now()
    where payment_intent = ${id}`;
  const isRaised = async (): Promise<number> => {
    const found = await sql`select from reconciliation_items where payment_intent = ${id}`;
    return found.length;
  };
  await expect.poll(isRaised).toBe(1);
  await visit('reconciliation?status=open');
  await rows('Reconciliation').getByRole('link', { name: 'No answer' }).first().click();
  await page.waitForURL(/\/reconciliation\/rec_\w+$/);
  return id;
}

describe('a payment of which nobody knows', () => {
  it(
    'failed, as a person finds out, and the payer may try again',
    async () => {
      const id = await unanswered();
      await button('Resolve').click();
      await dialog().getByLabel('It failed').check();
      await inDialog('Resolve difference').click();
      await stands('Resolved');
      await says('It failed at the processor');
      await page.getByRole('link', { name: id }).click();
      await stands('Failed');
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'succeeded, under the id that is found at the gateway',
    async () => {
      const id = await unanswered();
      await button('Resolve').click();
      await dialog().getByLabel('It succeeded').check();
      await inDialog('Resolve difference').click();
      await dialog().getByRole('alert').getByText('transaction').waitFor();
      await dialog().getByLabel('The processor’s id').fill('26010112XX00YY00ZZ00BBB');
      await inDialog('Resolve difference').click();
      await stands('Resolved');
      expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
        status: 'succeeded',
        amount_received: 1_600,
      });
      await gateway.calm();
    },
    STORY_TIMEOUT_MS,
  );
});

/** Records that a bank asks about 10 pounds of a new payment; the page is that inquiry's. */
async function recordInquiry(): Promise<string> {
  await gateway.calm();
  const { id } = await pay(1_800);
  await visit('disputes');
  await button('Record dispute').first().click();
  await dialog().getByLabel('Payment').fill(id);
  await dialog().getByLabel('Amount').fill('10.00');
  await dialog().getByLabel('It is an inquiry').check();
  await inDialog('Record dispute').click();
  await page.waitForURL(/\/disputes\/du_\w+$/);
  return idIn(page.url());
}

describe('what a bank decides, as the acquirer writes', () => {
  it(
    'is an inquiry that becomes a dispute, and is lost',
    async () => {
      const id = await recordInquiry();
      await stands('Inquiry');
      await decide('Record as escalated');
      await stands('Needs response');
      await decide('Record as lost');
      await stands('Lost');
      expect(await stripe.disputes.retrieve(id)).toMatchObject({ status: 'lost' });
    },
    STORY_TIMEOUT_MS,
  );

  it(
    'is an inquiry that comes to nothing',
    async () => {
      const id = await recordInquiry();
      await decide('Record as closed');
      await stands('Inquiry closed');
      expect(await stripe.disputes.retrieve(id)).toMatchObject({ status: 'warning_closed' });
    },
    STORY_TIMEOUT_MS,
  );
});

/** Pays out; the page is that payout's. */
async function payOut(amount: string): Promise<string> {
  await visit('payouts');
  await button('Create payout').click();
  await dialog().getByLabel('Amount in GBP').fill(amount);
  await inDialog('Create payout').click();
  await page.waitForURL(/\/payouts\/po_\w+$/);
  return idIn(page.url());
}

describe('a payout', () => {
  it(
    'is recorded as sent and paid, or as failed, as the bank statement has it',
    async () => {
      // Two days have passed.
      await sql.begin(async (tx) => {
        await tx`update balance_deltas set available_on = available_on - ${3 * DAY}`;
        await tx`update balance_totals set available_on = available_on - ${3 * DAY}`;
      });
      const paid = await payOut('4.00');
      await decide('Record as sent');
      await stands('In transit');
      expect(await button('Cancel payout').count()).toBe(0);
      await decide('Record as paid');
      await stands('Paid');
      expect(await stripe.payouts.retrieve(paid)).toMatchObject({ status: 'paid', amount: 400 });
      await page.close();
      const failed = await payOut('3.00');
      await decide('Record as failed');
      await stands('Failed');
      expect(await stripe.payouts.retrieve(failed)).toMatchObject({
        status: 'failed',
        failure_code: 'could_not_process',
      });
      await says('Payout failed');
    },
    STORY_TIMEOUT_MS,
  );
});

/** The pages of live mode that have something of its own, and what they say once they are there. */
const ROOMS = [
  ['settings/processor', 'Test the connection'],
  ['disputes', 'Inquiry closed'],
  ['reconciliation', 'Resolved'],
] as const;

describe.each(WIDTHS)('at %i pixels', (width) => {
  it.each(THEMES)(
    'nothing is in the way of anybody, in the %s theme',
    async (theme) => {
      for (const [room, text] of ROOMS) {
        await visit(room, { width, theme });
        await says(text);
        await picture(page, `live-${room.replace('/', '-')}`, { width, theme });
        expect(await barriersOf(page), room).toEqual([]);
        await page.close();
      }
      page = await dashboard.visit('../live/payments', { width, theme });
      expect(dashboard.complaints).toEqual([]);
    },
    BROWSER_TIMEOUT_MS,
  );
});
