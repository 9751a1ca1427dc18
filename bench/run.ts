/**
 * Measures how fast the server is, beside PostgreSQL's own benchmark on the same machine, database
 * and minutes; the ratio is what can be compared between machines.
 *
 *   npm run bench                                  all figures, about a quarter of an hour
 *   npm run bench -- create retrieve --seconds 5   some of them, quicker
 *   npm run bench -- --without-pages               without the minute that building the pages takes
 *
 * `--pairs` (3) and `--seconds` (10) say how often and how long each is measured, `--clients` (32) by
 * how many at once, `--rows` (1000000) how large the large table is, `--due` (10000) how many
 * subscriptions renew at once. DATABASE_URL names another
 * PostgreSQL than the embedded one; its role must be a superuser, and databases `bench_*` are made
 * and dropped there. Results are printed and kept in bench/results.
 */
import * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startCluster } from './cluster';
import type { Bench, Figure, Result } from './figure';
import { cardPayments } from './figures/card_payments';
import { confirmPayments } from './figures/confirm_payments';
import { createCustomers } from './figures/create_customers';
import { deliverWebhooks } from './figures/deliver_webhooks';
import { listCustomers } from './figures/list_customers';
import { memory, start } from './figures/process';
import { createSubscriptions } from './figures/create_subscriptions';
import { renewSubscriptions } from './figures/renew_subscriptions';
import { retrieveCustomers } from './figures/retrieve_customers';
import { statements } from './figures/statements';
import { findPgBench } from './pgbench';
import { format, isMet, ratiosOf } from './report';
import { build, buildWithoutPages, ROOT } from './server';

const FIGURES: readonly Figure[] = [
  createCustomers,
  retrieveCustomers,
  statements,
  confirmPayments,
  cardPayments,
  createSubscriptions,
  renewSubscriptions,
  deliverWebhooks,
  listCustomers,
  memory,
  start,
];

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pairs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10' },
      clients: { type: 'string', default: '32' },
      rows: { type: 'string', default: '1000000' },
      due: { type: 'string', default: '10000' },
      'without-pages': { type: 'boolean', default: false },
    },
  });
  const chosen = FIGURES.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  );
  const pgbench = await findPgBench();
  const built = await (options['without-pages'] ? buildWithoutPages() : build());
  const cluster = await startCluster(process.env.DATABASE_URL);
  const bench: Bench = {
    cluster,
    build: built,
    pgbench,
    pairs: Number(options.pairs),
    seconds: Number(options.seconds),
    clients: Number(options.clients),
    rows: Number(options.rows),
    due: Number(options.due),
  };
  try {
    say(`PostgreSQL ${JSON.stringify(cluster.settings)}\n`);
    const results: Result[] = [];
    for (const figure of chosen) {
      for (const result of await figure.measure(bench)) {
        results.push(result);
        say(format(result));
      }
    }
    await keep(bench, results);
    if (results.some((result) => isMet(result) === false)) process.exitCode = 1;
  } finally {
    await cluster.stop();
  }
}

/** Writes everything that was measured, and on what. */
async function keep(bench: Bench, results: readonly Result[]): Promise<void> {
  const { cluster, pairs, seconds, clients, rows, due, build: built } = bench;
  const at = new Date().toISOString();
  const file = path.join(ROOT, 'bench/results', `${at.replaceAll(':', '-')}.json`);
  const written = {
    at,
    node: process.version,
    cpus: os.cpus().map(({ model }) => model),
    postgres: cluster.settings,
    role: built.role,
    pairs,
    seconds,
    clients,
    rows,
    due,
    results: results.map((result) => ({
      ...result,
      ratios: ratiosOf(result),
      met: isMet(result),
    })),
  };
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, `${JSON.stringify(written, null, 2)}\n`);
  say(`kept in ${path.relative(ROOT, file)}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
