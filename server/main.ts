/**
 * The process: one listener, the worker, and an orderly end. `/v1` and the machine-read addresses
 * are answered here, without entering Next, which serves the pages.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import v8 from 'node:v8';
import { getRequestListener } from '@hono/node-server';
import next from 'next';
import type { Logger } from 'pino';
import { connect } from '@/db/client';
import { startEmbedded, type EmbeddedDatabase } from '@/db/embedded';
import { migrate } from '@/db/migrate';
import { transact } from '@/db/scope';
import { createApp } from '@/server/api/app';
import { toRequestLog } from '@/server/api/rest/log';
import { openDoor } from '@/server/api/trpc/caller';
import { createKeyUsage, keyFinder } from '@/server/api_keys';
import { bootstrap, type FirstStart } from '@/server/bootstrap';
import { createRuntime, type Runtime } from '@/server/context';
import { loadEnv, tellNextAuth, type Config } from '@/server/env';
import { ensureEventPartitions } from '@/server/events';
import { planFailpoints } from '@/server/kernel/failpoint';
import { createLogger } from '@/server/log';
import { createMetrics } from '@/server/metrics';
import { findProcessors } from '@/server/processors';
import { parseFaults } from '@/server/processor/simulator';
import { startJournal } from '@/server/request_logs';
import { scheduleFor } from '@/server/schedule';
import { startWorker, type Worker } from '@/server/worker';

/** Longer than any proxy keeps an idle connection, so that the proxy never meets a closed one. */
const KEEP_ALIVE_MS = 75_000;

/** How long a stop waits for requests under way. */
const DRAIN_MS = 30_000;

/**
 * How much the heap may grow until all of it is collected, in per cent. Where there is much memory V8
 * lets it grow to four times what is alive, most of it answers that were given long ago.
 */
const HEAP_GROWS_BY = 100;

