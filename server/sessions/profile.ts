/** What colleagues see of a person. */
import type { Actor, People } from '@/server/kernel/context';
import { lockUser, updateUser } from '@/server/users';
import { recordEverywhere } from './everywhere';

/** In every project: a person has one name. */
export async function renamePerson(people: People, actor: Actor, name: string): Promise<void> {
  const before = await lockUser(people, actor.user);
  await updateUser(people, before, { name });
  await recordEverywhere(people, actor, {
    action: 'profile.update',
    object: actor.user,
    before: { name: before.name },
    after: { name },
  });
}
