/**
 * The second factor: a code of six digits that changes every half minute. RFC 6238, with the
 * parameters that every authenticator app knows. https://datatracker.ietf.org/doc/html/rfc6238
 */
import { Secret, TOTP } from 'otpauth';
import { decrypt, encrypt, type Keyring } from '@/server/kernel/secrets';

const ISSUER = 'Calmony Pay';
const PERIOD_SECONDS = 30;
/** Codes of the half minute before and after are taken too: clocks differ. */
const WINDOW = 1;
const SECRET_BYTES = 20;

/** In base32, as a person would type it. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

const totpOf = (secret: string, label: string): TOTP =>
  new TOTP({ issuer: ISSUER, label, secret, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS });

/** What the QR code says: `otpauth://totp/…`. */
export const totpUri = (secret: string, email: string): string => totpOf(secret, email).toString();

/** The number of the half minute that the code belongs to; null when it is of none near `now`. */
export function stepOfCode(secret: string, code: string, now: Date): number | null {
  const timestamp = now.getTime();
  const delta = totpOf(secret, '').validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? null : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta;
}

const identityOf = (user: string): string => `users/totp_secret/${user}`;

export const sealTotp = (ring: Keyring, secret: string, user: string): string =>
  encrypt(ring, secret, identityOf(user));

export const openTotp = (ring: Keyring, sealed: string, user: string): string =>
  decrypt(ring, sealed, identityOf(user));
