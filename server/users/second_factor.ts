/** A code, of the authenticator or of the list kept for when it is lost, and what it is checked against. */
import type { People } from '@/server/kernel/context';
import { randomBase32 } from '@/server/kernel/ids';
import { sha256 } from '@/server/kernel/secrets';
import * as store from './store';
import { openTotp, stepOfCode } from './totp';

const RECOVERY_CODES = 10;
/** 80 bits in groups of four letters: long enough for a plain hash, short enough to type once. */
const RECOVERY_LENGTH = 16;

/** New recovery codes in place of the old ones. Shown once, stored as hashes. */
export async function renewRecoveryCodes(people: People, user: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => randomBase32(RECOVERY_LENGTH));
  await store.replaceRecoveryCodes(people, user, codes.map(sha256));
  return codes.map((code) => code.match(/.{4}/g)?.join('-') ?? code);
}

/** Whether the code is the authenticator's, and was not used before. `user` is locked. */
export async function isTotpCode(
  people: People,
  user: store.UserRow,
  code: string,
): Promise<boolean> {
  if (user.totp_secret === null) return false;
  const digits = code.replaceAll(/\s/g, '');
  const secret = openTotp(people.keyring, user.totp_secret, user.id);
  const step = /^\d{6}$/.test(digits) ? stepOfCode(secret, digits, people.now) : null;
  // Somebody may have read it over the shoulder: a code, and those before it, are good once.
  if (step === null || step <= (user.totp_last_step ?? 0)) return false;
  await store.update(people, user, { totp_last_step: step });
  return true;
}

/** Whether the code is right, and of which kind it is. `user` is locked. */
export async function kindOfCode(
  people: People,
  user: store.UserRow,
  code: string,
): Promise<'totp' | 'recovery' | null> {
  if (await isTotpCode(people, user, code)) return 'totp';
  const plain = code.toLowerCase().replaceAll(/[^a-z2-7]/g, '');
  if (plain.length !== RECOVERY_LENGTH) return null;
  return (await store.useRecoveryCode(people, user.id, sha256(plain))) ? 'recovery' : null;
}
