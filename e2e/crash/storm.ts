/**
 * Merchants trade while the server is killed again and again: at random moments, at the named
 * places of its own code, and with its database. Then it is left in peace, and everything that
 * anybody was told, that the bank did, and that receivers got must fit together.
 */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { Stripe } from 'stripe';
import { startEphemeral } from '@/db/embedded';
import { SECRET_KEY, startProcess, type ServerProcess } from '@/e2e/support/process';
import { startReceiver, type Receiver } from '@/e2e/support/receiver';
import { addressOf } from '@/e2e/support/stripe';
import { audit } from './audit';
import { openJournal, type Journal } from './journal';
import { newShopper } from './shopper';

export interface StormOptions {
  /** How often the server is killed. */
  readonly cycles: number;
  /** Merchants at the same time. */
  readonly shoppers: number;
  /** Gives numbers in [0, 1). */
  readonly random: () => number;
  /** Receives one line a cycle. */
  readonly say: (line: string) => void;
}

export interface StormReport {
  readonly acknowledged: number;
  readonly events: number;
  readonly deliveries: number;
  /** How often it died of what: a failpoint by its name, or of our hand. */
  readonly deaths: Readonly<Record<string, number>>;
}

/** The share of passages that end there: rare on paths that every request takes. */
const FAILPOINTS = {
  'transaction.worked': 0.0015,
  'transaction.committed': 0.0015,
  'exchange.intended': 0.01,
  'settle.answered': 0.01,
  'settle.concluded': 0.01,
  'delivery.sent': 0.0015,
};

/** The pages have no part in this, and a server without them is up sooner. */
const QUIET = { CALMONY_ROLE: 'worker', LOG_LEVEL: 'fatal' };

const CHAOS = {
  CALMONY_FAILPOINTS: Object.entries(FAILPOINTS)
    .map(([name, chance]) => `${name}=exit:${chance}`)
    .join(),
  CALMONY_SIMULATOR_FAULTS: 'lose_before:0.05,lose_after:0.05,delay:5',
};

/** The database dies too, each so many cycles. */
const DATABASE_EVERY = 4;

const PATHS = ['/first', '/second'] as const;

/** Runs the storm and the audit. Throws with everything that does not fit. */
export async function storm(options: StormOptions): Promise<StormReport> {
  const home = mkdtempSync(path.join(tmpdir(), 'calmony-storm-'));
  const database = await startEphemeral({ durable: true });
  const receiver = await startReceiver();
  const journal = openJournal(path.join(home, 'journal'));
  const time = passTime(database.url);
  const servers: ServerProcess[] = [];
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> => {
    const port = servers[0]?.port ?? 0;
    const server = await startProcess({
      databaseUrl: database.url,
      port,
      env: { ...QUIET, ...env },
    });
    servers.push(server);
    return server;
  };
  try {
    const first = await start();
    await listen(first, receiver, options.random);
    const stripe = new Stripe(SECRET_KEY, { ...addressOf(first), maxNetworkRetries: 0 });
    const shoppers = Array.from({ length: options.shoppers }, (_, index) =>
      newShopper({ stripe, journal, name: `shopper-${index}`, random: options.random }),
    );
    const trading = Promise.all(shoppers.map((shopper) => shopper.run()));
    // Reported where it is awaited, which is after the last cycle.
    trading.catch(() => undefined);
    await first.kill();
    const deaths = await rage(options, {
      databaseUrl: database.url,
      journal,
      start: () => start(CHAOS),
    });

    const last = await start();
    for (const shopper of shoppers) shopper.stop();
    await trading;
    await allAnswered(database.url);
    await Promise.all(shoppers.map((shopper) => shopper.repeatAll()));
    await last.stop();

    const acknowledged = journal.read();
    const events = await audit(database.url, acknowledged, { receiver, paths: PATHS });
    const deliveries = receiver.deliveries.length;
    return { acknowledged: acknowledged.length, events, deliveries, deaths };
  } finally {
    await time.stop();
    await Promise.all(servers.map((server) => server.kill()));
    journal.close();
    receiver.close();
    await database.stop();
    await rm(home, { recursive: true });
  }
}

/** Two endpoints that take everything, one of which refuses now and then. */
async function listen(server: ServerProcess, receiver: Receiver, random: () => number) {
  const stripe = new Stripe(SECRET_KEY, addressOf(server));
  for (const path of PATHS) {
    const { secret } = await stripe.webhookEndpoints.create({
      url: `${receiver.url}${path}`,
      enabled_events: ['*'],
    });
    receiver.expectAt(path, secret ?? '');
  }
  receiver.behave(({ path }) => (path === '/second' && random() < 0.1 ? 500 : 200));
}

