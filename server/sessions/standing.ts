/** What a session is good for at this moment: whose it is, and where they are a member. */
import type { Pool } from '@/db/client';
import { withPeople } from '@/db/people';
import type { Actor } from '@/server/kernel/context';
import { findMemberships, type Membership } from '@/server/members';
import { findWithUser, update, type SessionRow } from './store';

export interface Standing extends Actor {
  readonly session: string;
  readonly name: string | null;
  /** The password was right and the code is still to come. */
  readonly awaitsSecondFactor: boolean;
  /** Whether signing in takes a second factor. */
  readonly twoFactor: boolean;
  readonly memberships: readonly Membership[];
}

/** Unused for so long, a session ends by itself. */
const IDLE_MS = 14 * 24 * 60 * 60 * 1000;

/** How long the second factor is waited for. */
const CODE_WITHIN_MS = 10 * 60 * 1000;

/** How exact `last_seen_at` is: a write at every call would be for nothing. */
const SEEN_EVERY_MS = 60_000;

/**
 * How long a standing is believed without asking again. That a session was ended, or a role was
 * taken away, reaches every process within this time.
 */
const BELIEVED_MS = 1_000;
const REMEMBERED = 10_000;

export interface SessionFinder {
  /** Null for a session that is unknown or has ended. `now` in milliseconds. */
  find(session: string, now: number): Promise<Standing | null>;
  /** Asks again: for what a moment ago was not so, such as a membership. */
  findAfresh(session: string, now: number): Promise<Standing | null>;
}

/** Looks sessions up, with a short memory of those that are good. */
export function sessionFinder(pool: Pool): SessionFinder {
  const memory = new Map<string, { standing: Standing; until: number }>();

  async function findAfresh(session: string, now: number): Promise<Standing | null> {
    const standing = await read(pool, session, new Date(now));
    // Only what is good is remembered: the right code, or a new sign-in, counts at once.
    if (standing === null || standing.awaitsSecondFactor) memory.delete(session);
    else {
      if (memory.size >= REMEMBERED) memory.clear();
      memory.set(session, { standing, until: now + BELIEVED_MS });
    }
    return standing;
  }

  return {
    findAfresh,
    async find(session, now) {
      const known = memory.get(session);
      return known !== undefined && now < known.until ? known.standing : findAfresh(session, now);
    },
  };
}

const read = (pool: Pool, id: string, now: Date): Promise<Standing | null> =>
  withPeople(pool, async (people) => {
    const found = await findWithUser(people, id);
    if (found === null || !isAlive(found.session, now)) return null;
    const { session, user } = found;
    if (now.getTime() - session.last_seen_at.getTime() > SEEN_EVERY_MS) {
      await update(people, id, { last_seen_at: now });
    }
    return {
      session: id,
      user: user.id,
      email: user.email,
      name: user.name,
      awaitsSecondFactor: session.awaits_second_factor,
      twoFactor: user.totp_enabled_at !== null,
      memberships: await findMemberships(people, user.id),
    };
  });

function isAlive(session: SessionRow, now: Date): boolean {
  if (session.ended_at !== null || session.expires_at <= now) return false;
  if (session.awaits_second_factor) return now.getTime() - session.created * 1000 < CODE_WITHIN_MS;
  return now.getTime() - session.last_seen_at.getTime() < IDLE_MS;
}
