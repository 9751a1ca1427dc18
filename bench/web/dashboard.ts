/** The built server with a business in it, and the dashboard in a browser, signed in. */
import postgres from 'postgres';
import type { Browser, BrowserContext } from 'playwright';
import { startBrowser } from '@/e2e/support/browser';
import type { Cluster } from '../cluster';
import { startServer, type Build, type RunningServer } from '../server';
import { examples, stripeOf, subscribers } from './business';
import { seed, type Seeded, type Sizes } from './seed';

const OWNER = { email: 'owner@example.com', password: 'correct-horse-battery' };

const DATABASE = 'bench_web';

export interface WebBench {
  readonly cluster: Cluster;
  readonly build: Build;
  /** How often a page is opened in the browser, and how often it is asked for without one. */
  readonly visits: number;
  readonly requests: number;
}

export interface Dashboard extends Seeded {
  readonly server: RunningServer;
  readonly browser: Browser;
  /** `http://127.0.0.1:3000/dashboard/acct_…/test`. */
  readonly home: string;
  readonly account: string;
  /** The session, as a browser sends it. */
  readonly cookie: string;
  readonly now: number;
  /** A browser that has never been here, but is signed in. */
  newContext(width?: number): Promise<BrowserContext>;
}

/** Runs `work` with everything running; all of it is gone afterwards. */
export async function withDashboard<T>(
  { cluster, build }: WebBench,
  sizes: Sizes,
  work: (dashboard: Dashboard) => Promise<T>,
): Promise<T> {
  const databaseUrl = await cluster.createDatabase(DATABASE);
  const env = { CALMONY_OWNER_EMAIL: OWNER.email, CALMONY_OWNER_PASSWORD: OWNER.password };
  const server = await startServer({ ...build, databaseUrl, env });
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  const browser = await startBrowser();
  try {
    const [project] = await sql<{ id: number }[]>`select id::int from projects`;
    const site = { sql, projectId: project?.id ?? 0 };
    const now = Math.floor(Date.now() / 1_000);
    const stripe = stripeOf(server);
    await examples(stripe);
    await subscribers(stripe, site, now);
    await seed(site, sizes, now);
    await cluster.checkpoint();
    return await work({ ...site, ...(await signIn(browser, server)), server, browser, now });
  } finally {
    await browser.close();
    await server.stop();
    await sql.end();
    await cluster.dropDatabase(DATABASE);
  }
}

async function signIn(
  browser: Browser,
  { port }: RunningServer,
): Promise<Pick<Dashboard, 'home' | 'account' | 'cookie' | 'newContext'>> {
  const locale = { locale: 'en-GB', timezoneId: 'Europe/London' };
  const first = await browser.newContext(locale);
  const page = await first.newPage();
  await page.goto(`http://127.0.0.1:${port}/sign-in`);
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/\/dashboard\/acct_\w+\/test/);
  const [home = '', account = ''] = /^.*\/dashboard\/(acct_\w+)\/test/.exec(page.url()) ?? [];
  const storageState = await first.storageState();
  await first.close();
  return {
    home,
    account,
    cookie: storageState.cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
    newContext: (width = 1_440) =>
      browser.newContext({ ...locale, viewport: { width, height: 900 }, storageState }),
  };
}
