/**
 * Many subscriptions become due at one moment, and many workers renew them while one after another
 * is killed and replaced. Afterwards each was billed once and charged once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { startEphemeral } from '@/db/embedded';
import { startProcess, type ServerProcess } from '@/e2e/support/process';
import {
  copySubscribed,
  finalizeAtOnce,
  makeDue,
  renewedAt,
  subscribe,
  type Renewed,
} from '@/e2e/support/subscribers';

export interface RenewalsOptions {
  /** Subscriptions that are due. */
  readonly due: number;
  /** Workers at the same time. */
  readonly workers: number;
  /** Gives numbers in [0, 1). */
  readonly random: () => number;
  readonly say: (line: string) => void;
}

export interface RenewalsReport extends Renewed {
  readonly kills: number;
}

const QUIET = { CALMONY_ROLE: 'worker', LOG_LEVEL: 'fatal', CALMONY_DATABASE_POOL: '4' };

/** Now and then they end by themselves, at the places where it hurts; and the bank loses answers. */
const CHAOS = {
  ...QUIET,
  CALMONY_FAILPOINTS: [
    'transaction.worked=exit:0.002',
    'transaction.committed=exit:0.002',
    'settle.answered=exit:0.002',
    'settle.concluded=exit:0.002',
  ].join(),
  CALMONY_SIMULATOR_FAULTS: 'lose_before:0.02,lose_after:0.02',
};

/** A worker lives this long at most before it is killed, in milliseconds. */
const LIFE_MS = 3_000;

/** And on a busy machine, this many times as long as it took to start: it must get to its work. */
const LIFE_OF_STARTS = 2;

/** Answers that were lost are asked for again at the latest by then, in milliseconds. */
const STALLED_AFTER_MS = 240_000;

/** Runs the renewals, and answers what there is afterwards. Throws where they do not come to an end. */
export async function renewals(options: RenewalsOptions): Promise<RenewalsReport> {
  const database = await startEphemeral({ durable: true });
  const workers = new Set<ServerProcess>();
  const start = async (env: Readonly<Record<string, string>>): Promise<ServerProcess> => {
    const worker = await startProcess({ databaseUrl: database.url, env });
    workers.add(worker);
    return worker;
  };
  const sql = postgres(database.url, {
    max: 1,
    onnotice: () => undefined,
    fetch_types: false,
  });
  try {
    const first = await start(QUIET);
    await finalizeAtOnce(sql);
    await copySubscribed(sql, await subscribe(first), { crowd: 'due', count: options.due });
    await first.kill();
    const cycle = await makeDue(sql, 'due');

    const over = new AbortController();
    let kills = 0;
    const lane = async (): Promise<void> => {
      while (!over.signal.aborted) {
        // Work begins with the process: it may die of it before it says that it is ready.
        const begun = Date.now();
        const worker = await start(CHAOS).catch(() => null);
        if (worker !== null) {
          const most = Math.max(LIFE_MS, LIFE_OF_STARTS * (Date.now() - begun));
          await Promise.race([worker.ended, sleep(options.random() * most)]);
          await worker.kill();
          workers.delete(worker);
        }
        kills += 1;
      }
    };
    const lanes = Promise.all(Array.from({ length: options.workers }, lane));
    try {
      const half = await until(sql, cycle, ({ paid }) => paid >= options.due / 2);
      options.say(`${half.invoices} invoices and ${half.charges} charges after ${kills} kills`);
    } finally {
      over.abort();
      await lanes;
    }

    // In peace, but still several at once, until everything that was begun is done.
    const last = await Promise.all(
      Array.from({ length: Math.min(2, options.workers) }, () => start(QUIET)),
    );
    await askAgain(sql);
    const done = await until(sql, cycle, ({ paid }) => paid >= options.due);
    await Promise.all(last.map((worker) => worker.stop()));
    return { ...done, kills };
  } finally {
    await Promise.all([...workers].map((worker) => worker.kill()));
    await sql.end();
    await database.stop();
  }
}

/** The first inquiry after a lost answer waits for seconds, later ones for minutes: not here. */
async function askAgain(sql: postgres.Sql): Promise<void> {
  await sql`update processor_attempts set inquire_at = now() where status = 'pending'`;
}

async function until(
  sql: postgres.Sql,
  cycle: number,
  isReached: (renewed: Renewed) => boolean,
): Promise<Renewed> {
  let paid = 0;
  let lastPaid = Date.now();
  for (;;) {
    const renewed = await renewedAt(sql, cycle);
    if (isReached(renewed)) return renewed;
    if (renewed.paid > paid) lastPaid = Date.now();
    ({ paid } = renewed);
    if (Date.now() > lastPaid + STALLED_AFTER_MS) {
      throw new Error(`The renewals do not come to an end: ${JSON.stringify(renewed)}`);
    }
    await sleep(250);
  }
}
