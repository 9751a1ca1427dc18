/**
 * Invitations: a link that makes whoever holds it, and has the address it is for, a member. It is
 * good once and for a week; of its secret only the hash is stored.
 */
import type { z } from 'zod';
import type { Tenant, Writer } from '@/db/scope';
import { record } from '@/server/audit_log';
import type { Actor, People, Scope, Tx, Visitor } from '@/server/kernel/context';
import {
  invitationInvalid,
  permissionDenied,
  resourceAlreadyExists,
  resourceMissing,
} from '@/server/kernel/errors';
import { newId, randomBase62 } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { sha256 } from '@/server/kernel/secrets';
import { findUserByEmail, hashPassword, insertUser } from '@/server/users';
import { closeInvitation, setMember } from './status';
import { assertMayGrant, type By } from './members';
import { toInvitation, type Invitation } from './object';
import type { CreateInvitation, JoinByInvitation } from './params';
import type { Role } from './roles';
import * as store from './store';

const GOOD_FOR_MS = 7 * 24 * 60 * 60 * 1000;

/** 143 bits. */
const TOKEN_LENGTH = 24;

/** @returns the invitation, and the link's secret, which is in this answer and in no other. */
export async function invite(
  tx: Tx,
  by: By,
  { email, role }: z.output<typeof CreateInvitation>,
): Promise<Invitation & { readonly token: string }> {
  assertMayGrant(by, role);
  const members = await store.findActive(tx);
  if (members.some(({ person }) => person.email === email)) {
    throw resourceAlreadyExists(`${email} is a member already.`, 'email');
  }
  // Of two links to one person, the later says what they are to become.
  for (const earlier of await store.findPendingInvitations(tx)) {
    if (earlier.email === email) closeInvitation(tx, earlier, 'revoked');
  }
  const token = randomBase62(TOKEN_LENGTH);
  const row = store.insertInvitation(tx, {
    id: newId('invitation'),
    email,
    role,
    status: 'pending',
    hash: sha256(token),
    invited_by: by.actor.user,
    expires_at: new Date(tx.now.getTime() + GOOD_FOR_MS),
    created: unix(tx.now),
  });
  record(
    tx,
    { ...by, now: tx.now, request: tx.request },
    {
      action: 'invitations.create',
      object: row.id,
      after: { email, role },
    },
  );
  return { ...toInvitation(row, tx.now), token };
}

export const listInvitations = async (scope: Scope): Promise<Invitation[]> =>
  (await store.findPendingInvitations(scope)).map((row) => toInvitation(row, scope.now));

export async function revokeInvitation(tx: Tx, by: By, id: string): Promise<Invitation> {
  const before = await store.lockInvitation(tx, id);
  if (before === null || before.status !== 'pending') throw resourceMissing('invitation', id);
  assertMayGrant(by, before.role);
  const row = closeInvitation(tx, before, 'revoked');
  const { email, role } = before;
  record(
    tx,
    { ...by, now: tx.now, request: tx.request },
    {
      action: 'invitations.revoke',
      object: id,
      before: { email, role },
    },
  );
  return toInvitation(row, tx.now);
}

/** What the link says to whoever opens it. */
export interface Offer {
  readonly account: string;
  readonly email: string;
  readonly project: string;
  readonly role: Role;
  /** Whether there is a user with that address, who signs in to accept. */
  readonly known: boolean;
}

/** @throws ApiError invitation_invalid, for whatever reason. */
export async function readInvitation(people: People, token: string): Promise<Offer> {
  const { account, email, project, role } = await findUsable(people, token);
  const known = (await findUserByEmail(people, email)) !== null;
  return { account, email, project, role, known };
}

/** Whoever is signed in becomes a member. Answers the project's account. */
export async function acceptInvitation(
  people: People,
  actor: Actor,
  token: string,
): Promise<{ account: string }> {
  const found = await findUsable(people, token);
  if (found.email !== actor.email) {
    throw permissionDenied(`This invitation is for ${found.email}, and you are ${actor.email}.`);
  }
  await admitMember(people, people.enter(toTenant(found)), actor, found);
  return { account: found.account };
}

/** Somebody new gets an account, and becomes a member with it. They still have to sign in. */
export async function joinByInvitation(
  visitor: Visitor,
  { token, name, password }: z.output<typeof JoinByInvitation>,
): Promise<{ account: string; email: string }> {
  const { email } = await visitor.people((people) => findUsable(people, token));
  const hashed = await hashPassword(password);
  return visitor.people(async (people) => {
    const found = await findUsable(people, token);
    // Without being signed in nobody may speak for a user that there is.
    if ((await findUserByEmail(people, email)) !== null) throw invitationInvalid();
    const user = await insertUser(people, {
      id: newId('user'),
      email,
      name,
      password: hashed,
      totp_secret: null,
      totp_enabled_at: null,
      totp_last_step: null,
      last_login_at: null,
      created: unix(people.now),
    });
    await admitMember(people, people.enter(toTenant(found)), { user: user.id, email }, found);
    return { account: found.account, email };
  });
}

const toTenant = ({ projectId }: store.FoundInvitation): Tenant => ({ projectId, livemode: false });

async function findUsable(people: People, token: string): Promise<store.FoundInvitation> {
  const found = await store.findInvitation(people, sha256(token));
  if (found === null || found.status !== 'pending' || found.expires_at <= people.now) {
    throw invitationInvalid();
  }
  return found;
}

async function admitMember(
  { now, request }: People,
  writer: Writer & Tenant,
  actor: Actor,
  found: store.FoundInvitation,
): Promise<void> {
  // Whoever opened the link at the same moment is before us here, or behind us.
  const invitation = await store.lockInvitation(writer, found.id);
  if (invitation?.status !== 'pending') throw invitationInvalid();
  closeInvitation(writer, invitation, 'accepted');
  const before = await store.lockOfUser(writer, actor.user);
  const after =
    before === null
      ? store.insert(writer, {
          id: newId('member'),
          user: actor.user,
          role: invitation.role,
          status: 'active',
          created: unix(now),
        })
      : setMember(writer, before, 'active', invitation.role);
  record(
    writer,
    { actor, now, request },
    {
      action: 'invitations.accept',
      object: after.id,
      after: { user: actor.user, role: after.role },
    },
  );
}
