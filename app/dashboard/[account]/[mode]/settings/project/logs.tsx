'use client';

import { useState } from 'react';
import { useMay } from '@/components/api/may';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { TextFields, type TextSpec } from '@/components/object/text-fields';
import { Card } from '@/components/ui/surfaces';
import type { ProjectSettings } from '../with-settings';

const FIELDS = [
  {
    name: 'kept_days',
    label: 'Days that request logs are kept',
    hint: 'What is older is removed, and cannot be brought back.',
    type: 'number',
    isRequired: true,
  },
] as const satisfies readonly TextSpec<string>[];

export function Logs({ logs }: { logs: ProjectSettings['logs'] }) {
  const [typed, setTyped] = useState({ kept_days: String(logs.kept_days) });
  const may = useMay();
  const perform = usePerform();
  const update = trpc.dashboard.projects.updateLogs.useMutation();
  const form = useSubmission(
    () =>
      perform(() => update.mutateAsync({ kept_days: Number(typed.kept_days) }), 'Retention saved'),
    FIELDS.map(({ name }) => name),
  );
  return (
    <Card title="Logs">
      <Form form={form} action="Save retention" isFixed={!may('dashboard', 'projects.updateLogs')}>
        <TextFields
          fields={FIELDS}
          form={form}
          typed={typed}
          onChange={(name, text) => setTyped({ ...typed, [name]: text })}
        />
      </Form>
    </Card>
  );
}
