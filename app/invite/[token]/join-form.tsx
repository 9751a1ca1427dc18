'use client';

import { useState, type SubmitEvent } from 'react';
import { api, signInWithPassword } from '@/app/sign-in/calls';
import { failureOf } from '@/components/api/failure';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { useInBrowser } from '@/components/ui/in-browser';

export function JoinForm({ token, email }: { token: string; email: string }) {
  const [error, setError] = useState<string | null>(null);
  const isInBrowser = useInBrowser();
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const [name, password] = [String(fields.get('name')), String(fields.get('password'))];
    setIsBusy(true);
    try {
      const { account } = await api.dashboard.members.join.mutate({ token, name, password });
      const refusal = await signInWithPassword(email, password);
      const place = refusal === null ? `/dashboard/${account}/test` : '/sign-in';
      globalThis.location.assign(place);
    } catch (failure) {
      setError(failureOf(failure).message);
      setIsBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
      {/* For password managers: they keep a password together with this. */}
      <input type="hidden" name="email" autoComplete="username" value={email} readOnly />
      <Field label="Your name">
        {(control) => <Input {...control} name="name" autoComplete="name" required />}
      </Field>
      <Field label="Password" hint="At least 8 characters. A long one is a good one." error={error}>
        {(control) => (
          <Input
            {...control}
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={8}
            required
          />
        )}
      </Field>
      <Button type="submit" look="primary" isBusy={isBusy} disabled={!isInBrowser}>
        Join
      </Button>
    </form>
  );
}
