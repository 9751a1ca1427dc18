/** The session that a browser's cookie names. The cookie is sealed by next-auth: nobody can make one up. */
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { decode } from 'next-auth/jwt';
import type { SignInSettings } from './settings';

/** `__Host-` binds a cookie to this very host; browsers take it over https only. */
export const isSecure = ({ origin }: SignInSettings): boolean => origin.startsWith('https:');

export const sessionCookie = (settings: SignInSettings): string =>
  isSecure(settings) ? '__Host-calmony.session' : 'calmony.session';

/** Whether the browser thinks that it is signed in. */
export const hasSession = (http: Context, settings: SignInSettings): boolean =>
  (getCookie(http, sessionCookie(settings)) ?? '') !== '';

/** The session's id, or null where there is no cookie, or one that this server did not make. */
export async function sessionIn(http: Context, settings: SignInSettings): Promise<string | null> {
  const token = getCookie(http, sessionCookie(settings));
  if (token === undefined || token === '') return null;
  const payload = await decode({ token, secret: settings.secret }).catch(() => null);
  const session = payload?.['session'];
  return typeof session === 'string' ? session : null;
}
