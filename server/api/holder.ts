/** Who asks: the holder of a key, or a member who is signed in to the dashboard. */
import type { KeyHolder } from '@/server/api_keys';
import type { Actor } from '@/server/kernel/context';
import { accountInvalid } from '@/server/kernel/errors';
import { rightsOf, type Membership, type Role } from '@/server/members';
import { resources } from '@/server/resources';
import type { Standing } from '@/server/sessions';

export interface MemberOfProject extends Actor {
  readonly session: string;
  readonly role: Role;
}

export interface Holder extends KeyHolder {
  /** Whoever is signed in, where there is no key; `id` is then their session's. */
  readonly member?: MemberOfProject;
}

export interface MemberHolder extends Holder {
  readonly member: MemberOfProject;
}

const RESOURCES = Object.keys(resources);

/** The person as one who may ask in a project and a mode. */
export function memberHolder(
  { session, user, email }: Standing,
  { projectId, role }: Membership,
  livemode: boolean,
): MemberHolder {
  const rights = rightsOf(role, RESOURCES);
  return {
    id: session,
    projectId,
    livemode,
    type: rights === null ? 'secret' : 'restricted',
    rights,
    status: 'active',
    expiresAt: null,
    member: { session, user, email, role },
  };
}

/** @throws ApiError 403 for a project that the person is no member of, whether it exists or not. */
export function membershipIn({ memberships }: Standing, account: string): Membership {
  const found = memberships.find((membership) => membership.account === account);
  if (found === undefined) throw accountInvalid(account);
  return found;
}
