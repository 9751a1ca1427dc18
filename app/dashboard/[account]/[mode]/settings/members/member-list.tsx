'use client';

import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/api/may';
import { trpc } from '@/components/api/trpc';
import { Act } from '@/components/object/act';
import { definePart, PartList } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { Badge } from '@/components/ui/badge';
import { IconButton } from '@/components/ui/button';
import { Menu, MenuAction, MenuRule } from '@/components/ui/menu';
import { ChangeRole } from './change-role';
import { roleName, rolesGivenBy, type Member } from './roles';
import { useOwnRole } from './use-own-role';

export function MemberList() {
  const may = useMay();
  const own = useOwnRole();
  const mayChange = (member: Member): boolean =>
    member.user === own.user ||
    (may('dashboard', 'members.update') &&
      rolesGivenBy(own.role).some(({ value }) => value === member.role));
  return (
    <PartList
      part={members}
      renderActions={(member) =>
        mayChange(member) && <MemberMenu member={member} isSelf={member.user === own.user} />
      }
    />
  );
}

const members = definePart({
  title: 'Members',
  path: 'dashboard.members.list',
  empty: 'Nobody.',
  columns: [
    { header: 'Person', isNarrow: true, cell: (member) => <Person member={member} /> },
    { header: 'Role', isNarrow: true, cell: ({ role }) => roleName(role) },
    {
      header: 'Second factor',
      cell: ({ two_factor }) =>
        two_factor ? <Badge look="good">On</Badge> : <Badge look="warn">Off</Badge>,
    },
    {
      header: 'Last seen',
      cell: ({ last_seen_at }) =>
        last_seen_at === null ? 'Never' : <Time at={last_seen_at} as="ago" />,
    },
  ],
});

function Person({ member: { name, email, user } }: { member: Member }) {
  const own = useOwnRole();
  return (
    <span className="block py-2 max-sm:max-w-36">
      <span className="flex items-center gap-2">
        <span className="truncate font-medium">{name ?? email}</span>
        {user === own.user && <Badge>You</Badge>}
      </span>
      {name !== null && <span className="block truncate text-[13px] text-muted">{email}</span>}
    </span>
  );
}

function MemberMenu({ member, isSelf }: { member: Member; isSelf: boolean }) {
  const [open, setOpen] = useState<'role' | 'remove' | null>(null);
  const may = useMay();
  const remove = trpc.dashboard.members.remove.useMutation();
  const leave = trpc.dashboard.members.leave.useMutation();
  const name = member.name ?? member.email;
  const toggle = (which: 'role' | 'remove') => (isOpen: boolean) => setOpen(isOpen ? which : null);
  return (
    <>
      <Menu
        trigger={
          <IconButton label={`Actions for ${name}`} size="small">
            <Ellipsis />
          </IconButton>
        }
      >
        {may('dashboard', 'members.update') && (
          <>
            <MenuAction onSelect={() => setOpen('role')}>Change role</MenuAction>
            <MenuRule />
          </>
        )}
        <MenuAction look="danger" onSelect={() => setOpen('remove')}>
          {isSelf ? 'Leave the project' : 'Remove'}
        </MenuAction>
      </Menu>
      <ChangeRole member={member} isOpen={open === 'role'} onOpenChange={toggle('role')} />
      {isSelf ? (
        <Act
          isOpen={open === 'remove'}
          onOpenChange={toggle('remove')}
          title="Leave this project?"
          action="Leave the project"
          done="You have left the project"
          run={async () => {
            await leave.mutateAsync();
            globalThis.location.assign('/dashboard');
          }}
        >
          Somebody who is in it has to invite you before you see it again.
        </Act>
      ) : (
        <Act
          isOpen={open === 'remove'}
          onOpenChange={toggle('remove')}
          title={`Remove ${name}?`}
          action="Remove member"
          done={`${name} removed`}
          run={() => remove.mutateAsync({ id: member.id })}
        >
          They are shut out within a second, wherever they are signed in. What they did stays in the
          audit log.
        </Act>
      )}
    </>
  );
}
