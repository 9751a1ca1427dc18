import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Door } from '@/app/sign-in/door';
import { signInPage, wayTo } from '@/app/sign-in/way';
import { currentSession } from '@/app/session';
import { TotpForm } from './totp-form';

export const metadata: Metadata = { title: 'Second factor' };

interface TotpProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function TotpPage({ searchParams }: TotpProps) {
  const way = wayTo((await searchParams)['next']);
  const session = await currentSession();
  if (session === null) redirect(signInPage(way));
  if (!session.awaits_second_factor) redirect(way);
  return (
    <Door
      title="Enter your code"
      note={`Signing in as ${session.user.email} takes the six digits that your authenticator shows. Without it, use one of your recovery codes.`}
    >
      <TotpForm next={way} />
    </Door>
  );
}
