/**
 * Passwords: Argon2id with OWASP's parameters. Those of the first release were scrypt, and become
 * Argon2id when they are next used.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
import { randomBytes, scrypt as scryptCallback, timingSafeEqual } from 'node:crypto';
import type { ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { argon2id, argon2Verify } from './hashing';

const scrypt = promisify<string, Buffer, number, ScryptOptions, Buffer>(scryptCallback);

const ARGON2ID = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32 };

/** How a hash of today begins; any other is replaced when its password is known. */
const CURRENT = `$argon2id$v=19$m=${ARGON2ID.memorySize},t=${ARGON2ID.iterations},p=${ARGON2ID.parallelism}$`;

/** Of no password, with the parameters of today: comparing with it takes as long as with any. */
const OF_NOBODY = `${CURRENT}AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`;

export const hashPassword = (password: string): Promise<string> =>
  argon2id({ ...ARGON2ID, password: normal(password), salt: randomBytes(16) });

/** The same characters, however a keyboard composes them. NIST SP 800-63B, 3.1.1.2. */
const normal = (password: string): string => password.normalize('NFKC');

/**
 * Whether the password is the one that was hashed. Takes as long where there is none, so that its
 * time does not tell who has an account.
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  if (password === '') return false;
  if (stored?.startsWith('scrypt$') === true) return isScrypt(password, stored);
  const isRight = await argon2Verify(normal(password), stored ?? OF_NOBODY);
  return isRight && stored !== null;
}

/** Whether a hash should be made anew, with the parameters of today. */
export const isOutdated = (stored: string): boolean => !stored.startsWith(CURRENT);

/** `scrypt$N$r$p$salt$hash`, the last two in base64. */
async function isScrypt(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt = '', hash = ''] = stored.split('$');
  const expected = Buffer.from(hash, 'base64');
  const options = { N: Number(N), r: Number(r), p: Number(p), maxmem: 256 * 1024 * 1024 };
  const found = await scrypt(password, Buffer.from(salt, 'base64'), expected.length, options);
  return timingSafeEqual(found, expected);
}
