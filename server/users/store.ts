import { and, asc, count, eq, isNull, lt, sql } from 'drizzle-orm';
import { recovery_codes } from '@/db/schema/recovery_codes';
import { sign_in_throttles } from '@/db/schema/sign_in_throttles';
import { user_identities } from '@/db/schema/user_identities';
import { users } from '@/db/schema/users';
import type { People } from '@/server/kernel/context';

export type UserRow = typeof users.$inferSelect;
export type Provider = (typeof user_identities.$inferSelect)['provider'];

/** `email` in lower case. */
export async function findByEmail({ db }: People, email: string): Promise<UserRow | null> {
  const [row] = await db.select().from(users).where(eq(users.email, email));
  return row ?? null;
}

export async function find({ db }: People, id: string): Promise<UserRow> {
  const [row] = await db.select().from(users).where(eq(users.id, id));
  if (row === undefined) throw new Error(`User ${id} does not exist.`);
  return row;
}

/** Nobody else may change the row until the transaction ends. */
export async function lock({ db }: People, id: string): Promise<UserRow> {
  const [row] = await db.select().from(users).where(eq(users.id, id)).for('no key update');
  if (row === undefined) throw new Error(`User ${id} does not exist.`);
  return row;
}

export async function insert({ db }: People, row: UserRow): Promise<UserRow> {
  await db.insert(users).values(row);
  return row;
}

export async function update(
  { db }: People,
  row: UserRow,
  changes: Partial<Omit<UserRow, 'id'>>,
): Promise<UserRow> {
  await db.update(users).set(changes).where(eq(users.id, row.id));
  return { ...row, ...changes };
}

// Who other services know them as

export async function findByIdentity(
  { db }: People,
  provider: Provider,
  subject: string,
): Promise<UserRow | null> {
  const [found] = await db
    .select()
    .from(user_identities)
    .innerJoin(users, eq(users.id, user_identities.user))
    .where(and(eq(user_identities.provider, provider), eq(user_identities.subject, subject)));
  return found?.users ?? null;
}

/** Which services know a user. */
export async function findServices({ db }: People, user: string): Promise<Provider[]> {
  const found = await db
    .select({ provider: user_identities.provider })
    .from(user_identities)
    .where(eq(user_identities.user, user))
    .orderBy(asc(user_identities.provider));
  return found.map(({ provider }) => provider);
}

export async function insertIdentity(
  { db }: People,
  row: typeof user_identities.$inferInsert,
): Promise<void> {
  await db.insert(user_identities).values(row);
}

// Recovery codes

/** In place of those there are. */
export async function replaceRecoveryCodes(
  { db }: People,
  user: string,
  hashes: readonly string[],
): Promise<void> {
  await db.delete(recovery_codes).where(eq(recovery_codes.user, user));
  if (hashes.length === 0) return;
  await db.insert(recovery_codes).values(hashes.map((hash) => ({ user, hash, used_at: null })));
}

/** Whether it was there, and unused until now. */
export async function useRecoveryCode(
  { db, now }: People,
  user: string,
  hash: string,
): Promise<boolean> {
  const used = await db
    .update(recovery_codes)
    .set({ used_at: now })
    .where(
      and(
        eq(recovery_codes.user, user),
        eq(recovery_codes.hash, hash),
        isNull(recovery_codes.used_at),
      ),
    )
    .returning({ hash: recovery_codes.hash });
  return used.length === 1;
}

export async function countRecoveryCodes({ db }: People, user: string): Promise<number> {
  const [row] = await db
    .select({ left: count() })
    .from(recovery_codes)
    .where(and(eq(recovery_codes.user, user), isNull(recovery_codes.used_at)));
  return row?.left ?? 0;
}

// Throttles

export type ThrottleRow = typeof sign_in_throttles.$inferSelect;

/** The row of the key, locked; made if there is none. What is to be forgotten goes on the way. */
export async function lockThrottle({ db, now }: People, key: string): Promise<ThrottleRow> {
  await db.delete(sign_in_throttles).where(lt(sign_in_throttles.forget_at, now));
  const [row] = await db
    .insert(sign_in_throttles)
    .values({ key, failures: 0, retry_at: now, forget_at: now })
    // An update that changes nothing, for its lock and its answer.
    .onConflictDoUpdate({ target: sign_in_throttles.key, set: { key: sql`excluded.key` } })
    .returning();
  if (row === undefined) throw new Error('A throttle was neither made nor found.');
  return row;
}

export async function updateThrottle(
  { db }: People,
  { key, ...changes }: ThrottleRow,
): Promise<void> {
  await db.update(sign_in_throttles).set(changes).where(eq(sign_in_throttles.key, key));
}

export async function removeThrottle({ db }: People, key: string): Promise<void> {
  await db.delete(sign_in_throttles).where(eq(sign_in_throttles.key, key));
}
