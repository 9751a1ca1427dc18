/**
 * Members of the scope's project: who they are, what they may, and that there is always an owner.
 * Nobody gives a role above their own, or touches somebody who has one.
 */
import type { z } from 'zod';
import { record } from '@/server/audit_log';
import type { Actor, Scope, Tx } from '@/server/kernel/context';
import { lastOwner, permissionDenied, resourceMissing } from '@/server/kernel/errors';
import { setMember } from './status';
import { toMember, type Member } from './object';
import type { UpdateMember } from './params';
import { mayGrant, type Role } from './roles';
import * as store from './store';

/** Whoever changes something: a person, with the role they have in this project. */
export interface By {
  readonly actor: Actor;
  readonly role: Role;
}

export const listMembers = async (scope: Scope): Promise<Member[]> =>
  (await store.findActive(scope)).map(({ member, person }) => toMember(member, person));

export async function changeRole(
  tx: Tx,
  by: By,
  { id, role }: z.output<typeof UpdateMember>,
): Promise<Member> {
  const before = await lockMember(tx, by, id);
  assertMayGrant(by, role);
  if (role !== 'owner') await assertOwnerRemains(tx, before);
  const row = store.update(tx, before, { role });
  audit(tx, by, 'members.update', before, row);
  return toMember(row, await store.findPerson(tx, row.user));
}

/** @param id of the member; null is the caller, who needs nobody's leave. */
export async function removeMember(tx: Tx, by: By, id: string | null): Promise<Member> {
  const before = await lockMember(tx, by, id ?? (await store.requireOwnId(tx, by.actor.user)));
  await assertOwnerRemains(tx, before);
  const person = await store.findPerson(tx, before.user);
  const row = setMember(tx, before, 'removed');
  audit(tx, by, 'members.remove', before, row);
  return toMember(row, person);
}

/** An active member whom the caller may change. */
async function lockMember(tx: Tx, by: By, id: string): Promise<store.MemberRow> {
  const row = await store.lock(tx, id);
  if (row === null || row.status !== 'active') throw resourceMissing('member', id);
  if (row.user !== by.actor.user) assertMayGrant(by, row.role);
  return row;
}

export function assertMayGrant({ role }: By, other: Role): void {
  if (mayGrant(role, other)) return;
  throw permissionDenied(`Your role in this project, ${role}, cannot give or take ${other}.`);
}

async function assertOwnerRemains(tx: Tx, leaving: store.MemberRow): Promise<void> {
  if (leaving.role !== 'owner') return;
  const owners = await store.lockOwners(tx);
  if (owners.every(({ id }) => id === leaving.id)) throw lastOwner();
}

const kept = ({ user, role, status }: store.MemberRow) => ({ user, role, status });

const audit = (
  tx: Tx,
  { actor }: By,
  action: string,
  before: store.MemberRow,
  after: store.MemberRow,
): void =>
  record(
    tx,
    { actor, now: tx.now, request: tx.request },
    { action, object: before.id, before: kept(before), after: kept(after) },
  );
