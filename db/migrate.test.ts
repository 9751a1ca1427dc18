import { readdir } from 'node:fs/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureEventPartitions } from '@/server/events';
import { databaseUrl } from '@/server/testing/cluster';
import { connect } from './client';
import { startEphemeral, type EmbeddedDatabase } from './embedded';
import { migrate } from './migrate';
import { transact } from './scope';

/** A server of its own: roles belong to a server, and here they do not exist yet. */
let server: EmbeddedDatabase;
let superuser: postgres.Sql;

beforeAll(async () => {
  server = await startEphemeral();
  superuser = postgres(server.url, { max: 1, onnotice: () => undefined });
});

afterAll(async () => {
  await superuser.end();
  await server.stop();
});

const currentUser = async (url: string): Promise<unknown> => {
  const pool = connect(url, { max: 1, name: 'migrate test' });
  try {
    return await transact(pool, { projectId: 1, livemode: false }, async ({ lookUp }) =>
      (await lookUp('select session_user, current_user', [])).at(0),
    );
  } finally {
    await pool.end();
  }
};

describe('migrate', () => {
  it('needs an owner who may create roles, no superuser, and then acts as the application', async () => {
    await superuser.unsafe("create role owner login createrole password 'secret'");
    await superuser.unsafe('create database owned owner owner');
    const url = new URL(databaseUrl(server.url, 'owned'));
    url.username = 'owner';
    url.password = 'secret';
    // The second is what every later start does.
    for (const _start of ['first', 'second']) await migrate(url.href, async () => undefined);
    expect(await currentUser(url.href)).toEqual(['owner', 'calmony_app']);
  });

  it('waits for nobody who works with the tables, where there is nothing to change', async () => {
    await superuser.unsafe('create database trading');
    const url = databaseUrl(server.url, 'trading');
    const start = () => migrate(url, (sql) => ensureEventPartitions(sql, new Date()));
    await start();
    const sql = postgres(url, { max: 1, onnotice: () => undefined });
    await sql.begin(async (trading) => {
      // As a statement of a payment holds it: it stands in the way of whoever changes the table.
      await trading`lock table customers, events, projects, members in row exclusive mode`;
      await start();
    });
    await sql.end();
  });

  it('is done once where four processes start at once', async () => {
    await superuser.unsafe('create database busy');
    const url = databaseUrl(server.url, 'busy');
    let inside = 0;
    const afterwards = async (sql: postgres.Sql): Promise<void> => {
      inside += 1;
      expect(inside).toBe(1);
      await sql`select pg_sleep(0.05)`;
      inside -= 1;
    };
    await Promise.all([1, 2, 3, 4].map(() => migrate(url, afterwards)));

    const sql = postgres(url, { max: 1 });
    const applied = await sql`select 1 from drizzle.__drizzle_migrations`;
    await sql.end();
    const files = await readdir('db/migrations');
    expect(applied).toHaveLength(files.filter((file) => file.endsWith('.sql')).length);
    expect(await currentUser(url)).toEqual(['postgres', 'calmony_app']);
  });

  it('lets two databases of one server be migrated at once', async () => {
    const names = ['first', 'second', 'third'];
    for (const name of names) await superuser.unsafe(`create database ${name}`);
    const urls = names.map((name) => databaseUrl(server.url, name));
    await Promise.all(urls.map((url) => migrate(url, async () => undefined)));
    for (const url of urls) expect(await currentUser(url)).toEqual(['postgres', 'calmony_app']);
  });
});
