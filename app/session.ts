import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { failureOf } from '@/components/api/failure';
import { createCaller } from '@/server/api/trpc/caller';
import type { Client } from '@/server/api/trpc/client';

export type Session = Awaited<ReturnType<Client['dashboard']['sessions']['current']['query']>>;

/** The visitor's calls that belong to no project. */
export const visitor = cache(async (): Promise<Client> =>
  createCaller({ cookie: (await headers()).get('cookie') ?? '' }),
);

/** Who is signed in, or about to be; null for nobody. Asked for once a page. */
export const currentSession = cache(async (): Promise<Session | null> => {
  try {
    return await (await visitor()).dashboard.sessions.current.query();
  } catch (error) {
    if (failureOf(error).status === 401) return null;
    throw error;
  }
});

/** Who is signed in. Anybody else is sent to the door, and from there to `next`. */
export async function requireSession(next: string): Promise<Session> {
  const session = await currentSession();
  const to = `next=${encodeURIComponent(next)}`;
  if (session === null) redirect(`/sign-in?${to}`);
  if (session.awaits_second_factor) redirect(`/sign-in/totp?${to}`);
  return session;
}
