/** A server on a database of its own, with what a figure needs in it. */
import postgres from 'postgres';
import { firstIdBodyAt } from '@/server/kernel/ids';
import type { Bench } from './figure';
import { generate } from './loads';
import { startServer, type RunningServer } from './server';

export interface Site {
  readonly server: RunningServer;
  readonly databaseUrl: string;
  /** As the owner of the database, whom row-level security does not bind. */
  readonly sql: postgres.Sql;
  /** Of the first project, whose key the server's `authorization` is. */
  readonly projectId: number;
}

/** Runs `work` with a server that has just been started; both are gone afterwards. */
export async function withSite<T>(
  { cluster, build }: Bench,
  name: string,
  work: (site: Site) => Promise<T>,
): Promise<T> {
  const database = `bench_${name}`;
  const databaseUrl = await cluster.createDatabase(database);
  const server = await startServer({ ...build, databaseUrl });
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const [project] = await sql<{ id: number }[]>`select id::int from projects`;
    return await work({ server, databaseUrl, sql, projectId: project?.id ?? 0 });
  } finally {
    await server.stop();
    await sql.end();
    await cluster.dropDatabase(database);
  }
}

/** What each created customer is made of. */
export const CUSTOMER =
  'name=Ada+Lovelace&email=ada-{n}%40example.com&description=First+programmer&metadata[order]={n}';

/** Creates customers at full speed until compilers and caches have seen enough. */
export const warmUp = (server: RunningServer, seconds = 3): Promise<unknown> =>
  generate({
    port: server.port,
    authorization: server.authorization,
    method: 'POST',
    paths: ['/v1/customers'],
    body: CUSTOMER,
    isIdempotent: true,
    clients: 32,
    seconds,
  });

/** Throws unless the table has every row that a client was told is there. */
export async function recount(
  { sql, projectId }: Site,
  table: 'customers' | 'payment_intents',
  ids: readonly string[],
): Promise<void> {
  const [found] = await sql<{ count: number }[]>`
    select count(*)::int from ${sql(table)} where project_id = ${projectId} and id = any(${ids})`;
  if (found?.count === ids.length && new Set(ids).size === ids.length) return;
  throw new Error(`Void: of ${ids.length} acknowledged ${table}, ${found?.count} are there.`);
}

/** The id bodies that SQL makes: seven characters say the time, fifteen digits count. */
export const bodyPrefix = (at: Date): string => firstIdBodyAt(at).slice(0, 7);

interface Column {
  readonly name: string;
  readonly type: string;
}

/** The columns of a table, in order. */
export const columnsOf = (sql: postgres.Sql, table: string): Promise<Column[]> =>
  sql<Column[]>`
    select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped order by attnum`;

/**
 * Fills the table with copies of a customer that the API made. The n-th has the id
 * `cus_<prefix><n in fifteen digits>`, so higher numbers are newer.
 */
export async function fillCustomers(
  { sql, projectId }: Site,
  { prefix, from, to }: { prefix: string; from: number; to: number },
): Promise<void> {
  const columns = (await columnsOf(sql, 'customers')).map(({ name }) => name);
  const values: Record<string, string> = {
    id: `'cus_${prefix}' || lpad(n::text, 15, '0')`,
    email: `'customer-' || n || '@example.com'`,
    created: `created - ${to} + n`,
  };
  const names = columns.map((name) => `"${name}"`).join(', ');
  const selected = columns.map((name) => values[name] ?? `"${name}"`).join(', ');
  await sql.unsafe(`
    insert into customers (${names}) select ${selected}
    from (select * from customers where project_id = ${projectId} order by id desc limit 1) template,
      generate_series(${from}, ${to}) n`);
  await sql.unsafe('vacuum analyze customers');
}

export const filledId = (prefix: string, n: number): string =>
  `cus_${prefix}${String(n).padStart(15, '0')}`;
