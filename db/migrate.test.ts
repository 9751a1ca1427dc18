import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureEventPartitions } from '@/server/events';
import { newId } from '@/server/kernel/ids';
import { databaseUrl } from '@/server/testing/cluster';
import { contradictions } from './books';
import { connect } from './client';
import { startEphemeral, type EmbeddedDatabase } from './embedded';
import { migrate } from './migrate';
import { CREATE_ROLES } from './privileges';
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

/** A folder with the migrations that came before one. */
async function migrationsBefore(name: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'calmony-migrations-'));
  await cp('db/migrations', folder, { recursive: true });
  const file = path.join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(file, 'utf8')) as { entries: { tag: string }[] };
  const end = journal.entries.findIndex(({ tag }) => tag.endsWith(`_${name}`));
  await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, end) }));
  return folder;
}

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

  it('brings what was posted before there were books into them, as an owner that policies bind', async () => {
    await superuser.unsafe('create database posted owner owner');
    const url = new URL(databaseUrl(server.url, 'posted'));
    url.username = 'owner';
    url.password = 'secret';
    const sql = postgres(url.href, { max: 1, onnotice: () => undefined });
    await sql.unsafe(CREATE_ROLES);
    await applyMigrations(drizzle(sql), { migrationsFolder: await migrationsBefore('ledger') });
    const [project] = await sql`
      insert into projects (account, name, created) values ('acct_1', 'Old', 1) returning id`;
    for (const [type, net, currency] of [
      ['charge', 1000, 'gbp'],
      ['charge', 500, 'eur'],
      ['refund', -400, 'gbp'],
      ['refund_failure', 400, 'gbp'],
    ] as const) {
      await sql`insert into balance_transactions (project_id, livemode, id, amount, available_on,
        currency, fee, fee_details, net, reporting_category, source, type, created)
        values (${project?.['id']}, false, ${newId('balance_transaction')}, ${net}, 1767225601,
        ${currency}, 0, '[]', ${net}, ${type}, 'x', ${type}, 1767225601)`;
    }
    // As the migration of that time left it.
    await sql.unsafe('alter table balance_transactions force row level security');
    await sql.end();
    await migrate(url.href, async () => undefined);

    const pool = connect(url.href, { max: 1, name: 'migrate test' });
    const said = (await contradictions(pool)).map(({ statement }) => statement);
    // The charges and refunds of these movements are not here, which is said; all else agrees.
    expect(
      said.filter((statement) => !/captured is posted|a refund is posted/.test(statement)),
    ).toEqual([]);
    const tenant = { projectId: Number(project?.['id']), livemode: false };
    const totals = await transact(pool, tenant, ({ lookUp }) =>
      lookUp('select currency, amount from balance_totals order by 1', []),
    );
    expect(totals).toEqual([
      ['eur', 500],
      ['gbp', 1000],
    ]);
    await pool.end();
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
