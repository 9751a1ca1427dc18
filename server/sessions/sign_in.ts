/**
 * Signing in, in two steps where the user wants two: the password, or another service's word, makes a
 * session; a session that awaits the second factor is good for giving it and for nothing else.
 */
import type { Actor, People, Visitor } from '@/server/kernel/context';
import { codeWrong, passwordWrong } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { isInvited } from '@/server/members';
import {
  admit,
  findByIdentity,
  findServices,
  findUserByEmail,
  forgive,
  hashPassword,
  insertIdentity,
  insertUser,
  isOutdated,
  isPassword,
  kindOfCode,
  lockUser,
  updateUser,
  type Attempt,
  type Provider,
  type UserRow,
} from '@/server/users';
import { recordEverywhere } from './everywhere';
import type { Standing } from './standing';
import { insert, removeExpired, update, type SessionRow } from './store';

/** From signing in to having to sign in again, however much one is there. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;

/** How long a session is kept that can be used no more. */
const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

/** An account, and the browser where it is known to have been signed in to it. */
export interface Known {
  readonly device: string | null;
}

export interface SignedIn {
  readonly session: string;
  readonly user: string;
  readonly email: string;
}

export const passwordAttempt = (email: string, { device }: Known): Attempt => ({
  account: `password/${email}`,
  device,
});

export const codeAttempt = (user: string, { device }: Known): Attempt => ({
  account: `code/${user}`,
  device,
});

/** @throws ApiError 429 too_many_attempts, 400 password_wrong, also where there is no such user. */
export async function signIn(
  visitor: Visitor,
  given: Known & { readonly email: string; readonly password: string },
): Promise<SignedIn> {
  const email = given.email.toLowerCase();
  const attempt = passwordAttempt(email, given);
  const user = await visitor.people(async (people) => {
    await admit(people, attempt);
    return findUserByEmail(people, email);
  });
  const stored = user?.password ?? null;
  // Outside of any transaction: it takes its time, and connections are few.
  const isRight = await isPassword(given.password, stored);
  if (user === null || stored === null || !isRight) throw passwordWrong('password');
  const renewed = isOutdated(stored) ? await hashPassword(given.password) : null;
  return visitor.people(async (people) => {
    await forgive(people, attempt);
    const locked = await lockUser(people, user.id);
    // Somebody may have changed it since it was looked at: then it is wrong now.
    if (locked.password !== stored) throw passwordWrong('password');
    if (renewed !== null) await updateUser(people, locked, { password: renewed });
    return open(people, locked, 'password');
  });
}

/** What another service says of whoever is signed in to it. */
export interface Word {
  readonly provider: Provider;
  /** The service's own id of the person. */
  readonly subject: string;
  /** Null where the service has not verified it: an address that is only claimed is nobody's. */
  readonly email: string | null;
}

/** On the word of another service. Whom nobody has invited stays outside, and is answered null. */
export const signInWith = (visitor: Visitor, word: Word): Promise<SignedIn | null> =>
  visitor.people(async (people) => {
    const known = await findByIdentity(people, word.provider, word.subject);
    const user = known ?? (await firstTimeWith(people, word));
    return user === null ? null : open(people, await lockUser(people, user.id), word.provider);
  });

/**
 * The user whose address the service has verified; or somebody new, who has an invitation to it. From
 * then on the service's own id counts, whatever becomes of the address.
 */
async function firstTimeWith(
  people: People,
  { provider, subject, email }: Word,
): Promise<UserRow | null> {
  if (email === null) return null;
  const address = email.toLowerCase();
  const user = (await findUserByEmail(people, address)) ?? (await newcomer(people, address));
  if (user === null) return null;
  // Addresses are given to others after their owners have gone: a second identity is not the same person.
  if ((await findServices(people, user.id)).includes(provider)) return null;
  await insertIdentity(people, { provider, subject, user: user.id, created: unix(people.now) });
  return user;
}

/** They become a member by opening the link, as anybody does who has an account. */
async function newcomer(people: People, email: string): Promise<UserRow | null> {
  if (!(await isInvited(people, email))) return null;
  return insertUser(people, {
    id: newId('user'),
    email,
    name: null,
    password: null,
    totp_secret: null,
    totp_enabled_at: null,
    totp_last_step: null,
    last_login_at: null,
    created: unix(people.now),
  });
}

async function open(
  people: People,
  user: UserRow,
  method: SessionRow['method'],
): Promise<SignedIn> {
  const { now, request, userAgent } = people;
  const awaits = user.totp_enabled_at !== null;
  await removeExpired(people, user.id, new Date(now.getTime() - KEPT_MS));
  const { id } = await insert(people, {
    id: newId('session'),
    user: user.id,
    method,
    awaits_second_factor: awaits,
    ip: request.ip,
    user_agent: userAgent?.slice(0, 500) ?? null,
    last_seen_at: now,
    expires_at: new Date(now.getTime() + SESSION_SECONDS * 1000),
    ended_at: null,
    created: unix(now),
  });
  const actor = { user: user.id, email: user.email };
  if (!awaits) await arrive(people, user, id, method);
  return { ...actor, session: id };
}

/** The code of the authenticator, or a recovery code, makes the session a whole one. */
export async function passSecondFactor(
  visitor: Visitor,
  { session, user: id }: Standing,
  { code, device }: Known & { readonly code: string },
): Promise<void> {
  const attempt = codeAttempt(id, { device });
  await visitor.people((people) => admit(people, attempt));
  await visitor.people(async (people) => {
    const user = await lockUser(people, id);
    const kind = await kindOfCode(people, user, code);
    if (kind === null) throw codeWrong();
    await forgive(people, attempt);
    await update(people, session, { awaits_second_factor: false });
    await arrive(people, user, session, kind);
  });
}

async function arrive(
  people: People,
  user: UserRow,
  session: string,
  method: string,
): Promise<void> {
  await updateUser(people, user, { last_login_at: people.now });
  const actor: Actor = { user: user.id, email: user.email };
  await recordEverywhere(people, actor, {
    action: 'sessions.create',
    object: session,
    after: { method },
  });
}