async function main(): Promise<void> {
  v8.setFlagsFromString(`--heap-growing-percent=${HEAP_GROWS_BY}`);
  const config = loadEnv();
  const log = createLogger(config.LOG_LEVEL);
  if (config.CALMONY_FAILPOINTS !== '') planFailpoints(config.CALMONY_FAILPOINTS, Math.random);

  const { url, embedded, first } = await prepareDatabase(config, log);
  const pool = connect(url, { max: config.CALMONY_DATABASE_POOL, name: 'calmony' });
  // The simulated bank keeps its own connections: it is another company.
  const bank = connect(url, { max: 4, name: 'calmony-simulator' });

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  await listen(server, config);
  const origin = originOf(server, config);
  tellNextAuth(origin);

  let worker: Worker | null = null;
  const faults = parseFaults(config.CALMONY_SIMULATOR_FAULTS, process.pid);
  const keyring = new Map(config.encryptionKeys.map(({ id, key }) => [id, key]));
  const clock = (): Date => new Date();
  const runtime: Runtime = createRuntime({
    pool,
    processorOf: findProcessors({ pool, bank, keyring, clock, log, origin, faults }),
    keyring,
    clock,
    log,
    signIn: {
      origin,
      secret: config.sessionSecret,
      proxies: config.CALMONY_PROXIES,
      providers: config.oauthProviders,
    },
    wake: (announced) => worker?.wake(announced),
  });
  if (config.CALMONY_ROLE !== 'web') {
    const schedule = scheduleFor({
      eventsKeptDays: config.CALMONY_EVENT_RETENTION_DAYS,
      random: Math.random,
    });
    worker = startWorker(runtime, schedule);
  }

  const late = {
    transactionOf:
      (tenant: Parameters<typeof transact>[1]) => (work: Parameters<typeof transact<void>>[2]) =>
        transact(pool, tenant, work),
    onFailure: (error: unknown) => log.warn({ err: error }, 'late write failed'),
  };
  const usage = createKeyUsage(late);
  const journal = startJournal(late);

  const state = { ready: false };
  const metrics = createMetrics(() => state.ready);
  const app = createApp({
    runtime,
    findKey: keyFinder(pool),
    isReady: async () => state.ready && (await pool`select 1`).length === 1,
    registry: metrics.registry,
    onServed(served) {
      metrics.observe(served);
      const { holder } = served;
      if (holder === null) return;
      // What the dashboard reads is nobody's API request; what it changes leads to the request.
      if (holder.member !== undefined) {
        if (served.endpoint?.method === 'GET') return;
        return journal.note(holder, () => toRequestLog(served));
      }
      usage.note(holder, served.at);
      journal.note(holder, () => toRequestLog(served));
    },
  });
  openDoor((request) => app.fetch(request, {}));
  const pages = await pagesOf(config, server);
  server.on('request', route(getRequestListener(app.fetch), pages));
  state.ready = true;
  announce(origin, first, log);

  let stopping: Promise<void> | null = null;
  const stop = (signal: string): void => {
    // A terminal and npm both send the signal: once is enough.
    stopping ??= (async () => {
      log.info({ signal }, 'stopping');
      state.ready = false;
      await drain(server);
      await worker?.stop();
      await journal.stop();
      await usage.stop();
      await Promise.all([pool.end({ timeout: 5 }), bank.end({ timeout: 5 })]);
      await embedded?.stop();
      process.exit(0);
    })().catch((error: unknown) => {
      log.error({ err: error }, 'stopping failed');
      process.exit(1);
    });
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
}

interface Database {
  readonly url: string;
  readonly embedded: EmbeddedDatabase | null;
  readonly first: FirstStart | null;
}

/** The database, migrated, and with something in it to log in to. */
async function prepareDatabase(config: Config, log: Logger): Promise<Database> {
  const embedded =
    config.DATABASE_URL === undefined
      ? await startEmbedded({
          home: config.CALMONY_HOME,
          password: config.embeddedPassword,
          log: (line) => log.debug({ postgres: line }),
        })
      : null;
  const url = config.DATABASE_URL ?? embedded?.url ?? '';
  let first: FirstStart | null = null;
  await migrate(url, async (sql) => {
    const now = new Date();
    await ensureEventPartitions(sql, now);
    first = await bootstrap(
      sql,
      {
        name: 'My project',
        now,
        secretKey: config.CALMONY_TEST_SECRET_KEY,
        publishableKey: config.CALMONY_TEST_PUBLISHABLE_KEY,
      },
      {
        email: config.CALMONY_OWNER_EMAIL ?? 'owner@example.com',
        password: config.CALMONY_OWNER_PASSWORD,
      },
    );
  });
  return { url, embedded, first };
}

type Server = ReturnType<typeof createServer>;
type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

const listen = (server: Server, { HOST, PORT }: Config): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${PORT} is in use: set PORT to another one.`)
          : error,
      ),
    );
    server.listen(PORT, HOST, resolve);
  });

function originOf(server: Server, { HOST, NEXTAUTH_URL }: Config): string {
  if (NEXTAUTH_URL !== undefined) return new URL(NEXTAUTH_URL).origin;
  const { port } = server.address() as AddressInfo;
  return `http://${HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST}:${port}`;
}

/** Next's pages; a process that only works in the background has none. */
async function pagesOf(config: Config, server: Server): Promise<Listener | null> {
  if (config.CALMONY_ROLE === 'worker') return null;
  const app = next({
    dev: config.NODE_ENV === 'development',
    dir: process.cwd(),
    // Named, because in development Next serves its own connection to known hosts only.
    hostname: config.HOST,
    httpServer: server,
  });
  await app.prepare();
  return app.getRequestHandler();
}

const OURS =
  /^\/(?:v1(?:\/|$)|api\/(?:auth|trpc)\/|healthz$|readyz$|metrics$|openapi\.json$|callbacks\/|simulator\/|challenge\/|card-fields(?:\/|$)|invoice\/|brand\/)/;

/** By path: what machines read is answered here, the rest by Next. */
function route(api: Listener, pages: Listener | null): Listener {
  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    if (OURS.test(path) || pages === null) return api(request, response);
    return pages(request, response);
  };
}

/** No new connections; what is under way may end, and idle connections are closed. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(late);
}

/** On the terminal, for a person; the log has its own line. */
function announce(origin: string, first: FirstStart | null, log: Logger): void {
  const lines =
    first === null
      ? [`Calmony Pay is ready at ${origin}`]
      : [
          `Calmony Pay is ready at ${origin}`,
          '',
          'These are shown once. Keep them:',
          `  owner            ${first.email}`,
          `  password         ${first.password}`,
          `  secret key       ${first.secretKey}`,
          `  publishable key  ${first.publishableKey}`,
        ];
  process.stdout.write(`\n${lines.join('\n')}\n\n`);
  log.info({ origin, pid: process.pid }, 'ready');
}

main().catch((error: unknown) => {
  process.stderr.write(`calmony: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
