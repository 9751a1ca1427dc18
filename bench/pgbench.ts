/**
 * PostgreSQL's own benchmark, the measure of what this machine and its disk can do: it speaks the
 * protocol from C, prepares its statements and does nothing else.
 * https://www.postgresql.org/docs/current/pgbench.html
 */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from './figure';
import { bodyPrefix, columnsOf, type Site } from './site';

const run = promisify(execFile);

/** Where the program is. */
export interface PgBench {
  readonly file: string;
}

/** On the PATH, or where Debian puts it. Throws a line for the operator when there is none. */
export async function findPgBench(): Promise<PgBench> {
  const debian = '/usr/lib/postgresql';
  const versions = await fs.readdir(debian).catch((): string[] => []);
  const places = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    ...versions.map((version) => path.join(debian, version, 'bin')),
  ];
  for (const place of places) {
    const file = path.join(place, 'pgbench');
    const isThere = await fs.access(file, fs.constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return { file };
  }
  throw new Error(
    'pgbench is needed for the baselines: apt-get install postgresql-contrib (Debian, Ubuntu), ' +
      'brew install libpq (macOS).',
  );
}

/** Runs the script as the owner of the database; transactions a second. */
export async function transactionsPerSecond(
  { pgbench, clients, seconds }: Bench,
  databaseUrl: string,
  script: string,
): Promise<number> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const directory = await fs.mkdtemp(path.join(tmpdir(), 'calmony-pgbench-'));
  try {
    const file = path.join(directory, 'script.sql');
    await fs.writeFile(file, script);
    const place = ['-h', hostname, '-p', port === '' ? '5432' : port, '-U', username];
    const load = ['-n', '-M', 'prepared', '-c', `${clients}`, '-j', '2', '-T', `${seconds}`];
    const { stdout } = await run(
      pgbench.file,
      [...place, ...load, '-f', file, decodeURIComponent(pathname.slice(1))],
      { env: { ...process.env, PGPASSWORD: decodeURIComponent(password) } },
    );
    const tps = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
    if (tps === undefined || !/^number of failed transactions: 0 /m.test(stdout)) {
      throw new Error(`pgbench failed:\n${stdout}`);
    }
    return Number(tps);
  } finally {
    await fs.rm(directory, { recursive: true });
  }
}

/**
 * One statement that writes what creating a customer writes: the customer and its event, into the same
 * tables with all their indexes. Everything but the ids is copied from a customer that the server has
 * just made. The owner runs it, so no policy is checked; a sequence makes the ids.
 */
export async function creationScript({ sql, projectId }: Site, now: Date): Promise<string> {
  await sql`create sequence if not exists bench_ids cache 100`;
  const body = `'${bodyPrefix(now)}' || n`;
  const customer = await copyOf(sql, 'customers', `project_id = ${projectId}`, {
    id: `'cus_' || ${body}`,
    email: `'ada-' || n || '@example.com'`,
  });
  const event = await copyOf(sql, 'events', `type = 'customer.created'`, {
    id: `'evt_' || ${body}`,
    related_object: `'cus_' || ${body}`,
    request: `'req_' || ${body}`,
  });
  return `with number as (select lpad(nextval('bench_ids')::text, 15, '0') as n),
customer as (${customer} from number)
${event} from number;
`;
}

/** An insert of the newest such row, spelled out, but for the columns given as expressions. */
async function copyOf(
  sql: Site['sql'],
  table: 'customers' | 'events',
  condition: string,
  given: Readonly<Record<string, string>>,
): Promise<string> {
  const columns = await columnsOf(sql, table);
  const texts = columns.map(({ name }) => `"${name}"::text`);
  const [row] = await sql.unsafe<Record<string, string | null>[]>(
    `select ${texts.join(', ')} from ${table} where ${condition} order by id desc limit 1`,
  );
  const values = columns.map(
    ({ name, type }) => given[name] ?? `cast(${literal(row?.[name] ?? null)} as ${type})`,
  );
  const names = columns.map(({ name }) => `"${name}"`);
  return `insert into ${table} (${names.join(', ')}) select ${values.join(', ')}`;
}

/** Without a colon, behind which pgbench would look for a variable even in a string. */
const literal = (text: string | null): string =>
  text === null
    ? 'null'
    : `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':', '\\x3a')}'`;

/** Selects one of the customers that `fillCustomers` made, by its whole key and all its columns. */
export const retrievalScript = ({ projectId }: Site, prefix: string, count: number): string =>
  `\\set n random(1, ${count})
select * from customers where project_id = ${projectId} and livemode = false
  and id = 'cus_${prefix}' || lpad((:n)::text, 15, '0');
`;
