import { cookies, headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { requireSession, type Session } from '@/app/session';
import type { Mode } from '@/components/api/address';
import type { Viewer } from '@/components/time/viewer';
import { createCaller } from '@/server/api/trpc/caller';
import type { Client } from '@/server/api/trpc/client';

/** What Next gives to every page below `/dashboard/[account]/[mode]`. */
export interface VisitProps {
  readonly params: Promise<{ readonly account: string; readonly mode: string }>;
}

export interface Visit {
  readonly account: string;
  readonly mode: Mode;
  /** Calls made here are the visitor's own. */
  readonly caller: Client;
}

export async function visitOf({ params }: VisitProps): Promise<Visit> {
  const { account, mode } = await params;
  if (mode !== 'test' && mode !== 'live') notFound();
  const cookie = (await headers()).get('cookie') ?? '';
  return { account, mode, caller: createCaller({ cookie, account, mode }) };
}

/** Who is signed in. Anybody else is sent to the door, and comes back to this page. */
export const requirePerson = async (): Promise<Session> =>
  requireSession((await headers()).get('x-page') ?? '/dashboard');

/** How the visitor writes times: the locale as the browser asks for it, the zone as it once said. */
export async function viewerOf(): Promise<Viewer> {
  const zone = decodeURIComponent((await cookies()).get('calmony-zone')?.value ?? '');
  const [locale = ''] = ((await headers()).get('accept-language') ?? '').split(/[,;]/);
  return {
    locale: isKnown(() => new Intl.Locale(locale)) ? locale : 'en-GB',
    timeZone:
      zone !== '' && isKnown(() => new Intl.DateTimeFormat('en', { timeZone: zone }))
        ? zone
        : 'UTC',
  };
}

function isKnown(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
