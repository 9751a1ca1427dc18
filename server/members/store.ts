import { and, asc, desc, eq, getTableColumns, gt } from 'drizzle-orm';
import { rowsOf } from '@/db/rows';
import type { Writer } from '@/db/scope';
import { invitations } from '@/db/schema/invitations';
import { members } from '@/db/schema/members';
import { projects } from '@/db/schema/projects';
import { users } from '@/db/schema/users';
import type { People, Scope } from '@/server/kernel/context';

export type MemberRow = typeof members.$inferSelect;
export type InvitationRow = typeof invitations.$inferSelect;

export const { insert, lock, update } = rowsOf(members);

export const {
  insert: insertInvitation,
  lock: lockInvitation,
  update: updateInvitation,
} = rowsOf(invitations);

/** What a colleague is shown of a user. */
export interface PersonRow {
  readonly email: string;
  readonly name: string | null;
  readonly totp_enabled_at: Date | null;
  readonly last_login_at: Date | null;
}

const person = {
  email: users.email,
  name: users.name,
  totp_enabled_at: users.totp_enabled_at,
  last_login_at: users.last_login_at,
};

/** Those who are members, the longest-standing first. */
export const findActive = ({ db }: Pick<Scope, 'db'>) =>
  db
    .select({ member: getTableColumns(members), person })
    .from(members)
    .innerJoin(users, eq(users.id, members.user))
    .where(eq(members.status, 'active'))
    .orderBy(asc(members.created), asc(members.id));

export async function findPerson({ db }: Pick<Scope, 'db'>, user: string): Promise<PersonRow> {
  const [row] = await db.select(person).from(users).where(eq(users.id, user));
  if (row === undefined) throw new Error(`User ${user} is no colleague.`);
  return row;
}

/** Locked, in one order, so that two owners cannot each remove the other. */
export async function lockOwners({ db }: Writer): Promise<{ id: string }[]> {
  return db
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.status, 'active'), eq(members.role, 'owner')))
    .orderBy(asc(members.id))
    .for('no key update');
}

/** Of a user, also where they have left. */
export async function lockOfUser({ db }: Writer, user: string): Promise<MemberRow | null> {
  const [row] = await db.select().from(members).where(eq(members.user, user)).for('no key update');
  return row ?? null;
}

/** The member that a user is. */
export async function requireOwnId({ db }: Writer, user: string): Promise<string> {
  const [row] = await db.select({ id: members.id }).from(members).where(eq(members.user, user));
  if (row === undefined) throw new Error(`User ${user} is no member.`);
  return row.id;
}

export const findPendingInvitations = ({ db }: Pick<Scope, 'db'>) =>
  db
    .select()
    .from(invitations)
    .where(eq(invitations.status, 'pending'))
    .orderBy(desc(invitations.id));

// Across tenants, in the role of people

export interface Membership {
  readonly projectId: number;
  /** `acct_…`. */
  readonly account: string;
  readonly name: string;
  readonly role: MemberRow['role'];
}

export const findMemberships = ({ db }: Pick<People, 'db'>, user: string): Promise<Membership[]> =>
  db
    .select({
      projectId: projects.id,
      account: projects.account,
      name: projects.name,
      role: members.role,
    })
    .from(members)
    .innerJoin(projects, eq(projects.id, members.projectId))
    .where(and(eq(members.user, user), eq(members.status, 'active')))
    .orderBy(asc(projects.id));

export interface FoundInvitation {
  readonly projectId: number;
  readonly id: string;
  readonly email: string;
  readonly role: MemberRow['role'];
  readonly status: InvitationRow['status'];
  readonly expires_at: Date;
  /** The project's name. */
  readonly project: string;
  readonly account: string;
}

/** Of any tenant: it is the link that says whose it is. */
export async function findInvitation(
  { db }: Pick<People, 'db'>,
  hash: string,
): Promise<FoundInvitation | null> {
  const { projectId, id, email, role, status, expires_at } = invitations;
  const [row] = await db
    .select({
      projectId,
      id,
      email,
      role,
      status,
      expires_at,
      project: projects.name,
      account: projects.account,
    })
    .from(invitations)
    .innerJoin(projects, eq(projects.id, invitations.projectId))
    .where(eq(invitations.hash, hash));
  return row ?? null;
}

/** Whether a link that is still good waits for whoever has the address. */
export async function isInvited({ db, now }: People, email: string): Promise<boolean> {
  const [found] = await db
    .select({ id: invitations.id })
    .from(invitations)
    .where(
      and(
        eq(invitations.email, email),
        eq(invitations.status, 'pending'),
        gt(invitations.expires_at, now),
      ),
    )
    .limit(1);
  return found !== undefined;
}

/** A new tenant, and its number. */
export async function insertProject(
  { db }: People,
  row: Pick<typeof projects.$inferInsert, 'account' | 'name' | 'created'>,
): Promise<number> {
  const [made] = await db.insert(projects).values(row).returning({ id: projects.id });
  if (made === undefined) throw new Error('The project was not made.');
  return made.id;
}
