/** A payer with the address of an invoice: reads what it asks for, and pays it in a browser. */
import type { Browser, Page } from 'playwright';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BROWSER_TIMEOUT_MS, startBrowser } from '@/e2e/support/browser';
import { barriersOf, picture, THEMES, WIDTHS } from '@/e2e/support/dashboard';
import type { ServerProcess } from '@/e2e/support/process';
import { startServer } from '@/e2e/support/server';
import { strictStripe } from '@/e2e/support/stripe';

let server: ServerProcess;
let stripe: Stripe;
let browser: Browser;
let page: Page;
/** What the browser complained of, such as what the page's own security policy forbids. */
let complaints: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  stripe = strictStripe(server);
}, BROWSER_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.stop();
});
beforeEach(async () => {
  complaints = [];
  page = await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage();
  page.setDefaultTimeout(STEP_TIMEOUT_MS);
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
});
afterEach(() => page.context().close());

/** Below a test's own limit, so that what fails is the step that waits; in milliseconds. */
const STEP_TIMEOUT_MS = 15_000;

interface Asked {
  /** On file with the shop; none by default. */
  readonly card?: string;
}

/** An invoice of £25 that is open, and not charged by itself. */
async function invoiced({ card }: Asked = {}): Promise<Stripe.Invoice> {
  const customer = await stripe.customers.create({ name: 'Ada Lovelace' });
  if (card !== undefined) {
    const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: method.id },
    });
  }
  const { id } = await stripe.invoices.create({
    customer: customer.id,
    auto_advance: false,
    description: 'Thank you for your trust.',
    footer: 'Calmony Ltd',
  });
  for (const [description, quantity] of [
    ['Seats', 2],
    ['Support', 1],
  ] as const) {
    await stripe.invoiceItems.create({
      customer: customer.id,
      invoice: id,
      currency: 'gbp',
      quantity,
      unit_amount_decimal: Stripe.Decimal.from(description === 'Seats' ? '1000' : '500'),
      description,
    });
  }
  return stripe.invoices.finalizeInvoice(id);
}

async function open(invoice: Stripe.Invoice): Promise<void> {
  await page.goto(invoice.hosted_invoice_url ?? '');
  await page.getByRole('heading', { level: 1, name: `Invoice ${invoice.number}` }).waitFor();
}

async function typeCard(number: string, expiry = '12/40'): Promise<void> {
  await page.getByLabel('Test card number').fill(number);
  await page.getByLabel('Expiry date').fill(expiry);
  await page.getByLabel('Security code').fill('123');
  await page.getByRole('button', { name: 'Pay £25.00', exact: true }).click();
}

const says = (text: string | RegExp) => page.getByText(text).first().waitFor();

const statusOf = async ({ id }: Stripe.Invoice) => (await stripe.invoices.retrieve(id)).status;

