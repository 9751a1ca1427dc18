import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { currentSession, visitor } from '@/app/session';
import { Door } from './door';
import { SignInForm } from './sign-in-form';
import { totpPage, wayTo } from './way';

export const metadata: Metadata = { title: 'Sign in' };

interface SignInProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: SignInProps) {
  const { next, callbackUrl, error } = await searchParams;
  const way = wayTo(next ?? callbackUrl);
  const session = await currentSession();
  if (session !== null) redirect(session.awaits_second_factor ? totpPage(way) : way);
  const providers = await (await visitor()).dashboard.sessions.providers.query();
  return (
    <Door title="Sign in">
      <SignInForm next={way} providers={providers} refusal={sentenceFor(error)} />
    </Door>
  );
}

/** What next-auth reports of another service's sign-in. https://next-auth.js.org/configuration/pages */
function sentenceFor(error: string | string[] | undefined): string | null {
  if (error === undefined) return null;
  return error === 'AccessDenied'
    ? 'There is no account with that address. Ask a member of the project for an invitation.'
    : 'You could not be signed in. Try again.';
}
