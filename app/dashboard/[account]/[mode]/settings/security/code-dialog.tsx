'use client';

import { useState, type ReactNode } from 'react';
import { Form, useSubmission } from '@/components/object/form';
import { Dialog } from '@/components/ui/dialog';
import { CodeField } from './code-field';

export interface CodeDialogProps {
  readonly trigger: ReactNode;
  readonly title: string;
  readonly description: string;
  readonly action: string;
  readonly onCode: (code: string) => Promise<unknown>;
}

/** What takes a code too, since the session alone may be somebody else's. */
export function CodeDialog({ trigger, title, description, action, onCode }: CodeDialogProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Dialog
      trigger={trigger}
      title={title}
      description={description}
      isOpen={isOpen}
      onOpenChange={setIsOpen}
    >
      <CodeForm
        action={action}
        onCode={async (code) => {
          await onCode(code);
          setIsOpen(false);
        }}
      />
    </Dialog>
  );
}

function CodeForm({ action, onCode }: Pick<CodeDialogProps, 'action' | 'onCode'>) {
  const [code, setCode] = useState('');
  const form = useSubmission(() => onCode(code));
  return (
    <Form form={form} action={action} isIncomplete={code.trim() === ''}>
      <CodeField
        hint="Of your authenticator, or a recovery code."
        value={code}
        onChange={setCode}
      />
    </Form>
  );
}
