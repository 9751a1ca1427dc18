'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { Form, useSubmission } from '@/components/object/form';
import { zoneName } from '@/components/time/format';
import { Combobox } from '@/components/ui/combobox';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { useToasts } from '@/components/ui/toast';
import { NewProjectForm } from './new-project-form';

export interface ProjectDialogsProps {
  readonly asked: 'create' | 'edit';
  /** Of the project that the page is of. */
  readonly name: string;
  readonly onClose: () => void;
}

/** What the switcher can do besides switching. */
export function ProjectDialogs({ asked, name, onClose }: ProjectDialogsProps) {
  const onOpenChange = (isOpen: boolean): void => {
    if (!isOpen) onClose();
  };
  if (asked === 'edit') {
    return (
      <Dialog isOpen onOpenChange={onOpenChange} title="Name and time zone">
        <EditForm name={name} onDone={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog
      isOpen
      onOpenChange={onOpenChange}
      title="New project"
      description="A business of its own: nothing of it is seen in another project."
    >
      <div className="flex flex-col gap-5">
        <NewProjectForm />
      </div>
    </Dialog>
  );
}

function EditForm({ name: before, onDone }: { name: string; onDone: () => void }) {
  const [typed, setTyped] = useState(before);
  const [chosen, setChosen] = useState<string | null>(null);
  const router = useRouter();
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const settings = trpc.dashboard.projects.settings.useQuery();
  const update = trpc.dashboard.projects.update.useMutation();
  const timezone = chosen ?? settings.data?.timezone ?? '';
  const form = useSubmission(async () => {
    const name = typed.trim();
    await update.mutateAsync({ name, ...(chosen !== null && { timezone: chosen }) });
    toasts.done('Project changed', name);
    onDone();
    router.refresh();
    await queries.dashboard.projects.invalidate();
  }, ['name', 'timezone']);
  return (
    <Form form={form} action="Save" isIncomplete={typed.trim() === ''}>
      <Field label="Name" hint="Customers see it on receipts." error={form.errorOf('name')}>
        {(control) => (
          <Input
            {...control}
            name="name"
            maxLength={100}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Time zone"
        hint="In which the days of Home begin and end, for every member."
        error={form.errorOf('timezone')}
      >
        {(control) => (
          <Combobox
            {...control}
            value={timezone}
            onChange={setChosen}
            valueLabel={zoneName(timezone)}
            searchPlaceholder="City or region"
            options={['Etc/UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => ({
              value: zone,
              label: zoneName(zone),
            }))}
          />
        )}
      </Field>
    </Form>
  );
}
