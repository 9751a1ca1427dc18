/** The way into the dashboard, and who is kept out: in browsers, with the password that was printed. */
import AxeBuilder from '@axe-core/playwright';
import { TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BROWSER_TIMEOUT_MS, startBrowser } from '@/e2e/support/browser';
import type { ServerProcess } from '@/e2e/support/process';
import { startServer } from '@/e2e/support/server';
import { wakeful } from '@/e2e/support/wakeful';

// Several browsers take turns in most of these, on whatever machine there is.
vi.setConfig({ testTimeout: 90_000 });

const OWNER = 'owner@example.com';

let server: ServerProcess;
let browser: Browser;
/** As the server printed it when it started for the first time. */
let password: string;
/** What browsers complained of, such as what a page's own security policy forbids. */
let complaints: string[];
let contexts: BrowserContext[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), startBrowser()]);
  password = /password +(\S+)/.exec(server.log())?.[1] ?? '';
}, BROWSER_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.stop();
});
beforeEach(() => {
  complaints = [];
  contexts = [];
});
afterEach(async () => {
  for (const context of contexts) await context.close();
});

/** A browser of its own, with no cookies. */
async function newPage(width = 1_440): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 } });
  contexts.push(context);
  const page = wakeful(await context.newPage());
  page.on('console', (message) => {
    // A refused call is what some of these tests are after, and browsers report it.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  return page;
}

async function enter(page: Page, email: string, secret: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function signIn(page: Page, email = OWNER, secret = password): Promise<void> {
  await page.goto(`${server.url}/sign-in`);
  await enter(page, email, secret);
}

const IN_THE_DASHBOARD = /\/dashboard\/acct_\w+\/test/;

const accountIn = (page: Page): string => /acct_\w+/.exec(page.url())?.[0] ?? '';

/** A call that the page could make: with its cookies, and from its origin. */
async function call(
  page: Page,
  procedure: string,
  input: object = {},
): Promise<{ status: number; answer: Record<string, never>; code: string | undefined }> {
  const response = await page.request.post(`${server.url}/api/trpc/${procedure}`, {
    headers: {
      origin: server.url,
      'content-type': 'application/json',
      'x-calmony-account': accountIn(page),
      'x-calmony-mode': 'test',
    },
    data: input,
  });
  const body = (await response.json()) as {
    result?: { data: Record<string, never> };
    error?: { data: { stripe: { code?: string } } };
  };
  return {
    status: response.status(),
    answer: body.result?.data ?? {},
    code: body.error?.data.stripe.code,
  };
}

/** What a form says is wrong; Next has an alert of its own, which reads out titles. */
const alertOf = (page: Page) => page.locator('form').getByRole('alert').textContent();

const codeIn = (page: Page) => page.getByRole('textbox', { name: 'Code' });

const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name }).waitFor();

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate(overflow)).toBe(0);
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in');
}

describe('the owner', () => {
  it('signs in with the password that was printed, and out again', async () => {
    const page = await newPage();
    await page.goto(server.url);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await heading(page, 'Sign in');
    await enter(page, OWNER, `${password}x`);
    expect(await alertOf(page)).toBe('The e-mail address or the password is not right.');
    await enter(page, OWNER, password);
    await page.waitForURL(IN_THE_DASHBOARD);
    await signOut(page);
    await page.goBack();
    await page.waitForURL('**/sign-in**');
    expect(complaints).toEqual([]);
  });

  it('comes back to the page that they wanted, and to no other site', async () => {
    const page = await newPage();
    await signIn(page);
    await page.waitForURL(IN_THE_DASHBOARD);
    const wanted = `/dashboard/${accountIn(page)}/test/customers?limit=20`;
    const fresh = await newPage();
    await fresh.goto(server.url + wanted);
    await heading(fresh, 'Sign in');
    await enter(fresh, OWNER, password);
    await fresh.waitForURL(server.url + wanted);
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example']) {
      await fresh.goto(`${server.url}/sign-in?next=${encodeURIComponent(next)}`);
      await fresh.waitForURL(IN_THE_DASHBOARD);
    }
  });

  it('uses the keyboard alone', async () => {
    const page = await newPage(360);
    await page.goto(`${server.url}/sign-in`);
    for (let steps = 0; steps < 2; steps += 1) await page.keyboard.press('Tab');
    await page.keyboard.type(OWNER);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForURL(IN_THE_DASHBOARD);
  });

  it('adds an authenticator, and is asked for its code from then on', async () => {
    const page = await newPage();
    await signIn(page);
    await page.waitForURL(IN_THE_DASHBOARD);
    const begun = await call(page, 'dashboard.security.beginTotp', { password });
    const totp = new TOTP({ secret: String(begun.answer['secret']) });
    const confirmed = await call(page, 'dashboard.security.confirmTotp', { code: totp.generate() });
    const [recovery] = confirmed.answer['recovery_codes'] as unknown as string[];
    await signOut(page);

    await enter(page, OWNER, password);
    await heading(page, 'Enter your code');
    await expectAccessible(page);
    await page.goto(`${server.url}/dashboard`);
    await heading(page, 'Enter your code');
    await codeIn(page).fill('000000');
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await alertOf(page)).toMatch(/^The code is not right/);
    // The code that was used just now is good no more; the next one is good already.
    const next = totp.generate({ timestamp: Date.now() + 30_000 });
    await codeIn(page).fill(next);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(IN_THE_DASHBOARD);

    const withoutDevice = await newPage();
    await signIn(withoutDevice);
    await codeIn(withoutDevice).fill(recovery ?? '');
    await withoutDevice.getByRole('button', { name: 'Continue' }).click();
    await withoutDevice.waitForURL(IN_THE_DASHBOARD);
    const codes = confirmed.answer['recovery_codes'] as unknown as string[];
    await call(withoutDevice, 'dashboard.security.disableTotp', { code: codes[1] });
    expect(complaints).toEqual([]);
  });

  it('signs out everywhere else', async () => {
    const [here, there] = [await newPage(), await newPage()];
    for (const page of [here, there]) {
      await signIn(page);
      await page.waitForURL(IN_THE_DASHBOARD);
    }
    const { answer } = await call(here, 'dashboard.sessions.endOthers');
    expect(Number(answer['ended'])).toBeGreaterThan(0);
    // A server believes what it looked up for a second.
    await expect
      .poll(async () => (await call(there, 'customers.create')).code)
      .toBe('sign_in_required');
    // The page itself may be on its way there already.
    const after = wakeful(await there.context().newPage());
    await after.goto(`${server.url}/dashboard`);
    await heading(after, 'Sign in');
    await here.reload();
    expect(here.url()).toMatch(IN_THE_DASHBOARD);
  });
});

