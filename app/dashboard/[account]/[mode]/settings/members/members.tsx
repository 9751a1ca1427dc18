'use client';

import { UserPlus } from 'lucide-react';
import { useMay } from '@/components/api/may';
import { PageHeader } from '@/components/layout/page-header';
import { Button } from '@/components/ui/button';
import { Invitations } from './invitations';
import { InviteForm } from './invite-form';
import { MemberList } from './member-list';

/** Who works in the project, and who is invited to. */
export function Members() {
  const may = useMay();
  return (
    <>
      <PageHeader
        title="Members"
        note="In test and live mode alike."
        actions={
          may('dashboard', 'members.invite') && (
            <InviteForm
              trigger={
                <Button look="primary">
                  <UserPlus aria-hidden />
                  Invite
                </Button>
              }
            />
          )
        }
      />
      <MemberList />
      {may('dashboard', 'members.invitations') && <Invitations />}
    </>
  );
}
