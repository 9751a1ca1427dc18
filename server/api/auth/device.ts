/**
 * The browser's own mark, which it gets with its first sign-in and keeps for a year. It lets nobody
 * in. It says that the account was signed in to from here, so that its owner does not have to wait
 * for what strangers do: see `server/users/throttle.ts`.
 */
import { createHmac } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { SignInSettings } from './settings';
import { randomBase62 } from '@/server/kernel/ids';
import { isEqualSecret } from '@/server/kernel/secrets';
import { isSecure } from './session';

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** The longest that browsers keep a cookie for is 400 days. */
const nameOf = (settings: SignInSettings): string =>
  isSecure(settings) ? '__Host-calmony.device' : 'calmony.device';

const sign = (id: string, email: string, { secret }: SignInSettings): string =>
  createHmac('sha256', secret).update(`device/${id}/${email}`).digest('base64url');

/** The browser's id, if the account was signed in to from it before. */
export function deviceOf(http: Context, email: string, settings: SignInSettings): string | null {
  const [id = '', signature = ''] = (getCookie(http, nameOf(settings)) ?? '').split('.');
  return isEqualSecret(signature, sign(id, email.toLowerCase(), settings)) ? id : null;
}

/** Marks the browser, or leaves the mark it has. */
export function markDevice(http: Context, email: string, settings: SignInSettings): void {
  const id = deviceOf(http, email, settings) ?? randomBase62(22);
  setCookie(http, nameOf(settings), `${id}.${sign(id, email.toLowerCase(), settings)}`, {
    httpOnly: true,
    maxAge: YEAR_SECONDS,
    path: '/',
    sameSite: 'Lax',
    secure: isSecure(settings),
  });
}
