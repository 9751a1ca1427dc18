/** What members set for their project and for themselves, in a browser. */
import { TOTP } from 'otpauth';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_TIMEOUT_MS } from '@/e2e/support/browser';
import {
  barriersOf,
  call,
  openDashboard,
  OWNER,
  picture,
  THEMES,
  WIDTHS,
  type Dashboard,
} from '@/e2e/support/dashboard';

/** For a story with many pages, on a busy machine. */
const LONG_MS = 120_000;

let dashboard: Dashboard;
let page: Page;

beforeAll(async () => {
  dashboard = await openDashboard();
}, BROWSER_TIMEOUT_MS);
afterAll(() => dashboard.stop());
afterEach(() => page.close());

const button = (name: string | RegExp, of: Page = page) =>
  of.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog').or(page.getByRole('alertdialog'));
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
const rows = (name: string) => page.getByRole('table', { name }).locator('tbody tr');
const card = (name: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) });
const heading = (name: string, of: Page = page) =>
  of.getByRole('heading', { level: 1, name }).waitFor();
const says = (text: string | RegExp) => page.getByText(text).first().waitFor();

const account = (): string => /acct_\w+/.exec(dashboard.home)?.[0] ?? '';

async function signIn(of: Page, email: string, password: string): Promise<void> {
  await of.getByLabel('E-mail address').fill(email);
  await of.getByLabel('Password').fill(password);
  await button('Sign in', of).click();
}

/** The page has its data, and the browser has taken over. */
async function visit(place: string): Promise<void> {
  page = await dashboard.visit(place);
  await page.waitForLoadState('networkidle');
}

