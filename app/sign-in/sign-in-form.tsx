'use client';

import { signIn } from 'next-auth/react';
import { useState, type SubmitEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { useInBrowser } from '@/components/ui/in-browser';
import { signInWithPassword } from './calls';
import { totpPage } from './way';

const SERVICES = [
  ['google', 'Google'],
  ['github', 'GitHub'],
] as const;

export interface SignInFormProps {
  readonly next: string;
  readonly providers: Readonly<Record<'google' | 'github', boolean>>;
  /** Why the last try failed. */
  readonly refusal: string | null;
}

export function SignInForm({ next, providers, refusal }: SignInFormProps) {
  const [error, setError] = useState(refusal);
  const isInBrowser = useInBrowser();
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setIsBusy(true);
    const sentence = await signInWithPassword(
      String(fields.get('email')),
      String(fields.get('password')),
    ).catch(() => 'The server cannot be reached. Try again.');
    // That page goes on by itself where no second factor is needed.
    if (sentence === null) return globalThis.location.assign(totpPage(next));
    setError(sentence);
    setIsBusy(false);
  }

  const services = SERVICES.filter(([id]) => providers[id]);
  return (
    <div className="flex flex-col gap-5">
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-5">
        <Field label="E-mail address">
          {(control) => (
            <Input {...control} name="email" type="email" autoComplete="username" required />
          )}
        </Field>
        <Field label="Password" error={error}>
          {(control) => (
            <Input
              {...control}
              name="password"
              type="password"
              autoComplete="current-password"
              required
            />
          )}
        </Field>
        <Button type="submit" look="primary" isBusy={isBusy} disabled={!isInBrowser}>
          Sign in
        </Button>
      </form>
      {services.length > 0 && (
        <div className="flex flex-col gap-3 border-t border-line pt-5">
          {services.map(([id, name]) => (
            <Button key={id} onClick={() => void signIn(id, { callbackUrl: totpPage(next) })}>
              Continue with {name}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
