/** List pages of very many rows: how soon they are there, how heavy, and whether depth costs anything. */
import type { Page } from 'playwright';
import type { Result } from '../figure';
import { median, percentile } from '../statistics';
import type { Dashboard, WebBench } from './dashboard';
import { seededBody, seededId } from './seed';
import { respond, visit } from './visit';

interface List {
  readonly page: string;
  readonly prefix: string;
}

const LISTS: readonly List[] = [
  { page: '/payments', prefix: 'pi' },
  { page: '/customers', prefix: 'cus' },
  { page: '/events', prefix: 'evt' },
];

const PAGE_SIZE = 25;
const DEEP_PAGE = 1_000;

export async function measureLists(
  { visits, requests }: WebBench,
  dashboard: Dashboard,
  rows: number,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const list of LISTS) results.push(...(await measure(list)));
  return results;

  async function measure({ page, prefix }: List): Promise<Result[]> {
    const cursor = seededId(prefix, seededBody(dashboard.now), rows - (DEEP_PAGE - 1) * PAGE_SIZE);
    const deep = `${page}?starting_after=${cursor}&from=${(DEEP_PAGE - 1) * PAGE_SIZE + 1}`;
    // In turn, so that whatever else the machine does falls on both alike.
    const both = Array.from({ length: requests }, () => [page, deep]).flat();
    await respond(dashboard, both.slice(0, 30));
    const times = await respond(dashboard, both);
    const first = times.filter((_, index) => index % 2 === 0);
    const thousandth = times.filter((_, index) => index % 2 === 1);

    const seen = [];
    for (let turn = 0; turn < visits; turn += 1) seen.push(await visit(dashboard, page, use));
    const name = `${page} of ${rows} rows`;
    const of = 'value' as const;
    return [
      {
        figure: `${name}: first page, server response`,
        unit: 'ms, p95',
        values: [
          percentile(
            first.toSorted((a, b) => a - b),
            0.95,
          ),
        ],
        target: { of, is: 'at most', bound: 150 },
        notes: { p50: median(first) },
      },
      {
        figure: `${name}: page ${DEEP_PAGE} beside the first`,
        unit: 'ms, p50',
        values: [median(thousandth)],
        baseline: { of: 'the first page', values: [median(first)] },
        target: { of: 'ratio', is: 'at most', bound: 1.2 },
      },
      {
        figure: `${name}: largest contentful paint`,
        unit: 'ms',
        values: seen.map(({ paintMs }) => paintMs),
        target: { of, is: 'at most', bound: 1_200 },
      },
      {
        figure: `${name}: interaction to next paint`,
        unit: 'ms',
        values: seen.map(({ interactionMs }) => interactionMs),
        target: { of, is: 'at most', bound: 200 },
      },
      {
        figure: `${name}: JavaScript`,
        unit: 'KB compressed',
        values: [seen[0]?.scriptKb ?? 0],
        target: { of, is: 'at most', bound: 250 },
      },
    ];
  }
}

/** Turns the page, opens a filter and the columns, and closes them again. */
async function use(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByText('26–50', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox').first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Previous', exact: true }).click();
  await page.getByText('1–25', { exact: true }).waitFor();
}
