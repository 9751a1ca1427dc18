'use client';

import { useState, type ReactNode } from 'react';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { Button } from '@/components/ui/button';
import { Radios } from '@/components/ui/choices';
import { CodeBlock } from '@/components/ui/code';
import { DialogActions, DialogClose } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { Sheet } from '@/components/ui/sheet';
import { rolesGivenBy, type Role } from './roles';
import { useOwnRole } from './use-own-role';

interface Invited {
  readonly email: string;
  readonly link: string;
}

/** Invites somebody, and then shows the link, once. */
export function InviteForm({ trigger }: { trigger: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  const [invited, setInvited] = useState<Invited | null>(null);
  return (
    <Sheet
      isOpen={isOpen}
      onOpenChange={(next) => {
        setIsOpen(next);
        setInvited(null);
      }}
      trigger={trigger}
      title={invited === null ? 'Invite somebody' : 'The invitation'}
    >
      {invited === null ? <NewInvitation onInvited={setInvited} /> : <Link invited={invited} />}
    </Sheet>
  );
}

function NewInvitation({ onInvited }: { onInvited: (invited: Invited) => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('developer');
  const own = useOwnRole();
  const invite = trpc.dashboard.members.invite.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const made = await perform(() => invite.mutateAsync({ email, role }), 'Invitation made');
    onInvited({
      email: made.email,
      link: `${globalThis.location.origin}/invite/${made.token}`,
    });
  }, ['email']);
  return (
    <Form form={form} action="Make the link" isIncomplete={email.trim() === ''}>
      <Field label="E-mail address" error={form.errorOf('email')}>
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="off"
            value={email}
            onChange={({ target }) => setEmail(target.value)}
          />
        )}
      </Field>
      <p className="text-sm font-medium">Role</p>
      <Radios label="Role" value={role} options={rolesGivenBy(own.role)} onChange={setRole} />
    </Form>
  );
}

const Link = ({ invited: { email, link } }: { invited: Invited }) => (
  <div className="flex flex-col gap-3">
    <p className="text-sm">
      Send this link to <strong className="font-semibold break-words">{email}</strong>. It is good
      once, for a week, and <strong className="font-semibold">cannot be shown again</strong>.
    </p>
    <CodeBlock code={link} language="shell" label="invitation link" />
    <DialogActions>
      <DialogClose>
        <Button look="primary">I have sent it</Button>
      </DialogClose>
    </DialogActions>
  </div>
);
