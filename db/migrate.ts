/** Brings a database to the current schema. Any number of processes may start at once. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { CREATE_ROLES, GRANT_PRIVILEGES } from './privileges';
import { ROLES } from './roles';

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
      const hadRoles = await hasRoles(sql);
      await sql.unsafe(CREATE_ROLES);
      await applyMigrations(drizzle(sql), { migrationsFolder: path.resolve('db/migrations') });
      await grantPrivileges(sql, hadRoles);
      await afterwards(sql);
    });
  } finally {
    await sql.end();
  }
}

async function hasRoles(sql: postgres.Sql): Promise<boolean> {
  const found = await sql`select from pg_roles where rolname = any(${ROLES}::text[])`;
  return found.length === ROLES.length;
}

/**
 * Grants and policies, where they are not those already. To set them locks every table for a
 * moment, against whoever works with it: a process that only starts beside others must not.
 */
async function grantPrivileges(sql: postgres.Sql, hadRoles: boolean): Promise<void> {
  const [last] = await sql`select hash from drizzle.__drizzle_migrations order by id desc limit 1`;
  const wanted = createHash('sha256')
    .update(`${String(last?.['hash'])} ${GRANT_PRIVILEGES}`)
    .digest('hex');
  const [granted] = await sql`
    select obj_description('drizzle'::regnamespace, 'pg_namespace') as digest`;
  if (hadRoles && granted?.['digest'] === wanted) return;
  await sql.unsafe(GRANT_PRIVILEGES);
  await sql.unsafe(`comment on schema drizzle is '${wanted}'`);
}
