/** Where the dashboard begins. */
export const HOME = '/dashboard';

/** The page that somebody wanted to see: one of ours, whatever the address says. */
export function wayTo(next: string | string[] | undefined): string {
  const wanted = typeof next === 'string' ? next : HOME;
  // A second slash, or what browsers take for one, would make it another host's.
  return /^\/(?![/\\])/.test(wanted) ? wanted : HOME;
}

export const totpPage = (next: string): string => `/sign-in/totp?next=${encodeURIComponent(next)}`;

export const signInPage = (next: string): string => `/sign-in?next=${encodeURIComponent(next)}`;
