/** A new project, with whoever makes it as its owner, and with a first pair of keys to call it by. */
import { record } from '@/server/audit_log';
import { addKey } from '@/server/api_keys';
import type { Actor, People } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import * as store from './store';

export interface FoundedProject {
  /** `acct_…`. */
  readonly account: string;
  readonly name: string;
  /** Of test mode. Shown in this answer and in no other. */
  readonly secret_key: string;
  readonly publishable_key: string;
}

export async function foundProject(
  people: People,
  actor: Actor,
  name: string,
): Promise<FoundedProject> {
  const { now, request } = people;
  const account = newId('account');
  const created = unix(now);
  const projectId = await store.insertProject(people, { account, name, created });
  const writer = { ...people.enter({ projectId, livemode: false }), now };
  store.insert(writer, {
    id: newId('member'),
    user: actor.user,
    role: 'owner',
    status: 'active',
    created,
  });
  const given = { name: 'Default', rights: null, expires_at: null };
  const secret = addKey(writer, { ...given, type: 'secret' });
  const publishable = addKey(writer, { ...given, type: 'publishable' });
  record(
    writer,
    { actor, now, request },
    {
      action: 'projects.create',
      object: account,
      after: { name },
    },
  );
  return {
    account,
    name,
    secret_key: secret.secret ?? '',
    publishable_key: publishable.secret ?? '',
  };
}
