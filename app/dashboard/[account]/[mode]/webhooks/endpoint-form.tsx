'use client';

import { useState, type FormEvent, type ReactNode } from 'react';
import { failureOf } from '@/components/api/failure';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Sheet } from '@/components/ui/sheet';
import { useToasts } from '@/components/ui/toast';
import { EventPicker } from './event-picker';

export type WebhookEndpoint = Outputs['webhookEndpoints']['retrieve'];

export interface EndpointFormProps {
  readonly trigger: ReactNode;
  /** The one to edit; without it one is created. */
  readonly endpoint?: WebhookEndpoint;
  readonly onSaved?: (endpoint: WebhookEndpoint) => void;
}

export function EndpointForm({ trigger, endpoint, onSaved }: EndpointFormProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Sheet
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      trigger={trigger}
      title={endpoint === undefined ? 'Add endpoint' : 'Edit endpoint'}
    >
      <Form
        endpoint={endpoint}
        onSaved={(saved) => {
          setIsOpen(false);
          onSaved?.(saved);
        }}
      />
    </Sheet>
  );
}

interface FormProps {
  readonly endpoint: WebhookEndpoint | undefined;
  readonly onSaved: (endpoint: WebhookEndpoint) => void;
}

function Form({ endpoint, onSaved }: FormProps) {
  const [url, setUrl] = useState(endpoint?.url ?? '');
  const [description, setDescription] = useState(endpoint?.description ?? '');
  const [events, setEvents] = useState<readonly string[]>(endpoint?.enabled_events ?? []);
  const { save, failure, isBusy } = useSave(endpoint, onSaved);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save({ url, description, enabled_events: [...events] });
  };
  const errorOf = (param: string): string | null =>
    failure?.param?.startsWith(param) === true ? failure.message : null;
  return (
    // What an address may be, the server decides.
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label="URL" error={errorOf('url')}>
        {(control) => (
          <Input
            type="url"
            placeholder="https://example.com/webhooks"
            autoComplete="off"
            value={url}
            onChange={({ target }) => setUrl(target.value)}
            {...control}
          />
        )}
      </Field>
      <Field label="Description" error={errorOf('description')} isOptional>
        {(control) => (
          <Input
            autoComplete="off"
            value={description}
            onChange={({ target }) => setDescription(target.value)}
            {...control}
          />
        )}
      </Field>
      <EventPicker chosen={events} onChange={setEvents} error={errorOf('enabled_events')} />
      {failure !== null && !/^(?:url|description|enabled_events)/.test(failure.param ?? '') && (
        <p role="alert" className="text-sm text-bad">
          {failure.message}
        </p>
      )}
      <Button type="submit" look="primary" isBusy={isBusy} className="self-end">
        {endpoint === undefined ? 'Add endpoint' : 'Save'}
      </Button>
    </form>
  );
}

interface Typed {
  readonly url: string;
  readonly description: string;
  readonly enabled_events: string[];
}

function useSave(
  endpoint: WebhookEndpoint | undefined,
  onSaved: (endpoint: WebhookEndpoint) => void,
) {
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const outcome = {
    onSuccess: async (saved: WebhookEndpoint) => {
      await queries.webhookEndpoints.invalidate();
      toasts.done(endpoint === undefined ? 'Endpoint added' : 'Endpoint saved');
      onSaved(saved);
    },
  };
  const create = trpc.webhookEndpoints.create.useMutation(outcome);
  const update = trpc.webhookEndpoints.update.useMutation(outcome);
  const { error, isPending } = endpoint === undefined ? create : update;
  return {
    failure: error === null ? null : failureOf(error),
    isBusy: isPending,
    save: ({ description, ...typed }: Typed): void => {
      if (endpoint !== undefined) return update.mutate({ id: endpoint.id, description, ...typed });
      create.mutate({ ...typed, ...(description === '' ? {} : { description }) });
    },
  };
}
