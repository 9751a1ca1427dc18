'use client';

import { signOut } from 'next-auth/react';
import { useState, type SubmitEvent } from 'react';
import { api } from '@/app/sign-in/calls';
import { signInPage } from '@/app/sign-in/way';
import { failureOf } from '@/components/api/failure';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { useInBrowser } from '@/components/ui/in-browser';

export function TotpForm({ next }: { next: string }) {
  const [error, setError] = useState<string | null>(null);
  const isInBrowser = useInBrowser();
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code'));
    setIsBusy(true);
    try {
      await api.dashboard.sessions.passSecondFactor.mutate({ code });
      globalThis.location.assign(next);
    } catch (failure) {
      setError(failureOf(failure).message);
      setIsBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
      <Field label="Code" error={error}>
        {(control) => (
          <Input
            {...control}
            name="code"
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
        )}
      </Field>
      <Button type="submit" look="primary" isBusy={isBusy} disabled={!isInBrowser}>
        Continue
      </Button>
      <Button look="quiet" onClick={() => void signOut({ callbackUrl: signInPage(next) })}>
        Sign in as somebody else
      </Button>
    </form>
  );
}