interface Stage {
  readonly databaseUrl: string;
  readonly journal: Journal;
  readonly start: () => Promise<ServerProcess>;
}

/** A server that is not killed before has given so many answers, however slow the machine is. */
const ANSWERS_MOST = 24;

/** One that gives none is killed all the same, after so many milliseconds. */
const PATIENCE_MS = 10_000;

/** Starts and kills, and counts the deaths by their cause. */
async function rage({ cycles, random, say }: StormOptions, stage: Stage) {
  const { databaseUrl, journal, start } = stage;
  const deaths: Record<string, number> = {};
  for (let cycle = 1; cycle <= cycles; cycle += 1) {
    // It may die while it starts, of a failpoint or with its database.
    const server = await start().catch(() => null);
    const own = { death: server === null };
    void server?.ended.then(() => (own.death = true));
    const answers = 2 + Math.floor(random() * (ANSWERS_MOST - 2));
    const until = Date.now() + PATIENCE_MS;
    const answered = async (length: number): Promise<void> => {
      while (!own.death && journal.length < length && Date.now() < until) {
        await sleep(5);
      }
    };
    const before = journal.length;
    if (cycle % DATABASE_EVERY === 0) {
      await answered(before + answers / 2);
      await killDatabase(databaseUrl);
    }
    await answered(before + answers);
    // Anywhere on the way to the next.
    await sleep(random() * 50);
    const hasDied = server !== null && own.death;
    await server?.kill();
    const log = server?.log() ?? '';
    const place = /died at failpoint (\S+)/.exec(log)?.[1];
    if (hasDied && place === undefined) throw new Error(`The server died by itself.\n${log}`);
    const cause = place ?? (server === null ? 'starting' : 'killed');
    deaths[cause] = (deaths[cause] ?? 0) + 1;
    say(`cycle ${cycle} of ${cycles}: ${cause}`);
  }
  return deaths;
}

/** One statement on a connection of its own: the database dies too often for one that is kept. */
async function query<Row>(databaseUrl: string, statement: string): Promise<Row[]> {
  const sql = postgres(databaseUrl, {
    max: 1,
    connect_timeout: 5,
    onnotice: () => undefined,
    // Nobody awaits the driver's question for types, and the database is killed at any moment.
    fetch_types: false,
  });
  try {
    return [...(await sql.unsafe(statement))] as unknown as Row[];
  } finally {
    await sql.end({ timeout: 0 });
  }
}

/** As a power cut: no checkpoint, no farewell. It is started again by the process that owns it. */
async function killDatabase(databaseUrl: string): Promise<void> {
  const [row] = await query<{ file: string }>(
    databaseUrl,
    `select pg_read_file('postmaster.pid') as file`,
  );
  process.kill(Number(row?.file.split('\n')[0]), 'SIGQUIT');
  let isBack = false;
  while (!isBack) {
    await sleep(100);
    isBack = await query(databaseUrl, 'select 1').then(
      () => true,
      () => false,
    );
  }
}

/** What waits for its time. The lease of a delivery under way is not cut short by much. */
const SOONER = `
  update processor_attempts set inquire_at = now() where status = 'pending';
  update webhook_deliveries set next_attempt_at = now()
  where status = 'pending' and next_attempt_at > now() + interval '1 second'`;

/** Waits between inquiries and deliveries are hours: here an hour passes in half a second. */
function passTime(databaseUrl: string): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const passing = (async () => {
    while (!stopping.signal.aborted) {
      // The database may be dead at this moment. Then it is tried at the next.
      await query(databaseUrl, SOONER).catch(() => undefined);
      await sleep(500);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await passing;
    },
  };
}

const CALM_TIMEOUT_MS = 60_000;

const OPEN = `select
  (select count(*) from processor_attempts where status = 'pending')::int +
  (select count(*) from webhook_deliveries where status = 'pending')::int as open`;

/** Resolves when the processor has answered everything and receivers have everything. */
async function allAnswered(databaseUrl: string): Promise<void> {
  const end = Date.now() + CALM_TIMEOUT_MS;
  while (Date.now() < end) {
    const [row] = await query<{ open: number }>(databaseUrl, OPEN);
    if (row?.open === 0) return;
    await sleep(200);
  }
  // The audit says what is still open.
}
