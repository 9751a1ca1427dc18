/**
 * Payments through the Cardstream stand-in, a tenth of whose answers are lost, half of those before
 * it acts and half after, while our processes are killed at random. Then the night passes, the
 * settlement files are imported, a person decides what nobody can find out, and both books must
 * agree to the penny.
 */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { Stripe } from 'stripe';
import { startEphemeral } from '@/db/embedded';
import { setUpMerchant, WITH_OWNER, type Merchant } from '@/e2e/support/merchant';
import { startProcess, type ServerProcess } from '@/e2e/support/process';
import { addressOf } from '@/e2e/support/stripe';
import { PLAIN_ACCOUNT, startGatewayProcess, type TestGateway } from '@/server/testing/gateway';
import { booksAt, broken, OF_OURS } from './audit';
import { differencesBetween } from './both_books';
import { openJournal } from './journal';
import { newShopper, type Wallet } from './shopper';

export interface CardStormOptions {
  readonly payments: number;
  /** Buyers at the same time. */
  readonly shoppers: number;
  /** Gives numbers in [0, 1). */
  readonly random: () => number;
  readonly say: (line: string) => void;
}

export interface CardStormReport {
  readonly payments: number;
  /** How often it died of what: a failpoint by its name, or of our hand. */
  readonly deaths: Readonly<Record<string, number>>;
  /** How often each fault has struck. */
  readonly struck: Readonly<Record<string, number>>;
  /** Attempts that were asked after, by how they were found out. */
  readonly lost: number;
  readonly settledByFile: number;
  readonly decidedByPerson: number;
}

/** Of a hundred answers five are lost before the gateway acts, and five after. */
const FAULTS = [
  { fault: 'drop_before', probability: 0.03 },
  { fault: 'http_503_before', probability: 0.02 },
  { fault: 'drop_after', probability: 0.02 },
  { fault: 'http_500_after', probability: 0.01 },
  { fault: 'torn', probability: 0.01 },
  { fault: 'wrong_signature', probability: 0.01 },
  { fault: 'callback_dropped', probability: 0.1 },
  { fault: 'callback_doubled', probability: 0.1 },
  { fault: 'callback_delayed', probability: 0.1, delay_ms: 700 },
  { fault: 'callback_wrong_signature', probability: 0.02 },
] as const;

/**
 * Where else than anywhere it dies. A process that starts after another's death asks after all that
 * is open at once: were it likely to die of each, none would ever come to the end of them.
 */
const FAILPOINTS = {
  'exchange.intended': 0.004,
  'settle.answered': 0.004,
  'settle.concluded': 0.004,
  'ladder.inquired': 0.002,
  'ladder.repeated': 0.002,
  'ladder.climbed': 0.002,
};

const QUIET = { CALMONY_ROLE: 'worker', LOG_LEVEL: 'fatal' };

const CHAOS = {
  CALMONY_FAILPOINTS: Object.entries(FAILPOINTS)
    .map(([name, chance]) => `${name}=exit:${chance}`)
    .join(),
};

const DELAY = '15:0.4';

