'use client';

import { useMay } from '@/components/api/may';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { Act } from '@/components/object/act';
import { definePart, PartList } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { roleName } from './roles';

type Invitation = Outputs['dashboard']['members']['invitations'][number];

/** Whoever was invited and has not answered. */
export function Invitations() {
  const may = useMay();
  return (
    <PartList
      part={invitations}
      renderActions={(invitation) =>
        may('dashboard', 'members.revokeInvitation') && <Revoke invitation={invitation} />
      }
    />
  );
}

const invitations = definePart({
  title: 'Pending invitations',
  path: 'dashboard.members.invitations',
  empty: 'Nobody is invited at the moment.',
  columns: [
    {
      header: 'E-mail',
      isNarrow: true,
      cell: ({ email }) => <span className="font-medium">{email}</span>,
    },
    { header: 'Role', cell: ({ role }) => roleName(role) },
    {
      header: 'Good until',
      isNarrow: true,
      cell: ({ status, expires_at }) =>
        status === 'expired' ? (
          <Badge look="warn">Expired</Badge>
        ) : (
          <Time at={expires_at} as="date" />
        ),
    },
  ],
});

function Revoke({ invitation: { id, email } }: { invitation: Invitation }) {
  const revoke = trpc.dashboard.members.revokeInvitation.useMutation();
  return (
    <Act
      trigger={
        <Button size="small" look="quiet" aria-label={`Revoke the invitation of ${email}`}>
          Revoke
        </Button>
      }
      title="Revoke this invitation?"
      action="Revoke invitation"
      done="Invitation revoked"
      run={() => revoke.mutateAsync({ id })}
    >
      The link that {email} has is good no more.
    </Act>
  );
}
