'use client';

import { useState } from 'react';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { Picture } from '@/components/ui/picture';
import { CodeField } from './code-field';

type Begun = Outputs['dashboard']['security']['beginTotp'];

/** Adds an authenticator: the password, the picture to scan, and a code that shows that it arrived. */
export function EnrolDialog({ onCodes }: { onCodes: (codes: readonly string[]) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const [begun, setBegun] = useState<Begun | null>(null);
  return (
    <Dialog
      trigger={<Button look="primary">Add an authenticator</Button>}
      title="Add an authenticator"
      isOpen={isOpen}
      onOpenChange={(next) => {
        setIsOpen(next);
        setBegun(null);
      }}
    >
      {begun === null ? (
        <Begin onBegun={setBegun} />
      ) : (
        <Confirm
          begun={begun}
          onCodes={(codes) => {
            setIsOpen(false);
            onCodes(codes);
          }}
        />
      )}
    </Dialog>
  );
}

function Begin({ onBegun }: { onBegun: (begun: Begun) => void }) {
  const [password, setPassword] = useState('');
  const begin = trpc.dashboard.security.beginTotp.useMutation();
  const form = useSubmission(
    async () => onBegun(await begin.mutateAsync({ password })),
    ['password'],
  );
  return (
    <Form form={form} action="Continue">
      <Field label="Your password" error={form.errorOf('password')}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={({ target }) => setPassword(target.value)}
          />
        )}
      </Field>
    </Form>
  );
}

interface ConfirmProps {
  readonly begun: Begun;
  readonly onCodes: (codes: readonly string[]) => void;
}

function Confirm({ begun, onCodes }: ConfirmProps) {
  const [code, setCode] = useState('');
  const confirm = trpc.dashboard.security.confirmTotp.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const { recovery_codes } = await perform(
      () => confirm.mutateAsync({ code }),
      'Second factor is on: you are signed out everywhere else',
    );
    onCodes(recovery_codes);
  });
  return (
    <Form form={form} action="Turn on" isIncomplete={code.trim() === ''}>
      <p className="text-sm">Scan this with your authenticator app, or type the secret.</p>
      {/* A drawing as an address: what it holds cannot become part of the page. */}
      <Picture
        src={`data:image/svg+xml;utf8,${encodeURIComponent(begun.qr)}`}
        alt="The secret as a QR code"
        className="size-44 self-center rounded-lg bg-white p-2"
      />
      <CodeBlock code={begun.secret} language="shell" label="secret" />
      <CodeField hint="The six digits that it shows now." value={code} onChange={setCode} />
    </Form>
  );
}
