import type { Metadata } from 'next';
import Link from 'next/link';
import { Door } from '@/app/sign-in/door';
import { signInPage } from '@/app/sign-in/way';
import { currentSession, visitor } from '@/app/session';
import { failureOf } from '@/components/api/failure';
import { Button } from '@/components/ui/button';
import type { Client } from '@/server/api/trpc/client';
import { AcceptForm } from './accept-form';
import { JoinForm } from './join-form';
import { SwitchForm } from './switch-form';

/** The address is a secret: no page that is linked to from here shall be told it. */
export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' };

type Offer = Awaited<ReturnType<Client['dashboard']['members']['invitation']['query']>>;

interface InviteProps {
  readonly params: Promise<{ readonly token: string }>;
}

export default async function InvitePage({ params }: InviteProps) {
  const { token } = await params;
  const offer = await offerOf(token);
  if (offer === null) {
    return (
      <Door
        title="This invitation is not valid any more"
        note="It was used, taken back, or is older than a week. Ask whoever sent it for a new one."
      >
        <Button asChild>
          <Link href="/sign-in">Sign in</Link>
        </Button>
      </Door>
    );
  }
  return (
    <Door
      title={`Join ${offer.project}`}
      note={`You are invited as ${offer.email}, with the role ${offer.role}.`}
    >
      <Answer token={token} offer={offer} />
    </Door>
  );
}

async function Answer({ token, offer }: { token: string; offer: Offer }) {
  const session = await currentSession();
  if (session !== null && !session.awaits_second_factor) {
    return session.user.email === offer.email ? (
      <AcceptForm token={token} />
    ) : (
      <SwitchForm token={token} email={session.user.email} />
    );
  }
  if (!offer.known) return <JoinForm token={token} email={offer.email} />;
  return (
    <Button look="primary" asChild>
      <Link href={signInPage(`/invite/${token}`)}>Sign in to accept</Link>
    </Button>
  );
}

async function offerOf(token: string): Promise<Offer | null> {
  try {
    return await (await visitor()).dashboard.members.invitation.query({ token });
  } catch (error) {
    if ((failureOf(error).status ?? 500) < 500) return null;
    throw error;
  }
}
