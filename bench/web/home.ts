/** Home, with very many charges behind its figures. */
import type { Page } from 'playwright';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '../figure';
import { median, percentile } from '../statistics';
import type { Dashboard, WebBench } from './dashboard';
import { respond, visit } from './visit';

const RANGES = ['4w', '12m'] as const;

/** How long the worker may take to add everything up, in milliseconds. */
const CATCH_UP_MS = 170_000;

export async function measureHome(
  { visits, requests }: WebBench,
  dashboard: Dashboard,
  charges: number,
): Promise<Result[]> {
  const addedUpMs = await addUp(dashboard);
  const results: Result[] = [
    {
      figure: `${charges} payments added up from nothing`,
      unit: 's',
      values: [addedUpMs / 1_000],
    },
  ];
  for (const range of RANGES) {
    await ask(dashboard, range, 20);
    const times = await ask(dashboard, range, requests);
    results.push({
      figure: `Home's figures of ${charges} charges, ${range}`,
      unit: 'ms, p95',
      values: [
        percentile(
          times.toSorted((a, b) => a - b),
          0.95,
        ),
      ],
      target: { of: 'value', is: 'at most', bound: 100 },
      notes: { p50: median(times) },
    });
  }
  const addresses = Array.from({ length: requests }, () => '?range=12m');
  await respond(dashboard, addresses.slice(0, 15));
  const pages = await respond(dashboard, addresses);
  results.push({
    figure: 'Home: server response',
    unit: 'ms, p95',
    values: [
      percentile(
        pages.toSorted((a, b) => a - b),
        0.95,
      ),
    ],
    target: { of: 'value', is: 'at most', bound: 150 },
    notes: { p50: median(pages) },
  });
  const seen = [];
  for (let turn = 0; turn < visits; turn += 1) {
    seen.push(await visit(dashboard, '?range=4w', use));
  }
  return [
    ...results,
    {
      figure: 'Home: largest contentful paint',
      unit: 'ms',
      values: seen.map(({ paintMs }) => paintMs),
      target: { of: 'value', is: 'at most', bound: 1_200 },
    },
    {
      figure: 'Home: interaction to next paint',
      unit: 'ms',
      values: seen.map(({ interactionMs }) => interactionMs),
      target: { of: 'value', is: 'at most', bound: 200 },
    },
    {
      figure: 'Home: JavaScript, with the charts',
      unit: 'KB compressed',
      values: [seen[0]?.scriptKb ?? 0],
    },
  ];
}

/** Waits until the figures are what a count of the rows gives. */
export async function addUp({ sql, projectId }: Dashboard): Promise<number> {
  const began = performance.now();
  const [truth] = await sql<{ count: number; first: string }[]>`
    select count(*)::int as count from balance_transactions
    where project_id = ${projectId} and not livemode and type = 'charge'`;
  for (;;) {
    const [added] = await sql<{ count: number }[]>`
      select occurrences::int as count from figures
      where project_id = ${projectId} and not livemode and id = 'all/all/charge/gbp'`;
    const ms = performance.now() - began;
    if (added?.count === truth?.count) return ms;
    if (ms > CATCH_UP_MS) {
      throw new Error(`Void: ${added?.count} of ${truth?.count} charges were added up.`);
    }
    await sleep(250);
  }
}

/** Asks for the figures as the page does, one after the other; in milliseconds. */
async function ask(
  { server, account, cookie }: Dashboard,
  range: string,
  times: number,
): Promise<number[]> {
  const input = encodeURIComponent(JSON.stringify({ range }));
  const url = `http://127.0.0.1:${server.port}/api/trpc/dashboard.home.summary?input=${input}`;
  const taken: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const began = performance.now();
    const answer = await fetch(url, {
      headers: { cookie, 'x-calmony-account': account, 'x-calmony-mode': 'test' },
    });
    await answer.text();
    taken.push(performance.now() - began);
    if (answer.status !== 200) throw new Error(`Void: the figures answered ${answer.status}.`);
  }
  return taken;
}

async function use(page: Page): Promise<void> {
  await page.getByRole('button', { name: '12 months' }).click();
  await page.waitForURL(/range=12m/);
  await page.getByRole('button', { name: '7 days' }).click();
  await page.waitForURL(/range=7d/);
}
