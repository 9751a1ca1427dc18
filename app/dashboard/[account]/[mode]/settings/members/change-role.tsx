'use client';

import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { Radios } from '@/components/ui/choices';
import { Dialog } from '@/components/ui/dialog';
import { roleName, rolesGivenBy, type Member } from './roles';
import { useOwnRole } from './use-own-role';

interface ChangeRoleProps {
  readonly member: Member;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export const ChangeRole = ({ member, isOpen, onOpenChange }: ChangeRoleProps) => (
  <Dialog
    isOpen={isOpen}
    onOpenChange={onOpenChange}
    title={`Role of ${member.name ?? member.email}`}
  >
    <RoleForm member={member} onSaved={() => onOpenChange(false)} />
  </Dialog>
);

function RoleForm({ member, onSaved }: { member: Member; onSaved: () => void }) {
  const [role, setRole] = useState(member.role);
  const own = useOwnRole();
  const update = trpc.dashboard.members.update.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    await perform(
      () => update.mutateAsync({ id: member.id, role }),
      `${member.name ?? member.email}: ${roleName(role)}`,
    );
    onSaved();
  });
  return (
    <Form form={form} action="Change role" isIncomplete={role === member.role}>
      <Radios label="Role" value={role} options={rolesGivenBy(own.role)} onChange={setRole} />
    </Form>
  );
}
