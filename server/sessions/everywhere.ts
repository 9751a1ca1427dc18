import { record, type Act } from '@/server/audit_log';
import type { Actor, People } from '@/server/kernel/context';
import { findMemberships } from '@/server/members';

/**
 * Tells every project that the person is a member of. It is the last thing a transaction does: what
 * comes after it would be in the last project's scope.
 */
export async function recordEverywhere(people: People, actor: Actor, act: Act): Promise<void> {
  for (const { projectId } of await findMemberships(people, actor.user)) {
    const writer = people.enter({ projectId, livemode: false });
    record(writer, { actor, now: people.now, request: people.request }, act);
  }
}