describe('an invoice', () => {
  it('says what it asks for, to whoever has its address and to nobody else', async () => {
    const invoice = await invoiced();
    await open(invoice);
    expect(await page.getByRole('table').locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^Seats\s+Quantity 2\s+£20\.00$/),
      expect.stringMatching(/^Support\s+£5\.00$/),
    ]);
    await says('Due now');
    await says('Thank you for your trust.');
    await says('Calmony Ltd');
    const url = new URL(invoice.hosted_invoice_url ?? '');
    const forged = url.pathname.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
    expect((await fetch(new URL(forged, url))).status).toBe(404);
    const other = await invoiced();
    const mixed = url.pathname.replace(invoice.id, other.id);
    expect((await fetch(new URL(mixed, url))).status).toBe(404);
    const incomplete = await fetch(new URL(url.pathname.slice(0, -1), url));
    expect(incomplete.status).toBe(404);
    expect(await incomplete.text()).toContain('It may be incomplete.');
    const paid = await fetch(new URL(`${mixed}/pay`, url), {
      method: 'POST',
      body: new URLSearchParams({ payment_method: 'pm_card_visa' }),
    });
    expect(paid.status).toBe(404);
    expect(await statusOf(other)).toBe('open');
  });

  it('is paid by a card that is typed in, which is on file from then on', async () => {
    const invoice = await invoiced();
    await open(invoice);
    await typeCard('4242 4242 4242 4242');
    await says(/^Paid on .*\. Thank you\.$/);
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
      status: 'paid',
      amount_paid: 2_500,
    });
    const cards = await stripe.customers.listPaymentMethods(String(invoice.customer));
    expect(cards.data.map(({ card }) => card?.last4)).toEqual(['4242']);
    expect(complaints).toEqual([]);
  });

  it('says why a card is refused, and takes another', async () => {
    const invoice = await invoiced();
    await open(invoice);
    await typeCard('4000 0000 0000 0341');
    await says(/declined/);
    expect(await statusOf(invoice)).toBe('open');
    await page.reload();
    await says(/declined/);
    await typeCard('4242 4242 4242 4241');
    await says(/card number/i);
    await open(invoice);
    await typeCard('5555 5555 5555 4444', '12 / 2040');
    await says(/^Paid on/);
    const charges = await stripe.charges.list({ customer: String(invoice.customer) });
    expect(charges.data.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
  });

  it('is no place to try many cards at', async () => {
    const invoice = await invoiced();
    const attempt = () =>
      fetch(`${invoice.hosted_invoice_url}/pay`, {
        method: 'POST',
        body: new URLSearchParams({ number: '4000000000000002', expiry: '12/40', cvc: '123' }),
      });
    let tries = 0;
    let refused: Response | null = null;
    // However slow the machine: each try makes the next wait twice as long.
    while (refused === null && tries < 20) {
      const answer = await attempt();
      if (answer.status === 429) refused = answer;
      else tries += 1;
    }
    expect(tries).toBeGreaterThanOrEqual(10);
    expect(await refused?.text()).toContain('Too many attempts.');
    expect(await statusOf(invoice)).toBe('open');
  });

  it('is paid by another card than the one on file', async () => {
    const invoice = await invoiced({ card: 'pm_card_visa' });
    await open(invoice);
    await page.getByText('Pay with another card').click();
    await typeCard('5555 5555 5555 4444');
    await says(/^Paid on/);
    const { data } = await stripe.charges.list({ customer: String(invoice.customer) });
    expect(data.map((charge) => charge.payment_method_details?.card?.last4)).toEqual(['4444']);
  });

  it('is paid by the card on file, once, however often the button is pressed', async () => {
    const invoice = await invoiced({ card: 'pm_card_visa' });
    await open(invoice);
    const [{ id } = { id: '' }] = (
      await stripe.customers.listPaymentMethods(String(invoice.customer))
    ).data;
    const press = () =>
      fetch(`${invoice.hosted_invoice_url}/pay`, {
        method: 'POST',
        body: new URLSearchParams({ payment_method: id }),
        redirect: 'manual',
      });
    await page.getByRole('button', { name: 'Pay £25.00 with Visa •••• 4242' }).click();
    const answers = await Promise.all([press(), press(), press(), press()]);
    expect(answers.map(({ status }) => status).every((status) => [303, 400].includes(status))).toBe(
      true,
    );
    await page.goto(invoice.hosted_invoice_url ?? '');
    await says(/^Paid on/);
    const charges = await stripe.charges.list({ customer: String(invoice.customer) });
    expect(charges.data).toHaveLength(1);
  });

  it('goes by the issuer where the issuer asks who pays, and comes back', async () => {
    const invoice = await invoiced({ card: 'pm_card_authenticationRequired' });
    // Charged while its customer is away: the issuer wants them.
    await stripe.invoices.pay(invoice.id).catch(() => undefined);
    expect(await statusOf(invoice)).toBe('open');
    await open(invoice);
    await page.getByRole('button', { name: /£25\.00 with Visa/ }).click();
    await page.getByRole('button', { name: 'Fail authentication' }).click();
    await page.waitForURL(/\/invoice\//);
    await says(/authenticat/i);
    expect(await statusOf(invoice)).toBe('open');
    await page.goto(invoice.hosted_invoice_url ?? '');
    await page.getByRole('button', { name: /£25\.00 with Visa/ }).click();
    await page.getByRole('button', { name: 'Complete authentication' }).click();
    await page.waitForURL(/\/invoice\//);
    await says(/^Paid on/);
    expect(await statusOf(invoice)).toBe('paid');
    expect(complaints).toEqual([]);
  });

  it('asks for nothing once it is void, and is not there while it is a draft', async () => {
    const invoice = await invoiced({ card: 'pm_card_visa' });
    await stripe.invoices.voidInvoice(invoice.id);
    await open(invoice);
    await says(/^Void since/);
    expect(await page.getByRole('button').count()).toBe(0);
    await fetch(`${invoice.hosted_invoice_url}/pay`, {
      method: 'POST',
      body: new URLSearchParams({ number: '5555555555554444', expiry: '12/40', cvc: '123' }),
    });
    const cards = await stripe.customers.listPaymentMethods(String(invoice.customer));
    expect(cards.data.map(({ card }) => card?.last4)).toEqual(['4242']);
    const draft = await stripe.invoices.create({ customer: String(invoice.customer) });
    expect(draft.hosted_invoice_url).toBeNull();
  });
});

describe.each(WIDTHS)('at %i pixels', (width) => {
  it.each(THEMES)('nothing is in the way of anybody, in the %s theme', async (theme) => {
    const height = width === 360 ? 740 : 900;
    const look = { viewport: { width, height }, colorScheme: theme, locale: 'en-GB' };
    const invoice = await invoiced({ card: 'pm_card_visa' });
    await page.context().close();
    page = await (await browser.newContext(look)).newPage();
    await open(invoice);
    await picture(page, 'hosted-invoice', { width, theme });
    expect(await barriersOf(page)).toEqual([]);
    await page.getByText('Pay with another card').click();
    expect(await barriersOf(page)).toEqual([]);
    await page.getByRole('button', { name: /with Visa/ }).click();
    await says(/^Paid on/);
    await picture(page, 'hosted-invoice-paid', { width, theme });
    expect(await barriersOf(page)).toEqual([]);
  });
});