/** Runs the storm and the audit. Throws with everything that does not fit. */
export async function cardStorm(options: CardStormOptions): Promise<CardStormReport> {
  const { payments, random, say } = options;
  const home = mkdtempSync(path.join(tmpdir(), 'calmony-cards-'));
  const database = await startEphemeral({ durable: false });
  const sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  const gateway = await startGatewayProcess({
    accounts: [PLAIN_ACCOUNT],
    journal: path.join(home, 'books'),
    delay: DELAY,
  });
  const journal = openJournal(path.join(home, 'journal'));
  const servers: ServerProcess[] = [];
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> => {
    const port = servers[0]?.port ?? 0;
    const server = await startProcess({
      databaseUrl: database.url,
      port,
      env: { ...QUIET, ...WITH_OWNER, ...env },
    });
    servers.push(server);
    return server;
  };
  let time: { stop(): Promise<void> } | null = null;
  try {
    const first = await start();
    time = passTime(sql);
    const merchant = await setUpMerchant({
      server: first,
      gateway,
      at: PLAIN_ACCOUNT,
      mode: 'live',
    });
    const stripe = new Stripe(merchant.secretKey, { ...addressOf(first), maxNetworkRetries: 0 });
    const wallet = walletOf(merchant, random);
    const shoppers = Array.from({ length: options.shoppers }, (_, index) =>
      newShopper({ stripe, journal, name: `buyer-${index}`, random, wallet }),
    );
    await gateway.faults({ seed: Math.floor(random() * 1e6), faults: FAULTS });
    const trading = Promise.all(shoppers.map((shopper) => shopper.run()));
    trading.catch(() => undefined);
    await first.kill();
    const deaths = await rage(options, sql, () => start(CHAOS));

    const last = await start();
    for (const shopper of shoppers) shopper.stop();
    await trading;
    const struck = await gateway.struck();
    await gateway.calm();
    await gateway.callbacksIdle();
    await found(sql);

    const settledByFile = await settle(sql, gateway, stripe, merchant);
    const decidedByPerson = await decide(sql, gateway, stripe);
    await captureAll(sql, stripe);
    await Promise.all(shoppers.map((shopper) => shopper.repeatAll()));
    await last.stop();

    const faults = [
      ...(await broken(sql, OF_OURS)),
      ...(await booksAt(database.url)),
      ...(await differencesBetween(sql, await gateway.books())),
    ];
    if (faults.length > 0) throw new Error(faults.join('\n'));
    const [row] = await sql<{ payments: number; lost: number }[]>`select
      (select count(*) from payment_intents)::int as payments,
      (select count(*) from processor_attempts where inquiries > 0)::int as lost`;
    say(`${row?.payments} of ${payments} payments`);
    return {
      payments: row?.payments ?? 0,
      lost: row?.lost ?? 0,
      deaths,
      struck,
      settledByFile,
      decidedByPerson,
    };
  } finally {
    await time?.stop();
    await Promise.all(servers.map((server) => server.kill()));
    await gateway.stop();
    journal.close();
    await sql.end();
    await database.stop();
    await rm(home, { recursive: true });
  }
}

/** What was authorized and whose buyer did not wait is taken. */
async function captureAll(sql: postgres.Sql, stripe: Stripe): Promise<void> {
  const held = await sql<{ id: string }[]>`
    select id from payment_intents where status = 'requires_capture'`;
  for (const { id } of held) await stripe.paymentIntents.capture(id);
}

/** By the stand-in's table of amounts: one in ten is declined. */
const walletOf = ({ customer, payment_method }: Merchant, random: () => number): Wallet => ({
  customer,
  payment_method,
  patienceMs: 1_500,
  amount: () =>
    random() < 0.1 ? 10_000 + Math.floor(random() * 4_000) : 150 + Math.floor(random() * 2_000),
});

/** Starts and kills until enough was bought, and counts the deaths by their cause. */
async function rage(
  { payments, random, say }: CardStormOptions,
  sql: postgres.Sql,
  start: () => Promise<ServerProcess>,
): Promise<Record<string, number>> {
  const deaths: Record<string, number> = {};
  for (let count = 0; ; count += 1) {
    const [row] = await sql<{ made: number; open: number }[]>`select
      (select count(*) from payment_intents)::int as made,
      (select count(*) from processor_attempts where status = 'pending')::int as open`;
    const { made = 0, open = 0 } = row ?? {};
    say(`${made} of ${payments} payments, ${open} of them open, after ${count} deaths`);
    if (made >= payments) return deaths;
    // It may die while it starts: what is open is asked after at once.
    const server = await start().catch(() => null);
    const span = 3_000 + random() * 12_000;
    const hasDied =
      server !== null && (await Promise.race([server.ended.then(() => true), sleep(span, false)]));
    await server?.kill();
    const log = server?.log() ?? '';
    const place = /died at failpoint (\S+)/.exec(log)?.[1];
    if (hasDied && place === undefined) throw new Error(`The server died by itself.\n${log}`);
    const cause = place ?? (server === null ? 'starting' : 'killed');
    deaths[cause] = (deaths[cause] ?? 0) + 1;
  }
}

