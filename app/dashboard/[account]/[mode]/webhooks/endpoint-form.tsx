'use client';

import { useState, type ReactNode } from 'react';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { TextFields, type TextSpec } from '@/components/object/text-fields';
import { EventPicker } from './event-picker';

export type WebhookEndpoint = Outputs['webhookEndpoints']['retrieve'];

export interface EndpointFormProps {
  readonly trigger: ReactNode;
  /** The one to edit; without it one is created. */
  readonly endpoint?: WebhookEndpoint;
  readonly onSaved?: (endpoint: WebhookEndpoint) => void;
}

export const EndpointForm = ({ trigger, endpoint, onSaved }: EndpointFormProps) => (
  <FormSheet trigger={trigger} title={endpoint === undefined ? 'Add endpoint' : 'Edit endpoint'}>
    {(close) => (
      <Fields
        endpoint={endpoint}
        onSaved={(saved) => {
          close();
          onSaved?.(saved);
        }}
      />
    )}
  </FormSheet>
);

const FIELDS = [
  {
    name: 'url',
    label: 'URL',
    type: 'url',
    placeholder: 'https://example.com/webhooks',
    isRequired: true,
  },
  { name: 'description', label: 'Description' },
] as const satisfies readonly TextSpec<string>[];

interface FieldsProps {
  readonly endpoint: WebhookEndpoint | undefined;
  readonly onSaved: (endpoint: WebhookEndpoint) => void;
}

function Fields({ endpoint, onSaved }: FieldsProps) {
  const [typed, setTyped] = useState({
    url: endpoint?.url ?? '',
    description: endpoint?.description ?? '',
  });
  const [events, setEvents] = useState<readonly string[]>(endpoint?.enabled_events ?? []);
  const create = trpc.webhookEndpoints.create.useMutation();
  const update = trpc.webhookEndpoints.update.useMutation();
  const perform = usePerform();
  const eventParams = ['enabled_events', ...events.map((_, index) => `enabled_events[${index}]`)];
  const form = useSubmission(async () => {
    const { url, description } = typed;
    const enabled_events = [...events];
    const said = { url, enabled_events, ...(description === '' ? {} : { description }) };
    const saved =
      endpoint === undefined
        ? await perform(() => create.mutateAsync(said), 'Endpoint added')
        : await perform(
            () => update.mutateAsync({ id: endpoint.id, url, description, enabled_events }),
            'Endpoint saved',
          );
    onSaved(saved);
  }, [...FIELDS.map(({ name }) => name), ...eventParams]);
  return (
    <Form form={form} action={endpoint === undefined ? 'Add endpoint' : 'Save'}>
      <TextFields
        fields={FIELDS}
        form={form}
        typed={typed}
        onChange={(name, text) => setTyped({ ...typed, [name]: text })}
      />
      <EventPicker
        chosen={events}
        onChange={setEvents}
        error={eventParams.map(form.errorOf).find((error) => error !== null) ?? null}
      />
    </Form>
  );
}
