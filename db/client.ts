/**
 * The connection pool, and Drizzle on top of whatever carries statements: a transaction, or a
 * reader that opens one for each statement. Every statement is prepared: drizzle-orm 0.45 asks
 * postgres.js for that only where `.prepare()` was called, so the carrier here asks always.
 */
import {
  makePgArray,
  parsePgArray,
  PgDatabase,
  PgDialect,
  type PgQueryResultHKT,
} from 'drizzle-orm/pg-core';
import { PostgresJsSession } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { loans } from './loans';
import { APP_ROLE, SYSTEM_ROLE } from './roles';

/**
 * `reserve()` lends a connection to a transaction: see `loans.ts`. The pool itself carries the few
 * statements that belong to no tenant, on one connection more, as the role that connected; and its
 * finder those that look across tenants, on a few others: see `system.ts`.
 */
export type Pool = postgres.Sql<{ bigint: number }> & { readonly finder: Finder };

/** Each statement is a transaction of its own, in the role that looks and does nothing else. */
export type Finder = Pick<postgres.Sql<{ bigint: number }>, 'unsafe'>;

/** Query building without tables known in advance: the SQL-like half of Drizzle, not `db.query`. */
export type Database = PgDatabase<PgQueryResultHKT>;

export interface PoolOptions {
  /** Connections at most. On two cores, more than a dozen only queue inside the server. */
  max: number;
  /** Shown in pg_stat_activity. */
  name: string;
}

const BIGINT_OID = 20;
/** Dates come and go as PostgreSQL writes them: Drizzle's columns do the conversion. */
const DATE_OIDS = [1082, 1083, 1114, 1115, 1182, 1184, 1185, 1231];
/** JSON goes out as text that the column already made; it comes in parsed. */
const JSON_OIDS = [114, 3802];

/** The one type of array that is asked with, and stored. */
const TEXTS_OID = 1009;

const asIs = <T>(value: T): T => value;

/** A pool on `url`. Nothing is connected before the first statement. */
export function connect(url: string, { max, name }: PoolOptions): Pool {
  const pool = client(url, name);
  const finder = client(url, name, { role: SYSTEM_ROLE }, undefined, FINDERS);
  // Begun as the application's role, which sees nothing outside a scope: a statement that strayed
  // from its transaction does no harm.
  const { lend, end } = loans((onclose) => client(url, name, { role: APP_ROLE }, onclose), max);
  const endOwn = pool.end;
  return Object.assign(pool, {
    finder,
    reserve: lend as Pool['reserve'],
    async end(options?: Parameters<Pool['end']>[0]) {
      await Promise.all([end(options), endOwn(options), finder.end(options)]);
    },
  });
}

/** Opened when they are needed: whose key it is must be found also while something looks for long. */
const FINDERS = 3;

/** A client of the driver. */
function client(
  url: string,
  name: string,
  settings: Partial<postgres.ConnectionParameters> = {},
  onclose?: () => void,
  max = 1,
): postgres.Sql<{ bigint: number }> {
  const sql = postgres(url, {
    max,
    // Plans live as long as their connection: recycling every half hour would only re-plan.
    max_lifetime: null,
    idle_timeout: 0,
    connect_timeout: 10,
    onnotice: () => undefined,
    // The driver would ask for the types of arrays on each new connection, and nobody awaits that:
    // a server that goes away just then took the whole process with it.
    fetch_types: false,
    ...(onclose === undefined ? {} : { onclose }),
    types: {
      bigint: { to: BIGINT_OID, from: [BIGINT_OID], serialize: String, parse: Number },
    },
    connection: {
      application_name: name,
      // A lock that is not had in five seconds, or a statement that runs for thirty, is given up
      // with a clear error; a transaction forgotten open would stop vacuum for everybody.
      lock_timeout: 5_000,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 15_000,
      // A plan that was made while a table was small reads all of it, and goes on reading all of it
      // until somebody analyzes what has become hundreds of thousands of rows: see decision 0009.
      enable_seqscan: 'off',
      ...settings,
    },
  });
  for (const oid of DATE_OIDS) {
    sql.options.parsers[oid] = asIs;
    sql.options.serializers[oid] = asIs;
  }
  for (const oid of JSON_OIDS) sql.options.serializers[oid] = asIs;
  sql.options.parsers[TEXTS_OID] = parsePgArray;
  // A column of Drizzle's has made text of it already.
  sql.options.serializers[TEXTS_OID] = (texts: string | string[]) =>
    typeof texts === 'string' ? texts : makePgArray(texts);
  return sql;
}

/** Something that takes a statement and brings rows as arrays, in the order of the columns. */
export interface Carrier {
  rows(text: string, params: readonly unknown[]): Promise<unknown[][]>;
}

const dialect = new PgDialect();

/** Drizzle's query builder over a carrier. Cheap enough to be made for each request. */
export function database(carrier: Carrier): Database {
  const client = {
    options: { parsers: {}, serializers: {} },
    unsafe: (text: string, params: readonly unknown[] = []) => {
      const rows = carrier.rows(text, params);
      // Drizzle awaits the rows themselves, or asks for them as arrays: here they always are.
      return Object.assign(rows, { values: () => rows });
    },
  };
  const session = new PostgresJsSession(client as never, dialect, undefined, {});
  return new PgDatabase(dialect, session, undefined);
}