describe('somebody who is invited', () => {
  async function invited(email: string, role: string): Promise<{ link: string; account: string }> {
    const owner = await newPage();
    await signIn(owner);
    await owner.waitForURL(IN_THE_DASHBOARD);
    const { answer } = await call(owner, 'dashboard.members.invite', { email, role });
    return { link: `${server.url}/invite/${String(answer['token'])}`, account: accountIn(owner) };
  }

  it('joins as a viewer, sees what there is, and can change none of it', async () => {
    const { link, account } = await invited('grace@example.com', 'viewer');
    const page = await newPage(360);
    await page.goto(link);
    await heading(page, 'Join My project');
    await expectAccessible(page);
    await page.getByLabel('Your name').fill('Grace Hopper');
    await page.getByLabel('Password').fill('a compiler of her own');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.waitForURL(`**/dashboard/${account}/test`);

    expect(await call(page, 'dashboard.members.leave', {})).toMatchObject({ status: 200 });
    await page.goto(link);
    await heading(page, 'This invitation is not valid any more');
    expect(complaints).toEqual([]);
  });

  it('who has an account signs in to accept, and is refused what a viewer may not', async () => {
    const { link, account } = await invited('grace@example.com', 'viewer');
    const page = await newPage();
    await page.goto(link);
    await page.getByRole('link', { name: 'Sign in to accept' }).click();
    await enter(page, 'grace@example.com', 'a compiler of her own');
    await page.getByRole('button', { name: 'Accept the invitation' }).click();
    await page.waitForURL(`**/dashboard/${account}/test`);
    for (const [procedure, input] of [
      ['customers.create', { name: 'x' }],
      ['apiKeys.create', { type: 'secret' }],
      ['dashboard.members.invite', { email: 'x@example.com', role: 'owner' }],
      ['dashboard.projects.update', { name: 'x' }],
    ] as const) {
      const { status, code } = await call(page, procedure, input);
      expect({ procedure, status, code }).toEqual({
        procedure,
        status: 403,
        code: 'more_permissions_required',
      });
    }
    const list = await page.request.get(`${server.url}/api/trpc/customers.list`, {
      headers: { 'x-calmony-account': account, 'x-calmony-mode': 'test' },
    });
    expect(list.status()).toBe(200);
  });
});

describe('the door', () => {
  it.each([360, 1_440])('is accessible at %i pixels, in both themes', async (width) => {
    const page = await newPage(width);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${server.url}/sign-in`);
      await heading(page, 'Sign in');
      await expectAccessible(page);
    }
  });

  it('runs its own scripts, and none that was smuggled in', async () => {
    const page = await newPage();
    const response = await page.goto(`${server.url}/sign-in`);
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toMatch(/script-src 'self' 'nonce-[\w+/=]{20,}' 'strict-dynamic'(?:;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
    const again = await page.goto(`${server.url}/sign-in`);
    expect(again?.headers()['content-security-policy']).not.toBe(policy);
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend',
      '<img src="data:," onerror="document.title = \\'smuggled\\'">')`);
    await expect.poll(() => complaints.join()).toMatch(/Content Security Policy/);
    expect(await page.title()).toBe('Sign in · Calmony Pay');
  });
});