describe('a member', () => {
  it(
    'is invited by a link, joins, and sees and calls what their role may',
    async () => {
      await visit('settings/members');
      await button('Invite').click();
      await dialog().getByLabel('E-mail address').fill('Grace@example.com');
      await dialog().getByLabel('Viewer').click();
      await inDialog('Make the link').click();
      const link = await dialog().locator('code').innerText();
      expect(link).toMatch(new RegExp(`^${dashboard.server.url}/invite/\\w{24}$`));
      await inDialog('I have sent it').click();
      await rows('Pending invitations').filter({ hasText: 'grace@example.com' }).waitFor();

      const grace = await dashboard.meet(new URL(link).pathname);
      await grace.getByLabel('Your name').fill('Grace Hopper');
      await grace.getByLabel('Password').fill('a compiler of her own');
      await button('Join', grace).click();
      await grace.waitForURL(`**/dashboard/${account()}/test**`);
      await grace.goto(`${dashboard.home}/settings/members`);
      await heading('Members', grace);
      // Whoever looks was seen just now.
      await grace
        .getByRole('row', { name: /^Grace Hopper/ })
        .getByText(/ago$|^now$/)
        .waitFor();
      expect(await button('Invite', grace).count()).toBe(0);
      expect(await grace.getByRole('table', { name: 'Pending invitations' }).count()).toBe(0);
      expect(await grace.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
      await grace.goto(`${dashboard.home}/settings/audit-log`);
      await grace.getByText('You may not see this').waitFor();
      await grace.goto(`${dashboard.home}/settings/project`);
      expect(await grace.getByLabel('Name', { exact: true }).isDisabled()).toBe(true);
      expect(await button('Save', grace).count()).toBe(0);
      for (const [procedure, input] of [
        ['dashboard.projects.update', { name: 'Mine' }],
        ['dashboard.projects.updateBilling', { retry_days: [] }],
        ['dashboard.projects.updateLogs', { kept_days: 1 }],
        ['dashboard.projects.setBrandImage', { kind: 'logo', content: '' }],
        ['dashboard.processorAccounts.create', { merchant_id: '1', secret: 's' }],
        ['dashboard.members.invite', { email: 'x@example.com', role: 'viewer' }],
        ['customers.create', {}],
      ] as const) {
        expect({
          procedure,
          status: (await call(dashboard, grace, procedure, input)).status,
        }).toEqual({
          procedure,
          status: 403,
        });
      }

      await page.reload();
      await button('Actions for Grace Hopper').click();
      await page.getByRole('menuitem', { name: 'Change role' }).click();
      await dialog().getByLabel('Support').click();
      await inDialog('Change role').click();
      await rows('Members').filter({ hasText: 'Support' }).waitFor();
      await expect
        .poll(async () => (await call(dashboard, grace, 'customers.create')).status)
        .toBe(200);

      await button('Actions for Grace Hopper').click();
      await page.getByRole('menuitem', { name: 'Remove' }).click();
      await inDialog('Remove member').click();
      await rows('Members').filter({ hasText: 'Grace' }).waitFor({ state: 'detached' });
      await expect
        .poll(async () => (await call(dashboard, grace, 'customers.create')).status)
        .toBe(403);
      await grace.goto(dashboard.home);
      await heading('There is nothing at this address', grace);
      await grace.close();
    },
    LONG_MS,
  );

  it('who has not answered yet can be uninvited', async () => {
    await visit('settings/members');
    const { answer } = await call(dashboard, page, 'dashboard.members.invite', {
      email: 'alan@example.com',
      role: 'developer',
    });
    await page.reload();
    await button('Revoke the invitation of alan@example.com').click();
    await inDialog('Revoke invitation').click();
    await says('Nobody is invited at the moment.');
    const alan = await dashboard.meet(`/invite/${String(answer['token'])}`);
    await heading('This invitation is not valid any more', alan);
    await alan.close();
  });
});

describe('a project', () => {
  it('is renamed in the frame too, and says what is wrong with what was typed', async () => {
    await visit('settings/project');
    await page.getByLabel('Name', { exact: true }).fill('Tea and coffee');
    await page.getByLabel('Statement descriptor (optional)').fill('TEA');
    await button('Save').click();
    await says('Banks want 5 to 22 characters.');
    await page.getByLabel('Statement descriptor (optional)').fill('TEA AND COFFEE');
    await page.getByLabel('Street (optional)').fill('1 High Street');
    await button('Save').click();
    await says('Project saved');
    await button('Project Tea and coffee: switch').waitFor();
    const shown = await dashboard.stripe.accounts.retrieveCurrent();
    expect(shown.business_profile).toMatchObject({
      name: 'Tea and coffee',
      support_address: { line1: '1 High Street' },
    });
    await card('Tax numbers').getByRole('button', { name: 'Add' }).click();
    await dialog().getByLabel('Number').fill('123');
    await inDialog('Add tax number').click();
    await dialog().getByRole('alert').waitFor();
    await dialog().getByLabel('Number').fill('GB123456789');
    await inDialog('Add tax number').click();
    await rows('Tax numbers').filter({ hasText: 'GB123456789' }).waitFor();
    const kept = page.getByLabel('Days that request logs are kept');
    await kept.fill('0');
    await button('Save retention').click();
    await says('At least 1 day.');
    await kept.fill('7');
    await button('Save retention').click();
    await says('Retention saved');
    await page.reload();
    await expect.poll(() => kept.inputValue()).toBe('7');
  });

  it('has a brand, which is on its invoices', async () => {
    await visit('settings/branding');
    const svg = (content: string) => ({
      name: 'logo.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10">${content}</svg>`,
      ),
    });
    const logo = page.getByLabel('Choose a logo');
    await logo.setInputFiles(svg('<script>alert(1)</script>'));
    await says(/It uses <script>, which is not taken/);
    await logo.setInputFiles(svg('<rect width="40" height="10" fill="#0b6e6e"/>'));
    await says('Logo saved');
    await page.getByLabel('Brand colour', { exact: true }).fill('#aa3311');
    const line = page.locator('[style*="rgb(170, 51, 17)"]');
    await expect.poll(() => line.count()).toBe(2);
    await button('Save').click();
    await says('Colour saved');

    const { stripe } = dashboard;
    const customer = await stripe.customers.create({ name: 'Ada Lovelace' });
    const invoice = await stripe.invoices.create({ customer: customer.id });
    await page.goto(`${dashboard.home}/invoices/${invoice.id}`);
    const head = page.locator('address');
    await expect
      .poll(() => head.innerText())
      .toMatch(/Tea and coffee\s+1 High Street\s+GB123456789/);
    await expect.poll(() => line.count()).toBe(1);
    const width = 'document.querySelector("main img").naturalWidth';
    await expect.poll(() => page.evaluate(width)).toBeGreaterThan(0);
  });

  it('decides when a failed payment is tried again, and what then', async () => {
    await visit('settings/billing');
    const failed = card('Failed payments');
    await button('Remove retry 4').click();
    await button('Remove retry 3').click();
    await failed.getByLabel('Days to retry 1').fill('0');
    await failed.getByRole('button', { name: 'Save' }).click();
    await says('At least 1 day.');
    await failed.getByLabel('Days to retry 1').fill('5');
    await failed.getByLabel('Leave it past due').click();
    const preview = page.getByRole('region', { name: 'Preview' });
    await expect.poll(() => preview.getByRole('listitem').count()).toBe(3);
    await failed.getByRole('button', { name: 'Save' }).click();
    await says('Dunning saved');

    const { stripe } = dashboard;
    const customer = await stripe.customers.create({
      payment_method: 'pm_card_chargeCustomerFail',
      invoice_settings: { default_payment_method: 'pm_card_chargeCustomerFail' },
    });
    const draft = await stripe.invoices.create({ customer: customer.id, auto_advance: true });
    await stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      amount: 1_000,
      currency: 'gbp',
    });
    await stripe.invoices.finalizeInvoice(draft.id);
    // It is charged by itself, fails, and is to be tried again.
    const daysToRetry = async () => {
      const { next_payment_attempt, attempt_count } = await stripe.invoices.retrieve(draft.id);
      if (attempt_count === 0 || next_payment_attempt === null) return null;
      return Math.round((next_payment_attempt - Date.now() / 1_000) / 86_400);
    };
    await expect.poll(daysToRetry, { timeout: 15_000 }).toBe(5);
  });

  it('connects a card processor, whose secrets are never seen again', async () => {
    await visit('settings/processor');
    await says('The simulator takes the test cards');
    await button('Connect Cardstream').click();
    await dialog().getByLabel('Merchant ID').fill('100001');
    await dialog().getByLabel('Signature secret').fill('Circle4Take40Idea');
    await dialog().getByLabel('Gateway address (optional)').fill('http://example.com');
    await inDialog('Connect').click();
    await dialog().getByRole('alert').waitFor();
    // Nothing listens at this port.
    await dialog().getByLabel('Gateway address (optional)').fill('http://127.0.0.1:9');
    await inDialog('Connect').click();
    await says('Takes new cards');
    await page.reload();
    await says('Takes new cards');
    expect(await page.content()).not.toContain('Circle4Take40Idea');
    await button('Test the connection').click();
    await says('There is no gateway at this address');
    await button('Disable').click();
    await inDialog('Disable account').click();
    await says('Disabled');
    await says('The simulator takes the test cards');
  });

  it('never shows the rows of another', async () => {
    await visit('customers');
    const { answer } = await call(dashboard, page, 'dashboard.projects.create', {
      name: 'Another',
    });
    const other = `${dashboard.server.url}/dashboard/${String(answer['account'])}/test`;
    const { id } = await dashboard.stripe.customers.create({ name: 'Only here' });
    await page.reload();
    await rows('Customers').filter({ hasText: 'Only here' }).waitFor();
    await page.goto(`${other}/customers`);
    await says('No customers yet');
    await page.goto(`${other}/customers/${id}`);
    await heading('Not found');
    await page.goto(`${other}/settings/audit-log`);
    await rows('Audit log').first().waitFor();
    expect(await rows('Audit log').allInnerTexts()).toEqual([
      expect.stringMatching(/^projects\.create/),
    ]);
  });
});

