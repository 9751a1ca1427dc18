/** The dashboard in a browser, signed in as the owner of a new project on a server of its own. */
import { AxeBuilder } from '@axe-core/playwright';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright';
import type { Stripe } from 'stripe';
import { startBrowser } from './browser';
import { startServer, type TestServer } from './server';
import { strictStripe } from './stripe';
import { wakeful } from './wakeful';

export const OWNER = { email: 'owner@example.com', password: 'correct-horse-battery' } as const;

/** The two widths that every page is made for, in pixels. */
export const WIDTHS = [1_440, 360] as const;

/** How long a step of a story may take on a busy machine, in milliseconds. */
const STEP_TIMEOUT_MS = 30_000;

const HEIGHTS: Readonly<Record<number, number>> = { 1440: 900, 360: 740 };

export const THEMES = ['light', 'dark'] as const;

export interface Look {
  readonly width?: (typeof WIDTHS)[number];
  readonly theme?: (typeof THEMES)[number];
}

export interface Dashboard {
  readonly server: TestServer;
  readonly stripe: Stripe;
  /** Where the project is in test mode: `http://127.0.0.1:3000/dashboard/acct_…/test`. */
  readonly home: string;
  /** What browsers complained of, such as what a page's own security policy forbids. */
  readonly complaints: readonly string[];
  /** A page that is signed in, at an address below `home`. */
  visit(page: string, look?: Look): Promise<Page>;
  /** A page of somebody who is not signed in, at an address of the server. */
  meet(address: string, look?: Look): Promise<Page>;
  stop(): Promise<void>;
}

/** Starts it all; `stop()` ends it all. Signing in is done once, and shared by all pages. */
export async function openDashboard(): Promise<Dashboard> {
  const env = { CALMONY_OWNER_EMAIL: OWNER.email, CALMONY_OWNER_PASSWORD: OWNER.password };
  const [server, browser] = await Promise.all([startServer(env), startBrowser()]);
  const first = await contextFor(browser, {});
  const home = await signIn(wakeful(await first.newPage()), server.url);
  const session = await first.storageState();
  const complaints: string[] = [];
  async function open(context: BrowserContext, address: string): Promise<Page> {
    const opened = wakeful(await context.newPage());
    // The last may close together with the browser.
    opened.on('close', () => void context.close().catch(() => undefined));
    opened.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    opened.on('pageerror', (error) => complaints.push(String(error)));
    // Below a test's own limit, so that what fails is the step that waits.
    opened.setDefaultTimeout(STEP_TIMEOUT_MS);
    await opened.goto(address);
    return opened;
  }
  return {
    server,
    stripe: strictStripe(server),
    home,
    complaints,
    visit: async (page, look = {}) =>
      open(await contextFor(browser, look, session), page === '' ? home : `${home}/${page}`),
    meet: async (address, look = {}) =>
      open(await contextFor(browser, look), `${server.url}${address}`),
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}

const contextFor = (
  browser: Browser,
  { width = 1_440, theme = 'light' }: Look,
  storageState?: Awaited<ReturnType<BrowserContext['storageState']>>,
): Promise<BrowserContext> =>
  browser.newContext({
    viewport: { width, height: HEIGHTS[width] ?? 900 },
    colorScheme: theme,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...(storageState === undefined ? {} : { storageState }),
  });

/** Signs in as the owner, and answers where that leads: the first project, in test mode. */
export async function signIn(page: Page, url: string): Promise<string> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/\/dashboard\/acct_\w+\/test/);
  return /^.*\/dashboard\/acct_\w+\/test/.exec(page.url())?.[0] ?? '';
}

/** A call that the page could make: with its cookies, and from its origin. */
export async function call(
  { server: { url }, home }: Dashboard,
  page: Page,
  procedure: string,
  input: object = {},
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await page.request.post(`${url}/api/trpc/${procedure}`, {
    headers: {
      origin: url,
      'content-type': 'application/json',
      'x-calmony-account': /acct_\w+/.exec(home)?.[0] ?? '',
      'x-calmony-mode': 'test',
    },
    data: input,
  });
  const { result } = (await response.json()) as { result?: { data: Record<string, unknown> } };
  return { status: response.status(), answer: result?.data ?? {} };
}

/** Sentences about what axe finds wrong with the page (WCAG 2.2 AA), and whether it scrolls sideways. */
export async function barriersOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(overflow > 0 ? [`scrolls sideways by ${overflow} pixels`] : []),
  ];
}

/** Where the pictures of a run are: the variable names the folder. */
const PICTURES = process.env.CALMONY_SCREENSHOTS ?? path.join(tmpdir(), 'calmony-screenshots');

/** Keeps a picture of the page, as `customers-360-dark.png`. */
export async function picture(page: Page, name: string, { width, theme }: Required<Look>) {
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: path.join(PICTURES, `${name}-${width}-${theme}.png`) });
}
