'use client';

import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { Act } from '@/components/object/act';
import { definePart, PartList } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { deviceName } from './device';

type Session = Outputs['dashboard']['sessions']['list'][number];

/** Where one is signed in. */
export const Sessions = () => (
  <PartList
    part={sessions}
    actions={<EndOthers />}
    renderActions={(session) => !session.current && <End session={session} />}
  />
);

/** TABLE: with what one signed in. */
const METHODS: Readonly<Record<Session['method'], string>> = {
  password: 'by password',
  google: 'with Google',
  github: 'with GitHub',
};

const sessions = definePart({
  title: 'Sessions',
  path: 'dashboard.sessions.list',
  empty: 'None.',
  columns: [
    {
      header: 'Device',
      isNarrow: true,
      cell: ({ user_agent, current, created, method }) => (
        <span className="block py-2 whitespace-normal">
          <span className="flex flex-wrap items-center gap-x-2">
            <span className="truncate font-medium">{deviceName(user_agent)}</span>
            {current && <Badge look="good">This one</Badge>}
          </span>
          <span className="block text-[13px] text-muted">
            Since <Time at={created} as="date" />, {METHODS[method]}
          </span>
        </span>
      ),
    },
    { header: 'Address', cell: ({ ip }) => ip },
    {
      header: 'Last seen',
      isNarrow: true,
      cell: ({ last_seen_at }) => <Time at={last_seen_at} as="ago" />,
    },
  ],
});

function EndOthers() {
  const { data } = trpc.dashboard.sessions.list.useQuery();
  const endOthers = trpc.dashboard.sessions.endOthers.useMutation();
  if (data?.some(({ current }) => !current) !== true) return null;
  return (
    <Act
      trigger={<Button size="small">End all others</Button>}
      title="End all other sessions?"
      action="End them"
      done="You are signed in only here"
      run={() => endOthers.mutateAsync()}
    >
      Wherever else you are signed in, you will have to sign in again.
    </Act>
  );
}

function End({ session: { id, ip, user_agent } }: { session: Session }) {
  const end = trpc.dashboard.sessions.end.useMutation();
  const device = deviceName(user_agent);
  return (
    <Act
      trigger={
        <Button size="small" look="quiet" aria-label={`End the session of ${device}`}>
          End
        </Button>
      }
      title="End this session?"
      action="End session"
      done="Session ended"
      run={() => end.mutateAsync({ id })}
    >
      Whoever uses {device}
      {ip === null ? '' : ` at ${ip}`} has to sign in again.
    </Act>
  );
}