describe('the audit log', () => {
  it('says who did what, by date and kind, and is exported', async () => {
    await visit('settings/audit-log?action=projects.updateBilling');
    await rows('Audit log').first().getByRole('link').click();
    await page.waitForURL(/audit-log\/aud_\w+$/);
    await page.getByRole('table', { name: 'Changes' }).getByText('billing.retry_days').waitFor();
    const csv = await page.request.get(
      `${dashboard.home}/export/audit-log?action=projects.updateBilling&email=${OWNER.email}`,
    );
    const lines = (await csv.text()).trimEnd().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`projects.updateBilling,${OWNER.email}`);
    await page.goto(`${dashboard.home}/settings/audit-log?email=nobody@example.com`);
    await says('No entries match these filters.');
  });
});

describe('a person', () => {
  const codeOf = (totp: TOTP, ahead = 0): string =>
    totp.generate({ timestamp: Date.now() + ahead * 30_000 });

  it('has a name and a theme', async () => {
    await visit('settings/profile');
    await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace');
    await button('Save').click();
    await says('Profile saved');
    await page.getByLabel('Dark').click();
    await expect.poll(() => page.locator('html').getAttribute('class')).toContain('dark');
    await button('Your account').click();
    await page.getByText('Ada Lovelace').waitFor();
  });

  it(
    'adds an authenticator, signs in with it, and with a recovery code',
    async () => {
      await visit('settings/security');
      await button('Add an authenticator').click();
      await dialog().getByLabel('Your password').fill('not it');
      await inDialog('Continue').click();
      await dialog().getByRole('alert').waitFor();
      await dialog().getByLabel('Your password').fill(OWNER.password);
      await inDialog('Continue').click();
      await dialog().getByAltText('The secret as a QR code').waitFor();
      const secret = await dialog().locator('code').innerText();
      const totp = new TOTP({ secret });
      await dialog().getByLabel('Code', { exact: true }).fill(codeOf(totp));
      await inDialog('Turn on').click();
      await page.getByRole('dialog', { name: 'Your recovery codes' }).waitFor();
      const codes = (await dialog().locator('code').innerText()).split('\n');
      expect(codes).toHaveLength(10);
      await inDialog('I have kept them').click();
      await says('10 recovery codes left');

      for (const code of [codeOf(totp, 1), codes[0] ?? '']) {
        const elsewhere = await dashboard.meet('/sign-in');
        await signIn(elsewhere, OWNER.email, OWNER.password);
        await heading('Enter your code', elsewhere);
        await elsewhere.getByRole('textbox', { name: 'Code' }).fill(code);
        await button('Continue', elsewhere).click();
        await elsewhere.waitForURL(/\/dashboard\/acct_/);
        await elsewhere.close();
      }
      await page.reload();
      await says('9 recovery codes left');
      await button('Turn off').click();
      await dialog()
        .getByLabel('Code', { exact: true })
        .fill(codes[1] ?? '');
      await inDialog('Turn off').click();
      await button('Add an authenticator').waitFor();
    },
    LONG_MS,
  );

  it('ends a session elsewhere', async () => {
    const there = await dashboard.meet('/sign-in');
    await signIn(there, OWNER.email, OWNER.password);
    await there.waitForURL(/\/dashboard\/acct_/);
    await visit('settings/security');
    const sessions = rows('Sessions');
    await expect.poll(() => sessions.count()).toBeGreaterThan(1);
    await sessions
      .first()
      .getByRole('button', { name: /^End the session/ })
      .click();
    await inDialog('End session').click();
    await says('Session ended');
    await expect
      .poll(async () => (await call(dashboard, there, 'customers.create')).status)
      .toBe(401);
    // The page itself may be on its way there already.
    const after = await there.context().newPage();
    await after.goto(dashboard.home);
    await heading('Sign in', after);
    await there.close();
  });

  it('changes their password, and is signed out everywhere else', async () => {
    await visit('settings/security');
    const password = card('Password');
    await password.getByLabel('Current password').fill(OWNER.password);
    await password.getByLabel('New password').fill('short');
    await password.getByRole('button', { name: 'Change password' }).click();
    await says('A password has at least 8 characters.');
    await password.getByLabel('New password').fill(OWNER.password);
    await password.getByRole('button', { name: 'Change password' }).click();
    await says('Password changed');
    await expect.poll(() => rows('Sessions').count()).toBe(1);
  });
});

