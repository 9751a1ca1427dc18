'use client';

import Link from 'next/link';
import { useState, type SubmitEvent } from 'react';
import { api } from '@/app/sign-in/calls';
import { failureOf } from '@/components/api/failure';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy';
import { Field, Input } from '@/components/ui/field';
import { TooltipProvider } from '@/components/ui/tooltip';

type Made = Awaited<ReturnType<typeof api.dashboard.projects.create.mutate>>;

/** Makes a project, and shows its first keys this once. */
export function NewProjectForm() {
  const [made, setMade] = useState<Made | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name'));
    setIsBusy(true);
    try {
      setMade(await api.dashboard.projects.create.mutate({ name }));
    } catch (failure) {
      setError(failureOf(failure).message);
      setIsBusy(false);
    }
  }

  if (made !== null) {
    return (
      <TooltipProvider>
        <p className="text-sm leading-relaxed text-muted">
          These are the keys of its test mode. The secret key is shown this once: keep it.
        </p>
        <dl className="flex flex-col gap-4 text-sm">
          <Key name="Secret key" value={made.secret_key} />
          <Key name="Publishable key" value={made.publishable_key} />
        </dl>
        <Button look="primary" asChild>
          <Link href={`/dashboard/${made.account}/test`}>Open the project</Link>
        </Button>
      </TooltipProvider>
    );
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
      <Field
        label="Name"
        hint="Customers see it on receipts. It can be changed later."
        error={error}
      >
        {(control) => <Input {...control} name="name" maxLength={100} required />}
      </Field>
      <Button type="submit" look="primary" isBusy={isBusy}>
        Create
      </Button>
    </form>
  );
}

const Key = ({ name, value }: { name: string; value: string }) => (
  <div className="flex flex-col gap-1">
    <dt className="font-medium">{name}</dt>
    <dd className="flex items-start gap-2">
      <code className="min-w-0 flex-1 font-mono text-[13px] break-all">{value}</code>
      <CopyButton text={value} label={`Copy the ${name.toLowerCase()}`} />
    </dd>
  </div>
);
