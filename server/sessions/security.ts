/**
 * What a person does about the safety of their own account. Whoever found a browser that is signed in
 * does not know the password, so what would lock its owner out asks for it again. A change ends every
 * other session.
 */
import type { People, Visitor } from '@/server/kernel/context';
import { codeWrong, passwordWrong, requestInvalid } from '@/server/kernel/errors';
import {
  admit,
  countRecoveryCodes,
  findServices,
  findUser,
  forgive,
  hashPassword,
  isPassword,
  isTotpCode,
  kindOfCode,
  lockUser,
  newTotpSecret,
  renewRecoveryCodes,
  replaceRecoveryCodes,
  sealTotp,
  totpUri,
  updateUser,
  type Provider,
  type UserRow,
} from '@/server/users';
import { recordEverywhere } from './everywhere';
import { codeAttempt, passwordAttempt, type Known } from './sign_in';
import type { Standing } from './standing';
import { endOthers } from './store';

/** Who asks, and from which browser. */
export type Person = Standing & Known;

export interface Security {
  readonly object: 'security';
  readonly two_factor: boolean;
  /** Unused ones. */
  readonly recovery_codes: number;
  /** False for somebody who signs in with another service only. */
  readonly has_password: boolean;
  /** Other services whose word is taken for who this is. */
  readonly services: readonly Provider[];
}

export async function readSecurity(people: People, { user }: Standing): Promise<Security> {
  const { totp_enabled_at, password } = await findUser(people, user);
  return {
    object: 'security',
    two_factor: totp_enabled_at !== null,
    recovery_codes: await countRecoveryCodes(people, user),
    has_password: password !== null,
    services: await findServices(people, user),
  };
}

/** A secret for the authenticator. It counts when a code has shown that it arrived there. */
export async function beginTotp(
  visitor: Visitor,
  person: Person,
  { password }: { password: string },
): Promise<{ secret: string; uri: string }> {
  await confirmPassword(visitor, person, password);
  return visitor.people(async (people) => {
    const user = await lockUser(people, person.user);
    if (user.totp_enabled_at !== null) {
      throw requestInvalid('There is an authenticator already: take it away first.');
    }
    const secret = newTotpSecret();
    const totp_secret = sealTotp(people.keyring, secret, user.id);
    await updateUser(people, user, { totp_secret, totp_last_step: null });
    return { secret, uri: totpUri(secret, user.email) };
  });
}

/** @returns the recovery codes, which are in this answer and in no other. */
export async function confirmTotp(
  visitor: Visitor,
  person: Person,
  { code }: { code: string },
): Promise<{ recovery_codes: string[] }> {
  const attempt = codeAttempt(person.user, person);
  await visitor.people((people) => admit(people, attempt));
  return visitor.people(async (people) => {
    const user = await lockUser(people, person.user);
    if (user.totp_enabled_at !== null || !(await isTotpCode(people, user, code))) throw codeWrong();
    await forgive(people, attempt);
    await updateUser(people, user, { totp_enabled_at: people.now });
    const recovery_codes = await renewRecoveryCodes(people, user.id);
    await conclude(people, person, 'security.enableTotp');
    return { recovery_codes };
  });
}

/** Takes a code too, since the password alone is what a second factor is to guard against. */
export const disableTotp = (
  visitor: Visitor,
  person: Person,
  { code }: { code: string },
): Promise<void> =>
  withCode(visitor, person, code, async (people, user) => {
    await updateUser(people, user, {
      totp_secret: null,
      totp_enabled_at: null,
      totp_last_step: null,
    });
    await replaceRecoveryCodes(people, user.id, []);
    await conclude(people, person, 'security.disableTotp');
  });

/** New codes in place of the old ones, used or not. */
export const renewCodes = (
  visitor: Visitor,
  person: Person,
  { code }: { code: string },
): Promise<{ recovery_codes: string[] }> =>
  withCode(visitor, person, code, async (people, user) => {
    const recovery_codes = await renewRecoveryCodes(people, user.id);
    await recordEverywhere(people, person, {
      action: 'security.renewRecoveryCodes',
      object: user.id,
    });
    return { recovery_codes };
  });

export async function changePassword(
  visitor: Visitor,
  person: Person,
  { password, new_password }: { password: string; new_password: string },
): Promise<void> {
  await confirmPassword(visitor, person, password);
  const hashed = await hashPassword(new_password);
  await visitor.people(async (people) => {
    await updateUser(people, await lockUser(people, person.user), { password: hashed });
    await conclude(people, person, 'security.changePassword');
  });
}

/** Somebody who signs in with another service only has none, and need not give one. */
async function confirmPassword(visitor: Visitor, person: Person, password: string): Promise<void> {
  const attempt = passwordAttempt(person.email, person);
  const stored = await visitor.people(async (people) => {
    await admit(people, attempt);
    return (await findUser(people, person.user)).password;
  });
  if (stored !== null && !(await isPassword(password, stored))) throw passwordWrong('password');
  await visitor.people((people) => forgive(people, attempt));
}

async function withCode<T>(
  visitor: Visitor,
  person: Person,
  code: string,
  work: (people: People, user: UserRow) => Promise<T>,
): Promise<T> {
  const attempt = codeAttempt(person.user, person);
  await visitor.people((people) => admit(people, attempt));
  return visitor.people(async (people) => {
    const user = await lockUser(people, person.user);
    const isRight =
      user.totp_enabled_at !== null && (await kindOfCode(people, user, code)) !== null;
    if (!isRight) throw codeWrong();
    await forgive(people, attempt);
    return work(people, user);
  });
}

/** The safety of the account has changed: wherever else somebody is signed in, they are not any more. */
async function conclude(people: People, person: Person, action: string): Promise<void> {
  await endOthers(people, person.user, person.session);
  await recordEverywhere(people, person, { action, object: person.user });
}
