/** Brings a database to the current schema. Any number of processes may start at once. */
import path from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { CREATE_ROLES, GRANT_PRIVILEGES } from './privileges';

/** An arbitrary number that means "Calmony Pay is migrating this database". */
const MIGRATION_LOCK = 7_305_119_042;

const OLDEST_SERVER = 150_000;

/**
 * Applies what is missing, under a lock that the other starters wait for. The connecting role must
 * own the database's tables, and be able to create roles the first time. `afterwards` runs under
 * the same lock: what the first start sets up, it sets up once.
 */
export async function migrate(
  url: string,
  afterwards: (sql: postgres.Sql) => Promise<void>,
): Promise<void> {
  const sql = postgres(url, { max: 2, onnotice: () => undefined });
  try {
    const [server] = await sql`select current_setting('server_version_num')::int as version`;
    if (Number(server?.version) < OLDEST_SERVER) {
      throw new Error('Calmony Pay needs PostgreSQL 15 or newer.');
    }
    // The lock is held by one transaction while another connection works: it is let go of when the
    // transaction ends, however it ends, and it does not depend on the session, so that a pooler
    // in between does no harm.
    await sql.begin(async (guard) => {
      await guard`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
      await sql.unsafe(CREATE_ROLES);
      await applyMigrations(drizzle(sql), { migrationsFolder: path.resolve('db/migrations') });
      await sql.unsafe(GRANT_PRIVILEGES);
      await afterwards(sql);
    });
  } finally {
    await sql.end();
  }
}
