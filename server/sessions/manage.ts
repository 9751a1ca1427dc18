/** The sessions of whoever is signed in: where they are, and how to end them. */
import type { Actor, People } from '@/server/kernel/context';
import { resourceMissing } from '@/server/kernel/errors';
import { recordEverywhere } from './everywhere';
import { toSession, type Session } from './object';
import type { Standing } from './standing';
import * as store from './store';

export const listSessions = async (people: People, standing: Standing): Promise<Session[]> =>
  (await store.findOpen(people, standing.user)).map((row) => toSession(row, standing.session));

/** Within a second no server takes it any more. It may be the caller's own. */
export async function endSession(people: People, actor: Actor, id: string): Promise<void> {
  if (!(await store.end(people, actor.user, id))) throw resourceMissing('session', id);
  await recordEverywhere(people, actor, { action: 'sessions.end', object: id });
}

/** Everywhere else. Answers how many there were. */
export async function endOtherSessions(people: People, standing: Standing): Promise<number> {
  const ended = await store.endOthers(people, standing.user, standing.session);
  if (ended > 0) {
    await recordEverywhere(people, standing, {
      action: 'sessions.endOthers',
      object: standing.session,
      after: { ended },
    });
  }
  return ended;
}
