/**
 * Measures the dashboard of a large business: the built server, warm, and the pages in a real Chromium.
 *
 *   npm run bench:web                  everything, about six minutes
 *   npm run bench:web -- lists         only the lists; `home` only Home
 *   npm run bench:web -- picture FILE  draws the picture of Home for the README, and measures nothing
 *
 * `--rows` (100000) customers, payments and events are there for the lists, `--charges` (1000000) for
 * Home. `--visits` (5) and `--requests` (60) say how often each page is opened and asked for.
 * DATABASE_URL names another PostgreSQL than the embedded one; its role must be a superuser, and a
 * database `bench_web` is made and dropped there. Results are printed and kept in bench/results.
 */
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startCluster } from './cluster';
import type { Result } from './figure';
import { format, isMet } from './report';
import { build, ROOT } from './server';
import { withDashboard, type WebBench } from './web/dashboard';
import { measureHome } from './web/home';
import { measureLists } from './web/lists';
import { drawPicture } from './web/picture';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string', default: '100000' },
      charges: { type: 'string', default: '1000000' },
      visits: { type: 'string', default: '5' },
      requests: { type: 'string', default: '60' },
    },
  });
  const [part, file] = positionals;
  const isWanted = (name: string): boolean => part === undefined || part === name;
  const built = await build();
  const cluster = await startCluster(process.env.DATABASE_URL);
  const bench: WebBench = {
    cluster,
    build: built,
    visits: Number(options.visits),
    requests: Number(options.requests),
  };
  const rows = Number(options.rows);
  const charges = Number(options.charges);
  try {
    if (part === 'picture') {
      await drawPicture(bench, path.resolve(file ?? 'docs/images/dashboard.png'));
      return;
    }
    const results: Result[] = [];
    const add = (more: readonly Result[]): void => {
      results.push(...more);
      for (const result of more) say(format(result));
    };
    if (isWanted('lists')) {
      add(
        await withDashboard(bench, { customers: rows, payments: rows }, (dashboard) =>
          measureLists(bench, dashboard, rows),
        ),
      );
    }
    if (isWanted('home')) {
      add(
        await withDashboard(bench, { customers: rows, payments: charges }, (dashboard) =>
          measureHome(bench, dashboard, charges),
        ),
      );
    }
    await keep({ rows, charges, settings: cluster.settings }, results);
    if (results.some((result) => isMet(result) === false)) process.exitCode = 1;
  } finally {
    await cluster.stop();
  }
}

async function keep(on: object, results: readonly Result[]): Promise<void> {
  const at = new Date().toISOString();
  const file = path.join(ROOT, 'bench/results', `web-${at.replaceAll(':', '-')}.json`);
  await fs.mkdir(path.dirname(file), { recursive: true });
  const written = {
    at,
    node: process.version,
    cpus: os.cpus().map(({ model }) => model),
    ...on,
    results: results.map((result) => ({ ...result, met: isMet(result) })),
  };
  await fs.writeFile(file, `${JSON.stringify(written, null, 2)}\n`);
  say(`kept in ${path.relative(ROOT, file)}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
  process.exit(1);
});
