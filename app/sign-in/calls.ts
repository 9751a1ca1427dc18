'use client';

import { createTRPCClient, httpLink } from '@trpc/client';
import { signIn } from 'next-auth/react';
import type { AppRouter } from '@/server/api/trpc/client';

/** The calls of pages that belong to no project, by the browser's own session. */
export const api = createTRPCClient<AppRouter>({ links: [httpLink({ url: '/api/trpc' })] });

/** Null when it went well; else a sentence. */
export async function signInWithPassword(email: string, password: string): Promise<string | null> {
  const answer = await signIn('credentials', { email, password, redirect: false });
  if (answer?.ok === true) return null;
  // The server sends a code and a sentence, such as `too_many_attempts: Too many attempts. …`.
  const [, code = '', sentence = ''] = /^(\w+): (.*)$/s.exec(answer?.error ?? '') ?? [];
  if (code === 'password_wrong') return 'The e-mail address or the password is not right.';
  return sentence === '' ? 'You could not be signed in. Try again.' : sentence;
}
