import { and, desc, eq, gt, inArray, isNull, lt, max, ne, type SQL } from 'drizzle-orm';
import { sessions } from '@/db/schema/sessions';
import { users } from '@/db/schema/users';
import type { People } from '@/server/kernel/context';

export type SessionRow = typeof sessions.$inferSelect;

export async function insert({ db }: People, row: SessionRow): Promise<SessionRow> {
  await db.insert(sessions).values(row);
  return row;
}

/** The session and whose it is. */
export async function findWithUser({ db }: Pick<People, 'db'>, id: string) {
  const [found] = await db
    .select({
      session: sessions,
      user: {
        id: users.id,
        email: users.email,
        name: users.name,
        totp_enabled_at: users.totp_enabled_at,
      },
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.user))
    .where(eq(sessions.id, id));
  return found ?? null;
}

export async function update(
  { db }: Pick<People, 'db'>,
  id: string,
  changes: Partial<Pick<SessionRow, 'awaits_second_factor' | 'last_seen_at'>>,
): Promise<void> {
  await db.update(sessions).set(changes).where(eq(sessions.id, id));
}

const isOpen = (user: string, now: Date): SQL | undefined =>
  and(eq(sessions.user, user), isNull(sessions.ended_at), gt(sessions.expires_at, now));

/** Those that are good for something, the newest first. */
export const findOpen = ({ db, now }: People, user: string): Promise<SessionRow[]> =>
  db
    .select()
    .from(sessions)
    .where(and(isOpen(user, now), eq(sessions.awaits_second_factor, false)))
    .orderBy(desc(sessions.id));

/** When each was last here, by whichever session, open or not; of some of the users. */
export async function lastSeen(
  { db }: Pick<People, 'db'>,
  users: readonly string[],
): Promise<Map<string, Date>> {
  const found = await db
    .select({ user: sessions.user, at: max(sessions.last_seen_at) })
    .from(sessions)
    .where(inArray(sessions.user, [...users]))
    .groupBy(sessions.user);
  return new Map(found.flatMap(({ user, at }) => (at === null ? [] : [[user, at] as const])));
}

/** Those of which nobody needs to know any more. */
export async function removeExpired({ db }: People, user: string, before: Date): Promise<void> {
  await db.delete(sessions).where(and(eq(sessions.user, user), lt(sessions.expires_at, before)));
}

/** Whether there was one to end. */
export async function end({ db, now }: People, user: string, id: string): Promise<boolean> {
  const ended = await db
    .update(sessions)
    .set({ ended_at: now })
    .where(and(isOpen(user, now), eq(sessions.id, id)))
    .returning({ id: sessions.id });
  return ended.length === 1;
}

/** All of a user's but one. Answers how many there were. */
export async function endOthers(
  { db, now }: People,
  user: string,
  except: string,
): Promise<number> {
  const ended = await db
    .update(sessions)
    .set({ ended_at: now })
    .where(and(isOpen(user, now), ne(sessions.id, except)))
    .returning({ id: sessions.id });
  return ended.length;
}
