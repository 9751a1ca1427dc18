import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEmbedded, startEphemeral, type EmbeddedDatabase } from './embedded';
import { locate, runningPostmaster } from './postmaster';

const password = 'a password: with/odd@characters';
const quiet = () => {};

let home: string;
const open: EmbeddedDatabase[] = [];

async function start(): Promise<EmbeddedDatabase> {
  const database = await startEmbedded({ home, password, log: quiet });
  open.push(database);
  return database;
}

async function ask(url: string, statement: string): Promise<unknown> {
  const sql = postgres(url, { max: 1, onnotice: quiet });
  try {
    const [row] = await sql.unsafe(statement);
    return row === undefined ? undefined : Object.values(row)[0];
  } finally {
    await sql.end();
  }
}

const postmaster = async () => runningPostmaster(await locate(home));

/** Starts the database in a process of its own, and resolves once that process is in. */
async function startElsewhere(): Promise<ChildProcess> {
  const code = `import { startEmbedded } from './db/embedded.ts';
    startEmbedded({ home: process.argv[1], password: process.argv[2], log: () => {} })
      .then(() => process.send('ready'));`;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', code, home, password],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', reject);
  });
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}

beforeAll(async () => {
  home = await fs.mkdtemp(path.join(tmpdir(), 'calmony-home-'));
  await fs.chmod(home, 0o711);
});

afterEach(async () => {
  for (const database of open.splice(0)) await database.stop();
});

afterAll(async () => {
  const { directory } = await locate(home);
  await fs.rm(directory, { recursive: true, force: true });
  await fs.rm(home, { recursive: true, force: true });
});

describe('startEmbedded', { timeout: 60_000 }, () => {
  it('creates a durable UTF-8 database that only loopback can reach', async () => {
    const { url } = await start();
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(await ask(url, 'SHOW server_encoding')).toBe('UTF8');
    expect(await ask(url, 'SHOW listen_addresses')).toBe('127.0.0.1');
    expect(await ask(url, 'SHOW unix_socket_directories')).toBe('');
    expect(await ask(url, 'SHOW fsync')).toBe('on');
    expect(await ask(url, 'SHOW synchronous_commit')).toBe('on');
    await expect(ask(url.replace('postgres:a', 'postgres:b'), 'SELECT 1')).rejects.toThrow(
      'password authentication failed',
    );
  });

  it('stops with its last user, and comes back with its rows on the same port', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(await postmaster()).toBeNull();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'SELECT answer FROM kept')).toBe(42);
  });

  it('lets a second process join, and stops only when both have left', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    expect(second.url).toBe(first.url);
    await first.stop();
    expect(await ask(second.url, 'SELECT 1')).toBe(1);
    await second.stop();
    expect(await postmaster()).toBeNull();
  });

  it('adopts the server of a process that was killed', async () => {
    const child = await startElsewhere();
    const before = await postmaster();
    await killed(child);
    const { url } = await start();
    expect(await postmaster()).toEqual(before);
    expect(await ask(url, 'SELECT 1')).toBe(1);
  });

  it('starts the server again when it dies, so that the address stays good', async () => {
    const { url } = await start();
    const before = await postmaster();
    process.kill(before?.pid ?? Number.NaN, 'SIGKILL');
    await expect
      .poll(() => ask(url, 'SELECT 1').catch(() => 0), { timeout: 20_000, interval: 100 })
      .toBe(1);
    expect((await postmaster())?.pid).not.toBe(before?.pid);
  });

  it('starts over a lock file whose number now belongs to another program', async () => {
    await (await start()).stop();
    const { directory } = await locate(home);
    const lock = [process.pid, directory, 1, 5432, '', '127.0.0.1', '', 'ready', ''];
    await fs.writeFile(path.join(directory, 'data/postmaster.pid'), lock.join('\n'));
    expect(await ask((await start()).url, 'SELECT 1')).toBe(1);
  });

  it('says what to restore when its password is lost', async () => {
    await start();
    await expect(startEmbedded({ home, password: 'another', log: quiet })).rejects.toThrow(
      'Restore that file.',
    );
  });
});

describe('startEphemeral', { timeout: 60_000 }, () => {
  it('leaves nothing behind', async () => {
    const database = await startEphemeral();
    const files = String(await ask(database.url, 'SHOW data_directory'));
    expect(await ask(database.url, 'SHOW fsync')).toBe('off');
    await database.stop();
    await expect(fs.access(files)).rejects.toThrow('ENOENT');
  });

  it('finishes the work of an initdb that was killed half-way', async () => {
    const parent = await fs.mkdtemp(path.join(tmpdir(), 'calmony-half-'));
    await fs.chmod(parent, 0o711);
    const { directory } = await locate(parent);
    // A pid above the kernel's maximum belongs to nobody.
    await fs.mkdir(path.join(directory, 'init-99999999/base'), { recursive: true });
    const database = await startEmbedded({ home: parent, password, log: quiet });
    expect(await fs.readdir(directory)).not.toContain('init-99999999');
    await database.stop();
    await fs.rm(parent, { recursive: true });
  });
});