/** So often is an attempt asked after on its first day. Then it waits for a callback, or the night. */
const INQUIRIES_IN_A_DAY = 6;

/**
 * Waits between inquiries are hours: here they are a second. But never so short that a request which
 * is still under way would be asked after: what is asked after is older than any answer takes. And no
 * oftener than on a day, or the few that only a file can tell of would be asked after all the time,
 * and every process would die of that before it had sold anything.
 */
function passTime(sql: postgres.Sql): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const passing = (async () => {
    while (!stopping.signal.aborted) {
      // What a server holds is left for the next second: to wait for it would be to wait in a circle.
      await sql`update processor_attempts set inquire_at = now() where id in (
        select id from processor_attempts
        where status = 'pending' and inquire_at > now() and inquiries < ${INQUIRIES_IN_A_DAY}
          and created < extract(epoch from now()) - 5
        for no key update skip locked)`;
      await sleep(1_000);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await passing;
    },
  };
}

const openOf = async (sql: postgres.Sql): Promise<number> => {
  const [row] = await sql<{ open: number }[]>`
    select count(*)::int as open from processor_attempts where status = 'pending'`;
  return row?.open ?? 0;
};

/** Resolves when as much as can be was found out by asking: for some seconds nothing more was. */
async function found(sql: postgres.Sql): Promise<void> {
  let before = await openOf(sql);
  for (let still = 0; still < 6 && before > 0;) {
    await sleep(1_000);
    const now = await openOf(sql);
    still = now === before ? still + 1 : 0;
    before = now;
  }
}

/** Lines that a file may have, with room to spare: see `settlement_files/params.ts`. */
const LINES = 5_000;

/** The night passes. Answers how many attempts its files have found out. */
async function settle(
  sql: postgres.Sql,
  gateway: TestGateway,
  stripe: Stripe,
  { account }: Merchant,
): Promise<number> {
  const before = await openOf(sql);
  await gateway.settle();
  const [head = '', ...lines] = (await gateway.settlementFile()).trimEnd().split('\r\n');
  for (let from = 0; from < lines.length; from += LINES) {
    await stripe.rawRequest('POST', '/v1/settlement_files', {
      processor_account: account,
      content: [head, ...lines.slice(from, from + LINES)].join('\r\n'),
    });
  }
  await found(sql);
  return before - (await openOf(sql));
}

/** A week later: what is still open is put before a person, who looks in the gateway's books. */
async function decide(sql: postgres.Sql, gateway: TestGateway, stripe: Stripe): Promise<number> {
  await sql`update processor_attempts set created = created - 8 * 86400, inquire_at = now()
    where status = 'pending'`;
  await found(sql);
  const path = '/v1/reconciliation_items?status=open&kind=unresolved_attempt&limit=100';
  for (let decided = 0; ;) {
    const { data } = (await stripe.rawRequest('GET', path)) as unknown as { data: Unresolved[] };
    if (data.length === 0) return decided;
    for (const { id, reference, transaction } of data) {
      const [entry] = await gateway.books(
        transaction === null ? { reference } : { xref: transaction },
      );
      const isPaid =
        entry !== undefined && ['captured', 'approved', 'accepted'].includes(entry.state);
      await stripe.rawRequest('POST', `/v1/reconciliation_items/${id}/resolve`, {
        resolution: isPaid ? 'succeeded' : 'failed',
        ...(isPaid ? { transaction: entry.xref } : {}),
      });
      decided += 1;
    }
  }
}

/** A `reconciliation_item`, as far as it is looked at. */
interface Unresolved {
  readonly id: string;
  readonly reference: string;
  readonly transaction: string | null;
}