/** Again where the second key came too late, as on a busy machine it may. */
async function jump(key: string, title: string): Promise<void> {
  const shown = page.getByRole('heading', { level: 1, name: title });
  const press = async (): Promise<number> => {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await shown.waitFor({ timeout: 3_000 }).catch(() => undefined);
    return shown.count();
  };
  await expect.poll(press, { timeout: 20_000 }).toBe(1);
}

describe('the settings', () => {
  it('are gone to by keys, and stay what they are in the other mode', async () => {
    await visit('customers');
    await jump('t', 'Project');
    await jump('u', 'Billing and dunning');
    await page
      .getByRole('navigation', { name: 'Mode' })
      .getByRole('link', { name: 'Live' })
      .click();
    await page.waitForURL(/\/live\/settings\/billing$/);
    await heading('Billing and dunning');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('audit');
    await page.getByRole('option', { name: 'Audit log' }).waitFor();
    await page.keyboard.press('Enter');
    await heading('Audit log');
  });
});

/** TABLE: the pages, and what is there once they are whole. */
const PAGES = [
  ['project', 'Business'],
  ['branding', 'Pictures'],
  ['billing', 'Failed payments'],
  ['processor', 'Card processor'],
  ['members', 'Pending invitations'],
  ['audit-log', 'Audit log'],
  ['profile', 'Appearance'],
  ['security', 'Sessions'],
] as const;

describe.each(WIDTHS)('at %i pixels', (width) => {
  it.each(THEMES)(
    'nothing is in the way of anybody in the %s theme',
    async (theme) => {
      const look = { width, theme };
      page = await dashboard.visit('settings/project', look);
      for (const [place, part] of PAGES) {
        await page.goto(`${dashboard.home}/settings/${place}`);
        await page.getByRole('heading', { name: part, exact: true }).waitFor();
        await page.waitForLoadState('networkidle');
        await picture(page, `settings-${place}`, look);
        expect({ place, barriers: await barriersOf(page) }).toEqual({ place, barriers: [] });
      }
      await page.goto(`${dashboard.home}/settings/audit-log`);
      await rows('Audit log').first().getByRole('link').click();
      await page.waitForURL(/aud_\w+$/);
      await page.getByRole('heading', { name: 'Details' }).waitFor();
      await picture(page, 'settings-audit-log-one', look);
      expect(await barriersOf(page)).toEqual([]);
    },
    LONG_MS,
  );
});

it('gives the browser nothing to complain of', async () => {
  page = await dashboard.visit('settings/project');
  const own = dashboard.complaints.filter(
    (text) => !/status of (?:400|401|403|404)|404 \(Not Found\)/.test(text),
  );
  expect(own).toEqual([]);
});
