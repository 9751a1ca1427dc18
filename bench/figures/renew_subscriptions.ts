/**
 * Renewals: many subscriptions that become due at one moment, each to an invoice with its line, a
 * payment through the simulated processor, a charge, all events and the next period. First in a
 * database with nothing else in it, then beside very many subscriptions that are not due.
 */
import { setTimeout } from 'node:timers/promises';
import {
  copySubscribed,
  finalizeAtOnce,
  isRenewing,
  makeDue,
  renewedAt,
  subscribe,
} from '@/e2e/support/subscribers';
import { withSite, type Bench, type Figure, type Site } from '../figure';
import { residentMegabytes } from '../processes';

const POLL_MS = 250;

/** Renewed before anything is measured: compilers and plans have then seen enough. */
const WARM = 500;

interface Renewing {
  readonly seconds: number;
  /** Of the process that serves and works, the most, in megabytes. */
  readonly memory: number;
}

export const renewSubscriptions: Figure = {
  name: 'renew',
  async measure(bench) {
    const alone: Renewing[] = [];
    const beside: Renewing[] = [];
    for (let pair = 0; pair < bench.pairs; pair += 1) {
      alone.push(await withSite(bench, 'renew_alone', (site) => renewAll(bench, site, 0)));
      beside.push(
        await withSite(bench, 'renew_beside', (site) => renewAll(bench, site, bench.rows)),
      );
    }
    const most = (runs: readonly Renewing[]) => ({
      'memory, the most, MB': Math.max(...runs.map(({ memory }) => memory)),
    });
    return [
      {
        figure: `renewals, ${bench.due} due at once`,
        unit: 'per second',
        values: alone.map(({ seconds }) => bench.due / seconds),
        target: { of: 'value', is: 'at least', bound: 300 },
        notes: most(alone),
      },
      {
        figure: `the same beside ${bench.rows} that are not due`,
        unit: 'seconds',
        values: beside.map(({ seconds }) => seconds),
        baseline: { of: 'without them', values: alone.map(({ seconds }) => seconds) },
        target: { of: 'ratio', is: 'at most', bound: 1.1 },
        notes: most(beside),
      },
    ];
  },
};

async function renewAll(bench: Bench, { sql, server }: Site, idle: number): Promise<Renewing> {
  await finalizeAtOnce(sql);
  const original = await subscribe(server);
  await copySubscribed(sql, original, { crowd: 'warm', count: WARM });
  await makeDue(sql, 'warm');
  await renewed(sql);
  if (idle > 0) await copySubscribed(sql, original, { crowd: 'idle', count: idle });
  await copySubscribed(sql, original, { crowd: 'due', count: bench.due });
  await sql.unsafe('vacuum analyze');
  await bench.cluster.checkpoint();

  const cycle = await makeDue(sql, 'due');
  const began = performance.now();
  const memory = await renewed(sql, server.pid);
  const seconds = (performance.now() - began) / 1000;
  await sql.unsafe('analyze');
  const { invoices, charges, doubled, periods } = await renewedAt(sql, cycle);
  const counts = [invoices, charges, periods];
  if (doubled > 0 || counts.some((count) => count !== bench.due)) {
    throw new Error(`Void: of ${bench.due} renewals there are ${counts.join(', ')}.`);
  }
  return { seconds, memory };
}

/** Waits until nothing is due any more. Answers the most memory that the process had, in megabytes. */
async function renewed(sql: Site['sql'], pid?: number): Promise<number> {
  let memory = 0;
  do {
    await setTimeout(POLL_MS);
    if (pid !== undefined) memory = Math.max(memory, await residentMegabytes(pid));
  } while (await isRenewing(sql));
  return memory;
}
