/**
 * The PostgreSQL that all figures are taken on: our own embedded one, or that of DATABASE_URL, and in
 * it a fresh database for each figure. Whatever the server is compared with runs on the same one.
 */
import postgres from 'postgres';
import { startEphemeral } from '@/db/embedded';
import { cpuSecondsOfFamily, parentOf } from './processes';

export interface Cluster {
  /** Versions and the settings that a figure depends on. */
  readonly settings: Readonly<Record<string, string>>;
  /** An empty database; its address. */
  createDatabase(name: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** So that no run pays for what an earlier one left to be written. */
  checkpoint(): Promise<void>;
  /** CPU seconds of the server and its backends so far; 0 when it runs on another machine. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

const SETTINGS = [
  'server_version',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'commit_delay',
  'shared_buffers',
  'max_wal_size',
  'wal_compression',
];

/** Throws unless commits are durable: numbers without that compare nothing. */
export async function startCluster(url: string | undefined): Promise<Cluster> {
  const embedded = url === undefined ? await startEphemeral({ durable: true }) : null;
  const address = new URL(url ?? embedded?.url ?? '');
  const admin = postgres(address.href, { max: 1, onnotice: () => undefined });
  const named = (database: string): string =>
    Object.assign(new URL(address), { pathname: `/${database}` }).href;

  const rows = await admin<{ name: string; value: string }[]>`
    select name, current_setting(name) as value from pg_settings where name = any(${SETTINGS})`;
  const settings = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    if (settings[name] !== 'on') throw new Error(`${name} is ${settings[name]}; it must be on.`);
  }
  const [backend] = await admin<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const postmaster = await parentOf(backend?.pid ?? 0);

  return {
    settings,
    async createDatabase(name) {
      await admin.unsafe(`create database ${name}`);
      return named(name);
    },
    dropDatabase: async (name) => void (await admin.unsafe(`drop database ${name} with (force)`)),
    checkpoint: async () => void (await admin`checkpoint`),
    cpu: () => cpuSecondsOfFamily(postmaster),
    async stop() {
      await admin.end();
      await embedded?.stop();
    },
  };
}
